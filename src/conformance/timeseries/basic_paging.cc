#include <algorithm>

#include "conformance/timeseries/basic_cases.h"
#include "conformance/timeseries/client.h"

namespace prism::conformance::points {
namespace {

using Pages = std::vector<QueryResponse>;

// Seven series of several points each, and the query that finds them.
Task<QueryRequest> FillSome(CaseContext& c) {
  const std::string name = c.Unique("measurement");
  InsertRequest request;
  for (int i = 0; i < 7; ++i) {
    *request.add_series() =
        SeriesOf(name, {{"host", std::to_string(i)}}, Every(kThenUs + i, 3 + i % 3));
  }
  TimeSeries ts(c);
  co_await ts.Insert(request);
  co_return QueryOf(name);
}

// The pages of streams of at most `limit` points, each resumed with the cursor of the one before.
Task<Pages> Steps(CaseContext& c, QueryRequest request, uint64_t limit) {
  TimeSeries ts(c);
  Pages all;
  for (int step = 0; step < 100; ++step) {  // more than there are points
    request.set_limit(limit);
    const Pages pages = co_await ts.Pages(request);
    all.insert(all.end(), pages.begin(), pages.end());
    if (pages.empty() || pages.back().cursor().empty()) break;
    request.set_cursor(pages.back().cursor());
  }
  co_return all;
}

// The query that goes on behind its first `limit` points.
Task<QueryRequest> Begun(CaseContext& c, QueryRequest request, uint64_t limit) {
  TimeSeries ts(c);
  request.set_limit(limit);
  const Pages pages = co_await ts.Pages(request);
  request.clear_limit();
  if (pages.empty() || pages.back().cursor().empty()) {
    c.Fail("a page before the end has a cursor");
  } else {
    request.set_cursor(pages.back().cursor());
  }
  co_return request;
}

Task<void> CursorRefused(CaseContext& c, QueryRequest request, Where where = Where::current()) {
  return c.Refused(&TimeSeriesBasicStub::Query, std::move(request), Code::kInvalidArgument,
                   "cursor", where);
}

}  // namespace

Task<void> PagesHoldAThousandPoints(CaseContext& c) {
  TimeSeries ts(c);
  const std::string name = c.Unique("measurement");
  const Tags tags = {{"host", "a"}};
  const Samples samples = Every(kThenUs, 2500);
  for (const int from : {1000, 0, 2000}) {
    const auto begin = samples.begin() + from;
    const Samples part(begin, begin + std::min(1000, 2500 - from));
    co_await ts.Insert(name, tags, part);
  }
  for (const bool descending : {false, true}) {
    QueryRequest request = QueryOf(name);
    request.set_descending(descending);
    const Pages pages = co_await ts.Pages(request);
    CheckPages(c, pages, name);
    c.ExpectLe(size_t{3}, pages.size(), "the pages of 2500 points");
    Samples found = PointsOf(pages);
    if (descending) std::reverse(found.begin(), found.end());
    c.ExpectEq(found, samples);
    for (const QueryResponse& page : pages) {
      const bool named = page.series_size() == 1 && page.series(0).tags().count("host") == 1;
      c.Expect(named, "the series is named on each page");
    }
  }
}

// Tags that make each series of one point about 33 KiB.
Task<void> PagesHoldAMebibyte(CaseContext& c) {
  TimeSeries ts(c);
  const std::string name = c.Unique("measurement");
  Texts expected;
  for (int part = 0; part < 2; ++part) {
    InsertRequest request;
    for (int i = 0; i < 20; ++i) {
      Tags tags = {{"host", std::to_string(part * 20 + i)}};
      for (int tag = 0; tag < 31; ++tag) tags["t" + std::to_string(tag)] = std::string(1024, 'v');
      const Samples one = {{kThenUs + i, 1}};
      *request.add_series() = SeriesOf(name, tags, one);
      expected.push_back(TextOf(*request.series().rbegin()));
    }
    co_await ts.Insert(request);
  }
  const Pages pages = co_await ts.Pages(QueryOf(name));
  CheckPages(c, pages, name);
  c.ExpectLe(size_t{2}, pages.size(), "the pages of 1.3 MiB");
  c.Expect(SortedTexts(SeriesOf(pages)) == SortedTexts(expected), "all series come whole");
}

Task<void> ManySeriesShareAPage(CaseContext& c) {
  TimeSeries ts(c);
  const std::string name = c.Unique("measurement");
  Texts expected;
  for (int part = 0; part < 3; ++part) {
    InsertRequest request;
    for (int i = 0; i < 500; ++i) {
      const Tags tags = {{"host", std::to_string(part * 500 + i)}};
      const Samples one = {{kThenUs, 1}};
      *request.add_series() = SeriesOf(name, tags, one);
      expected.push_back(TextOf(*request.series().rbegin()));
    }
    co_await ts.Insert(request);
  }
  const Pages pages = co_await ts.Pages(QueryOf(name));
  CheckPages(c, pages, name);
  c.ExpectEq(SortedTexts(SeriesOf(pages)), SortedTexts(expected));
}

Task<void> LimitBoundsTheStream(CaseContext& c) {
  TimeSeries ts(c);
  const std::string name = c.Unique("measurement");
  InsertRequest request;
  *request.add_series() = SeriesOf(name, {{"host", "a"}}, Every(kThenUs, 400));
  *request.add_series() = SeriesOf(name, {{"host", "b"}}, Every(kThenUs, 600));
  co_await ts.Insert(request);
  const Samples more = Every(kThenUs, 100);
  co_await ts.Insert(name, more);
  const Samples all = co_await ts.Points(name);
  c.ExpectEq(all.size(), size_t{1100});
  for (const uint64_t limit : {1, 399, 401, 1000, 1001, 1099, 1100, 5000, 0}) {
    QueryRequest query = QueryOf(name);
    query.set_limit(limit);
    const size_t expected = limit ? std::min<size_t>(limit, all.size()) : all.size();
    const Pages pages = co_await ts.Pages(query);
    CheckPages(c, pages, name);
    const Samples found = PointsOf(pages);
    c.ExpectEq(found.size(), expected);
  }
}

Task<void> CursorsResume(CaseContext& c) {
  TimeSeries ts(c);
  QueryRequest request = co_await FillSome(c);
  for (const bool descending : {false, true}) {
    request.set_descending(descending);
    const Pages whole = co_await ts.Pages(request);
    const Texts series = SeriesOf(whole);
    c.ExpectEq(series.size(), size_t{7});
    for (const uint64_t limit : {1, 4, 5}) {
      const Pages steps = co_await Steps(c, request, limit);
      CheckPages(c, steps, request.measurement());
      c.ExpectEq(SeriesOf(steps), series);
    }
    // Each page has a cursor of its own, and the limit may be another one then.
    QueryRequest rest = co_await Begun(c, request, 6);
    const Samples all = PointsOf(whole);
    if (all.size() < 6) co_return c.Fail("there are more points than that");
    const Samples expected(all.begin() + 6, all.end());
    c.ExpectEq(co_await ts.Points(rest), expected);
  }
}

Task<void> EmptyCursorMeansTheEnd(CaseContext& c) {
  TimeSeries ts(c);
  const std::string name = c.Unique("measurement");
  for (int part = 0; part < 3; ++part) {
    const Samples samples = Every(kThenUs + part * 700 * kSecondUs, 700);
    co_await ts.Insert(name, samples);
  }
  QueryRequest request = QueryOf(name);
  const Pages pages = co_await ts.Pages(request);
  c.ExpectLe(size_t{3}, pages.size(), "the pages of 2100 points");
  size_t behind = 0;  // this many points are up to the end of the page
  for (const QueryResponse& page : pages) {
    for (const SeriesPoints& series : page.series()) behind += size_t(series.points_size());
    const bool last = &page == &pages.back();
    if (!last) c.Expect(!page.cursor().empty(), "a page in the middle has a cursor");
    if (page.cursor().empty()) continue;
    request.set_cursor(page.cursor());
    const Samples rest = co_await ts.Points(request);
    c.ExpectEq(rest.size(), 2100 - behind);
  }
}

// Nothing that is stored or read in between changes what lies behind a cursor.
Task<void> CursorsMayBeUsedAgain(CaseContext& c) {
  TimeSeries ts(c);
  const std::string name = c.Unique("measurement");
  co_await ts.Insert(name, Every(kThenUs, 20));
  QueryRequest rest = co_await Begun(c, QueryOf(name), 8);
  const Samples expected = Every(kThenUs, 20);
  const Samples behind(expected.begin() + 8, expected.end());
  c.ExpectEq(co_await ts.Points(rest), behind);
  co_await ts.Insert(name, Every(kThenUs - 100 * kSecondUs, 50));
  for (int i = 0; i < 3; ++i) c.ExpectEq(co_await ts.Points(rest), behind);
}

Task<void> ForeignCursorsAreRefused(CaseContext& c) {
  const QueryRequest begun = co_await Begun(c, co_await FillSome(c), 4);
  QueryRequest filtered = begun;
  (*filtered.mutable_tags())["host"] = "1";
  co_await CursorRefused(c, filtered);
  QueryRequest from = begun;
  from.set_from_unix_us(kThenUs);
  co_await CursorRefused(c, from);
  QueryRequest to = begun;
  to.set_to_unix_us(kThenUs + kSecondUs);
  co_await CursorRefused(c, to);
  QueryRequest turned = begun;
  turned.set_descending(true);
  co_await CursorRefused(c, turned);
  QueryRequest elsewhere = begun;
  elsewhere.set_measurement(c.Unique("measurement"));
  co_await CursorRefused(c, elsewhere);
}

Task<void> DamagedCursorsAreRefused(CaseContext& c) {
  QueryRequest request = co_await Begun(c, co_await FillSome(c), 4);
  const std::string cursor = request.cursor();
  if (cursor.empty()) co_return;
  std::string turned = cursor;
  turned.back() = static_cast<char>(turned.back() ^ 1);
  for (const std::string& bad : {std::string("x"), std::string(5000, 'c'), turned,
                                 cursor.substr(0, cursor.size() - 1), cursor + "x"}) {
    request.set_cursor(bad);
    co_await CursorRefused(c, request);
  }
}

}  // namespace prism::conformance::points
