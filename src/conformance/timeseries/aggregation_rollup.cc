#include <limits>

#include "conformance/timeseries/aggregation_client.h"

namespace prism::conformance::aggregation {
namespace {

using timeseries::v1::AVG;
using timeseries::v1::COUNT;
using timeseries::v1::MAX;
using timeseries::v1::SUM;

}  // namespace

Task<void> RollupStoresTheRows(CaseContext& c) {
  TimeSeries ts(c);
  Aggregates aggregates(c);
  const std::string name = c.Unique("measurement");
  const std::string target = c.Unique("target");
  InsertRequest insert;
  *insert.add_series() = SeriesOf(name, {{"host", "a"}}, {{-5, 1}, {0, 2}, {9, 4}, {31, 8}});
  *insert.add_series() = SeriesOf(name, {{"host", "b"}}, {{5, 16}, {39, 32}, {40, 64}});
  co_await ts.Insert(insert);
  c.ExpectEq(co_await aggregates.Rollup(RollupOf(name, target, 10, SUM, -10, 40)), uint64_t{3});
  const Texts stored = {"{} -10=1 0=22 30=40"};
  c.ExpectEq(co_await ts.Series(QueryOf(target)), stored);
  const std::string filtered = c.Unique("target");
  RollupRequest request = RollupOf(name, filtered, 20, AVG, 0, 100);
  (*request.mutable_tags())["host"] = "a";
  c.ExpectEq(co_await aggregates.Rollup(request), uint64_t{2});
  const Texts of_a = {"{} 0=3 20=8"};
  c.ExpectEq(co_await ts.Series(QueryOf(filtered)), of_a);
}

Task<void> RollupOfGroups(CaseContext& c) {
  TimeSeries ts(c);
  Aggregates aggregates(c);
  const std::string name = c.Unique("measurement");
  const std::string target = c.Unique("target");
  InsertRequest insert;
  *insert.add_series() = SeriesOf(name, {{"host", "a"}, {"disk", "0"}}, {{1, 1}, {12, 2}});
  *insert.add_series() = SeriesOf(name, {{"host", "a"}, {"disk", "1"}}, {{2, 4}});
  *insert.add_series() = SeriesOf(name, {{"disk", "1"}}, {{3, 8}});
  *insert.add_series() = SeriesOf(name, {{"zone", "z"}}, {{4, 16}, {14, 32}});
  co_await ts.Insert(insert);
  RollupRequest request = RollupOf(name, target, 10, SUM, 0, 20);
  GroupBy(request, {"host", "disk"});
  c.ExpectEq(co_await aggregates.Rollup(request), uint64_t{6});
  const Texts stored = {"{disk=0 host=a} 0=1 10=2", "{disk=1 host=a} 0=4", "{disk=1} 0=8",
                        "{} 0=16 10=32"};
  c.ExpectEq(co_await ts.Series(QueryOf(target)), stored);
}

// What is repeated is stored once.
Task<void> RollupReplaces(CaseContext& c) {
  TimeSeries ts(c);
  Aggregates aggregates(c);
  const std::string name = c.Unique("measurement");
  const std::string target = c.Unique("target");
  const Samples samples = {{1, 1}, {12, 2}, {22, 4}};
  co_await ts.Insert(name, samples);
  const Samples before = {{0, 99}, {5, 98}, {30, 97}};
  co_await ts.Insert(target, before);
  const RollupRequest request = RollupOf(name, target, 10, MAX, 0, 40);
  const Samples replaced = {{0, 1}, {5, 98}, {10, 2}, {20, 4}, {30, 97}};
  for (int i = 0; i < 2; ++i) {
    c.ExpectEq(co_await aggregates.Rollup(request), uint64_t{3});
    c.ExpectEq(co_await ts.Points(target), replaced);
  }
  const Samples late = {{15, 64}};
  co_await ts.Insert(name, late);
  co_await aggregates.Rollup(request);
  const Samples again = {{0, 1}, {5, 98}, {10, 64}, {20, 4}, {30, 97}};
  c.ExpectEq(co_await ts.Points(target), again);
}

// More than one request of Insert could store.
Task<void> RollupOfManyWindows(CaseContext& c) {
  TimeSeries ts(c);
  Aggregates aggregates(c);
  const std::string name = c.Unique("measurement");
  const std::string target = c.Unique("target");
  Samples expected;
  for (int part = 0; part < 3; ++part) {
    Samples samples;
    for (int64_t i = part * 900; i < (part + 1) * 900; ++i) {
      samples.emplace_back(i * 10 + 3, i);
      expected.emplace_back(i * 10, i);
    }
    co_await ts.Insert(name, samples);
  }
  const RollupRequest request = RollupOf(name, target, 10, SUM, 0, 100'000);
  c.ExpectEq(co_await aggregates.Rollup(request), uint64_t{2700});
  c.ExpectEq(co_await ts.Points(target), expected);
}

Task<void> RollupLeavesOutTheInfinite(CaseContext& c) {
  TimeSeries ts(c);
  Aggregates aggregates(c);
  const std::string name = c.Unique("measurement");
  const std::string target = c.Unique("target");
  const double most = std::numeric_limits<double>::max();
  const Samples samples = {{1, most}, {2, most}, {11, -most}, {12, -most}, {21, 1}};
  co_await ts.Insert(name, samples);
  c.ExpectEq(co_await aggregates.Rollup(RollupOf(name, target, 10, SUM, 0, 40)), uint64_t{1});
  const Samples finite = {{20, 1}};
  c.ExpectEq(co_await ts.Points(target), finite);
}

Task<void> RollupLeavesOutTheExpired(CaseContext& c) {
  TimeSeries ts(c);
  Aggregates aggregates(c);
  const std::string name = c.Unique("measurement");
  const std::string target = c.Unique("target");
  (void)co_await c.Call(&TimeSeriesRetentionStub::SetRetention,
                        RetentionOf(target, kCenturyUs / 100 / 1000));
  constexpr int64_t kLate = kLastTimeUs / kSecondUs * kSecondUs;
  const Samples samples = {{kThenUs, 1}, {kThenUs + kSecondUs, 2}, {kLate, 4}};
  co_await ts.Insert(name, samples);
  const RollupRequest request = RollupOf(name, target, kSecondUs, SUM, kThenUs, kLate + kSecondUs);
  c.ExpectEq(co_await aggregates.Rollup(request), uint64_t{1});
  const Samples kept = {{kLate, 4}};
  c.ExpectEq(co_await ts.Points(target), kept);
}

Task<void> RollupsAtOnceStoreOnce(CaseContext& c) {
  TimeSeries ts(c);
  const std::string name = c.Unique("measurement");
  const std::string target = c.Unique("target");
  co_await ts.Insert(name, Every(0, 600));
  const RollupRequest request = RollupOf(name, target, 10 * kSecondUs, COUNT, 0, 600 * kSecondUs);
  co_await c.Concurrently(6, [&](int) -> Task<void> {
    Aggregates aggregates(c);
    c.ExpectEq(co_await aggregates.Rollup(request), uint64_t{60});
  });
  Samples expected;
  for (int64_t i = 0; i < 60; ++i) expected.emplace_back(i * 10 * kSecondUs, 10);
  c.ExpectEq(co_await ts.Points(target), expected);
}

// The count lies between the points that were stored before it was asked for and those that were
// sent when it was answered.
Task<void> AggregatesUnderWrites(CaseContext& c) {
  const std::string name = c.Unique("measurement");
  int sent = 0;
  int answered = 0;
  bool over = false;
  co_await c.Concurrently(5, [&](int client) -> Task<void> {
    TimeSeries ts(c);
    Aggregates aggregates(c);
    const Functions functions = {COUNT};
    for (int i = 0; client > 0 && !over && c.ok(); ++i) {
      const Samples one = {{i, 1}};
      const Tags tags = {{"client", std::to_string(client)}};
      ++sent;
      co_await ts.Insert(name, tags, one);
      ++answered;
    }
    for (int i = 0; client == 0 && i < 30 && c.ok(); ++i) {
      const int before = answered;
      const auto pages = co_await aggregates.Pages(AggregateOf(name, kCenturyUs, functions));
      int counted = 0;
      if (!pages.empty()) counted = static_cast<int>(pages[0].rows(0).values(0));
      c.ExpectLe(before, counted, "the points of before against the count");
      c.ExpectLe(counted, sent, "the count");
    }
    if (client == 0) over = true;
  });
  Aggregates aggregates(c);
  const Functions functions = {COUNT};
  const Texts all = {"0 () " + Show(sent)};
  c.ExpectEq(co_await aggregates.Rows(AggregateOf(name, kCenturyUs, functions)), all);
}

}  // namespace prism::conformance::aggregation
