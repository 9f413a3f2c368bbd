#include <algorithm>
#include <limits>
#include <optional>
#include <tuple>

#include "conformance/timeseries/basic_cases.h"
#include "conformance/timeseries/client.h"

namespace prism::conformance::points {
namespace {

using Limits = std::numeric_limits<double>;

// Bytes of a message as the wire has them inside another one.
std::string Nested(int field, const std::string& bytes) {
  std::string framed(1, static_cast<char>(field << 3 | 2));
  size_t left = bytes.size();
  for (; left >= 0x80; left >>= 7) framed += static_cast<char>((left & 0x7f) | 0x80);
  framed += static_cast<char>(left);
  return framed + bytes;
}

// An insertion whose tags are on the wire in the order that is given.
Task<void> InsertRaw(CaseContext& c, const std::string& measurement,
                     const std::vector<std::pair<std::string, std::string>>& tags,
                     const Samples& samples) {
  c.Note(measurement);
  std::string series;
  for (const auto& [name, value] : tags) {
    const Tags one = {{name, value}};
    series += SeriesOf("", one, {}).SerializeAsString();
  }
  series += SeriesOf(measurement, {}, samples).SerializeAsString();
  const MethodInfo& insert = TimeSeriesBasic::Info().methods[0];
  const RawAnswer answer = co_await c.CallRaw(insert, Nested(1, series));
  c.Expect(insert.name == "Insert" && answer.status.ok(), "the insertion succeeds");
}

}  // namespace

Task<void> PointsComeBack(CaseContext& c) {
  TimeSeries ts(c);
  const std::string name = c.Unique("measurement");
  const Samples sent = {{kThenUs + 3, 0.1},
                        {kThenUs, -1.5},
                        {-kThenUs, Limits::max()},
                        {0, Limits::denorm_min()},
                        {kThenUs + 2, -Limits::max()},
                        {1, 0}};
  c.ExpectEq(co_await ts.Insert(name, sent), uint64_t{0});
  Samples stored = sent;
  std::sort(stored.begin(), stored.end());
  c.ExpectEq(co_await ts.Points(name), stored);
  const Samples earlier = {{-kThenUs - 1, 7}};
  co_await ts.Insert(name, earlier);
  stored.insert(stored.begin(), earlier[0]);
  const auto pages = co_await ts.Pages(QueryOf(name));
  c.ExpectEq(PointsOf(pages), stored);
  CheckPages(c, pages, name);
}

Task<void> PointsAreReplaced(CaseContext& c) {
  TimeSeries ts(c);
  const std::string name = c.Unique("measurement");
  const Samples first = {{kThenUs, 1}, {kThenUs + 1, 2}, {kThenUs, 3}};
  co_await ts.Insert(name, first);
  const Samples last_stays = {{kThenUs, 3}, {kThenUs + 1, 2}};
  c.ExpectEq(co_await ts.Points(name), last_stays);
  // The same series several times in one request, another one in between.
  InsertRequest request;
  const Tags other = {{"host", "a"}};
  *request.add_series() = SeriesOf(name, {}, {{kThenUs + 1, 4}, {kThenUs + 2, 5}});
  *request.add_series() = SeriesOf(name, other, {{kThenUs + 1, 6}});
  *request.add_series() = SeriesOf(name, {}, {{kThenUs + 2, 7}, {kThenUs + 1, 8}});
  co_await ts.Insert(request);
  const Samples replaced = {{0, 3}, {1, 8}, {2, 7}};
  Texts expected = {"{}", "{host=a} " + Show(kThenUs + 1) + "=6"};
  for (const auto& [offset, value] : replaced) {
    expected[0] += " " + Show(kThenUs + offset) + "=" + Show(value);
  }
  c.ExpectEq(co_await ts.Series(QueryOf(name)), SortedTexts(expected));
}

Task<void> TagsMakeTheSeries(CaseContext& c) {
  TimeSeries ts(c);
  const std::string name = c.Unique("measurement");
  const std::vector<std::pair<std::string, std::string>> ab = {{"a", "1"}, {"b", "2"}};
  const std::vector<std::pair<std::string, std::string>> ba = {{"b", "2"}, {"a", "1"}};
  const Samples first = {{5, 1}, {6, 2}};
  const Samples second = {{5, 3}, {7, 4}};
  co_await InsertRaw(c, name, ab, first);
  co_await InsertRaw(c, name, ba, second);
  const Samples untagged = {{5, 9}};
  co_await ts.Insert(name, untagged);
  const Texts expected = {"{a=1 b=2} 5=3 6=2 7=4", "{} 5=9"};
  c.ExpectEq(co_await ts.Series(QueryOf(name)), expected);
  const std::string other = c.Unique("measurement");
  c.ExpectEq(co_await ts.Points(other), Samples());
}

// Whose names and values would be equal if they were only written one after the other.
Task<void> SimilarTagsAreOtherSeries(CaseContext& c) {
  TimeSeries ts(c);
  const std::string name = c.Unique("measurement");
  const std::vector<Tags> tags = {{},
                                  {{"a", "1"}},
                                  {{"a", "1 "}},
                                  {{"A", "1"}},
                                  {{"a", "1"}, {"b", "2"}},
                                  {{"a", "1,b=2"}},
                                  {{"a", "1 b=2;"}},
                                  {{"a=1,b", "2"}},
                                  {{"a", "1b2"}},
                                  {{"a1", "b2"}},
                                  {{"a", "2"}, {"b", "1"}},
                                  {{"b", "1"}, {"a", "b"}},
                                  {{"\xc3\xa9", "\xe2\x82\xac"}}};
  InsertRequest request;
  Texts expected;
  for (size_t i = 0; i < tags.size(); ++i) {
    const Samples samples = {{7, static_cast<double>(i)}};
    *request.add_series() = SeriesOf(name, tags[i], samples);
    expected.push_back(TextOf(request.series(static_cast<int>(i))));
  }
  co_await ts.Insert(request);
  c.ExpectEq(co_await ts.Series(QueryOf(name)), SortedTexts(expected));
}

Task<void> FiltersChoose(CaseContext& c) {
  TimeSeries ts(c);
  const std::string name = c.Unique("measurement");
  const std::vector<Tags> tags = {{},
                                  {{"host", "a"}},
                                  {{"host", "b"}},
                                  {{"host", "a"}, {"disk", "0"}},
                                  {{"host", "a"}, {"disk", "1"}},
                                  {{"host", "b"}, {"disk", "1"}, {"zone", "a"}}};
  InsertRequest request;
  for (size_t i = 0; i < tags.size(); ++i) {
    const Samples samples = {{5, static_cast<double>(i)}};
    *request.add_series() = SeriesOf(name, tags[i], samples);
  }
  co_await ts.Insert(request);
  const Texts all = {"{disk=0 host=a} 5=3", "{disk=1 host=a} 5=4", "{disk=1 host=b zone=a} 5=5",
                     "{host=a} 5=1",        "{host=b} 5=2",        "{} 5=0"};
  const std::vector<std::pair<Tags, Texts>> chosen = {{{}, all},
                                                      {{{"host", "a"}}, {all[0], all[1], all[3]}},
                                                      {{{"disk", "1"}}, {all[1], all[2]}},
                                                      {{{"disk", "1"}, {"host", "b"}}, {all[2]}},
                                                      {{{"zone", "a"}}, {all[2]}},
                                                      {{{"zone", "b"}}, {}},
                                                      {{{"host", "a"}, {"zone", "a"}}, {}},
                                                      {{{"Host", "a"}}, {}},
                                                      {{{"host", "A"}}, {}}};
  for (const auto& [filter, expected] : chosen) {
    c.ExpectEq(co_await ts.Series(QueryOf(name, filter)), expected);
  }
}

Task<void> RangesAreHalfOpen(CaseContext& c) {
  TimeSeries ts(c);
  const std::string name = c.Unique("measurement");
  const Samples samples = {{-1, 0}, {0, 1}, {kThenUs, 2}, {kThenUs + 1, 3}, {kThenUs + 9, 4}};
  co_await ts.Insert(name, samples);
  const auto some = [&](size_t from, size_t to) {
    return Samples(samples.begin() + static_cast<ptrdiff_t>(from),
                   samples.begin() + static_cast<ptrdiff_t>(to));
  };
  using Bound = std::optional<int64_t>;
  const std::vector<std::tuple<Bound, Bound, Samples>> ranges = {
      {std::nullopt, std::nullopt, samples},
      {0, std::nullopt, some(1, 5)},
      {std::nullopt, 0, some(0, 1)},
      {0, kThenUs, some(1, 2)},
      {kThenUs, kThenUs + 1, some(2, 3)},
      {kThenUs + 1, kThenUs + 9, some(3, 4)},
      {kThenUs + 2, kThenUs + 9, {}},
      {kThenUs, kThenUs, {}},
      {kThenUs + 9, kThenUs, {}},
      {kFirstTimeUs, kLastTimeUs, samples}};
  for (const auto& [from, to, expected] : ranges) {
    QueryRequest request = QueryOf(name);
    if (from) request.set_from_unix_us(*from);
    if (to) request.set_to_unix_us(*to);
    c.ExpectEq(co_await ts.Points(request), expected);
    request.set_descending(true);
    Samples turned = expected;
    std::reverse(turned.begin(), turned.end());
    c.ExpectEq(co_await ts.Points(request), turned);
  }
}

Task<void> DescendingTurnsTheOrder(CaseContext& c) {
  TimeSeries ts(c);
  const std::string name = c.Unique("measurement");
  InsertRequest request;
  *request.add_series() = SeriesOf(name, {{"host", "a"}}, {{6, 2}, {5, 1}, {7, 3}});
  *request.add_series() = SeriesOf(name, {{"host", "b"}}, {{7, 6}, {5, 4}, {6, 5}});
  co_await ts.Insert(request);
  const Texts up = {"{host=a} 5=1 6=2 7=3", "{host=b} 5=4 6=5 7=6"};
  const Texts down = {"{host=a} 7=3 6=2 5=1", "{host=b} 7=6 6=5 5=4"};
  QueryRequest query = QueryOf(name);
  c.ExpectEq(co_await ts.Series(query), up);
  query.set_descending(true);
  c.ExpectEq(co_await ts.Series(query), down);
}

Task<void> LatestPoint(CaseContext& c) {
  TimeSeries ts(c);
  const std::string name = c.Unique("measurement");
  InsertRequest request;
  *request.add_series() = SeriesOf(name, {{"host", "a"}}, Every(kThenUs, 600));
  *request.add_series() = SeriesOf(name, {{"host", "b"}}, {{kThenUs + kCenturyUs, 3}});
  co_await ts.Insert(request);
  const Tags filter = {{"host", "a"}};
  QueryRequest latest = QueryOf(name, filter);
  latest.set_descending(true);
  latest.set_limit(1);
  const Samples expected = {{kThenUs + 599 * kSecondUs, 599}};
  c.ExpectEq(co_await ts.Points(latest), expected);
  latest.set_to_unix_us(kThenUs + 10 * kSecondUs);
  const Samples earlier = {{kThenUs + 9 * kSecondUs, 9}};
  c.ExpectEq(co_await ts.Points(latest), earlier);
}

Task<void> RepetitionStoresOnce(CaseContext& c) {
  TimeSeries ts(c);
  const std::string name = c.Unique("measurement");
  const Samples samples = Every(kThenUs, 100);
  const InsertRequest request = InsertOf(SeriesOf(name, {}, samples));
  for (int i = 0; i < 3; ++i) {
    c.ExpectEq(co_await ts.Insert(request), uint64_t{0});
    c.ExpectEq(co_await ts.Points(name), samples);
  }
}

Task<void> ExpiredPointsAreCounted(CaseContext& c) {
  TimeSeries ts(c);
  const std::string name = c.Unique("measurement");
  constexpr int64_t kYearMs = kCenturyUs / 100 / 1000;
  (void)co_await c.Call(&TimeSeriesRetentionStub::SetRetention, RetentionOf(name, kYearMs));
  const Samples sent = {{kLastTimeUs, 1}, {kThenUs, 2}, {kFirstTimeUs, 3}, {kLastTimeUs - 1, 4}};
  c.ExpectEq(co_await ts.Insert(name, sent), uint64_t{2});
  const Samples kept = {{kLastTimeUs - 1, 4}, {kLastTimeUs, 1}};
  c.ExpectEq(co_await ts.Points(name), kept);
}

Task<void> AbsenceIsNoError(CaseContext& c) {
  TimeSeries ts(c);
  const std::string name = c.Unique("absent");
  const auto absent = co_await ts.Pages(QueryOf(name));
  c.ExpectEq(absent.size(), size_t{0});
  const Tags filter = {{"host", "a"}};
  const auto no_series = co_await ts.Pages(QueryOf(name, filter));
  c.ExpectEq(no_series.size(), size_t{0});
  c.ExpectEq(co_await ts.Insert(InsertRequest()), uint64_t{0});
}

Task<void> NamespacesNeverMeet(CaseContext& c) {
  TimeSeries here(c);
  TimeSeries there(c.other());
  const std::string name = c.Unique("measurement");
  const Samples one = {{5, 1}};
  const Samples two = {{5, 2}, {6, 3}};
  co_await here.Insert(name, one);
  c.ExpectEq(co_await there.Points(name), Samples());
  co_await there.Insert(name, two);
  c.ExpectEq(co_await here.Points(name), one);
  c.ExpectEq(co_await there.Points(name), two);
}

}  // namespace prism::conformance::points
