#include "drivers/postgres/timeseries/calls.h"

#include <algorithm>
#include <charconv>
#include <limits>

#include "drivers/contract/page_cursor.h"
#include "drivers/contract/timeseries.h"
#include "drivers/postgres/timeseries/statements.h"
#include "drivers/postgres/timeseries/tags.h"

namespace prism::postgres {
namespace {

using namespace timeseries::v1;  // NOLINT

// How far a query has come: the series that it is in, and the last time there.
struct Place {
  int64_t series = 0;
  int64_t time_us = 0;
};

std::string TextOf(const Place& place) {
  return std::to_string(place.series) + '/' + std::to_string(place.time_us);
}

Result<Place> PlaceOf(const std::string& scope, const std::string& cursor) {
  Place place;
  if (cursor.empty()) return place;
  const Result<std::string> text = DecodePageCursor(scope, cursor);
  if (!text.ok()) return text.status();
  const char* const end = (*text).data() + (*text).size();
  const auto series = std::from_chars((*text).data(), end, place.series);
  if (series.ptr != end) std::from_chars(series.ptr + 1, end, place.time_us);
  return place;
}

// Fills the page with the points of the rows and moves the place behind them. How many.
int Fill(const Rows& rows, const QueryRequest& request, Place& place, QueryResponse& page) {
  SeriesPoints* series = nullptr;
  for (int row = 0; row < rows.count(); ++row) {
    const int64_t id = rows.Int(row, 0);
    if (rows.IsNull(row, 1)) {
      place = {id + 1, request.descending() ? kEndTimeUs : kMinTimeUs - 1};
      return row;
    }
    if (!series || place.series != id) {
      series = page.add_series();
      NameSeries(request.measurement(), TagsIn(rows, row, 3), *series);
    }
    place = {id, rows.Int(row, 1)};
    Point& point = *series->add_points();
    point.set_time_unix_us(place.time_us);
    point.set_value(rows.Double(row, 2));
  }
  return rows.count();
}

}  // namespace

Task<Status> TimeSeriesCalls::Insert(RequestContext& ctx, const InsertRequest& request,
                                     InsertResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const Writes writes = WritesOf(request);
  if (writes.times.empty()) co_return OkStatus();
  Arguments arguments;
  arguments.Text(space_->name()).Array(writes.measurements).Array(writes.keys);
  arguments.Array(writes.owners).Array(writes.homes).Array(writes.times).Array(writes.values);
  const Result<Rows> rows = co_await space_->Run(ctx, kTsInsert, arguments);
  if (!rows.ok()) co_return rows.status();
  const std::vector<int64_t> oldest = rows->Ints(0, 0, kMinTimeUs);
  response.set_expired(CountExpired(request, writes, oldest));
  co_return OkStatus();
}

Stream<QueryResponse> TimeSeriesCalls::Query(RequestContext& ctx, const QueryRequest& request) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const TimeRange range = RangeOf(request);
  const std::string scope = CursorScope(request);
  Result<Place> place = PlaceOf(scope, request.cursor());
  if (!place.ok()) co_return place.status();
  const std::vector<std::string> tags = KeysOf(SortedTags(request.tags()));
  uint64_t left = request.limit() ? request.limit() : std::numeric_limits<uint64_t>::max();
  QueryResponse response;
  while (left > 0 && !range.empty()) {
    const auto wanted = static_cast<int>(std::min<uint64_t>(left, kMaxPoints));
    response.Clear();
    bool more = false;
    {
      Arguments arguments;
      arguments.Text(space_->name()).Text(request.measurement()).Array(tags);
      arguments.Int(range.from_us).Int(range.to_us).Int(request.descending());
      arguments.Int(place->series).Int(place->time_us).Int(wanted);
      const Result<Rows> rows = co_await space_->Run(ctx, kTsRead, arguments);
      if (!rows.ok()) co_return rows.status();
      const int points = Fill(*rows, request, *place, response);
      left -= static_cast<uint64_t>(points);
      more = points == wanted || points < rows->count();
    }
    if (more) response.set_cursor(EncodePageCursor(scope, TextOf(*place)));
    if (response.series_size() > 0) co_yield response;
    if (!more) break;
  }
  co_return OkStatus();
}

Task<Status> TimeSeriesCalls::SetRetention(RequestContext& ctx, const SetRetentionRequest& request,
                                           SetRetentionResponse&) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  Arguments arguments;
  arguments.Text(space_->name()).Text(request.measurement());
  if (request.max_age_ms() > 0) {
    arguments.Int(request.max_age_ms() * 1000);
  } else {
    arguments.Null();
  }
  const Result<Rows> rows = co_await space_->Run(ctx, kTsSetMaxAge, arguments);
  co_return rows.status();
}

Task<Status> TimeSeriesCalls::GetRetention(RequestContext& ctx, const GetRetentionRequest& request,
                                           GetRetentionResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  Arguments arguments;
  arguments.Text(space_->name()).Text(request.measurement());
  const Result<Rows> rows = co_await space_->Run(ctx, kTsGetMaxAge, arguments);
  if (!rows.ok()) co_return rows.status();
  response.set_found(!rows->empty());
  if (!rows->empty()) response.set_max_age_ms(rows->Int(0, 0) / 1000);
  co_return OkStatus();
}

}  // namespace prism::postgres
