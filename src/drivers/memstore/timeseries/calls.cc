#include "drivers/memstore/timeseries/calls.h"

#include <algorithm>
#include <cstring>
#include <limits>

#include "drivers/contract/page_cursor.h"
#include "drivers/contract/timeseries.h"
#include "drivers/memstore/data.h"
#include "drivers/memstore/timeseries/mapping.h"
#include "prism/interfaces/timeseries_retention.pb.h"

namespace prism::memstore {
namespace {

using namespace timeseries::v1;  // NOLINT

SeriesWrite WriteOf(const SeriesPoints& series) {
  SeriesWrite write;
  write.measurement = series.measurement();
  write.tags = SortedTags(series.tags());
  for (const Point& point : series.points()) {
    write.samples.push_back({point.time_unix_us(), point.value()});
  }
  return write;
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

void FillSeries(const SeriesRun& run, std::string_view measurement, SeriesPoints& points) {
  NameSeries(measurement, *run.tags, points);
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
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  std::vector<SeriesWrite> writes;
  for (const SeriesPoints& series : request.series()) writes.push_back(WriteOf(series));
  TimeSeries::Inserted inserted;
  PRISM_CO_RETURN_IF_ERROR(series_.Insert(writes, inserted));
  response.set_expired(inserted.expired);
  collector_.After(inserted.due);
  co_return OkStatus();
}

Stream<QueryResponse> TimeSeriesCalls::Query(RequestContext& ctx, const QueryRequest& request) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const TimeRange times = RangeOf(request);
  const SeriesRange range = {request.measurement(), SortedTags(request.tags()), times.from_us,
                             times.to_us, request.descending()};
  const std::string scope = CursorScope(request);
  Result<SeriesPlace> place = PlaceOf(scope, request.cursor());
  if (!place.ok()) co_return place.status();
  uint64_t left = request.limit() ? request.limit() : std::numeric_limits<uint64_t>::max();
  QueryResponse response;
  while (left > 0) {
    PRISM_CO_RETURN_IF_ERROR(ctx.cancellation.reason());
    SeriesPage page = series_.Read(range, *place, std::min<uint64_t>(left, kMaxPoints));
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
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  std::optional<int64_t> max_age_us;
  if (request.max_age_ms() > 0) max_age_us = request.max_age_ms() * 1000;
  PRISM_CO_RETURN_IF_ERROR(series_.SetMaxAge(request.measurement(), max_age_us));
  collector_.After(series_.next_due());
  co_return OkStatus();
}

Task<Status> TimeSeriesCalls::GetRetention(RequestContext&, const GetRetentionRequest& request,
                                           GetRetentionResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const std::optional<int64_t> max_age_us = series_.MaxAge(request.measurement());
  response.set_found(max_age_us.has_value());
  response.set_max_age_ms(max_age_us.value_or(0) / 1000);
  co_return OkStatus();
}

}  // namespace prism::memstore
