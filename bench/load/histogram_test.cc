#include "load/histogram.h"

#include <gtest/gtest.h>

namespace prism::bench {
namespace {

TEST(HistogramTest, EmptyAnswersZero) {
  const Histogram histogram;
  EXPECT_EQ(histogram.Quantile(0.5), 0u);
  EXPECT_EQ(histogram.max(), 0u);
  EXPECT_EQ(histogram.mean(), 0);
}

TEST(HistogramTest, SmallValuesAreExact) {
  Histogram histogram;
  for (uint64_t value = 1; value <= 200; ++value) histogram.Record(value);
  EXPECT_EQ(histogram.Quantile(0.5), 100u);
  EXPECT_EQ(histogram.Quantile(0.99), 198u);
  EXPECT_EQ(histogram.Quantile(1), 200u);
  EXPECT_EQ(histogram.count(), 200u);
}

TEST(HistogramTest, AnyValueIsReportedWithinOnePercentAndNeverTooLow) {
  for (uint64_t value = 1; value < (uint64_t{1} << 40); value = value * 5 / 4 + 1) {
    Histogram histogram;
    histogram.Record(value);
    histogram.Record(uint64_t{1} << 40);
    const auto reported = static_cast<double>(histogram.Quantile(0.5));
    EXPECT_GE(reported, static_cast<double>(value));
    EXPECT_LE(reported, static_cast<double>(value) * 1.008);
  }
}

TEST(HistogramTest, ValuesBeyondTheRangeKeepTheirMaximum) {
  Histogram histogram;
  histogram.Record(~uint64_t{0} >> 1);
  EXPECT_EQ(histogram.max(), ~uint64_t{0} >> 1);
  EXPECT_GT(histogram.Quantile(0.5), uint64_t{1} << 40);
}

TEST(HistogramTest, MergedHistogramsCountTogether) {
  Histogram low, high;
  for (int i = 0; i < 90; ++i) low.Record(10);
  for (int i = 0; i < 10; ++i) high.Record(1000);
  low.Merge(high);
  EXPECT_EQ(low.count(), 100u);
  EXPECT_EQ(low.Quantile(0.9), 10u);
  EXPECT_GE(low.Quantile(0.91), 1000u);
  EXPECT_EQ(low.max(), 1000u);
}

}  // namespace
}  // namespace prism::bench
