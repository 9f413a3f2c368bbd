#pragma once

#include "conformance/list/client.h"
#include "interfaces/list_indexing.prism.h"
#include "prism/interfaces/list_indexing.pb.h"

// The cases of list_indexing: indexing_elements.cc has those of one client, indexing_together.cc
// those of several at once.
namespace prism::conformance::lists {

using list::v1::AFTER;
using list::v1::BEFORE;
using list::v1::GetRequest;
using list::v1::InsertRequest;
using list::v1::RemoveRequest;
using list::v1::SetRequest;

GetRequest GetOf(std::string list, int64_t index);
SetRequest SetOf(std::string list, int64_t index, std::string value);
InsertRequest InsertOf(std::string list, list::v1::Position position, std::string pivot,
                       std::string value);
RemoveRequest RemoveOf(std::string list, std::string value, int64_t count);

// list_indexing as plain functions: all must succeed.
class Elements {
 public:
  explicit Elements(Caller& caller) : caller_(caller) {}

  Task<std::optional<std::string>> Get(std::string list, int64_t index,
                                       Where where = Where::current());
  // Whether the list has the index.
  Task<bool> Set(std::string list, int64_t index, std::string value,
                 Where where = Where::current());
  // The length after; 0 if there is no such pivot.
  Task<int64_t> InsertBefore(std::string list, std::string pivot, std::string value,
                             Where where = Where::current());
  Task<int64_t> InsertAfter(std::string list, std::string pivot, std::string value,
                            Where where = Where::current());
  // How many were removed.
  Task<int64_t> Remove(std::string list, std::string value, int64_t count,
                       Where where = Where::current());

 private:
  Task<int64_t> Insert(InsertRequest request, Where where);

  Caller& caller_;
};

Task<void> GetCountsFromBothEnds(CaseContext& c);
Task<void> AbsentIndexIsAnAnswer(CaseContext& c);
Task<void> AbsentListIsAnAnswer(CaseContext& c);
Task<void> SetReplaces(CaseContext& c);
Task<void> SetNeverGrowsAList(CaseContext& c);
Task<void> SetMayHitAnother(CaseContext& c);
Task<void> InsertsBeforeAndAfter(CaseContext& c);
Task<void> InsertTakesTheLeftmostPivot(CaseContext& c);
Task<void> InsertNeedsAPivot(CaseContext& c);
Task<void> RemoveCountsFromEitherEnd(CaseContext& c);
Task<void> RemoveOfTheLastRemovesTheList(CaseContext& c);
Task<void> ComparisonIsByteByByte(CaseContext& c);
Task<void> BadListsAreRefused(CaseContext& c);
Task<void> TooLargeAValueIsRefused(CaseContext& c);
Task<void> OtherNamespacesAreNotTouched(CaseContext& c);

Task<void> ReadsSeeAnsweredSets(CaseContext& c);
Task<void> SetIsOneStep(CaseContext& c);
Task<void> NoInsertIsLost(CaseContext& c);
Task<void> EachElementIsRemovedOnce(CaseContext& c);
Task<void> IndexesOfAMovingList(CaseContext& c);

}  // namespace prism::conformance::lists
