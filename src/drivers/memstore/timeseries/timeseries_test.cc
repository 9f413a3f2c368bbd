#include "drivers/memstore/timeseries/timeseries.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "drivers/memstore/test_clock.h"
#include "drivers/memstore/timeseries/aggregator.h"

namespace prism::memstore {
namespace {

class TimeSeriesTest : public ::testing::Test {
 protected:
  Status Put(std::string_view measurement, const SeriesTags& tags, std::vector<Sample> samples) {
    const SeriesWrite write{measurement, tags, std::move(samples)};
    TimeSeries::Inserted inserted;
    return series_.Insert({&write, 1}, inserted);
  }
  size_t Count(const std::string& measurement, const SeriesTags& filter = {}) {
    SeriesRange range;
    range.measurement = measurement;
    range.filter = filter;
    SeriesPlace place;
    size_t count = 0;
    for (bool more = true; more;) {
      const SeriesPage page = series_.Read(range, place, 1000);
      for (const SeriesRun& run : page.runs) count += run.samples.size();
      more = page.more;
    }
    return count;
  }
  // All rows, or how it ended.
  Status Aggregate(AggregateSpec spec, std::vector<AggregatedRow>& rows) {
    Aggregator aggregator(series_, std::move(spec));
    for (bool done = false; !done;) PRISM_RETURN_IF_ERROR(aggregator.Step(rows, done));
    return OkStatus();
  }
  static AggregateSpec Spec(const std::string& measurement, int64_t window_us,
                            SeriesFunction function) {
    AggregateSpec spec;
    spec.range.measurement = measurement;
    spec.range.from_us = -1'000'000'000'000;
    spec.range.to_us = 1'000'000'000'000;
    spec.window_us = window_us;
    spec.aggregations = {{function, 50}};
    return spec;
  }

  TestClock clock_;
  std::shared_ptr<Budget> budget_ = std::make_shared<Budget>("mem", int64_t{1} << 28);
  TimeSeries series_{budget_, clock_.function()};
};

TEST_F(TimeSeriesTest, AFullBackendRefusesAndStoresNothing) {
  budget_ = std::make_shared<Budget>("mem", 20'000);
  TimeSeries small(budget_, clock_.function());
  const std::vector<Sample> many(600, Sample{1, 1});
  const std::vector<SeriesWrite> writes = {{"a", {{"k", "v"}}, {{1, 1}}}, {"b", {}, many}};
  TimeSeries::Inserted inserted;
  EXPECT_EQ(small.Insert(std::span(writes).first(1), inserted).code(), Code::kOk);
  const int64_t used = budget_->used_bytes();
  EXPECT_EQ(small.Insert(writes, inserted).code(), Code::kResourceExhausted);
  EXPECT_EQ(budget_->used_bytes(), used);
}

TEST_F(TimeSeriesTest, ManySeriesThatDoNotMatchArePassedABitAtATime) {
  for (int i = 0; i < 5000; ++i) {
    ASSERT_TRUE(
        Put("m", {{"even", i % 2 ? "no" : "yes"}, {"n", std::to_string(i)}, {"x", "x"}}, {{i, 1}})
            .ok());
  }
  EXPECT_EQ(Count("m", {{"even", "yes"}, {"x", "x"}}), 2500u);
  EXPECT_EQ(Count("m", {{"even", "yes"}, {"n", "17"}}), 0u);
  EXPECT_EQ(Count("m", {{"even", "no"}, {"n", "17"}}), 1u);
  SeriesRange range;
  range.measurement = "m";
  range.from_us = 4999;
  SeriesPlace place;
  const SeriesPage page = series_.Read(range, place, 1000);
  EXPECT_TRUE(page.more) << "no page holds the lock for all series";
  EXPECT_LE(page.runs.size(), 1u);
}

// The batches of windows shrink until what they hold fits, and the result is the same.
TEST_F(TimeSeriesTest, ManyGroupsInManyWindowsAreComputedInParts) {
  for (int host = 0; host < 300; ++host) {
    std::vector<Sample> samples;
    for (int window = 0; window < 100; ++window) samples.push_back({window * 10 + 1, 1});
    ASSERT_TRUE(Put("m", {{"host", std::to_string(host)}}, samples).ok());
  }
  AggregateSpec spec = Spec("m", 10, SeriesFunction::kCount);
  spec.group_by = {"host"};
  std::vector<AggregatedRow> rows;
  ASSERT_TRUE(Aggregate(spec, rows).ok());
  ASSERT_EQ(rows.size(), 30'000u);
  for (size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(rows[i].values[0], 1);
    EXPECT_EQ(rows[i].window_us, static_cast<int64_t>(i / 300) * 10);
    if (i % 300) {
      ASSERT_LT(rows[i - 1].group, rows[i].group);
    }
  }
}

TEST_F(TimeSeriesTest, TooManyGroupsInOneWindowAreRefused) {
  for (int host = 0; host <= 10'000; ++host) {
    ASSERT_TRUE(Put("m", {{"host", std::to_string(host)}}, {{5, 1}}).ok());
  }
  AggregateSpec spec = Spec("m", 10, SeriesFunction::kSum);
  std::vector<AggregatedRow> rows;
  EXPECT_TRUE(Aggregate(spec, rows).ok());
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].values[0], 10'001);
  spec.group_by = {"host"};
  EXPECT_EQ(Aggregate(spec, rows).code(), Code::kResourceExhausted);
}

TEST_F(TimeSeriesTest, TooManyPointsForAPercentileAreRefused) {
  for (int64_t base = 0; base < 1'050'000; base += 50'000) {
    std::vector<Sample> samples;
    for (int64_t i = 0; i < 50'000; ++i) samples.push_back({base + i, static_cast<double>(i)});
    ASSERT_TRUE(Put("m", {}, samples).ok());
  }
  std::vector<AggregatedRow> rows;
  EXPECT_EQ(Aggregate(Spec("m", 10'000'000, SeriesFunction::kPercentile), rows).code(),
            Code::kResourceExhausted);
  rows.clear();
  ASSERT_TRUE(Aggregate(Spec("m", 500'000, SeriesFunction::kPercentile), rows).ok());
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[0].values[0], 24'999.5);
}

// Writers into one measurement, each its series and all of them a common one, with readers and a
// collector beside: every point is there once in the end, and what is older never appears.
TEST_F(TimeSeriesTest, ConcurrentWritersLoseNothing) {
  constexpr int kThreads = 4;
  constexpr int kPoints = 5000;
  ASSERT_TRUE(series_.SetMaxAge("old", 1).ok());
  std::atomic<int> running = kThreads;
  std::vector<std::thread> threads;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&, thread] {
      for (int i = 0; i < kPoints; ++i) {
        const int64_t time = i * 7919 % kPoints;
        const SeriesWrite writes[] = {{"m", {{"thread", std::to_string(thread)}}, {{time, 1}}},
                                      {"m", {}, {{time * kThreads + thread, 1}}},
                                      {"old", {}, {{time, 1}}}};
        TimeSeries::Inserted inserted;
        ASSERT_TRUE(series_.Insert(writes, inserted).ok());
        ASSERT_EQ(inserted.expired, 1u);
      }
      --running;
    });
  }
  threads.emplace_back([&] {
    size_t last = 0;
    while (running > 0) {
      const size_t count = Count("m", {{"thread", "0"}});
      EXPECT_GE(count, last) << "a point that is there stays";
      last = count;
      EXPECT_EQ(Count("old"), 0u);
      series_.Collect(16);
    }
  });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(Count("m"), size_t{2} * kThreads * kPoints);
  std::vector<AggregatedRow> rows;
  ASSERT_TRUE(Aggregate(Spec("m", 1'000'000, SeriesFunction::kCount), rows).ok());
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].values[0], 2 * kThreads * kPoints);
}

// The collector drops chunks while points come and readers page through them.
TEST_F(TimeSeriesTest, CollectingBesideWritersKeepsTheBooks) {
  ASSERT_TRUE(series_.SetMaxAge("m", 1000).ok());
  std::atomic<bool> stop = false;
  std::thread collector([&] {
    while (!stop) {
      clock_.Advance(std::chrono::microseconds(100));
      series_.Collect(8);
      Count("m");
    }
  });
  const int64_t start =
      std::chrono::duration_cast<std::chrono::microseconds>(
          std::chrono::system_clock::now().time_since_epoch() + (clock_.now() - Clock::now()))
          .count();
  for (int i = 0; i < 20'000; ++i) {
    ASSERT_TRUE(Put("m", {{"n", std::to_string(i % 50)}}, {{start + i, 1}}).ok());
  }
  stop = true;
  collector.join();
  clock_.Advance(std::chrono::seconds(3600));
  while (series_.Collect(64) > 0) {
  }
  ASSERT_TRUE(series_.SetMaxAge("m", std::nullopt).ok());
  EXPECT_EQ(budget_->used_bytes(), 0);
}

}  // namespace
}  // namespace prism::memstore
