#include <limits>

#include "conformance/timeseries/aggregation_client.h"

namespace prism::conformance::aggregation {
namespace {

using timeseries::v1::AGGREGATE_FUNCTION_UNSPECIFIED;
using timeseries::v1::COUNT;
using timeseries::v1::LAST;
using timeseries::v1::PERCENTILE;
using timeseries::v1::SUM;

constexpr Code kBad = Code::kInvalidArgument;

Task<void> AggregateRefused(CaseContext& c, AggregateRequest request, std::string_view part,
                            Where where = Where::current()) {
  return c.Refused(&TimeSeriesAggregationStub::Aggregate, std::move(request), kBad, part, where);
}

Task<void> RollupRefused(CaseContext& c, RollupRequest request, std::string_view part,
                         Where where = Where::current()) {
  return c.Refused(&TimeSeriesAggregationStub::Rollup, std::move(request), kBad, part, where);
}

std::vector<Texts> BadGroups() {
  return {{""}, {std::string(257, 'n')}, {"a", "b", "a"}, Texts(33, "many")};
}

std::vector<Aggregation> BadPercentiles() {
  std::vector<Aggregation> bad;
  using Limits = std::numeric_limits<double>;
  for (const double percentile : {-0.001, 100.001, Limits::infinity(), Limits::quiet_NaN()}) {
    bad.emplace_back().set_function(PERCENTILE);
    bad.back().set_percentile(percentile);
  }
  return bad;
}

}  // namespace

// Asks again from the middle of the answer, as after a broken stream.
Task<void> PagesHoldAThousandRows(CaseContext& c) {
  TimeSeries ts(c);
  Aggregates aggregates(c);
  const std::string name = c.Unique("measurement");
  Texts expected;
  for (int part = 0; part < 3; ++part) {
    Samples samples;
    for (int i = part * 800; i < (part + 1) * 800; ++i) {
      samples.emplace_back(i * 10 + 5, i);
      expected.push_back(Show(i * 10) + " () " + Show(i));
    }
    co_await ts.Insert(name, samples);
  }
  const Functions functions = {SUM};
  AggregateRequest request = AggregateOf(name, 10, functions);
  const auto pages = co_await aggregates.Pages(request);
  CheckRowPages(c, pages);
  c.ExpectLe(size_t{3}, pages.size(), "the pages of 2400 rows");
  c.ExpectEq(RowsOf(pages), expected);
  if (pages.empty()) co_return;
  request.set_from_unix_us(pages[0].rows().rbegin()->window_start_unix_us());
  const Texts rest(expected.begin() + pages[0].rows_size() - 1, expected.end());
  c.ExpectEq(co_await aggregates.Rows(request), rest);
}

Task<void> PagesHoldAMebibyte(CaseContext& c) {
  TimeSeries ts(c);
  Aggregates aggregates(c);
  const std::string name = c.Unique("measurement");
  Texts expected;
  for (int part = 0; part < 2; ++part) {
    InsertRequest insert;
    for (int i = part * 450; i < (part + 1) * 450; ++i) {
      std::string value = std::to_string(10'000 + i);
      value.resize(1024, 'v');
      const Samples one = {{5, static_cast<double>(i)}};
      *insert.add_series() = SeriesOf(name, {{"a", value}, {"b", value}}, one);
      expected.push_back("0 (" + value + " " + value + ") " + Show(i));
    }
    co_await ts.Insert(insert);
  }
  const Functions functions = {LAST};
  AggregateRequest request = AggregateOf(name, 10, functions);
  GroupBy(request, {"a", "b"});
  const auto pages = co_await aggregates.Pages(request);
  CheckRowPages(c, pages);
  c.ExpectLe(size_t{2}, pages.size(), "the pages of 1.8 MiB");
  c.Expect(RowsOf(pages) == expected, "all rows come whole and in order");
}

Task<void> LargestIsTaken(CaseContext& c) {
  TimeSeries ts(c);
  Aggregates aggregates(c);
  const std::string name = c.Unique("measurement");
  const Samples one = {{5, 2}};
  co_await ts.Insert(name, one);
  AggregateRequest request = AggregateOf(name, kCenturyUs, Functions(16, SUM));
  Texts names;
  for (int i = 0; i < 32; ++i) {
    names.push_back(std::to_string(i));
    names.back().resize(256, 'n');
  }
  GroupBy(request, names);
  const auto pages = co_await aggregates.Pages(request);
  if (pages.size() != 1 || pages[0].rows_size() != 1) co_return c.Fail("there is one row");
  c.ExpectEq(pages[0].rows(0).group_size(), 32);
  c.ExpectEq(pages[0].rows(0).values_size(), 16);
}

Task<void> BadRequestsAreRefused(CaseContext& c) {
  const std::string name = c.Unique("measurement");
  const Functions functions = {COUNT};
  const AggregateRequest good = AggregateOf(name, 10, functions);
  for (const std::string& bad : BadMeasurements()) {
    co_await AggregateRefused(c, AggregateOf(bad, 10, functions), "measurement");
  }
  for (const Tags& bad : BadTags()) {
    AggregateRequest request = good;
    request.mutable_tags()->insert(bad.begin(), bad.end());
    co_await AggregateRefused(c, request, "tag");
  }
  for (const int64_t bad : {int64_t{0}, int64_t{-1}, kCenturyUs + 1}) {
    co_await AggregateRefused(c, AggregateOf(name, bad, functions), "window_us");
  }
  for (const Texts& bad : BadGroups()) {
    AggregateRequest request = good;
    GroupBy(request, bad);
    co_await AggregateRefused(c, request, "group_by");
  }
  co_await AggregateRefused(c, AggregateOf(name, 10, {}), "aggregations");
  co_await AggregateRefused(c, AggregateOf(name, 10, Functions(17, COUNT)), "aggregations");
  for (const int bad : {0, 9, -1}) {
    AggregateRequest request = good;
    request.add_aggregations()->set_function(static_cast<Function>(bad));
    co_await AggregateRefused(c, request, "function");
  }
  for (const Aggregation& bad : BadPercentiles()) {
    AggregateRequest request = good;
    *request.add_aggregations() = bad;
    co_await AggregateRefused(c, request, "percentile");
  }
}

Task<void> BadRollupsAreRefused(CaseContext& c) {
  TimeSeries ts(c);
  const std::string name = c.Unique("measurement");
  const std::string target = c.Unique("target");
  const Samples samples = {{5, 1}, {15, 2}};
  co_await ts.Insert(name, samples);
  const RollupRequest good = RollupOf(name, target, 10, SUM, 0, 20);
  co_await RollupRefused(c, RollupOf(name, target, 10, SUM, 5, 20), "from");
  co_await RollupRefused(c, RollupOf(name, target, 10, SUM, 0, 19), "to");
  co_await RollupRefused(c, RollupOf(name, target, 10, SUM, -5, 20), "from");
  co_await RollupRefused(c, RollupOf(name, name, 10, SUM, 0, 20), "target_measurement");
  co_await RollupRefused(c, RollupOf(name, target, 0, SUM, 0, 20), "window_us");
  co_await RollupRefused(c, RollupOf(name, target, 10, AGGREGATE_FUNCTION_UNSPECIFIED, 0, 20),
                         "function");
  for (const std::string& bad : BadMeasurements()) {
    co_await RollupRefused(c, RollupOf(bad, target, 10, SUM, 0, 20), "measurement");
    co_await RollupRefused(c, RollupOf(name, bad, 10, SUM, 0, 20), "target_measurement");
  }
  for (const Texts& bad : BadGroups()) {
    RollupRequest request = good;
    GroupBy(request, bad);
    co_await RollupRefused(c, request, "group_by");
  }
  for (const Aggregation& bad : BadPercentiles()) {
    RollupRequest request = good;
    *request.mutable_aggregation() = bad;
    co_await RollupRefused(c, request, "percentile");
  }
  c.ExpectEq(co_await ts.Points(target), Samples());
  c.ExpectEq(co_await ts.Points(name), samples);
}

}  // namespace prism::conformance::aggregation
