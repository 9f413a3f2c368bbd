#include "conformance/timeseries/aggregation_client.h"
#include "conformance/timeseries/suites.h"

namespace prism::conformance {
namespace {

using namespace aggregation;  // NOLINT: the cases of the table

constexpr std::string_view kWindows =
    "Windows: a point at time t is in the window that starts at floor(t / window_us) * window_us, "
    "which is aligned to 1970-01-01 UTC whatever the range is, includes its start and excludes its "
    "end.";
constexpr std::string_view kWindowSize =
    "`window_us` is 1 to 3,155,760,000,000,000 (100 years), else INVALID_ARGUMENT.";
constexpr std::string_view kGroups =
    "Groups: points of all matching series that have the same values of the tags in `group_by` are "
    "aggregated together; a series without such a tag has the empty value.";
constexpr std::string_view kGroupNames =
    "At most 32 names of 1 to 256 bytes, none twice, else INVALID_ARGUMENT.";
constexpr std::string_view kAsBasic = "Limits, filters and ranges are those of timeseries_basic.";
constexpr std::string_view kFirstAndLast =
    "FIRST and LAST: the value of the point with the least and the greatest time; if several "
    "series have a point then, it is unspecified which of them.";
constexpr std::string_view kPercentile =
    "PERCENTILE with `percentile` p of 0 to 100 (else INVALID_ARGUMENT): of the n values in "
    "ascending order v[0] .. v[n-1], with x = p / 100 * (n - 1) and i = floor(x), the value v[i] + "
    "(x - i) * (v[i+1] - v[i]), so 0 is the least, 50 the median and 100 the greatest.";
constexpr std::string_view kRows =
    "Streams one row per window and group that has points, by ascending window start, and within a "
    "window by the groups' tag values in the order of `group_by`, compared by their bytes.";
constexpr std::string_view kValues =
    "The values of a row are those of `aggregations` (1 to 16, else INVALID_ARGUMENT) in that "
    "order.";
constexpr std::string_view kPages =
    "Pages have at most 1000 rows and at most 1 MiB unless one row is larger, and none is empty.";
constexpr std::string_view kRollup =
    "Computes one function as Aggregate does and stores each row as a point of "
    "`target_measurement`: its time is the window's start, its tags are the group's without the "
    "empty ones.";
constexpr std::string_view kMultiples =
    "`from` and `to` always bound the range (0 is 1970) and must be multiples of `window_us`, so "
    "that no window is partial, and the target must be another measurement, else "
    "INVALID_ARGUMENT.";
constexpr std::string_view kReplaced =
    "Points of the target that have the same time are replaced, others stay; those older than the "
    "target's retention, or with a value beyond the finite doubles, are not stored.";
constexpr std::string_view kWritten = "`written` counts the points stored.";
constexpr std::string_view kRepeated =
    "Not atomic: a call that fails may have stored some, and repeating it stores all, once.";

constexpr const InterfaceInfo* kBasic = &TimeSeriesBasic::Info();
constexpr const InterfaceInfo* kRetention = &TimeSeriesRetention::Info();

constexpr Case kCases[] = {
    {"windows_are_aligned",
     {"Many points as few numbers.", kWindows, "A window without points is absent.", kWindowSize},
     &WindowsAreAligned,
     {kBasic}},
    {"only_the_range_counts",
     {"Only points of the range count, so the first and the last window may be partial.", kAsBasic},
     &OnlyTheRangeCounts,
     {kBasic}},
    {"windows_may_be_huge", {kWindows, kWindowSize}, &WindowsMayBeHuge, {kBasic}},
    {"groups_are_aggregated_together",
     {kGroups, "Without `group_by` there is one group.", kAsBasic},
     &GroupsAreAggregatedTogether,
     {kBasic}},
    {"rows_come_in_order", {kRows}, &RowsComeInOrder, {kBasic}},
    {"functions_are_computed",
     {"COUNT, SUM, MIN, MAX, AVG (the sum divided by the count).", kValues},
     &FunctionsAreComputed,
     {kBasic}},
    {"first_and_last_go_by_time", {kFirstAndLast}, &FirstAndLastGoByTime, {kBasic}},
    {"percentiles_are_exact", {kPercentile, "It is exact."}, &PercentilesAreExact, {kBasic}},
    {"nothing_is_no_page", {kPages}, &NothingIsNoPage},
    {"namespaces_never_meet", {kRows, kRollup}, &NamespacesNeverMeet, {kBasic}, true},
    {"pages_hold_a_thousand_rows",
     {kPages,
      "To go on after a broken stream ask again from the last row's window start, unless `from` "
      "is later."},
     &PagesHoldAThousandRows,
     {kBasic}},
    {"pages_hold_a_mebibyte", {kPages}, &PagesHoldAMebibyte, {kBasic}},
    {"largest_is_taken", {kGroupNames, kValues, kWindowSize}, &LargestIsTaken, {kBasic}},
    {"bad_requests_are_refused",
     {kAsBasic, kWindowSize, kGroupNames, kValues, kPercentile},
     &BadRequestsAreRefused},
    {"bad_rollups_are_refused",
     {kMultiples, kWindowSize, kGroupNames, kPercentile},
     &BadRollupsAreRefused,
     {kBasic}},
    {"rollup_stores_the_rows", {kRollup, kMultiples, kWritten}, &RollupStoresTheRows, {kBasic}},
    {"rollup_of_groups", {kRollup, kWritten}, &RollupOfGroups, {kBasic}},
    {"rollup_replaces", {kReplaced, kRepeated}, &RollupReplaces, {kBasic}},
    {"rollup_of_many_windows", {kRollup, kWritten}, &RollupOfManyWindows, {kBasic}},
    {"rollup_leaves_out_the_infinite",
     {kReplaced, kWritten},
     &RollupLeavesOutTheInfinite,
     {kBasic}},
    {"rollup_leaves_out_the_expired",
     {kReplaced, kWritten},
     &RollupLeavesOutTheExpired,
     {kBasic, kRetention}},
    {"rollups_at_once_store_once", {kReplaced, kRepeated}, &RollupsAtOnceStoreOnce, {kBasic}},
    {"aggregates_under_writes",
     {"Points that are written meanwhile are counted or not."},
     &AggregatesUnderWrites,
     {kBasic}},
};

constexpr Unproven kUnproven[] = {
    {"The order of a sum's additions is unspecified, and so are its last bits.",
     "it permits any; the cases add what is exact in every order"},
    {"A backend may refuse with RESOURCE_EXHAUSTED a window with more than 1,000,000 points.",
     "it permits either"},
    {"A backend may refuse with RESOURCE_EXHAUSTED more than 10,000 groups.", "it permits either"},
};

constexpr Suite kSuite = {&TimeSeriesAggregation::Info(), kCases, kUnproven,
                          &EmptyNotedMeasurements};

}  // namespace

const Suite& TimeSeriesAggregationSuite() { return kSuite; }

}  // namespace prism::conformance
