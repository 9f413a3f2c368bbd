#include <algorithm>
#include <cctype>
#include <string>

#include "conformance/testing/faults.h"
#include "conformance/testing/forwarding_timeseries.h"

namespace prism::conformance::testing {
namespace {

// Spoils each request of Query with a function.
template <void (*kSpoil)(QueryRequest& request)>
class SpoiltQueries final : public ForwardSeries {
 public:
  using ForwardSeries::ForwardSeries;
  Stream<QueryResponse> Query(RequestContext& ctx, const QueryRequest& request) override {
    QueryRequest changed = request;
    kSpoil(changed);
    Stream<QueryResponse> pages = real_.Query(ctx, changed);
    while (QueryResponse* page = co_await pages.Next()) co_yield *page;
    co_return pages.status();
  }
};

void IgnoreTheFilter(QueryRequest& request) { request.clear_tags(); }
void ToBelongs(QueryRequest& request) {
  if (request.has_to_unix_us()) request.set_to_unix_us(request.to_unix_us() + 1);
}
void IgnoreDescending(QueryRequest& request) { request.set_descending(false); }
void IgnoreTheLimit(QueryRequest& request) { request.clear_limit(); }
void IgnoreTheCursor(QueryRequest& request) { request.clear_cursor(); }

// Spoils each page of Query with a function.
template <void (*kSpoil)(QueryResponse& page)>
class SpoiltPoints final : public ForwardSeries {
 public:
  using ForwardSeries::ForwardSeries;
  Stream<QueryResponse> Query(RequestContext& ctx, const QueryRequest& request) override {
    Stream<QueryResponse> pages = real_.Query(ctx, request);
    while (QueryResponse* page = co_await pages.Next()) {
      kSpoil(*page);
      co_yield *page;
    }
    co_return pages.status();
  }
};

void DropLast(QueryResponse& page) {
  auto& points = *page.mutable_series()->rbegin()->mutable_points();
  if (points.size() > 1) points.RemoveLast();
}
void DeliverTwice(QueryResponse& page) {
  SeriesPoints& series = *page.mutable_series()->rbegin();
  if (series.points_size() == 1000) return;  // the page is full
  const Point last = *series.points().rbegin();
  *series.add_points() = last;
}
void ForgetTheTags(QueryResponse& page) {
  for (SeriesPoints& series : *page.mutable_series()) series.clear_tags();
}
void ForgetCursors(QueryResponse& page) { page.clear_cursor(); }

// All points on one page.
class OneLargePage final : public ForwardSeries {
 public:
  using ForwardSeries::ForwardSeries;
  Stream<QueryResponse> Query(RequestContext& ctx, const QueryRequest& request) override {
    QueryResponse all;
    Stream<QueryResponse> pages = real_.Query(ctx, request);
    while (QueryResponse* page = co_await pages.Next()) {
      all.MergeFrom(*page);
      all.set_cursor(page->cursor());
    }
    if (!pages.status().ok()) co_return pages.status();
    if (!all.series().empty()) co_yield all;
    co_return OkStatus();
  }
};

// Spoils each request of Insert with a function.
template <void (*kSpoil)(InsertRequest& request)>
class SpoiltInserts final : public ForwardSeries {
 public:
  using ForwardSeries::ForwardSeries;
  Task<Status> Insert(RequestContext& ctx, const InsertRequest& request,
                      InsertResponse& response) override {
    InsertRequest changed = request;
    kSpoil(changed);
    Task<Status> insert = real_.Insert(ctx, changed, response);
    co_return co_await insert;
  }
};

void TheFirstStays(InsertRequest& request) {
  std::reverse(request.mutable_series()->begin(), request.mutable_series()->end());
  for (SeriesPoints& series : *request.mutable_series()) {
    std::reverse(series.mutable_points()->begin(), series.mutable_points()->end());
  }
}
void NamesInLowerCase(InsertRequest& request) {
  for (SeriesPoints& series : *request.mutable_series()) {
    const auto tags = series.tags();
    series.clear_tags();
    for (const auto& [name, value] : tags) {
      std::string lower = name;
      for (char& letter : lower) letter = static_cast<char>(std::tolower(letter));
      (*series.mutable_tags())[lower] = value;
    }
  }
}
void RoundToMilliseconds(InsertRequest& request) {
  for (SeriesPoints& series : *request.mutable_series()) {
    for (Point& point : *series.mutable_points()) {
      point.set_time_unix_us(point.time_unix_us() / 1000 * 1000);
    }
  }
}

// Stores what comes before the bad part.
class StoresAPart final : public ForwardSeries {
 public:
  using ForwardSeries::ForwardSeries;
  Task<Status> Insert(RequestContext& ctx, const InsertRequest& request,
                      InsertResponse& response) override {
    for (const SeriesPoints& series : request.series()) {
      InsertRequest part;
      *part.add_series() = series;
      Task<Status> insert = real_.Insert(ctx, part, response);
      Status status = co_await insert;
      if (!status.ok()) co_return status;
    }
    co_return OkStatus();
  }
};

class LosesSomeInserts final : public ForwardSeries {
 public:
  using ForwardSeries::ForwardSeries;
  Task<Status> Insert(RequestContext& ctx, const InsertRequest& request,
                      InsertResponse& response) override {
    if (++calls_ % 7 == 0) co_return OkStatus();
    Task<Status> insert = real_.Insert(ctx, request, response);
    co_return co_await insert;
  }

 private:
  int calls_ = 0;
};

class CountsNoneExpired final : public ForwardSeries {
 public:
  using ForwardSeries::ForwardSeries;
  Task<Status> Insert(RequestContext& ctx, const InsertRequest& request,
                      InsertResponse& response) override {
    Task<Status> insert = real_.Insert(ctx, request, response);
    Status status = co_await insert;
    response.clear_expired();
    co_return status;
  }
};

// Spoils each request of SetRetention with a function.
template <void (*kSpoil)(SetRetentionRequest& request)>
class SpoiltSettings final : public ForwardRetention {
 public:
  using ForwardRetention::ForwardRetention;
  Task<Status> SetRetention(RequestContext& ctx, const SetRetentionRequest& request,
                            SetRetentionResponse& response) override {
    SetRetentionRequest changed = request;
    kSpoil(changed);
    Task<Status> set = real_.SetRetention(ctx, changed, response);
    co_return co_await set;
  }
};

void KeepAll(SetRetentionRequest& request) { request.set_max_age_ms(0); }
void ZeroKeepsNothing(SetRetentionRequest& request) {
  if (request.max_age_ms() == 0) request.set_max_age_ms(1);
}
void TakeNegativeAges(SetRetentionRequest& request) {
  if (request.max_age_ms() == -1) request.set_max_age_ms(1);
}
void OneForAll(SetRetentionRequest& request) {
  if (!request.measurement().ends_with('2')) request.mutable_measurement()->push_back('2');
}
void HalfAgain(SetRetentionRequest& request) {
  request.set_max_age_ms(request.max_age_ms() + request.max_age_ms() / 2);
}

// The first setting is the last.
class SetsOnce final : public ForwardRetention {
 public:
  using ForwardRetention::ForwardRetention;
  Task<Status> SetRetention(RequestContext& ctx, const SetRetentionRequest& request,
                            SetRetentionResponse& response) override {
    GetRetentionRequest get;
    get.set_measurement(request.measurement());
    GetRetentionResponse now;
    {
      Task<Status> read = real_.GetRetention(ctx, get, now);
      Status status = co_await read;
      if (!status.ok() || now.found()) co_return status;
    }
    Task<Status> set = real_.SetRetention(ctx, request, response);
    co_return co_await set;
  }
};

template <class Fake>
constexpr Fault Basic(std::string_view name, std::string_view caught_by) {
  return {name, "timeseries_basic", caught_by, &Replace<Fake, TimeSeriesBasic>};
}
template <class Fake>
constexpr Fault Keeping(std::string_view name, std::string_view caught_by) {
  return {name, "timeseries_retention", caught_by, &Replace<Fake, TimeSeriesRetention>};
}

constexpr Fault kFaults[] = {
    Basic<SpoiltQueries<IgnoreTheFilter>>("points_without_filter", "filters_choose"),
    Basic<SpoiltQueries<ToBelongs>>("to_belongs_to_the_range", "ranges_are_half_open"),
    Basic<SpoiltQueries<IgnoreDescending>>("points_ascend", "descending_turns_the_order"),
    Basic<SpoiltQueries<IgnoreDescending>>("finds_the_first_point", "latest_point"),
    Basic<SpoiltQueries<IgnoreTheLimit>>("points_without_limit", "limit_bounds_the_stream"),
    Basic<SpoiltQueries<IgnoreTheCursor>>("points_start_over", "cursors_resume"),
    Basic<SpoiltQueries<IgnoreTheCursor>>("points_start_over_later", "cursors_may_be_used_again"),
    Basic<SpoiltQueries<IgnoreTheCursor>>("points_of_foreign_cursors",
                                          "foreign_cursors_are_refused"),
    Basic<SpoiltQueries<IgnoreTheCursor>>("points_of_damaged_cursors",
                                          "damaged_cursors_are_refused"),
    Basic<SpoiltPoints<DropLast>>("drops_points", "pages_hold_a_thousand_points"),
    Basic<SpoiltPoints<DropLast>>("drops_points_under_writes", "queries_are_weakly_consistent"),
    Basic<SpoiltPoints<DeliverTwice>>("points_come_twice", "queries_are_weakly_consistent"),
    Basic<SpoiltPoints<DeliverTwice>>("two_points_per_time", "points_come_back"),
    Basic<SpoiltPoints<ForgetTheTags>>("forgets_tags", "pages_hold_a_thousand_points"),
    Basic<SpoiltPoints<ForgetCursors>>("points_without_cursor", "empty_cursor_means_the_end"),
    Basic<OneLargePage>("pages_of_too_many_points", "pages_hold_a_thousand_points"),
    Basic<OneLargePage>("pages_of_too_many_series", "many_series_share_a_page"),
    Basic<OneLargePage>("pages_of_too_many_tags", "pages_hold_a_mebibyte"),
    Basic<SpoiltInserts<TheFirstStays>>("the_first_point_stays", "points_are_replaced"),
    Basic<SpoiltInserts<NamesInLowerCase>>("tags_in_lower_case", "similar_tags_are_other_series"),
    Basic<SpoiltInserts<RoundToMilliseconds>>("times_in_milliseconds", "points_come_back"),
    Basic<StoresAPart>("stores_a_part", "bad_points_are_refused"),
    Basic<StoresAPart>("counts_points_by_series", "too_many_points_are_refused"),
    Basic<LosesSomeInserts>("loses_some_inserts", "no_point_is_lost"),
    Basic<LosesSomeInserts>("loses_own_writes", "reads_see_their_writes"),
    Basic<CountsNoneExpired>("counts_none_expired", "expired_points_are_counted"),
    Keeping<SpoiltSettings<KeepAll>>("keeps_old_points", "no_query_sees_old_points"),
    Keeping<SpoiltSettings<KeepAll>>("aggregates_old_points", "no_aggregate_sees_old_points"),
    Keeping<SpoiltSettings<KeepAll>>("old_neighbours", "no_interpolation_sees_old_points"),
    Keeping<SpoiltSettings<KeepAll>>("stores_old_points", "points_to_come_expire"),
    Keeping<SpoiltSettings<KeepAll>>("old_points_slip_in", "no_old_point_slips_in"),
    Keeping<SpoiltSettings<KeepAll>>("nothing_expires", "points_expire_in_time"),
    Keeping<SpoiltSettings<ZeroKeepsNothing>>("zero_keeps_nothing", "zero_keeps_for_ever"),
    Keeping<SpoiltSettings<TakeNegativeAges>>("negative_ages", "bad_settings_are_refused"),
    Keeping<SpoiltSettings<OneForAll>>("retention_of_another", "each_measurement_has_its_own"),
    Keeping<SpoiltSettings<HalfAgain>>("keeps_too_long", "setting_comes_back"),
    Keeping<SetsOnce>("sets_once", "settings_replace_each_other"),
    Keeping<SetsOnce>("the_first_setting_stays", "one_of_many_settings_stays"),
};

}  // namespace

std::span<const Fault> TimeSeriesFaults() { return kFaults; }

}  // namespace prism::conformance::testing
