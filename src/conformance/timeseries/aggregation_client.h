#pragma once

#include "conformance/timeseries/client.h"
#include "interfaces/timeseries_aggregation.prism.h"
#include "prism/interfaces/timeseries_aggregation.pb.h"

namespace prism::conformance {

using timeseries::v1::AggregateRequest;
using timeseries::v1::AggregateResponse;
using timeseries::v1::AggregateRow;
using timeseries::v1::Aggregation;
using timeseries::v1::RollupRequest;
using timeseries::v1::RollupResponse;
using Function = timeseries::v1::AggregateFunction;
using Functions = std::vector<Function>;

AggregateRequest AggregateOf(std::string measurement, int64_t window_us,
                             const Functions& functions);
// Of all points from `from_us` on and before `to_us`.
RollupRequest RollupOf(std::string measurement, std::string target, int64_t window_us,
                       Function function, int64_t from_us, int64_t to_us);
template <class Request>
void GroupBy(Request& request, const Texts& names) {
  request.mutable_group_by()->Assign(names.begin(), names.end());
}

// "20 (a b) 1.5 2": the start of the window, the group, the values.
std::string TextOf(const AggregateRow& row);
Texts RowsOf(const std::vector<AggregateResponse>& pages);
// What holds of the pages of every stream of rows.
void CheckRowPages(CaseContext& c, const std::vector<AggregateResponse>& pages,
                   Where where = Where::current());

// timeseries_aggregation as plain functions: all must succeed.
class Aggregates {
 public:
  explicit Aggregates(Caller& caller) : caller_(caller) {}

  Task<std::vector<AggregateResponse>> Pages(AggregateRequest request,
                                             Where where = Where::current());
  Task<Texts> Rows(AggregateRequest request, Where where = Where::current());
  // How many points were written. The target is emptied after the case.
  Task<uint64_t> Rollup(RollupRequest request, Where where = Where::current());

 private:
  Caller& caller_;
};

// The cases of timeseries_aggregation.
namespace aggregation {

// aggregation_rows.cc: windows, groups and functions.
Task<void> WindowsAreAligned(CaseContext& c);
Task<void> OnlyTheRangeCounts(CaseContext& c);
Task<void> WindowsMayBeHuge(CaseContext& c);
Task<void> GroupsAreAggregatedTogether(CaseContext& c);
Task<void> RowsComeInOrder(CaseContext& c);
Task<void> FunctionsAreComputed(CaseContext& c);
Task<void> FirstAndLastGoByTime(CaseContext& c);
Task<void> PercentilesAreExact(CaseContext& c);
Task<void> NothingIsNoPage(CaseContext& c);
Task<void> NamespacesNeverMeet(CaseContext& c);

// aggregation_limits.cc: pages, the largest that is taken, and what is refused.
Task<void> PagesHoldAThousandRows(CaseContext& c);
Task<void> PagesHoldAMebibyte(CaseContext& c);
Task<void> LargestIsTaken(CaseContext& c);
Task<void> BadRequestsAreRefused(CaseContext& c);
Task<void> BadRollupsAreRefused(CaseContext& c);

// aggregation_rollup.cc: points that are computed of others.
Task<void> RollupStoresTheRows(CaseContext& c);
Task<void> RollupOfGroups(CaseContext& c);
Task<void> RollupReplaces(CaseContext& c);
Task<void> RollupOfManyWindows(CaseContext& c);
Task<void> RollupLeavesOutTheInfinite(CaseContext& c);
Task<void> RollupLeavesOutTheExpired(CaseContext& c);
Task<void> RollupsAtOnceStoreOnce(CaseContext& c);
Task<void> AggregatesUnderWrites(CaseContext& c);

}  // namespace aggregation
}  // namespace prism::conformance
