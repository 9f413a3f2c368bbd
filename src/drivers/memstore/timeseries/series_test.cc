#include "drivers/memstore/timeseries/series.h"

#include <gtest/gtest.h>

#include <random>

namespace prism::memstore {
namespace {

std::vector<int64_t> Times(const Series& series, int64_t from, int64_t to, bool descending) {
  std::vector<int64_t> times;
  const auto add = [&](const Sample& sample) {
    times.push_back(sample.time_us);
    return true;
  };
  if (descending) {
    series.Descend(from, to, add);
  } else {
    series.Ascend(from, to, add);
  }
  return times;
}

// Against a std::map: random times, in three kinds of order, with replacements.
TEST(Series, HoldsWhatAMapHolds) {
  std::mt19937_64 random(7);
  for (int kind = 0; kind < 3; ++kind) {
    Series series;
    std::map<int64_t, double> model;
    for (int i = 0; i < 5000; ++i) {
      const int64_t jitter = static_cast<int64_t>(random() % 6000);
      const int64_t time = kind == 0 ? jitter : kind == 1 ? i + jitter / 100 : -i - jitter / 100;
      const Sample sample{time, static_cast<double>(i)};
      EXPECT_EQ(series.Insert(sample), model.insert_or_assign(time, sample.value).second);
    }
    for (int i = 0; i < 300; ++i) {
      const int64_t from = static_cast<int64_t>(random() % 12000) - 6000;
      const int64_t to = from + static_cast<int64_t>(random() % 2000);
      std::vector<int64_t> expected;
      for (auto at = model.lower_bound(from); at != model.lower_bound(to); ++at) {
        expected.push_back(at->first);
      }
      ASSERT_EQ(Times(series, from, to, false), expected);
      ASSERT_EQ(Times(series, from, to, true),
                std::vector<int64_t>(expected.rbegin(), expected.rend()));
      const Sample* next = series.AtOrAfter(from);
      const auto model_next = model.lower_bound(from);
      ASSERT_EQ(next == nullptr, model_next == model.end());
      if (next) {
        ASSERT_EQ(next->value, model_next->second);
      }
      const Sample* before = series.Before(from);
      ASSERT_EQ(before == nullptr, model_next == model.begin());
      if (before) {
        ASSERT_EQ(before->time_us, std::prev(model_next)->first);
      }
    }
  }
}

TEST(Series, DropsWholeChunksThatAreOld) {
  Series series;
  const int64_t total = 3 * Series::kChunk;
  for (int64_t i = 0; i < total; ++i) series.Insert({i, 0});
  int chunks = 10;
  EXPECT_EQ(series.DropBefore(Series::kChunk - 1, chunks), 0u);
  EXPECT_EQ(series.DropBefore(2 * Series::kChunk, chunks), 2 * Series::kChunk);
  EXPECT_EQ(chunks, 8);
  EXPECT_EQ(Times(series, INT64_MIN, INT64_MAX, false).front(), int64_t{2 * Series::kChunk});
  chunks = 0;
  EXPECT_EQ(series.DropBefore(total, chunks), 0u) << "no more than asked";
  chunks = 1;
  EXPECT_EQ(series.DropBefore(total, chunks), Series::kChunk);
  EXPECT_TRUE(series.empty());
}

}  // namespace
}  // namespace prism::memstore
