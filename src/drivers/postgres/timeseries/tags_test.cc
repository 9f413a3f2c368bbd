#include "drivers/postgres/timeseries/tags.h"

#include <gtest/gtest.h>

namespace prism::postgres {
namespace {

using timeseries::v1::InsertRequest;
using timeseries::v1::SeriesPoints;

void Add(InsertRequest& request, const std::string& measurement, const SeriesTags& tags,
         const std::vector<std::pair<int64_t, double>>& points) {
  SeriesPoints& series = *request.add_series();
  NameSeries(measurement, tags, series);
  for (const auto& [time_us, value] : points) {
    series.add_points()->set_time_unix_us(time_us);
    series.mutable_points()->rbegin()->set_value(value);
  }
}

TEST(PostgresTags, AKeyHasTheLengthsOfItsParts) {
  EXPECT_EQ(KeyOf({}), "");
  EXPECT_EQ(KeyOf({{"a", "bc"}}), std::string("\0\0\0\1a\0\0\0\2bc", 11));
  EXPECT_NE(KeyOf({{"a", "b"}, {"c", "d"}}), KeyOf({{"a", "bc"}, {"d", ""}}));
  const std::string long_value(0x102, 'v');
  EXPECT_EQ(KeyOf({{"n", long_value}}).substr(5, 4), std::string("\0\0\1\2", 4));
  EXPECT_EQ(KeysOf({{"a", "b"}, {"c", "d"}}),
            (std::vector<std::string>{KeyOf({{"a", "b"}}), KeyOf({{"c", "d"}})}));
}

TEST(PostgresWrites, EachPointIsThereOnceAndTheLastOneStays) {
  InsertRequest request;
  Add(request, "cpu", {{"host", "a"}, {"zone", "x"}}, {{7, 1}, {5, 2}});
  Add(request, "disk", {{"host", "a"}, {"zone", "x"}}, {{5, 3}});
  Add(request, "cpu", {{"zone", "x"}, {"host", "a"}}, {{7, 4}});
  Add(request, "none", {}, {});
  const Writes writes = WritesOf(request);
  EXPECT_EQ(writes.measurements, (std::vector<std::string>{"cpu", "disk"}));
  const std::string key = KeyOf({{"host", "a"}, {"zone", "x"}});
  EXPECT_EQ(writes.keys, (std::vector<std::string>{key, key}));
  EXPECT_EQ(writes.owners, (std::vector<int64_t>{1, 2}));
  EXPECT_EQ(writes.homes, (std::vector<int64_t>{1, 1, 2}));
  EXPECT_EQ(writes.times, (std::vector<int64_t>{5, 7, 5}));
  EXPECT_EQ(writes.values, (std::vector<double>{2, 4, 3}));
}

TEST(PostgresWrites, WhatHasExpiredIsCountedAsItWasSent) {
  InsertRequest request;
  Add(request, "cpu", {}, {{5, 1}, {5, 2}, {6, 3}});
  Add(request, "disk", {}, {{5, 1}});
  Add(request, "cpu", {{"host", "a"}}, {{4, 1}});
  const Writes writes = WritesOf(request);
  EXPECT_EQ(CountExpired(request, writes, {6, kMinTimeUs}), 3u);
  EXPECT_EQ(CountExpired(request, writes, {kMinTimeUs, 6}), 1u);
  EXPECT_EQ(CountExpired(request, writes, {5, 5}), 1u);
}

}  // namespace
}  // namespace prism::postgres
