#include "drivers/memstore/timeseries/calls.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "drivers/contract/checks.h"
#include "drivers/contract/page_cursor.h"
#include "drivers/memstore/data.h"
#include "drivers/memstore/timeseries/mapping.h"
#include "prism/interfaces/timeseries_retention.pb.h"

namespace prism::memstore {
namespace {

using namespace timeseries::v1;  // NOLINT

constexpr int64_t kMaxAgeMs = kMaxSpanUs / 1000;

Status CheckLength(std::string_view what, size_t bytes, size_t max) {
  return CheckRange(what, static_cast<int64_t>(bytes), 1, static_cast<int64_t>(max));
}

Status AddWrite(const SeriesPoints& series, std::vector<SeriesWrite>& writes) {
  PRISM_RETURN_IF_ERROR(CheckMeasurement(series.measurement()));
  Result<SeriesTags> tags = TagsOf(series.tags());
  if (!tags.ok()) return std::move(tags).status();
  SeriesWrite& write = writes.emplace_back();
  write.measurement = series.measurement();
  write.tags = *std::move(tags);
  for (const Point& point : series.points()) {
    PRISM_RETURN_IF_ERROR(
        CheckRange("time_unix_us", point.time_unix_us(), kMinTimeUs, kEndTimeUs - 1));
    if (!std::isfinite(point.value())) return InvalidArgumentError("value must be finite");
    write.samples.push_back({point.time_unix_us(), point.value()});
  }
  return OkStatus();
}

Result<SeriesRange> RangeOf(const QueryRequest& request) {
  if (Status status = CheckMeasurement(request.measurement()); !status.ok()) return status;
  Result<SeriesTags> filter = TagsOf(request.tags());
  if (!filter.ok()) return std::move(filter).status();
  SeriesRange range;
  range.measurement = request.measurement();
  range.filter = *std::move(filter);
  if (request.has_from_unix_us()) range.from_us = request.from_unix_us();
  if (request.has_to_unix_us()) range.to_us = request.to_unix_us();
  range.descending = request.descending();
  return range;
}

// What a cursor of the query must have been made for.
std::string ScopeOf(const SeriesRange& range) {
  const auto part = [](std::string_view text) {
    return std::to_string(text.size()) + ':' + std::string(text);
  };
  return part(range.measurement) + part(KeyOfTags(range.filter)) + std::to_string(range.from_us) +
         ',' + std::to_string(range.to_us) + (range.descending ? "d" : "a");
}

// A place as text: whether it is inside the series, the time there, the series.
std::string TextOf(const SeriesPlace& place) {
  std::string text(1, place.inside ? 'i' : 'b');
  text.append(reinterpret_cast<const char*>(&place.time_us), sizeof(place.time_us));
  return text + place.key;
}

Result<SeriesPlace> PlaceOf(const std::string& scope, const std::string& cursor) {
  SeriesPlace place;
  if (cursor.empty()) return place;
  const Result<std::string> text = DecodePageCursor(scope, cursor);
  if (!text.ok()) return text.status();
  constexpr size_t kHead = 1 + sizeof(place.time_us);
  if ((*text).size() < kHead) return InvalidArgumentError("the cursor is damaged");
  place.begun = true;
  place.inside = (*text)[0] == 'i';
  std::memcpy(&place.time_us, (*text).data() + 1, sizeof(place.time_us));
  place.key = (*text).substr(kHead);
  return place;
}

}  // namespace

Status CheckTagName(std::string_view what, std::string_view name) {
  return CheckLength("the length of a " + std::string(what), name.size(), kMaxTagNameBytes);
}

Result<SeriesTags> TagsOf(const TagMap& tags) {
  const auto count = static_cast<int64_t>(tags.size());
  if (Status status = CheckRange("the number of tags", count, 0, kMaxTags); !status.ok()) {
    return status;
  }
  SeriesTags sorted;
  for (const auto& [name, value] : tags) {
    Status status = CheckTagName("tag's name", name);
    if (status.ok()) {
      status = CheckLength("the length of tag '" + name + "'", value.size(), kMaxTagValueBytes);
    }
    if (!status.ok()) return status;
    sorted.emplace_back(name, value);
  }
  std::sort(sorted.begin(), sorted.end());
  return sorted;
}

void FillSeries(const SeriesRun& run, std::string_view measurement, SeriesPoints& points) {
  points.set_measurement(std::string(measurement));
  for (const auto& [name, value] : *run.tags) (*points.mutable_tags())[name] = value;
  points.mutable_points()->Reserve(static_cast<int>(run.samples.size()));
  for (const Sample& sample : run.samples) {
    Point& point = *points.add_points();
    point.set_time_unix_us(sample.time_us);
    point.set_value(sample.value);
  }
}

TimeSeriesCalls::TimeSeriesCalls(std::shared_ptr<NamespaceData> data)
    : data_(std::move(data)),
      series_(data_->timeseries),
      collector_(data_->now, {[this](int max) { return series_.Collect(max); },
                              [this] { return series_.next_due(); }}) {}

Task<Status> TimeSeriesCalls::Insert(RequestContext&, const InsertRequest& request,
                                     InsertResponse& response) {
  int64_t points = 0;
  for (const SeriesPoints& series : request.series()) points += series.points_size();
  PRISM_CO_RETURN_IF_ERROR(CheckRange("the number of points", points, 0, kMaxPoints));
  PRISM_CO_RETURN_IF_ERROR(
      CheckRange("the number of series", request.series_size(), 0, kMaxPoints));
  std::vector<SeriesWrite> writes;
  for (int i = 0; i < request.series_size(); ++i) {
    PRISM_CO_RETURN_IF_ERROR(AtEntry(AddWrite(request.series(i), writes), i));
  }
  TimeSeries::Inserted inserted;
  PRISM_CO_RETURN_IF_ERROR(series_.Insert(writes, inserted));
  response.set_expired(inserted.expired);
  collector_.After(inserted.due);
  co_return OkStatus();
}

Stream<QueryResponse> TimeSeriesCalls::Query(RequestContext& ctx, const QueryRequest& request) {
  const Result<SeriesRange> range = RangeOf(request);
  if (!range.ok()) co_return range.status();
  const std::string scope = ScopeOf(*range);
  Result<SeriesPlace> place = PlaceOf(scope, request.cursor());
  if (!place.ok()) co_return place.status();
  uint64_t left = request.limit() ? request.limit() : std::numeric_limits<uint64_t>::max();
  QueryResponse response;
  while (left > 0) {
    PRISM_CO_RETURN_IF_ERROR(ctx.cancellation.reason());
    SeriesPage page = series_.Read(*range, *place, std::min<uint64_t>(left, kMaxPoints));
    if (page.runs.empty()) {
      if (!page.more) break;
      // Many series without a point here: the worker's other calls go on in between.
      const TimePoint next_turn = Clock::now();
      PRISM_CO_RETURN_IF_ERROR(co_await SleepUntil(next_turn, ctx.cancellation));
      continue;
    }
    response.Clear();
    for (const SeriesRun& run : page.runs) {
      FillSeries(run, request.measurement(), *response.add_series());
      left -= run.samples.size();
    }
    if (page.more) response.set_cursor(EncodePageCursor(scope, TextOf(*place)));
    const bool more = page.more;
    page = {};
    co_yield response;
    if (!more) break;
  }
  co_return OkStatus();
}

Task<Status> TimeSeriesCalls::SetRetention(RequestContext&, const SetRetentionRequest& request,
                                           SetRetentionResponse&) {
  PRISM_CO_RETURN_IF_ERROR(CheckMeasurement(request.measurement()));
  PRISM_CO_RETURN_IF_ERROR(CheckRange("max_age_ms", request.max_age_ms(), 0, kMaxAgeMs));
  std::optional<int64_t> max_age_us;
  if (request.max_age_ms() > 0) max_age_us = request.max_age_ms() * 1000;
  PRISM_CO_RETURN_IF_ERROR(series_.SetMaxAge(request.measurement(), max_age_us));
  collector_.After(series_.next_due());
  co_return OkStatus();
}

Task<Status> TimeSeriesCalls::GetRetention(RequestContext&, const GetRetentionRequest& request,
                                           GetRetentionResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(CheckMeasurement(request.measurement()));
  const std::optional<int64_t> max_age_us = series_.MaxAge(request.measurement());
  response.set_found(max_age_us.has_value());
  response.set_max_age_ms(max_age_us.value_or(0) / 1000);
  co_return OkStatus();
}

}  // namespace prism::memstore
