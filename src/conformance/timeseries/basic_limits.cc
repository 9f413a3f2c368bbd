#include <limits>

#include "conformance/timeseries/basic_cases.h"
#include "conformance/timeseries/client.h"

namespace prism::conformance::points {
namespace {

constexpr Code kBad = Code::kInvalidArgument;

// The bad part comes last, behind points that could be stored.
Task<void> InsertRefused(CaseContext& c, const std::string& good, SeriesPoints bad,
                         std::string_view part, Where where = Where::current()) {
  InsertRequest request = InsertOf(SeriesOf(good, {}, {{5, 1}, {6, 2}}));
  *request.add_series() = std::move(bad);
  co_await c.Refused(&TimeSeriesBasicStub::Insert, request, kBad, part, where);
}

}  // namespace

Task<void> LargestIsTaken(CaseContext& c) {
  TimeSeries ts(c);
  std::string name = c.Unique("measurement");
  name.resize(kMaxMeasurementBytes, 'm');
  Tags tags;
  for (int i = 0; i < 32; ++i) {
    std::string tag = std::to_string(i);
    tag.resize(256, 't');
    tags[tag] = std::string(1024, static_cast<char>('a' + i % 26));
  }
  const Samples samples = {{kFirstTimeUs, 1}, {kLastTimeUs, 2}};
  co_await ts.Insert(name, tags, samples);
  const auto pages = co_await ts.Pages(QueryOf(name, tags));
  CheckPages(c, pages, name);
  const Texts expected = {TextOf(SeriesOf(name, tags, samples))};
  c.ExpectEq(SeriesOf(pages), expected);
  const std::string many = c.Unique("measurement");
  co_await ts.Insert(many, Every(kThenUs, 1000));
  c.ExpectEq(co_await ts.Points(many), Every(kThenUs, 1000));
}

Task<void> BadPointsAreRefused(CaseContext& c) {
  TimeSeries ts(c);
  const std::string name = c.Unique("measurement");
  const Samples fine = {{7, 7}};
  for (const std::string& bad : BadMeasurements()) {
    co_await InsertRefused(c, name, SeriesOf(bad, {}, fine), "measurement");
  }
  for (const Tags& bad : BadTags()) {
    co_await InsertRefused(c, name, SeriesOf(name, bad, fine), "tag");
  }
  for (const int64_t time_us :
       {kFirstTimeUs - 1, kLastTimeUs + 1, std::numeric_limits<int64_t>::min(),
        std::numeric_limits<int64_t>::max()}) {
    const Samples samples = {{7, 7}, {time_us, 1}};
    co_await InsertRefused(c, name, SeriesOf(name, {}, samples), "time_unix_us");
  }
  using Limits = std::numeric_limits<double>;
  for (const double value : {Limits::infinity(), -Limits::infinity(), Limits::quiet_NaN()}) {
    const Samples samples = {{7, 7}, {8, value}};
    co_await InsertRefused(c, name, SeriesOf(name, {}, samples), "value");
  }
  c.ExpectEq(co_await ts.Points(name), Samples());
}

Task<void> TooManyPointsAreRefused(CaseContext& c) {
  TimeSeries ts(c);
  const std::string name = c.Unique("measurement");
  InsertRequest request = InsertOf(SeriesOf(name, {}, Every(kThenUs, 1001)));
  co_await c.Refused(&TimeSeriesBasicStub::Insert, request, kBad, "points");
  request = InsertOf(SeriesOf(name, {}, Every(kThenUs, 999)));
  for (const char* host : {"a", "b"}) {
    *request.add_series() = SeriesOf(name, {{"host", host}}, {{7, 7}});
  }
  co_await c.Refused(&TimeSeriesBasicStub::Insert, request, kBad, "points");
  c.ExpectEq(co_await ts.Points(name), Samples());
}

Task<void> BadQueriesAreRefused(CaseContext& c) {
  const auto query = &TimeSeriesBasicStub::Query;
  for (const std::string& bad : BadMeasurements()) {
    co_await c.Refused(query, QueryOf(bad), kBad, "measurement");
  }
  const std::string name = c.Unique("measurement");
  for (const Tags& bad : BadTags()) co_await c.Refused(query, QueryOf(name, bad), kBad, "tag");
}

}  // namespace prism::conformance::points
