#pragma once

#include <array>
#include <string>
#include <vector>

#include "conformance/set/client.h"
#include "interfaces/set_operations.prism.h"
#include "prism/interfaces/set_operations.pb.h"

namespace prism::conformance::sets {

using set::v1::OperationRequest;
using set::v1::OperationResponse;
using set::v1::StoreRequest;

inline constexpr int kMaxSetsPerOperation = 128;
// What every backend must take together.
inline constexpr int kLeastOperationMembers = 100'000;

using SetNames = std::vector<std::string>;

// The three operations keep the same rules, so most cases go through all of them, streamed and
// stored.
struct SetOperationRpcs {
  StreamRpc<SetOperationsStub, OperationRequest, OperationResponse> stream;
  Rpc<SetOperationsStub, StoreRequest, set::v1::StoreResponse> store;
};
inline constexpr SetOperationRpcs kUnion = {&SetOperationsStub::Union,
                                            &SetOperationsStub::UnionStore};
inline constexpr SetOperationRpcs kIntersection = {&SetOperationsStub::Intersection,
                                                   &SetOperationsStub::IntersectionStore};
inline constexpr SetOperationRpcs kDifference = {&SetOperationsStub::Difference,
                                                 &SetOperationsStub::DifferenceStore};
inline constexpr std::array kAllOperations = {kUnion, kIntersection, kDifference};

OperationRequest OperationOf(const SetNames& sets);
StoreRequest StoreOf(std::string destination, const SetNames& sets);

// set_operations as plain functions: all must succeed. Destinations are cleared after the case.
class SetOperationsClient {
 public:
  explicit SetOperationsClient(Caller& caller) : caller_(caller) {}

  // The result, sorted.
  Task<Members> Stream(const SetOperationRpcs& operation, SetNames sets,
                       Where where = Where::current());
  // Its size.
  Task<uint64_t> Store(const SetOperationRpcs& operation, std::string destination, SetNames sets,
                       Where where = Where::current());

 private:
  Caller& caller_;
};

}  // namespace prism::conformance::sets
