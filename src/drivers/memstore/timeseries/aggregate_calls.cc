#include <algorithm>
#include <cmath>
#include <set>

#include "drivers/contract/checks.h"
#include "drivers/memstore/data.h"
#include "drivers/memstore/timeseries/aggregator.h"
#include "drivers/memstore/timeseries/calls.h"
#include "drivers/memstore/timeseries/mapping.h"
#include "prism/interfaces/timeseries_aggregation.pb.h"

namespace prism::memstore {
namespace {

using namespace timeseries::v1;  // NOLINT

constexpr int64_t kMaxAggregations = 16;
constexpr size_t kPageRows = 1000;
constexpr size_t kPageBytes = 1024 * 1024;
// Of an Aggregator, before the worker's other calls have their turn: well under a millisecond.
constexpr int kStepsPerTurn = 8;

Result<SeriesAggregation> AggregationOf(const Aggregation& aggregation) {
  SeriesAggregation result;
  switch (aggregation.function()) {
    case COUNT:
      result.function = SeriesFunction::kCount;
      break;
    case SUM:
      result.function = SeriesFunction::kSum;
      break;
    case MIN:
      result.function = SeriesFunction::kMin;
      break;
    case MAX:
      result.function = SeriesFunction::kMax;
      break;
    case AVG:
      result.function = SeriesFunction::kAvg;
      break;
    case FIRST:
      result.function = SeriesFunction::kFirst;
      break;
    case LAST:
      result.function = SeriesFunction::kLast;
      break;
    case PERCENTILE:
      result.function = SeriesFunction::kPercentile;
      break;
    default:
      return InvalidArgumentError("function must be one of AggregateFunction");
  }
  result.percentile = aggregation.percentile();
  // So written that no comparison holds for what is not a number.
  if (result.function == SeriesFunction::kPercentile &&
      !(result.percentile >= 0 && result.percentile <= 100)) {
    return InvalidArgumentError("percentile must be from 0 to 100");
  }
  return result;
}

// What Aggregate and Rollup have in common.
template <class Request>
Status FillSpec(const Request& request, AggregateSpec& spec) {
  PRISM_RETURN_IF_ERROR(CheckMeasurement(request.measurement()));
  Result<SeriesTags> filter = TagsOf(request.tags());
  if (!filter.ok()) return std::move(filter).status();
  PRISM_RETURN_IF_ERROR(CheckRange("window_us", request.window_us(), 1, kMaxSpanUs));
  PRISM_RETURN_IF_ERROR(
      CheckRange("the number of names in group_by", request.group_by_size(), 0, kMaxTags));
  for (const std::string& name : request.group_by())
    PRISM_RETURN_IF_ERROR(CheckTagName("name in group_by", name));
  spec.group_by.assign(request.group_by().begin(), request.group_by().end());
  const std::set<std::string> distinct(spec.group_by.begin(), spec.group_by.end());
  if (distinct.size() != spec.group_by.size()) {
    return InvalidArgumentError("group_by must not name a tag twice");
  }
  spec.range.measurement = request.measurement();
  spec.range.filter = *std::move(filter);
  spec.range.from_us = std::clamp(request.from_unix_us(), kMinTimeUs, kEndTimeUs);
  spec.range.to_us = std::clamp(request.to_unix_us(), kMinTimeUs, kEndTimeUs);
  spec.window_us = request.window_us();
  return OkStatus();
}

Status AddAggregation(const Aggregation& aggregation, AggregateSpec& spec) {
  const Result<SeriesAggregation> added = AggregationOf(aggregation);
  if (!added.ok()) return added.status();
  spec.aggregations.push_back(*added);
  return OkStatus();
}

Status SpecOf(const AggregateRequest& request, AggregateSpec& spec) {
  PRISM_RETURN_IF_ERROR(FillSpec(request, spec));
  if (!request.has_from_unix_us()) spec.range.from_us = kMinTimeUs;
  if (!request.has_to_unix_us()) spec.range.to_us = kEndTimeUs;
  PRISM_RETURN_IF_ERROR(
      CheckRange("the number of aggregations", request.aggregations_size(), 1, kMaxAggregations));
  for (int i = 0; i < request.aggregations_size(); ++i) {
    PRISM_RETURN_IF_ERROR(AtEntry(AddAggregation(request.aggregations(i), spec), i));
  }
  return OkStatus();
}

Status SpecOf(const RollupRequest& request, AggregateSpec& spec) {
  PRISM_RETURN_IF_ERROR(FillSpec(request, spec));
  PRISM_RETURN_IF_ERROR(CheckCollectionName("target_measurement", request.target_measurement()));
  if (request.target_measurement() == request.measurement()) {
    return InvalidArgumentError("target_measurement must be another than measurement");
  }
  PRISM_RETURN_IF_ERROR(CheckRange("from_unix_us", request.from_unix_us(), kMinTimeUs, kEndTimeUs));
  PRISM_RETURN_IF_ERROR(CheckRange("to_unix_us", request.to_unix_us(), kMinTimeUs, kEndTimeUs));
  if (request.from_unix_us() % request.window_us() || request.to_unix_us() % request.window_us()) {
    return InvalidArgumentError("from_unix_us and to_unix_us must be multiples of window_us");
  }
  return AddAggregation(request.aggregation(), spec);
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
  AggregateSpec spec;
  PRISM_CO_RETURN_IF_ERROR(SpecOf(request, spec));
  if (spec.range.to_us <= spec.range.from_us) co_return OkStatus();
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
  AggregateSpec spec;
  PRISM_CO_RETURN_IF_ERROR(SpecOf(request, spec));
  if (spec.range.to_us <= spec.range.from_us) co_return OkStatus();
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
