#include <cmath>

#include "drivers/memstore/calls_fixture.h"
#include "drivers/memstore/timeseries/calls.h"
#include "prism/interfaces/timeseries_aggregation.pb.h"
#include "prism/interfaces/timeseries_basic.pb.h"
#include "prism/interfaces/timeseries_interpolation.pb.h"

namespace prism::memstore {
namespace {

using namespace timeseries::v1;  // NOLINT

class DerivedCallsTest : public CallsFixture<TimeSeriesCalls> {
 protected:
  void Put(const std::string& host, std::vector<std::pair<int64_t, double>> points) {
    InsertRequest request;
    SeriesPoints& series = *request.add_series();
    series.set_measurement("cpu");
    if (!host.empty()) (*series.mutable_tags())["host"] = host;
    for (const auto& [time, value] : points) {
      Point& point = *series.add_points();
      point.set_time_unix_us(time);
      point.set_value(value);
    }
    Ok(&TimeSeriesCalls::Insert, request);
  }
  static AggregateRequest Windows(int64_t window_us, const std::vector<AggregateFunction>& wanted) {
    AggregateRequest request;
    request.set_measurement("cpu");
    request.set_window_us(window_us);
    for (const AggregateFunction function : wanted) {
      request.add_aggregations()->set_function(function);
    }
    return request;
  }
  using Row = std::tuple<int64_t, std::string, std::vector<double>>;
  std::vector<Row> Aggregate(const AggregateRequest& request) {
    std::vector<Row> rows;
    for (const AggregateResponse& page : Drain(backend_.Aggregate(context_, request))) {
      EXPECT_GT(page.rows_size(), 0);
      EXPECT_LE(page.rows_size(), 1000);
      for (const AggregateRow& row : page.rows()) {
        std::string group;
        for (const std::string& value : row.group()) group += value + "/";
        rows.emplace_back(row.window_start_unix_us(), group,
                          std::vector<double>(row.values().begin(), row.values().end()));
      }
    }
    return rows;
  }
  double PercentileOf(double percentile) {
    AggregateRequest request = Windows(1'000'000, {PERCENTILE});
    request.mutable_aggregations(0)->set_percentile(percentile);
    const std::vector<Row> rows = Aggregate(request);
    return rows.size() == 1 ? std::get<2>(rows[0])[0] : NAN;
  }
  void ExpectAggregateRefused(const AggregateRequest& request) {
    EXPECT_TRUE(Drain(backend_.Aggregate(context_, request), Code::kInvalidArgument).empty());
  }
  using Points = std::vector<std::pair<int64_t, double>>;
  Points Interpolate(const InterpolateRequest& request) {
    Points points;
    for (const InterpolateResponse& page : Drain(backend_.Interpolate(context_, request))) {
      for (const SeriesPoints& series : page.series()) {
        EXPECT_LE(series.points_size(), 1000);
        for (const Point& point : series.points()) {
          points.emplace_back(point.time_unix_us(), point.value());
        }
      }
    }
    return points;
  }
  static InterpolateRequest Grid(InterpolationMethod method, int64_t from, int64_t to,
                                 int64_t step) {
    InterpolateRequest request;
    request.set_measurement("cpu");
    request.set_method(method);
    request.set_from_unix_us(from);
    request.set_to_unix_us(to);
    request.set_step_us(step);
    return request;
  }
};

TEST_F(DerivedCallsTest, EveryFunctionOverOneWindow) {
  Put("a", {{1, 4}, {2, 1}, {3, 7}});
  Put("b", {{4, 2}});
  const auto rows = Aggregate(Windows(10, {COUNT, SUM, MIN, MAX, AVG, FIRST, LAST}));
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0], Row(0, "", {4, 14, 1, 7, 3.5, 4, 2}));
}

TEST_F(DerivedCallsTest, WindowsAreAlignedToTheEpochAndEmptyOnesAbsent) {
  Put("", {{-1, 1}, {0, 2}, {9, 3}, {10, 4}, {95, 5}});
  const std::vector<Row> expected = {Row(-10, "", {1}), Row(0, "", {2}), Row(10, "", {1}),
                                     Row(90, "", {1})};
  EXPECT_EQ(Aggregate(Windows(10, {COUNT})), expected);
  AggregateRequest part = Windows(10, {COUNT});
  part.set_from_unix_us(5);
  part.set_to_unix_us(95);
  EXPECT_EQ(Aggregate(part), (std::vector<Row>{Row(0, "", {1}), Row(10, "", {1})}))
      << "only points of the range count";
  part.set_to_unix_us(5);
  EXPECT_TRUE(Aggregate(part).empty());
  part.set_measurement("other");
  EXPECT_TRUE(Aggregate(part).empty());
}

TEST_F(DerivedCallsTest, PercentilesAreInterpolated) {
  Put("", {{1, 40}, {2, 10}, {3, 30}, {4, 20}});
  EXPECT_EQ(PercentileOf(0), 10);
  EXPECT_EQ(PercentileOf(50), 25);
  EXPECT_DOUBLE_EQ(PercentileOf(90), 37);
  EXPECT_EQ(PercentileOf(100), 40);
  Put("b", {{5, 50}});
  EXPECT_EQ(PercentileOf(50), 30);
  EXPECT_EQ(PercentileOf(25), 20);
}

TEST_F(DerivedCallsTest, GroupsAreOrderedWithinTheirWindow) {
  Put("b", {{1, 1}, {11, 2}});
  Put("a", {{2, 3}, {3, 4}});
  Put("", {{4, 5}});
  AggregateRequest request = Windows(10, {SUM});
  request.add_group_by("host");
  const std::vector<Row> expected = {Row(0, "/", {5}), Row(0, "a/", {7}), Row(0, "b/", {1}),
                                     Row(10, "b/", {2})};
  EXPECT_EQ(Aggregate(request), expected);
  (*request.mutable_tags())["host"] = "a";
  EXPECT_EQ(Aggregate(request), (std::vector<Row>{Row(0, "a/", {7})}));
}

TEST_F(DerivedCallsTest, AggregateArgumentsAreChecked) {
  ExpectAggregateRefused(Windows(0, {COUNT}));
  ExpectAggregateRefused(Windows(3'155'760'000'000'001, {COUNT}));
  ExpectAggregateRefused(Windows(1, {}));
  ExpectAggregateRefused(Windows(1, std::vector<AggregateFunction>(17, COUNT)));
  ExpectAggregateRefused(Windows(1, {AGGREGATE_FUNCTION_UNSPECIFIED}));
  for (const double bad : {-0.1, 100.1, static_cast<double>(NAN)}) {
    AggregateRequest request = Windows(1, {PERCENTILE});
    request.mutable_aggregations(0)->set_percentile(bad);
    ExpectAggregateRefused(request);
  }
  AggregateRequest twice = Windows(1, {COUNT});
  twice.add_group_by("a");
  twice.add_group_by("a");
  ExpectAggregateRefused(twice);
}

TEST_F(DerivedCallsTest, ARollupWritesTheAggregates) {
  Put("a", {{1, 1}, {2, 3}, {11, 5}});
  Put("", {{25, 8}, {30, 100}});
  RollupRequest request;
  request.set_measurement("cpu");
  request.set_target_measurement("cpu_10us");
  request.set_window_us(10);
  request.set_from_unix_us(0);
  request.set_to_unix_us(30);
  request.mutable_aggregation()->set_function(AVG);
  request.add_group_by("host");
  EXPECT_EQ(Ok(&TimeSeriesCalls::Rollup, request).written(), 3u);
  EXPECT_EQ(Ok(&TimeSeriesCalls::Rollup, request).written(), 3u);
  AggregateRequest check = Windows(1, {LAST, COUNT});
  check.set_measurement("cpu_10us");
  check.add_group_by("host");
  EXPECT_EQ(Aggregate(check),
            (std::vector<Row>{Row(0, "a/", {2, 1}), Row(10, "a/", {5, 1}), Row(20, "/", {8, 1})}));
  request.set_from_unix_us(5);
  ExpectRefused(&TimeSeriesCalls::Rollup, request, "multiples");
  request.set_from_unix_us(0);
  request.set_target_measurement("cpu");
  ExpectRefused(&TimeSeriesCalls::Rollup, request, "target_measurement");
}

TEST_F(DerivedCallsTest, WhatIsBeyondTheFiniteIsNotRolledUp) {
  Put("a", {{1, 1.7e308}, {2, 1.7e308}});
  RollupRequest request;
  request.set_measurement("cpu");
  request.set_target_measurement("sums");
  request.set_window_us(10);
  request.set_to_unix_us(10);
  request.mutable_aggregation()->set_function(SUM);
  EXPECT_EQ(Ok(&TimeSeriesCalls::Rollup, request).written(), 0u);
}

TEST_F(DerivedCallsTest, LinearIsAStraightLineBetweenNeighbours) {
  Put("", {{0, 0}, {10, 100}, {30, 300}});
  EXPECT_EQ(Interpolate(Grid(LINEAR, -5, 40, 5)),
            (Points{{0, 0}, {5, 50}, {10, 100}, {15, 150}, {20, 200}, {25, 250}, {30, 300}}))
      << "nothing is extrapolated";
  EXPECT_EQ(Interpolate(Grid(LINEAR, 5, 9, 2)), (Points{{5, 50}, {7, 70}}))
      << "neighbours may lie outside";
  InterpolateRequest gap = Grid(LINEAR, 0, 31, 5);
  gap.set_max_gap_us(10);
  EXPECT_EQ(Interpolate(gap), (Points{{0, 0}, {5, 50}, {10, 100}, {30, 300}}));
}

TEST_F(DerivedCallsTest, PreviousHoldsTheLastValue) {
  Put("", {{0, 1}, {10, 2}, {30, 3}});
  EXPECT_EQ(
      Interpolate(Grid(PREVIOUS, -5, 41, 5)),
      (Points{{0, 1}, {5, 1}, {10, 2}, {15, 2}, {20, 2}, {25, 2}, {30, 3}, {35, 3}, {40, 3}}));
  InterpolateRequest gap = Grid(PREVIOUS, -5, 41, 5);
  gap.set_max_gap_us(5);
  EXPECT_EQ(Interpolate(gap), (Points{{0, 1}, {5, 1}, {10, 2}, {15, 2}, {30, 3}, {35, 3}}));
}

TEST_F(DerivedCallsTest, InstantsNeedNotMeetPoints) {
  Put("", {{0, 0}, {1'000'000'000, 1}, {1'000'000'010, 2}});
  InterpolateRequest request = Grid(LINEAR, 3, 2'000'000'000, 4000);
  request.set_max_gap_us(100);
  const Points points = Interpolate(request);
  ASSERT_EQ(points.size(), 1u) << "the gap has no values and is leapt over";
  EXPECT_EQ(points[0].first, 1'000'000'003);
  EXPECT_DOUBLE_EQ(points[0].second, 1.3);
  request = Grid(LINEAR, 999'999'995, 1'000'000'010, 10);
  EXPECT_EQ(Interpolate(request).size(), 2u);
}

TEST_F(DerivedCallsTest, LongInterpolationsArePaged) {
  Put("a", {{0, 0}, {5000, 5000}});
  Put("b", {{0, 1}, {5000, 1}});
  const Points points = Interpolate(Grid(LINEAR, 0, 2500, 1));
  ASSERT_EQ(points.size(), 5000u);
  double sum = 0;
  for (const auto& [time, value] : points) sum += value;
  EXPECT_DOUBLE_EQ(sum, 2499 * 2500 / 2 + 2500);
}

TEST_F(DerivedCallsTest, InterpolationArgumentsAreChecked) {
  const auto refused = [&](const InterpolateRequest& request) {
    EXPECT_TRUE(Drain(backend_.Interpolate(context_, request), Code::kInvalidArgument).empty());
  };
  refused(Grid(INTERPOLATION_METHOD_UNSPECIFIED, 0, 10, 1));
  refused(Grid(LINEAR, 0, 10, 0));
  refused(Grid(LINEAR, 0, 1'000'001, 1));
  refused(Grid(LINEAR, INT64_MIN, INT64_MAX, INT64_MAX));
  InterpolateRequest gap = Grid(LINEAR, 0, 10, 1);
  gap.set_max_gap_us(-1);
  refused(gap);
}

}  // namespace
}  // namespace prism::memstore
