#include <algorithm>

#include "conformance/timeseries/aggregation_client.h"

namespace prism::conformance::aggregation {
namespace {

using timeseries::v1::AVG;
using timeseries::v1::COUNT;
using timeseries::v1::FIRST;
using timeseries::v1::LAST;
using timeseries::v1::MAX;
using timeseries::v1::MIN;
using timeseries::v1::PERCENTILE;
using timeseries::v1::SUM;

// A measurement with one series of these points.
Task<std::string> Fill(CaseContext& c, Samples samples) {
  TimeSeries ts(c);
  const std::string name = c.Unique("measurement");
  co_await ts.Insert(name, samples);
  co_return name;
}

// Adds the percentiles to a request without other functions.
AggregateRequest PercentilesOf(const std::string& name, const std::vector<double>& percentiles) {
  AggregateRequest request = AggregateOf(name, kCenturyUs, {});
  for (const double percentile : percentiles) {
    Aggregation& aggregation = *request.add_aggregations();
    aggregation.set_function(PERCENTILE);
    aggregation.set_percentile(percentile);
  }
  return request;
}

}  // namespace

Task<void> WindowsAreAligned(CaseContext& c) {
  Aggregates aggregates(c);
  const Samples samples = {{-11, 1}, {-10, 2}, {-1, 4},  {0, 8},
                           {9, 16},  {10, 32}, {19, 64}, {40, 128}};
  const std::string name = co_await Fill(c, samples);
  const Functions functions = {SUM, COUNT};
  const Texts tens = {"-20 () 1 1", "-10 () 6 2", "0 () 24 2", "10 () 96 2", "40 () 128 1"};
  c.ExpectEq(co_await aggregates.Rows(AggregateOf(name, 10, functions)), tens);
  const Texts sevens = {"-14 () 3 2", "-7 () 4 1",  "0 () 8 1",
                        "7 () 48 2",  "14 () 64 1", "35 () 128 1"};
  c.ExpectEq(co_await aggregates.Rows(AggregateOf(name, 7, functions)), sevens);
  const Texts ones = {"-11 () 1 1", "-10 () 2 1", "-1 () 4 1",  "0 () 8 1",
                      "9 () 16 1",  "10 () 32 1", "19 () 64 1", "40 () 128 1"};
  c.ExpectEq(co_await aggregates.Rows(AggregateOf(name, 1, functions)), ones);
}

Task<void> OnlyTheRangeCounts(CaseContext& c) {
  Aggregates aggregates(c);
  const Samples samples = {{0, 1}, {5, 2}, {9, 4}, {10, 8}, {15, 16}, {25, 32}};
  const std::string name = co_await Fill(c, samples);
  const Functions functions = {SUM};
  AggregateRequest request = AggregateOf(name, 10, functions);
  request.set_from_unix_us(5);
  request.set_to_unix_us(15);
  const Texts partial = {"0 () 6", "10 () 8"};
  c.ExpectEq(co_await aggregates.Rows(request), partial);
  request.clear_from_unix_us();
  const Texts from_the_first = {"0 () 7", "10 () 8"};
  c.ExpectEq(co_await aggregates.Rows(request), from_the_first);
  request.clear_to_unix_us();
  request.set_from_unix_us(16);
  const Texts to_the_last = {"20 () 32"};
  c.ExpectEq(co_await aggregates.Rows(request), to_the_last);
  request.set_to_unix_us(25);
  const auto none = co_await aggregates.Pages(request);
  c.ExpectEq(none.size(), size_t{0});
}

Task<void> WindowsMayBeHuge(CaseContext& c) {
  Aggregates aggregates(c);
  const Samples samples = {{kFirstTimeUs, 1}, {-1, 2}, {0, 4}, {kThenUs, 8}, {kLastTimeUs, 16}};
  const std::string name = co_await Fill(c, samples);
  const Functions functions = {SUM, COUNT};
  const Texts centuries = {Show(-kCenturyUs) + " () 3 2", "0 () 12 2",
                           Show(2 * kCenturyUs) + " () 16 1"};
  c.ExpectEq(co_await aggregates.Rows(AggregateOf(name, kCenturyUs, functions)), centuries);
  const Texts single = {Show(kFirstTimeUs) + " () 1 1", "-1 () 2 1", "0 () 4 1",
                        Show(kThenUs) + " () 8 1", Show(kLastTimeUs) + " () 16 1"};
  c.ExpectEq(co_await aggregates.Rows(AggregateOf(name, 1, functions)), single);
}

Task<void> GroupsAreAggregatedTogether(CaseContext& c) {
  TimeSeries ts(c);
  Aggregates aggregates(c);
  const std::string name = c.Unique("measurement");
  InsertRequest insert;
  *insert.add_series() = SeriesOf(name, {{"host", "a"}, {"disk", "0"}}, {{1, 1}, {11, 2}});
  *insert.add_series() = SeriesOf(name, {{"host", "a"}, {"disk", "1"}}, {{2, 4}});
  *insert.add_series() = SeriesOf(name, {{"host", "b"}, {"disk", "0"}}, {{3, 8}});
  *insert.add_series() = SeriesOf(name, {{"disk", "0"}}, {{4, 16}});
  *insert.add_series() = SeriesOf(name, {}, {{5, 32}});
  co_await ts.Insert(insert);
  const Functions functions = {SUM, COUNT};
  AggregateRequest request = AggregateOf(name, 10, functions);
  const Texts whole = {"0 () 61 5", "10 () 2 1"};
  c.ExpectEq(co_await aggregates.Rows(request), whole);
  GroupBy(request, {"host"});
  const Texts hosts = {"0 () 48 2", "0 (a) 5 2", "0 (b) 8 1", "10 (a) 2 1"};
  c.ExpectEq(co_await aggregates.Rows(request), hosts);
  GroupBy(request, {"disk", "host"});
  const Texts disks = {"0 ( ) 32 1",  "0 (0 ) 16 1", "0 (0 a) 1 1",
                       "0 (0 b) 8 1", "0 (1 a) 4 1", "10 (0 a) 2 1"};
  c.ExpectEq(co_await aggregates.Rows(request), disks);
  (*request.mutable_tags())["host"] = "a";
  GroupBy(request, {"none"});
  const Texts filtered = {"0 () 5 2", "10 () 2 1"};
  c.ExpectEq(co_await aggregates.Rows(request), filtered);
}

Task<void> RowsComeInOrder(CaseContext& c) {
  TimeSeries ts(c);
  Aggregates aggregates(c);
  const std::string name = c.Unique("measurement");
  const Texts values = {"", "A", "B", "a", "a ", "a!", "ab", "b", "\xc3\xa9", "\xe2\x82\xac"};
  InsertRequest insert;
  Texts expected;
  for (int64_t window = 30; window >= 0; window -= 10) {
    for (size_t i = values.size(); i-- > 0;) {
      Tags tags;
      if (!values[i].empty()) tags["host"] = values[i];
      const Samples one = {{window, 1}};
      *insert.add_series() = SeriesOf(name, tags, one);
      expected.insert(expected.begin(), Show(window) + " (" + values[i] + ") 1");
    }
  }
  co_await ts.Insert(insert);
  const Functions functions = {SUM};
  AggregateRequest request = AggregateOf(name, 10, functions);
  GroupBy(request, {"host"});
  c.ExpectEq(co_await aggregates.Rows(request), expected);
}

// Values whose sums are exact in whatever order they are added.
Task<void> FunctionsAreComputed(CaseContext& c) {
  TimeSeries ts(c);
  Aggregates aggregates(c);
  const std::string name = c.Unique("measurement");
  InsertRequest insert;
  *insert.add_series() = SeriesOf(name, {{"host", "a"}}, {{3, 0.5}, {1, 4}, {12, -7.25}});
  *insert.add_series() = SeriesOf(name, {{"host", "b"}}, {{2, -8}, {4, 1.5}});
  co_await ts.Insert(insert);
  const Functions all = {COUNT, SUM, MIN, MAX, AVG, FIRST, LAST, PERCENTILE};
  const Texts expected = {"0 () 4 -2 -8 4 -0.5 4 1.5 -8",
                          "10 () 1 -7.25 -7.25 -7.25 -7.25 -7.25 -7.25 -7.25"};
  c.ExpectEq(co_await aggregates.Rows(AggregateOf(name, 10, all)), expected);
  const Functions turned = {LAST, AVG, COUNT, AVG};
  const Texts in_that_order = {"0 () 1.5 -0.5 4 -0.5", "10 () -7.25 -7.25 1 -7.25"};
  c.ExpectEq(co_await aggregates.Rows(AggregateOf(name, 10, turned)), in_that_order);
}

Task<void> FirstAndLastGoByTime(CaseContext& c) {
  TimeSeries ts(c);
  Aggregates aggregates(c);
  const std::string name = c.Unique("measurement");
  const Functions ends = {FIRST, LAST};
  InsertRequest insert;
  *insert.add_series() = SeriesOf(name, {{"host", "a"}}, {{8, 1}, {5, 2}, {2, 3}});
  *insert.add_series() = SeriesOf(name, {{"host", "b"}}, {{9, 4}, {6, 5}, {3, 6}});
  co_await ts.Insert(insert);
  const Texts expected = {"0 () 3 4"};
  c.ExpectEq(co_await aggregates.Rows(AggregateOf(name, 10, ends)), expected);
  const Samples ties = {{2, 7}, {9, 8}};
  co_await ts.Insert(name, ties);
  const Texts rows = co_await aggregates.Rows(AggregateOf(name, 10, ends));
  const Texts either = {"0 () 3 4", "0 () 3 8", "0 () 7 4", "0 () 7 8"};
  const bool one = rows.size() == 1 && std::count(either.begin(), either.end(), rows[0]) == 1;
  c.Expect(one, "the first and the last are of one of the series: " + Show(rows));
}

Task<void> PercentilesAreExact(CaseContext& c) {
  Aggregates aggregates(c);
  const Samples five = {{1, 40}, {2, -10}, {3, 20}, {4, 80}, {5, 10}};
  const std::string odd = co_await Fill(c, five);
  const Texts of_five = {"0 () -10 10 20 30 40 60 80"};
  const std::vector<double> some = {0, 25, 50, 62.5, 75, 87.5, 100};
  c.ExpectEq(co_await aggregates.Rows(PercentilesOf(odd, some)), of_five);
  const Samples two = {{1, 3}, {2, -1}};
  const std::string even = co_await Fill(c, two);
  const std::vector<double> quarters = {0, 25, 50, 75, 100};
  const Texts of_two = {"0 () -1 0 1 2 3"};
  c.ExpectEq(co_await aggregates.Rows(PercentilesOf(even, quarters)), of_two);
  // Too many values for a sketch of them to be exact by chance; each once, in no order of time.
  constexpr int kMany = 4097;
  TimeSeries ts(c);
  const std::string name = c.Unique("measurement");
  for (int from = 0; from < kMany; from += 1000) {
    Samples samples;
    for (int i = from; i < std::min(from + 1000, kMany); ++i) {
      samples.emplace_back(i, i * 1001 % kMany);
    }
    co_await ts.Insert(name, samples);
  }
  const Texts of_many = {"0 () 0 1024 2048 3072 4096"};
  c.ExpectEq(co_await aggregates.Rows(PercentilesOf(name, quarters)), of_many);
}

Task<void> NothingIsNoPage(CaseContext& c) {
  Aggregates aggregates(c);
  const Functions functions = {COUNT};
  const std::string name = c.Unique("absent");
  const auto pages = co_await aggregates.Pages(AggregateOf(name, 10, functions));
  c.ExpectEq(pages.size(), size_t{0});
  const std::string target = c.Unique("target");
  c.ExpectEq(co_await aggregates.Rollup(RollupOf(name, target, 10, COUNT, 0, 100)), uint64_t{0});
}

Task<void> NamespacesNeverMeet(CaseContext& c) {
  Aggregates here(c);
  Aggregates there(c.other());
  const Samples samples = {{1, 1}, {2, 2}};
  const std::string name = co_await Fill(c, samples);
  const Functions functions = {SUM};
  const Texts rows = {"0 () 3"};
  c.ExpectEq(co_await here.Rows(AggregateOf(name, 10, functions)), rows);
  c.ExpectEq(co_await there.Rows(AggregateOf(name, 10, functions)), Texts());
  const std::string target = c.Unique("target");
  c.ExpectEq(co_await there.Rollup(RollupOf(name, target, 10, SUM, 0, 100)), uint64_t{0});
  c.ExpectEq(co_await here.Rollup(RollupOf(name, target, 10, SUM, 0, 100)), uint64_t{1});
  c.ExpectEq(co_await there.Rows(AggregateOf(target, 10, functions)), Texts());
}

}  // namespace prism::conformance::aggregation
