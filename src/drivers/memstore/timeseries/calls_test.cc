#include "drivers/memstore/timeseries/calls.h"

#include <cmath>
#include <limits>

#include "drivers/memstore/calls_fixture.h"
#include "drivers/memstore/wall_clock.h"
#include "prism/interfaces/timeseries_basic.pb.h"
#include "prism/interfaces/timeseries_retention.pb.h"

namespace prism::memstore {
namespace {

using namespace timeseries::v1;  // NOLINT
using std::chrono::milliseconds;

using TagList = std::vector<std::pair<std::string, std::string>>;

class TimeSeriesCallsTest : public CallsFixture<TimeSeriesCalls> {
 protected:
  static void Add(InsertRequest& request, const TagList& tags, int64_t time_us, double value,
                  const std::string& measurement = "cpu") {
    SeriesPoints& series = *request.add_series();
    series.set_measurement(measurement);
    for (const auto& [name, tag] : tags) (*series.mutable_tags())[name] = tag;
    Point& point = *series.add_points();
    point.set_time_unix_us(time_us);
    point.set_value(value);
  }
  uint64_t Put(const TagList& tags, int64_t time_us, double value,
               const std::string& measurement = "cpu") {
    InsertRequest request;
    Add(request, tags, time_us, value, measurement);
    return Ok(&TimeSeriesCalls::Insert, request).expired();
  }
  static QueryRequest Cpu(const TagList& filter = {}) {
    QueryRequest request;
    request.set_measurement("cpu");
    for (const auto& [name, tag] : filter) (*request.mutable_tags())[name] = tag;
    return request;
  }
  // "host=a:1=10,2=20" and so on, a part per series of each page.
  std::vector<std::string> Query(const QueryRequest& request) {
    std::vector<std::string> parts;
    for (const QueryResponse& page : Drain(backend_.Query(context_, request))) {
      EXPECT_GT(page.series_size(), 0);
      for (const SeriesPoints& series : page.series()) {
        const std::map<std::string, std::string> tags(series.tags().begin(), series.tags().end());
        std::string part;
        for (const auto& [name, value] : tags) part += name + "=" + value + " ";
        for (const Point& point : series.points()) {
          part += std::to_string(point.time_unix_us()) + ":" +
                  std::to_string(std::lround(point.value())) + ",";
        }
        parts.push_back(part);
      }
    }
    std::sort(parts.begin(), parts.end());  // the order of series is unspecified
    return parts;
  }
  using Parts = std::vector<std::string>;
};

TEST_F(TimeSeriesCallsTest, PointsComeBackInOrderOfTime) {
  EXPECT_EQ(Query(Cpu()), Parts{});
  for (const int64_t time : {30, 10, -20, 0}) Put({}, time, static_cast<double>(time));
  EXPECT_EQ(Query(Cpu()), Parts{"-20:-20,0:0,10:10,30:30,"});
  QueryRequest request = Cpu();
  request.set_descending(true);
  EXPECT_EQ(Query(request), Parts{"30:30,10:10,0:0,-20:-20,"});
  request.set_limit(1);
  EXPECT_EQ(Query(request), Parts{"30:30,"});
}

TEST_F(TimeSeriesCallsTest, ARangeIncludesItsStartAndNotItsEnd) {
  for (const int64_t time : {10, 20, 30}) Put({}, time, 1);
  QueryRequest request = Cpu();
  request.set_from_unix_us(10);
  request.set_to_unix_us(30);
  EXPECT_EQ(Query(request), Parts{"10:1,20:1,"});
  request.set_descending(true);
  EXPECT_EQ(Query(request), Parts{"20:1,10:1,"});
  request.set_to_unix_us(10);
  EXPECT_EQ(Query(request), Parts{});
  request.set_from_unix_us(std::numeric_limits<int64_t>::max());
  request.set_to_unix_us(std::numeric_limits<int64_t>::min());
  EXPECT_EQ(Query(request), Parts{});
}

TEST_F(TimeSeriesCallsTest, TheSameSeriesAndTimeIsReplaced) {
  InsertRequest request;
  Add(request, {{"host", "a"}, {"zone", "x"}}, 1, 10);
  Add(request, {{"zone", "x"}, {"host", "a"}}, 1, 11);
  Ok(&TimeSeriesCalls::Insert, request);
  EXPECT_EQ(Query(Cpu()), Parts{"host=a zone=x 1:11,"});
  const int64_t used = budget_->used_bytes();
  Put({{"host", "a"}, {"zone", "x"}}, 1, 12);
  EXPECT_EQ(Query(Cpu()), Parts{"host=a zone=x 1:12,"});
  EXPECT_EQ(budget_->used_bytes(), used);
}

TEST_F(TimeSeriesCallsTest, AFilterNamesSomeTagsOfASeries) {
  Put({}, 1, 0);
  Put({{"host", "a"}}, 1, 1);
  Put({{"host", "a"}, {"zone", "x"}}, 1, 2);
  Put({{"host", "b"}, {"zone", "x"}}, 1, 3);
  Put({{"host", "a"}}, 1, 9, "memory");
  EXPECT_EQ(Query(Cpu()).size(), 4u);
  EXPECT_EQ(Query(Cpu({{"host", "a"}})), (Parts{"host=a 1:1,", "host=a zone=x 1:2,"}));
  EXPECT_EQ(Query(Cpu({{"host", "a"}, {"zone", "x"}})), (Parts{"host=a zone=x 1:2,"}));
  EXPECT_EQ(Query(Cpu({{"host", "b"}, {"zone", "y"}})), Parts{});
  EXPECT_EQ(Query(Cpu({{"rack", "1"}})), Parts{});
}

TEST_F(TimeSeriesCallsTest, PagesAreBoundedAndResumable) {
  std::map<std::string, size_t> expected;
  for (int host = 0; host < 3; ++host) {
    for (int batch = 0; batch < 2; ++batch) {
      InsertRequest request;
      for (int i = 0; i < 700; ++i) {
        Add(request, {{"host", std::to_string(host)}}, batch * 700 + i, host);
      }
      Ok(&TimeSeriesCalls::Insert, request);
    }
  }
  for (const bool descending : {false, true}) {
    QueryRequest request = Cpu();
    request.set_descending(descending);
    const std::vector<QueryResponse> pages = Drain(backend_.Query(context_, request));
    ASSERT_EQ(pages.size(), 5u);  // 4200 points
    EXPECT_EQ(pages.back().cursor(), "");
    // One page at a time, by its cursor.
    request.set_limit(1000);
    std::set<std::pair<std::string, int64_t>> seen;
    int rounds = 0;
    do {
      ASSERT_LT(rounds++, 10);
      const std::vector<QueryResponse> one = Drain(backend_.Query(context_, request));
      ASSERT_EQ(one.size(), 1u);
      for (const SeriesPoints& series : one[0].series()) {
        for (const Point& point : series.points()) {
          EXPECT_TRUE(seen.emplace(series.tags().at("host"), point.time_unix_us()).second);
        }
      }
      request.set_cursor(one[0].cursor());
    } while (!request.cursor().empty());
    EXPECT_EQ(seen.size(), 4200u);
  }
}

TEST_F(TimeSeriesCallsTest, BytesBoundAPageToo) {
  for (int i = 0; i < 40; ++i) {
    TagList tags = {{"n", std::to_string(i)}};
    for (int tag = 0; tag < 31; ++tag)
      tags.emplace_back("t" + std::to_string(tag), std::string(1024, 'x'));
    Put(tags, 1, 1);
  }
  size_t series = 0;
  const std::vector<QueryResponse> pages = Drain(backend_.Query(context_, Cpu()));
  EXPECT_EQ(pages.size(), 2u);
  for (const QueryResponse& page : pages) {
    EXPECT_LE(page.ByteSizeLong(), 1'100'000u);
    series += static_cast<size_t>(page.series_size());
  }
  EXPECT_EQ(series, 40u);
}

TEST_F(TimeSeriesCallsTest, ACursorIsForItsQueryOnly) {
  Put({}, 1, 1);
  Put({}, 2, 1);
  QueryRequest request = Cpu();
  request.set_limit(1);
  const std::string cursor = Drain(backend_.Query(context_, request))[0].cursor();
  request.set_cursor(cursor);
  EXPECT_EQ(Query(request), Parts{"2:1,"});
  request.set_descending(true);
  EXPECT_TRUE(Drain(backend_.Query(context_, request), Code::kInvalidArgument).empty());
  request.set_descending(false);
  request.set_cursor(cursor + "x");
  EXPECT_TRUE(Drain(backend_.Query(context_, request), Code::kInvalidArgument).empty());
  request.set_cursor("x");
  EXPECT_TRUE(Drain(backend_.Query(context_, request), Code::kInvalidArgument).empty());
}

TEST_F(TimeSeriesCallsTest, ABadPartRefusesTheWholeRequest) {
  const auto refused = [&](const TagList& tags, int64_t time, double value,
                           const std::string& measurement, const std::string& part) {
    InsertRequest request;
    Add(request, {}, 1, 1);
    Add(request, tags, time, value, measurement);
    ExpectRefused(&TimeSeriesCalls::Insert, request, part);
  };
  refused({}, 1, 1, "", "entry 1: measurement: a name has 1 to 4096 bytes, not 0");
  refused({}, 1, std::nan(""), "cpu", "finite");
  refused({}, 1, std::numeric_limits<double>::infinity(), "cpu", "finite");
  refused({}, -2'208'988'800'000'001, 1, "cpu", "time_unix_us");
  refused({}, 7'258'118'400'000'000, 1, "cpu", "time_unix_us");
  refused({{"", "x"}}, 1, 1, "cpu", "tag's name");
  refused({{"a", ""}}, 1, 1, "cpu", "tag 'a'");
  refused({{"a", std::string(1025, 'x')}}, 1, 1, "cpu", "1024");
  TagList many;
  for (int i = 0; i < 33; ++i) many.emplace_back(std::to_string(i), "x");
  refused(many, 1, 1, "cpu", "number of tags");
  InsertRequest large;
  for (int i = 0; i < 1001; ++i) Add(large, {}, i, 1);
  ExpectRefused(&TimeSeriesCalls::Insert, large, "1000");
  EXPECT_EQ(Query(Cpu()), Parts{});
  EXPECT_EQ(budget_->used_bytes(), 0);
}

class RetentionTest : public TimeSeriesCallsTest {
 protected:
  void SetRetention(int64_t max_age_ms) {
    SetRetentionRequest request;
    request.set_measurement("cpu");
    request.set_max_age_ms(max_age_ms);
    Ok(&TimeSeriesCalls::SetRetention, request);
  }
  GetRetentionResponse Retention() {
    GetRetentionRequest request;
    request.set_measurement("cpu");
    return Ok(&TimeSeriesCalls::GetRetention, request);
  }
  int64_t NowUs() const { return UnixMicros(clock_.now()); }
  size_t Points() {
    size_t points = 0;
    for (const QueryResponse& page : Drain(backend_.Query(context_, Cpu()))) {
      for (const SeriesPoints& series : page.series()) {
        points += static_cast<size_t>(series.points_size());
      }
    }
    return points;
  }
};

TEST_F(RetentionTest, IsSetReadAndRemoved) {
  EXPECT_FALSE(Retention().found());
  SetRetention(60'000);
  EXPECT_TRUE(Retention().found());
  EXPECT_EQ(Retention().max_age_ms(), 60'000);
  SetRetention(0);
  EXPECT_FALSE(Retention().found());
  EXPECT_EQ(budget_->used_bytes(), 0);
  SetRetentionRequest request;
  request.set_measurement("cpu");
  for (const int64_t bad : {int64_t{-1}, int64_t{3'155'760'000'001}}) {
    request.set_max_age_ms(bad);
    ExpectRefused(&TimeSeriesCalls::SetRetention, request, "max_age_ms");
  }
}

TEST_F(RetentionTest, WhatIsOlderIsNeverSeen) {
  const int64_t now = NowUs();
  for (int i = 0; i < 10; ++i) Put({}, now - i * 1'000'000, 1);
  SetRetention(4'500);
  EXPECT_EQ(Points(), 5u);
  EXPECT_EQ(Put({}, now - 6'000'000, 1), 1u) << "too old to be stored";
  EXPECT_EQ(Points(), 5u);
  clock_.Advance(milliseconds(2000));
  EXPECT_EQ(Points(), 3u);
  clock_.Advance(milliseconds(10'000));
  EXPECT_EQ(Points(), 0u);
}

TEST_F(RetentionTest, MemoryIsGivenBack) {
  SetRetention(1'000);
  const int64_t empty = budget_->used_bytes();
  const int64_t now = NowUs();
  for (int i = 0; i < 1000; ++i) {
    Put({{"host", std::to_string(i % 100)}, {"zone", "x"}}, now + i, 1);
  }
  EXPECT_GT(budget_->used_bytes(), empty + 1000 * 32);
  EXPECT_EQ(data_->timeseries.Collect(1000), 0);
  clock_.Advance(milliseconds(1'100));
  int rounds = 0;
  while (data_->timeseries.Collect(16) > 0) ASSERT_LT(++rounds, 100);
  EXPECT_GE(rounds, 6) << "a little at a time";
  EXPECT_EQ(budget_->used_bytes(), empty);
  SetRetention(0);
  EXPECT_EQ(budget_->used_bytes(), 0);
  EXPECT_EQ(data_->timeseries.next_due(), kNever);
}

TEST_F(RetentionTest, ASeriesThatGoesOnLosesItsOldChunksOnly) {
  SetRetention(10'000);
  const int64_t now = NowUs();
  // 2000 points over 20 seconds, out of order.
  for (int i = 0; i < 2000; ++i) Put({}, now + (i * 7919 % 2000) * 10'000, 1);
  const int64_t full = budget_->used_bytes();
  clock_.Advance(milliseconds(20'000));
  while (data_->timeseries.Collect(16) > 0) {
  }
  EXPECT_NEAR(static_cast<double>(Points()), 1000, 2);
  EXPECT_LT(budget_->used_bytes(), full - 400 * 32);
  clock_.Advance(milliseconds(10'100));
  while (data_->timeseries.Collect(16) > 0) {
  }
  SetRetention(0);
  EXPECT_EQ(budget_->used_bytes(), 0);
}

}  // namespace
}  // namespace prism::memstore
