#include "conformance/timeseries/client.h"

#include <algorithm>
#include <set>

namespace prism::conformance {
namespace {

constexpr int kLanes = 16;

}  // namespace

SeriesPoints SeriesOf(std::string measurement, const Tags& tags, const Samples& samples) {
  SeriesPoints series;
  series.set_measurement(std::move(measurement));
  series.mutable_tags()->insert(tags.begin(), tags.end());
  for (const auto& [time_us, value] : samples) {
    auto& point = *series.add_points();
    point.set_time_unix_us(time_us);
    point.set_value(value);
  }
  return series;
}

InsertRequest InsertOf(SeriesPoints series) {
  InsertRequest request;
  *request.add_series() = std::move(series);
  return request;
}

QueryRequest QueryOf(std::string measurement) {
  QueryRequest request;
  request.set_measurement(std::move(measurement));
  return request;
}

QueryRequest QueryOf(std::string measurement, const Tags& filter) {
  QueryRequest request = QueryOf(std::move(measurement));
  request.mutable_tags()->insert(filter.begin(), filter.end());
  return request;
}

SetRetentionRequest RetentionOf(std::string measurement, int64_t max_age_ms) {
  SetRetentionRequest request;
  request.set_measurement(std::move(measurement));
  request.set_max_age_ms(max_age_ms);
  return request;
}

Samples Every(int64_t from_us, int n) {
  Samples samples;
  for (int i = 0; i < n; ++i) samples.emplace_back(from_us + i * kSecondUs, i);
  return samples;
}

std::vector<std::string> BadMeasurements() {
  return {"", std::string(kMaxMeasurementBytes + 1, 'm')};
}

std::vector<Tags> BadTags() {
  Tags many;
  for (int i = 0; i <= 32; ++i) many["tag" + std::to_string(i)] = "x";
  return {many,
          {{"", "x"}},
          {{std::string(257, 'n'), "x"}},
          {{"tag", ""}},
          {{"tag", std::string(1025, 'v')}}};
}

std::string TextOf(const SeriesPoints& series) {
  std::string text = "{";
  for (const auto& [name, value] : Tags(series.tags().begin(), series.tags().end())) {
    text += (text.size() > 1 ? " " : "") + name + "=" + value;
  }
  text += "}";
  for (const auto& point : series.points()) {
    text += " " + Show(point.time_unix_us()) + "=" + Show(point.value());
  }
  return text;
}

void CheckSeries(CaseContext& c, const SeriesPoints& series, const std::string& measurement,
                 Where where) {
  c.ExpectEq(series.measurement(), measurement, where);
  c.Expect(series.points_size() > 0, "a series that is named has points", where);
}

size_t BytesOf(const SeriesPoints& series) {
  constexpr size_t kPointBytes = 16;
  size_t bytes = kPointBytes * static_cast<size_t>(series.points_size());
  for (const auto& [name, value] : series.tags()) bytes += name.size() + value.size();
  return bytes;
}

Texts SortedTexts(Texts texts) {
  std::sort(texts.begin(), texts.end());
  return texts;
}

Task<uint64_t> TimeSeries::Insert(InsertRequest request, Where where) {
  for (const SeriesPoints& series : request.series()) caller_.Note(series.measurement());
  const auto response =
      co_await caller_.Call(&TimeSeriesBasicStub::Insert, std::move(request), where);
  co_return response.expired();
}

Task<uint64_t> TimeSeries::Insert(std::string measurement, const Tags& tags, const Samples& samples,
                                  Where where) {
  return Insert(InsertOf(SeriesOf(std::move(measurement), tags, samples)), where);
}

Task<uint64_t> TimeSeries::Insert(std::string measurement, const Samples& samples, Where where) {
  return Insert(InsertOf(SeriesOf(std::move(measurement), {}, samples)), where);
}

Task<std::vector<QueryResponse>> TimeSeries::Pages(QueryRequest request, Where where) {
  return caller_.CallAll(&TimeSeriesBasicStub::Query, std::move(request), where);
}

Task<Texts> TimeSeries::Series(QueryRequest request, Where where) {
  const std::vector<QueryResponse> pages = co_await Pages(std::move(request), where);
  co_return SortedTexts(SeriesOf(pages));
}

Task<Samples> TimeSeries::Points(QueryRequest request, Where where) {
  const std::vector<QueryResponse> pages = co_await Pages(std::move(request), where);
  co_return PointsOf(pages);
}

Task<Samples> TimeSeries::Points(std::string measurement, Where where) {
  return Points(QueryOf(std::move(measurement)), where);
}

// There is no other way to remove points. Whether it succeeds is no promise of the contract that is
// under test.
Task<void> EmptyNotedMeasurements(CaseContext& c) {
  if (!c.claims(TimeSeriesRetention::Info())) co_return;
  const std::set<Noted> measurements(c.noted().begin(), c.noted().end());
  auto next = measurements.begin();
  co_await c.Concurrently(kLanes, [&](int) -> Task<void> {
    while (next != measurements.end()) {
      const Noted& noted = *next++;
      Caller caller = c.In(noted.name_space);
      (void)co_await caller.Try(&TimeSeriesRetentionStub::SetRetention, RetentionOf(noted.name, 1));
    }
  });
}

}  // namespace prism::conformance
