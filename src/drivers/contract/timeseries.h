#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "drivers/contract/checks.h"
#include "prism/interfaces/timeseries_aggregation.pb.h"
#include "prism/interfaces/timeseries_basic.pb.h"
#include "prism/interfaces/timeseries_interpolation.pb.h"
#include "prism/interfaces/timeseries_retention.pb.h"

namespace prism {

inline constexpr int64_t kMinTimeUs = -2'208'988'800'000'000;  // 1900-01-01
inline constexpr int64_t kEndTimeUs = 7'258'118'400'000'000;   // 2200-01-01
inline constexpr size_t kMaxPoints = 1000;                     // of a request, and of a page

using SeriesTags = std::vector<std::pair<std::string, std::string>>;  // sorted, no name twice
SeriesTags SortedTags(const google::protobuf::Map<std::string, std::string>& tags);

// Whether a request of a timeseries interface keeps the contract, whatever the backend: OK or
// INVALID_ARGUMENT naming the field and its limit.
Status Check(const timeseries::v1::InsertRequest& request);
Status Check(const timeseries::v1::QueryRequest& request);
Status Check(const timeseries::v1::AggregateRequest& request);
Status Check(const timeseries::v1::RollupRequest& request);
Status Check(const timeseries::v1::InterpolateRequest& request);
Status Check(const timeseries::v1::SetRetentionRequest& request);
Status Check(const timeseries::v1::GetRetentionRequest& request);

// [from_us, to_us), within the times that points have.
struct TimeRange {
  int64_t from_us = kMinTimeUs;
  int64_t to_us = kEndTimeUs;
  bool empty() const { return to_us <= from_us; }
};
TimeRange RangeOf(const timeseries::v1::QueryRequest& request);
TimeRange RangeOf(const timeseries::v1::AggregateRequest& request);
TimeRange RangeOf(const timeseries::v1::RollupRequest& request);

// What a cursor of the query must have been made for; names the whole query but its limit.
std::string CursorScope(const timeseries::v1::QueryRequest& request);

// Names the measurement and the tags of what is answered.
void NameSeries(std::string_view measurement, const SeriesTags& tags,
                timeseries::v1::SeriesPoints& series);

}  // namespace prism
