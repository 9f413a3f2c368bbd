#include <algorithm>
#include <cmath>

#include "conformance/testing/faults.h"
#include "conformance/testing/forwarding_timeseries.h"

namespace prism::conformance::testing {
namespace {

// Spoils each request of Aggregate with one function, and each row of the answer with another.
template <void (*kSpoil)(AggregateRequest& request),
          void (*kSpoilRow)(AggregateRow& row, const AggregateRequest& request)>
class SpoiltAggregates final : public ForwardAggregation {
 public:
  using ForwardAggregation::ForwardAggregation;
  Stream<AggregateResponse> Aggregate(RequestContext& ctx,
                                      const AggregateRequest& request) override {
    AggregateRequest changed = request;
    kSpoil(changed);
    Stream<AggregateResponse> pages = real_.Aggregate(ctx, changed);
    while (AggregateResponse* page = co_await pages.Next()) {
      for (AggregateRow& row : *page->mutable_rows()) kSpoilRow(row, request);
      co_yield *page;
    }
    co_return pages.status();
  }
};

void KeepRequest(AggregateRequest&) {}
void KeepRow(AggregateRow&, const AggregateRequest&) {}
template <void (*kSpoil)(AggregateRequest& request)>
using SpoiltRequests = SpoiltAggregates<kSpoil, &KeepRow>;
template <void (*kSpoil)(AggregateRow& row, const AggregateRequest& request)>
using SpoiltRows = SpoiltAggregates<&KeepRequest, kSpoil>;

void CountBeyondTheRange(AggregateRequest& request) {
  const int64_t window_us = request.window_us();
  if (window_us < 2 || !request.has_from_unix_us()) return;
  request.set_from_unix_us(request.from_unix_us() / window_us * window_us);
}
void RoughPercentiles(AggregateRequest& request) {
  for (Aggregation& each : *request.mutable_aggregations()) {
    each.set_percentile(std::round(each.percentile() / 2) * 2);
  }
}
void IgnoreTheGroups(AggregateRequest& request) { request.clear_group_by(); }
void IgnoreTheFilter(AggregateRequest& request) { request.clear_tags(); }
void TakeAnyWindow(AggregateRequest& request) {
  request.set_window_us(std::max<int64_t>(request.window_us(), 1));
}
void FirstForLast(AggregateRequest& request) {
  for (Aggregation& each : *request.mutable_aggregations()) {
    if (each.function() == LAST) each.set_function(FIRST);
  }
}

void RoundTowardsZero(AggregateRow& row, const AggregateRequest& request) {
  const int64_t start = row.window_start_unix_us();
  if (start < 0) row.set_window_start_unix_us(start + request.window_us());
}
void AlignToTheRange(AggregateRow& row, const AggregateRequest& request) {
  row.set_window_start_unix_us(std::max(row.window_start_unix_us(), request.from_unix_us()));
}
void SortTheValues(AggregateRow& row, const AggregateRequest&) {
  std::sort(row.mutable_values()->begin(), row.mutable_values()->end());
}

class ReversesRows final : public ForwardAggregation {
 public:
  using ForwardAggregation::ForwardAggregation;
  Stream<AggregateResponse> Aggregate(RequestContext& ctx,
                                      const AggregateRequest& request) override {
    Stream<AggregateResponse> pages = real_.Aggregate(ctx, request);
    while (AggregateResponse* page = co_await pages.Next()) {
      std::reverse(page->mutable_rows()->begin(), page->mutable_rows()->end());
      co_yield *page;
    }
    co_return pages.status();
  }
};

// All elements on one page.
template <class Page, class Stub, class Request>
Stream<Page> Gathered(Stream<Page> (Stub::*rpc)(RequestContext&, const Request&), Stub& real,
                      RequestContext& ctx, const Request& request) {
  Page all;
  bool any = false;
  Stream<Page> pages = (real.*rpc)(ctx, request);
  while (Page* page = co_await pages.Next()) {
    all.MergeFrom(*page);
    any = true;
  }
  if (!pages.status().ok()) co_return pages.status();
  if (any) co_yield all;
  co_return OkStatus();
}

class OneLargePageOfRows final : public ForwardAggregation {
 public:
  using ForwardAggregation::ForwardAggregation;
  Stream<AggregateResponse> Aggregate(RequestContext& ctx,
                                      const AggregateRequest& request) override {
    return Gathered(&TimeSeriesAggregation::Aggregate, real_, ctx, request);
  }
};

// Spoils each request of Rollup with a function.
template <void (*kSpoil)(RollupRequest& request)>
class SpoiltRollups final : public ForwardAggregation {
 public:
  using ForwardAggregation::ForwardAggregation;
  Task<Status> Rollup(RequestContext& ctx, const RollupRequest& request,
                      RollupResponse& response) override {
    RollupRequest changed = request;
    kSpoil(changed);
    Task<Status> rollup = real_.Rollup(ctx, changed, response);
    co_return co_await rollup;
  }
};

void RollUpAll(RollupRequest& request) { request.clear_tags(); }
void RollUpOneGroup(RollupRequest& request) { request.clear_group_by(); }
void TakePartialWindows(RollupRequest& request) {
  if (request.window_us() == 0) return;
  request.set_from_unix_us(request.from_unix_us() / request.window_us() * request.window_us());
}
void RollUpAnHour(RollupRequest& request) {
  request.set_to_unix_us(
      std::min(request.to_unix_us(), request.from_unix_us() + 1000 * request.window_us()));
}

class CountsNoneWritten final : public ForwardAggregation {
 public:
  using ForwardAggregation::ForwardAggregation;
  Task<Status> Rollup(RequestContext& ctx, const RollupRequest& request,
                      RollupResponse& response) override {
    Task<Status> rollup = real_.Rollup(ctx, request, response);
    Status status = co_await rollup;
    response.clear_written();
    co_return status;
  }
};

// Stores only where the target has nothing yet: a call's windows as a whole.
class RollsUpOnce final : public ForwardAggregation {
 public:
  explicit RollsUpOnce(Backend& real)
      : ForwardAggregation(real), basic_(*FindAs<TimeSeriesBasic>(real)) {}
  Task<Status> Rollup(RequestContext& ctx, const RollupRequest& request,
                      RollupResponse& response) override {
    QueryRequest query;
    query.set_measurement(request.target_measurement());
    query.set_from_unix_us(request.from_unix_us());
    query.set_to_unix_us(request.to_unix_us());
    {
      Stream<QueryResponse> points = basic_.Query(ctx, query);
      const QueryResponse* page = co_await points.Next();
      if (page) co_return OkStatus();
    }
    Task<Status> rollup = real_.Rollup(ctx, request, response);
    co_return co_await rollup;
  }

 private:
  TimeSeriesBasic& basic_;
};

// Spoils each request of Interpolate with a function.
template <void (*kSpoil)(InterpolateRequest& request)>
class SpoiltGrids final : public ForwardInterpolation {
 public:
  using ForwardInterpolation::ForwardInterpolation;
  Stream<InterpolateResponse> Interpolate(RequestContext& ctx,
                                          const InterpolateRequest& request) override {
    InterpolateRequest changed = request;
    kSpoil(changed);
    Stream<InterpolateResponse> pages = real_.Interpolate(ctx, changed);
    while (InterpolateResponse* page = co_await pages.Next()) co_yield *page;
    co_return pages.status();
  }
};

void IgnoreTheGap(InterpolateRequest& request) { request.clear_max_gap_us(); }
void GapIsExclusive(InterpolateRequest& request) {
  if (request.max_gap_us() > 1) request.set_max_gap_us(request.max_gap_us() - 1);
}
void AlwaysLinear(InterpolateRequest& request) { request.set_method(LINEAR); }
void AlwaysPrevious(InterpolateRequest& request) { request.set_method(PREVIOUS); }
void ToBelongs(InterpolateRequest& request) { request.set_to_unix_us(request.to_unix_us() + 1); }
void AllSeries(InterpolateRequest& request) { request.clear_tags(); }
void FewerInstants(InterpolateRequest& request) {
  const int64_t span_us = request.to_unix_us() - request.from_unix_us();
  if (span_us > 1'000'000) request.set_to_unix_us(request.from_unix_us() + 1'000'000);
}

// The values are those of the measurement's points alone.
class OnlyPoints final : public ForwardInterpolation {
 public:
  using ForwardInterpolation::ForwardInterpolation;
  Stream<InterpolateResponse> Interpolate(RequestContext& ctx,
                                          const InterpolateRequest& request) override {
    InterpolateRequest changed = request;
    if (request.max_gap_us() == 0) changed.set_max_gap_us(1);
    Stream<InterpolateResponse> pages = real_.Interpolate(ctx, changed);
    while (InterpolateResponse* page = co_await pages.Next()) co_yield *page;
    co_return pages.status();
  }
};

// The last value of a series goes on to the end of the grid, up to a page's size.
class Extrapolates final : public ForwardInterpolation {
 public:
  using ForwardInterpolation::ForwardInterpolation;
  Stream<InterpolateResponse> Interpolate(RequestContext& ctx,
                                          const InterpolateRequest& request) override {
    Stream<InterpolateResponse> pages = real_.Interpolate(ctx, request);
    while (InterpolateResponse* page = co_await pages.Next()) {
      SeriesPoints& series = *page->mutable_series()->rbegin();
      Point last = *series.points().rbegin();
      while (last.time_unix_us() + request.step_us() < request.to_unix_us() &&
             series.points_size() < 100) {
        last.set_time_unix_us(last.time_unix_us() + request.step_us());
        *series.add_points() = last;
      }
      co_yield *page;
    }
    co_return pages.status();
  }
};

class OneLargePageOfValues final : public ForwardInterpolation {
 public:
  using ForwardInterpolation::ForwardInterpolation;
  Stream<InterpolateResponse> Interpolate(RequestContext& ctx,
                                          const InterpolateRequest& request) override {
    return Gathered(&TimeSeriesInterpolation::Interpolate, real_, ctx, request);
  }
};

template <class Fake>
constexpr Fault Aggregating(std::string_view name, std::string_view caught_by) {
  return {name, "timeseries_aggregation", caught_by, &Replace<Fake, TimeSeriesAggregation>};
}
template <class Fake>
constexpr Fault Between(std::string_view name, std::string_view caught_by) {
  return {name, "timeseries_interpolation", caught_by, &Replace<Fake, TimeSeriesInterpolation>};
}

constexpr Fault kFaults[] = {
    Aggregating<SpoiltRequests<CountBeyondTheRange>>("beyond_the_range", "only_the_range_counts"),
    Aggregating<SpoiltRequests<RoughPercentiles>>("rough_percentiles", "percentiles_are_exact"),
    Aggregating<SpoiltRequests<IgnoreTheGroups>>("one_group", "groups_are_aggregated_together"),
    Aggregating<SpoiltRequests<IgnoreTheGroups>>("groups_are_lost", "rows_come_in_order"),
    Aggregating<SpoiltRequests<IgnoreTheFilter>>("aggregates_all",
                                                 "groups_are_aggregated_together"),
    Aggregating<SpoiltRequests<TakeAnyWindow>>("takes_any_window", "bad_requests_are_refused"),
    Aggregating<SpoiltRequests<FirstForLast>>("first_for_last", "first_and_last_go_by_time"),
    Aggregating<SpoiltRows<RoundTowardsZero>>("rounds_towards_zero", "windows_are_aligned"),
    Aggregating<SpoiltRows<RoundTowardsZero>>("centuries_towards_zero", "windows_may_be_huge"),
    Aggregating<SpoiltRows<AlignToTheRange>>("windows_of_the_range", "only_the_range_counts"),
    Aggregating<SpoiltRows<SortTheValues>>("values_out_of_order", "functions_are_computed"),
    Aggregating<ReversesRows>("reverses_rows", "rows_come_in_order"),
    Aggregating<OneLargePageOfRows>("pages_of_too_many_windows", "pages_hold_a_thousand_rows"),
    Aggregating<OneLargePageOfRows>("pages_of_too_many_groups", "pages_hold_a_mebibyte"),
    Aggregating<SpoiltRollups<RollUpAll>>("rolls_up_all", "rollup_stores_the_rows"),
    Aggregating<SpoiltRollups<RollUpOneGroup>>("rolls_up_one_group", "rollup_of_groups"),
    Aggregating<SpoiltRollups<TakePartialWindows>>("partial_windows", "bad_rollups_are_refused"),
    Aggregating<SpoiltRollups<RollUpAnHour>>("rolls_up_a_part", "rollup_of_many_windows"),
    Aggregating<CountsNoneWritten>("counts_none_written", "rollups_at_once_store_once"),
    Aggregating<RollsUpOnce>("rolls_up_once", "rollup_replaces"),
    Between<SpoiltGrids<IgnoreTheGap>>("ignores_the_gap", "gaps_are_bounded"),
    Between<SpoiltGrids<GapIsExclusive>>("gap_is_exclusive", "gaps_are_bounded"),
    Between<SpoiltGrids<AlwaysLinear>>("always_linear", "previous_is_kept"),
    Between<SpoiltGrids<AlwaysPrevious>>("always_previous", "linear_is_on_the_line"),
    Between<SpoiltGrids<AlwaysPrevious>>("steps_for_lines", "lines_are_close"),
    Between<SpoiltGrids<ToBelongs>>("to_belongs_to_the_grid", "neighbours_may_be_outside"),
    Between<SpoiltGrids<AllSeries>>("values_of_all_series", "series_are_taken_alone"),
    Between<SpoiltGrids<FewerInstants>>("fewer_instants", "largest_grids_are_taken"),
    Between<SpoiltGrids<FewerInstants>>("takes_too_many_instants", "bad_grids_are_refused"),
    Between<OnlyPoints>("only_points", "interpolation_under_writes"),
    Between<Extrapolates>("extrapolates", "nothing_is_extrapolated"),
    Between<OneLargePageOfValues>("pages_of_too_many_values", "pages_hold_a_thousand_points"),
    Between<OneLargePageOfValues>("pages_of_too_many_value_tags", "pages_hold_a_mebibyte"),
};

}  // namespace

std::span<const Fault> DerivedSeriesFaults() { return kFaults; }

}  // namespace prism::conformance::testing
