#include <algorithm>
#include <cmath>

#include "drivers/contract/timeseries.h"
#include "drivers/memstore/data.h"
#include "drivers/memstore/timeseries/aggregator.h"
#include "drivers/memstore/timeseries/calls.h"
#include "prism/interfaces/timeseries_aggregation.pb.h"

namespace prism::memstore {
namespace {

using namespace timeseries::v1;  // NOLINT

constexpr size_t kPageRows = 1000;
constexpr size_t kPageBytes = 1024 * 1024;
// Of an Aggregator, before the worker's other calls have their turn: well under a millisecond.
constexpr int kStepsPerTurn = 8;

SeriesAggregation AggregationOf(const Aggregation& aggregation) {
  const auto function = static_cast<SeriesFunction>(aggregation.function() - COUNT);
  return {function, aggregation.percentile()};
}
static_assert(static_cast<int>(SeriesFunction::kPercentile) == PERCENTILE - COUNT &&
              static_cast<int>(SeriesFunction::kFirst) == FIRST - COUNT);

// What Aggregate and Rollup have in common.
template <class Request>
AggregateSpec SpecOf(const Request& request) {
  AggregateSpec spec;
  const TimeRange times = RangeOf(request);
  spec.range = {request.measurement(), SortedTags(request.tags()), times.from_us, times.to_us,
                false};
  spec.window_us = request.window_us();
  spec.group_by.assign(request.group_by().begin(), request.group_by().end());
  return spec;
}

size_t BytesOf(const AggregatedRow& row) {
  size_t bytes = 24 + 8 * row.values.size();
  for (const std::string& value : row.group) bytes += value.size() + 4;
  return bytes;
}

// Moves the first rows that fit from `rows`, beginning at `next`, which it moves on, to a page.
void FillPage(std::vector<AggregatedRow>& rows, size_t& next, AggregateResponse& page) {
  page.Clear();
  for (size_t bytes = 0; next < rows.size(); ++next) {
    AggregatedRow& from = rows[next];
    bytes += BytesOf(from);
    const auto filled = static_cast<size_t>(page.rows_size());
    if (filled == kPageRows || (filled > 0 && bytes > kPageBytes)) return;
    AggregateRow& row = *page.add_rows();
    row.set_window_start_unix_us(from.window_us);
    for (std::string& value : from.group) row.add_group(std::move(value));
    for (const double value : from.values) row.add_values(value);
  }
}

// The rows as points of the target.
std::vector<SeriesWrite> PointsOf(const std::vector<AggregatedRow>& rows, size_t from, size_t to,
                                  const RollupRequest& request) {
  std::vector<SeriesWrite> writes;
  for (size_t i = from; i < to; ++i) {
    if (!std::isfinite(rows[i].values[0])) continue;
    SeriesWrite& write = writes.emplace_back();
    write.measurement = request.target_measurement();
    for (int tag = 0; tag < request.group_by_size(); ++tag) {
      const std::string& value = rows[i].group[static_cast<size_t>(tag)];
      if (!value.empty()) write.tags.emplace_back(request.group_by(tag), value);
    }
    std::sort(write.tags.begin(), write.tags.end());
    write.samples.push_back({rows[i].window_us, rows[i].values[0]});
  }
  return writes;
}

}  // namespace

Stream<AggregateResponse> TimeSeriesCalls::Aggregate(RequestContext& ctx,
                                                     const AggregateRequest& request) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  if (RangeOf(request).empty()) co_return OkStatus();
  AggregateSpec spec = SpecOf(request);
  for (const Aggregation& each : request.aggregations()) {
    spec.aggregations.push_back(AggregationOf(each));
  }
  Aggregator aggregator(series_, std::move(spec));
  AggregateResponse response;
  std::vector<AggregatedRow> rows;
  for (int steps = 1, done = 0; !done; ++steps) {
    PRISM_CO_RETURN_IF_ERROR(ctx.cancellation.reason());
    bool last = false;
    PRISM_CO_RETURN_IF_ERROR(aggregator.Step(rows, last));
    done = last;
    if (rows.size() >= kPageRows || last) {
      for (size_t next = 0; next < rows.size();) {
        FillPage(rows, next, response);
        co_yield response;
      }
      rows.clear();
    }
    if (steps % kStepsPerTurn) continue;
    const TimePoint next_turn = Clock::now();
    PRISM_CO_RETURN_IF_ERROR(co_await SleepUntil(next_turn, ctx.cancellation));
  }
  co_return OkStatus();
}

Task<Status> TimeSeriesCalls::Rollup(RequestContext& ctx, const RollupRequest& request,
                                     RollupResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  if (RangeOf(request).empty()) co_return OkStatus();
  AggregateSpec spec = SpecOf(request);
  spec.aggregations.push_back(AggregationOf(request.aggregation()));
  Aggregator aggregator(series_, std::move(spec));
  std::vector<AggregatedRow> rows;
  for (int steps = 1, done = 0; !done; ++steps) {
    PRISM_CO_RETURN_IF_ERROR(ctx.cancellation.reason());
    bool last = false;
    PRISM_CO_RETURN_IF_ERROR(aggregator.Step(rows, last));
    done = last;
    for (size_t next = 0; next < rows.size(); next += kMaxPoints) {
      const size_t end = std::min(next + kMaxPoints, rows.size());
      TimeSeries::Inserted inserted;
      const std::vector<SeriesWrite> points = PointsOf(rows, next, end, request);
      PRISM_CO_RETURN_IF_ERROR(series_.Insert(points, inserted));
      response.set_written(response.written() + points.size() - inserted.expired);
      collector_.After(inserted.due);
    }
    rows.clear();
    if (steps % kStepsPerTurn) continue;
    const TimePoint next_turn = Clock::now();
    PRISM_CO_RETURN_IF_ERROR(co_await SleepUntil(next_turn, ctx.cancellation));
  }
  co_return OkStatus();
}

}  // namespace prism::memstore
