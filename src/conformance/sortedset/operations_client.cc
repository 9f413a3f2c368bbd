#include "conformance/sortedset/operations_client.h"

#include <cstdlib>

namespace prism::conformance::sorted {
namespace {

using Stub = SortedSetOperationsStub;

constexpr std::array kStreams = {&Stub::Union, &Stub::Intersection, &Stub::Difference};
constexpr std::array kStores = {&Stub::UnionStore, &Stub::IntersectionStore,
                                &Stub::DifferenceStore};

auto StreamOf(Operation operation) { return kStreams[static_cast<size_t>(operation)]; }
auto StoreOf(Operation operation) { return kStores[static_cast<size_t>(operation)]; }

}  // namespace

OperationRequest Repeated(const SortedSet& set, int n) {
  OperationRequest request;
  for (int i = 0; i < n; ++i) request.add_sources()->set_set(set.name());
  return request;
}

OperationRequest Joined(OperationRequest request, Aggregate aggregate) {
  request.set_aggregate(aggregate);
  return request;
}

OperationRequest Weighted(OperationRequest request, std::string_view weights) {
  int source = 0;
  for (const std::string& weight : Words(weights)) {
    Source& weighted = *request.mutable_sources(source++);
    if (weight != "-") weighted.set_weight(std::strtod(weight.c_str(), nullptr));
  }
  return request;
}

StoreRequest Into(std::string destination, const OperationRequest& request) {
  StoreRequest store;
  store.set_destination(std::move(destination));
  *store.mutable_sources() = request.sources();
  store.set_aggregate(request.aggregate());
  return store;
}

Task<std::vector<Entries>> Operations::Pages(CaseContext& c, Operation operation,
                                             OperationRequest request, Where where) {
  const std::vector<OperationResponse> answers =
      co_await caller_.CallAll(StreamOf(operation), std::move(request), where);
  std::vector<Entries> pages;
  for (const OperationResponse& answer : answers) {
    pages.push_back(EntriesOf(answer));
    c.Expect(!pages.back().empty(), "a page has entries", where);
    c.ExpectLe(pages.back().size(), size_t{kMaxEntries}, "the entries of a page", where);
    c.ExpectLe(BytesOf(pages.back()), kMaxAnswerBytes, "the bytes of its members", where);
  }
  co_return pages;
}

Task<Entries> Operations::Result(CaseContext& c, Operation operation, OperationRequest request,
                                 Where where) {
  const std::vector<Entries> pages = co_await Pages(c, operation, std::move(request), where);
  Entries all;
  for (const Entries& page : pages) all.insert(all.end(), page.begin(), page.end());
  co_return all;
}

Task<uint64_t> Operations::Store(Operation operation, std::string destination,
                                 OperationRequest request, Where where) {
  caller_.Note(destination);
  const StoreResponse answer =
      co_await caller_.Call(StoreOf(operation), Into(std::move(destination), request), where);
  co_return answer.size();
}

Task<void> Operations::ExpectGives(CaseContext& c, Operation operation, OperationRequest request,
                                   Entries expected, Where where) {
  c.ExpectEq(co_await Result(c, operation, request, where), expected, where);
  SortedSet stored(c);
  c.ExpectEq(co_await Store(operation, stored.name(), request, where), uint64_t{expected.size()},
             where);
  c.ExpectEq(co_await stored.Size(where), uint64_t{expected.size()}, where);
  for (size_t i = 0; i < expected.size(); i += 1 + expected.size() / 50) {
    c.ExpectEq(co_await stored.Score(expected[i].first, where), expected[i].second, where);
  }
}

Task<void> OperationRefused(CaseContext& c, Operation operation, OperationRequest request,
                            std::string_view part, Where where) {
  const StoreRequest store = Into(c.Unique("sorted"), request);
  co_await c.Refused(StreamOf(operation), request, Code::kInvalidArgument, part, where);
  co_await c.Refused(StoreOf(operation), store, Code::kInvalidArgument, part, where);
}

Task<Answer<StoreResponse>> TryStore(CaseContext& c, Operation operation, StoreRequest request) {
  c.Note(request.destination());
  return c.Try(StoreOf(operation), std::move(request));
}

}  // namespace prism::conformance::sorted
