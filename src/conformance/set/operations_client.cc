#include "conformance/set/operations_client.h"

namespace prism::conformance::sets {

OperationRequest OperationOf(const SetNames& sets) {
  OperationRequest request;
  for (const std::string& set : sets) request.add_sets(set);
  return request;
}

StoreRequest StoreOf(std::string destination, const SetNames& sets) {
  StoreRequest request;
  request.set_destination(std::move(destination));
  for (const std::string& set : sets) request.add_sets(set);
  return request;
}

Task<Members> SetOperationsClient::Stream(const SetOperationRpcs& operation, SetNames sets,
                                          Where where) {
  const auto pages = co_await caller_.CallAll(operation.stream, OperationOf(sets), where);
  co_return Sorted(Collected(pages));
}

Task<uint64_t> SetOperationsClient::Store(const SetOperationRpcs& operation,
                                          std::string destination, SetNames sets, Where where) {
  caller_.Note(destination);
  const auto response =
      co_await caller_.Call(operation.store, StoreOf(std::move(destination), sets), where);
  co_return response.size();
}

}  // namespace prism::conformance::sets
