#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "conformance/case_context.h"
#include "interfaces/timeseries_basic.prism.h"
#include "interfaces/timeseries_retention.prism.h"
#include "prism/interfaces/timeseries_basic.pb.h"
#include "prism/interfaces/timeseries_retention.pb.h"

namespace prism::conformance {

using timeseries::v1::GetRetentionRequest;
using timeseries::v1::InsertRequest;
using timeseries::v1::QueryRequest;
using timeseries::v1::QueryResponse;
using timeseries::v1::SeriesPoints;
using timeseries::v1::SetRetentionRequest;

using Tags = std::map<std::string, std::string>;
using Samples = std::vector<std::pair<int64_t, double>>;  // times and values
using Texts = std::vector<std::string>;

inline constexpr size_t kMaxMeasurementBytes = 4096;
inline constexpr int kMaxPagePoints = 1000;
inline constexpr size_t kMaxPagePointBytes = size_t{1} << 20;
inline constexpr int64_t kSecondUs = 1'000'000;
// Where most cases have their points: in 2001, so that a retention clears them afterwards.
inline constexpr int64_t kThenUs = 1'000'000'000 * kSecondUs;
inline constexpr int64_t kFirstTimeUs = -2'208'988'800 * kSecondUs;    // 1900-01-01
inline constexpr int64_t kLastTimeUs = 7'258'118'400 * kSecondUs - 1;  // 2199-12-31
inline constexpr int64_t kCenturyUs = int64_t{3'155'760'000} * kSecondUs;

SeriesPoints SeriesOf(std::string measurement, const Tags& tags, const Samples& samples);
InsertRequest InsertOf(SeriesPoints series);
QueryRequest QueryOf(std::string measurement);
QueryRequest QueryOf(std::string measurement, const Tags& filter);
SetRetentionRequest RetentionOf(std::string measurement, int64_t max_age_ms);
// `n` points from `from_us` on, a second apart, whose values are 0, 1, 2, ...
Samples Every(int64_t from_us, int n);
// Measurements, and tags, that no timeseries interface takes.
std::vector<std::string> BadMeasurements();
std::vector<Tags> BadTags();

std::string TextOf(const SeriesPoints& series);
void CheckSeries(CaseContext& c, const SeriesPoints& series, const std::string& measurement,
                 Where where);
size_t BytesOf(const SeriesPoints& series);

// The series of all pages, each once and with all of its points, as "{host=a zone=b} 5=1.5 6=2", in
// the order in which they came.
template <class Page>
Texts SeriesOf(const std::vector<Page>& pages) {
  std::vector<SeriesPoints> all;
  for (const Page& page : pages) {
    for (const SeriesPoints& series : page.series()) {
      // One that spans pages goes on where it was broken off, and nowhere else.
      const bool goes_on =
          !all.empty() && Tags(all.back().tags().begin(), all.back().tags().end()) ==
                              Tags(series.tags().begin(), series.tags().end());
      if (!goes_on)
        all.emplace_back().mutable_tags()->insert(series.tags().begin(), series.tags().end());
      all.back().mutable_points()->MergeFrom(series.points());
    }
  }
  Texts texts;
  for (const SeriesPoints& series : all) texts.push_back(TextOf(series));
  return texts;
}
Texts SortedTexts(Texts texts);

template <class Page>
Samples PointsOf(const std::vector<Page>& pages) {
  Samples samples;
  for (const Page& page : pages) {
    for (const SeriesPoints& series : page.series()) {
      for (const auto& point : series.points()) {
        samples.emplace_back(point.time_unix_us(), point.value());
      }
    }
  }
  return samples;
}

// What holds of the pages of every stream of points.
template <class Page>
void CheckPages(CaseContext& c, const std::vector<Page>& pages, const std::string& measurement,
                Where where = Where::current()) {
  for (const Page& page : pages) {
    int points = 0;
    size_t bytes = 0;
    for (const SeriesPoints& series : page.series()) {
      CheckSeries(c, series, measurement, where);
      points += series.points_size();
      bytes += BytesOf(series);
    }
    c.Expect(points > 0, "no page is empty", where);
    c.ExpectLe(points, kMaxPagePoints, "points of a page", where);
    if (points > 1) c.ExpectLe(bytes, kMaxPagePointBytes, "bytes of a page", where);
  }
}

// timeseries_basic as plain functions: all must succeed. Measurements that are written to are
// emptied after the case.
class TimeSeries {
 public:
  explicit TimeSeries(Caller& caller) : caller_(caller) {}

  // How many points had expired.
  Task<uint64_t> Insert(InsertRequest request, Where where = Where::current());
  Task<uint64_t> Insert(std::string measurement, const Tags& tags, const Samples& samples,
                        Where where = Where::current());
  Task<uint64_t> Insert(std::string measurement, const Samples& samples,
                        Where where = Where::current());
  Task<std::vector<QueryResponse>> Pages(QueryRequest request, Where where = Where::current());
  // The series, sorted by their tags.
  Task<Texts> Series(QueryRequest request, Where where = Where::current());
  // The points of all series, in the order in which they came.
  Task<Samples> Points(QueryRequest request, Where where = Where::current());
  Task<Samples> Points(std::string measurement, Where where = Where::current());

 private:
  Caller& caller_;
};

// Empties all measurements that were noted, when the namespace has timeseries_retention.
Task<void> EmptyNotedMeasurements(CaseContext& c);

}  // namespace prism::conformance
