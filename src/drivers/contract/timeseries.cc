#include "drivers/contract/timeseries.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace prism {
namespace {

using namespace timeseries::v1;  // NOLINT

using TagMap = google::protobuf::Map<std::string, std::string>;

constexpr int64_t kMaxSpanUs = 3'155'760'000'000'000;  // 100 years
constexpr int64_t kMaxAgeMs = kMaxSpanUs / 1000;
constexpr int64_t kMaxTags = 32;
constexpr size_t kMaxTagNameBytes = 256;
constexpr size_t kMaxTagValueBytes = 1024;
constexpr int64_t kMaxAggregations = 16;
constexpr int64_t kMaxInstants = 1'000'000;

Status CheckMeasurement(std::string_view name) { return CheckCollectionName("measurement", name); }

Status CheckLength(std::string_view what, size_t bytes, size_t max) {
  return CheckRange(what, static_cast<int64_t>(bytes), 1, static_cast<int64_t>(max));
}

// `what` says whose name it is: "tag's name".
Status CheckTagName(std::string_view what, std::string_view name) {
  return CheckLength("the length of a " + std::string(what), name.size(), kMaxTagNameBytes);
}

Status CheckTags(const TagMap& tags) {
  const auto count = static_cast<int64_t>(tags.size());
  PRISM_RETURN_IF_ERROR(CheckRange("the number of tags", count, 0, kMaxTags));
  for (const auto& [name, value] : tags) {
    PRISM_RETURN_IF_ERROR(CheckTagName("tag's name", name));
    PRISM_RETURN_IF_ERROR(
        CheckLength("the length of tag '" + name + "'", value.size(), kMaxTagValueBytes));
  }
  return OkStatus();
}

// The measurement and the filter.
template <class Request>
Status CheckSeries(const Request& request) {
  PRISM_RETURN_IF_ERROR(CheckMeasurement(request.measurement()));
  return CheckTags(request.tags());
}

Status CheckPoints(const SeriesPoints& series) {
  PRISM_RETURN_IF_ERROR(CheckSeries(series));
  for (const Point& point : series.points()) {
    PRISM_RETURN_IF_ERROR(
        CheckRange("time_unix_us", point.time_unix_us(), kMinTimeUs, kEndTimeUs - 1));
    if (!std::isfinite(point.value())) return InvalidArgumentError("value must be finite");
  }
  return OkStatus();
}

Status CheckFunction(const Aggregation& aggregation) {
  if (!AggregateFunction_IsValid(aggregation.function()) ||
      aggregation.function() == AGGREGATE_FUNCTION_UNSPECIFIED) {
    return InvalidArgumentError("function must be one of AggregateFunction");
  }
  // So written that no comparison holds for what is not a number.
  if (aggregation.function() == PERCENTILE &&
      !(aggregation.percentile() >= 0 && aggregation.percentile() <= 100)) {
    return InvalidArgumentError("percentile must be from 0 to 100");
  }
  return OkStatus();
}

// What Aggregate and Rollup have in common.
template <class Request>
Status CheckWindows(const Request& request) {
  PRISM_RETURN_IF_ERROR(CheckSeries(request));
  PRISM_RETURN_IF_ERROR(CheckRange("window_us", request.window_us(), 1, kMaxSpanUs));
  PRISM_RETURN_IF_ERROR(
      CheckRange("the number of names in group_by", request.group_by_size(), 0, kMaxTags));
  std::set<std::string_view> distinct;
  for (const std::string& name : request.group_by()) {
    PRISM_RETURN_IF_ERROR(CheckTagName("name in group_by", name));
    if (!distinct.insert(name).second) {
      return InvalidArgumentError("group_by must not name a tag twice");
    }
  }
  return OkStatus();
}

Status CheckTimes(int64_t from_us, int64_t to_us) {
  PRISM_RETURN_IF_ERROR(CheckRange("from_unix_us", from_us, kMinTimeUs, kEndTimeUs));
  return CheckRange("to_unix_us", to_us, kMinTimeUs, kEndTimeUs);
}

template <class Request>
TimeRange RangeWithin(const Request& request) {
  return {std::clamp(request.from_unix_us(), kMinTimeUs, kEndTimeUs),
          std::clamp(request.to_unix_us(), kMinTimeUs, kEndTimeUs)};
}

// Of requests that need not bound it.
template <class Request>
TimeRange OpenRange(const Request& request) {
  TimeRange range = RangeWithin(request);
  if (!request.has_from_unix_us()) range.from_us = kMinTimeUs;
  if (!request.has_to_unix_us()) range.to_us = kEndTimeUs;
  return range;
}

}  // namespace

SeriesTags SortedTags(const TagMap& tags) {
  SeriesTags sorted(tags.begin(), tags.end());
  std::sort(sorted.begin(), sorted.end());
  return sorted;
}

Status Check(const InsertRequest& request) {
  int64_t points = 0;
  for (const SeriesPoints& series : request.series()) points += series.points_size();
  PRISM_RETURN_IF_ERROR(CheckRange("the number of points", points, 0, kMaxPoints));
  PRISM_RETURN_IF_ERROR(CheckRange("the number of series", request.series_size(), 0, kMaxPoints));
  for (int i = 0; i < request.series_size(); ++i) {
    PRISM_RETURN_IF_ERROR(AtEntry(CheckPoints(request.series(i)), i));
  }
  return OkStatus();
}

Status Check(const QueryRequest& request) { return CheckSeries(request); }

Status Check(const AggregateRequest& request) {
  PRISM_RETURN_IF_ERROR(CheckWindows(request));
  PRISM_RETURN_IF_ERROR(
      CheckRange("the number of aggregations", request.aggregations_size(), 1, kMaxAggregations));
  for (int i = 0; i < request.aggregations_size(); ++i) {
    PRISM_RETURN_IF_ERROR(AtEntry(CheckFunction(request.aggregations(i)), i));
  }
  return OkStatus();
}

Status Check(const RollupRequest& request) {
  PRISM_RETURN_IF_ERROR(CheckWindows(request));
  PRISM_RETURN_IF_ERROR(CheckCollectionName("target_measurement", request.target_measurement()));
  if (request.target_measurement() == request.measurement()) {
    return InvalidArgumentError("target_measurement must be another than measurement");
  }
  PRISM_RETURN_IF_ERROR(CheckTimes(request.from_unix_us(), request.to_unix_us()));
  if (request.from_unix_us() % request.window_us() || request.to_unix_us() % request.window_us()) {
    return InvalidArgumentError("from_unix_us and to_unix_us must be multiples of window_us");
  }
  return CheckFunction(request.aggregation());
}

Status Check(const InterpolateRequest& request) {
  PRISM_RETURN_IF_ERROR(CheckSeries(request));
  PRISM_RETURN_IF_ERROR(CheckTimes(request.from_unix_us(), request.to_unix_us()));
  PRISM_RETURN_IF_ERROR(CheckRange("step_us", request.step_us(), 1, kMaxSpanUs));
  const int64_t span_us = std::max<int64_t>(request.to_unix_us() - request.from_unix_us(), 0);
  PRISM_RETURN_IF_ERROR(CheckRange("the number of instants",
                                   (span_us + request.step_us() - 1) / request.step_us(), 0,
                                   kMaxInstants));
  if (request.method() != LINEAR && request.method() != PREVIOUS) {
    return InvalidArgumentError("method must be LINEAR or PREVIOUS");
  }
  return CheckRange("max_gap_us", request.max_gap_us(), 0, INT64_MAX);
}

Status Check(const SetRetentionRequest& request) {
  PRISM_RETURN_IF_ERROR(CheckMeasurement(request.measurement()));
  return CheckRange("max_age_ms", request.max_age_ms(), 0, kMaxAgeMs);
}

Status Check(const GetRetentionRequest& request) { return CheckMeasurement(request.measurement()); }

TimeRange RangeOf(const QueryRequest& request) { return OpenRange(request); }
TimeRange RangeOf(const AggregateRequest& request) { return OpenRange(request); }
TimeRange RangeOf(const RollupRequest& request) { return RangeWithin(request); }

std::string CursorScope(const QueryRequest& request) {
  const auto part = [](std::string_view text) {
    return std::to_string(text.size()) + ':' + std::string(text);
  };
  std::string tags;
  for (const auto& [name, value] : SortedTags(request.tags())) tags += part(name) + part(value);
  const int64_t from_us = request.has_from_unix_us() ? request.from_unix_us() : INT64_MIN;
  const int64_t to_us = request.has_to_unix_us() ? request.to_unix_us() : INT64_MAX;
  return part(request.measurement()) + part(tags) + std::to_string(from_us) + ',' +
         std::to_string(to_us) + (request.descending() ? "d" : "a");
}

void NameSeries(std::string_view measurement, const SeriesTags& tags, SeriesPoints& series) {
  series.set_measurement(std::string(measurement));
  for (const auto& [name, value] : tags) (*series.mutable_tags())[name] = value;
}

}  // namespace prism
