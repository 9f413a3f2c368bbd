#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "drivers/contract/checks.h"
#include "drivers/memstore/timeseries/timeseries.h"
#include "prism/interfaces/timeseries_basic.pb.h"

namespace prism::memstore {

inline constexpr int64_t kMinTimeUs = -2'208'988'800'000'000;  // 1900-01-01
inline constexpr int64_t kEndTimeUs = 7'258'118'400'000'000;   // 2200-01-01
inline constexpr int64_t kMaxSpanUs = 3'155'760'000'000'000;   // 100 years
inline constexpr int kMaxTags = 32;
inline constexpr size_t kMaxTagNameBytes = 256;
inline constexpr size_t kMaxTagValueBytes = 1024;
inline constexpr size_t kMaxPoints = 1000;  // of a request, and of a page

using TagMap = google::protobuf::Map<std::string, std::string>;

inline Status CheckMeasurement(std::string_view name) {
  return CheckCollectionName("measurement", name);
}
// The tags in the engine's order; INVALID_ARGUMENT if they are beyond the limits.
Result<SeriesTags> TagsOf(const TagMap& tags);
// `what` says whose name it is: "tag's name".
Status CheckTagName(std::string_view what, std::string_view name);

void FillSeries(const SeriesRun& run, std::string_view measurement,
                timeseries::v1::SeriesPoints& points);

}  // namespace prism::memstore
