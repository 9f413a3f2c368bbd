#pragma once

#include <array>
#include <string>
#include <vector>

#include "conformance/sortedset/client.h"
#include "interfaces/sortedset_operations.prism.h"
#include "prism/interfaces/sortedset_operations.pb.h"

namespace prism::conformance::sorted {

enum class Operation { kUnion, kIntersection, kDifference };
inline constexpr std::array kOperations = {Operation::kUnion, Operation::kIntersection,
                                           Operation::kDifference};
inline constexpr int kMaxSources = 128;

// The sets as sources, in this order.
template <class... Sets>
OperationRequest From(const Sets&... sets) {
  OperationRequest request;
  (request.add_sources()->set_set(sets.name()), ...);
  return request;
}
// The same set `n` times.
OperationRequest Repeated(const SortedSet& set, int n);
OperationRequest Joined(OperationRequest request, Aggregate aggregate);
// Weights of the sources as text, "2 0.5 -": the third has none.
OperationRequest Weighted(OperationRequest request, std::string_view weights);
StoreRequest Into(std::string destination, const OperationRequest& request);

// sortedset_operations as plain functions: all must succeed. What is stored is removed after the
// case.
class Operations {
 public:
  explicit Operations(Caller& caller) : caller_(caller) {}

  // Pages that must fit.
  Task<std::vector<Entries>> Pages(CaseContext& c, Operation operation, OperationRequest request,
                                   Where where = Where::current());
  // The entries of all pages.
  Task<Entries> Result(CaseContext& c, Operation operation, OperationRequest request,
                       Where where = Where::current());
  Task<uint64_t> Store(Operation operation, std::string destination, OperationRequest request,
                       Where where = Where::current());
  // The stream, and what is stored and how much that is: must be these entries.
  Task<void> ExpectGives(CaseContext& c, Operation operation, OperationRequest request,
                         Entries expected, Where where = Where::current());
  Task<void> ExpectGives(CaseContext& c, Operation operation, OperationRequest request,
                         std::string_view expected, Where where = Where::current()) {
    return ExpectGives(c, operation, std::move(request), Parsed(expected), where);
  }

 private:
  Caller& caller_;
};

// The stream and the Store call must be refused with `part` in the message.
Task<void> OperationRefused(CaseContext& c, Operation operation, OperationRequest request,
                            std::string_view part, Where where = Where::current());
// As Try, of the Store call.
Task<Answer<StoreResponse>> TryStore(CaseContext& c, Operation operation, StoreRequest request);

}  // namespace prism::conformance::sorted
