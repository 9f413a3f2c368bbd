#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "drivers/memstore/timeseries/timeseries.h"

namespace prism::memstore {

enum class SeriesFunction { kCount, kSum, kMin, kMax, kAvg, kFirst, kLast, kPercentile };

struct SeriesAggregation {
  SeriesFunction function = SeriesFunction::kCount;
  double percentile = 0;
};

struct AggregateSpec {
  SeriesRange range;  // ascending, with bounds so small that a window more does not overflow
  int64_t window_us = 1;
  std::vector<SeriesAggregation> aggregations;
  std::vector<std::string> group_by;
};

struct AggregatedRow {
  int64_t window_us = 0;  // its start
  std::vector<std::string> group;
  std::vector<double> values;
};

// Computes aggregates a little at a time, some windows over all series and then the next, leaping
// over windows without points. Its memory is bounded: where windows hold too much at once it takes
// fewer of them. Owned by one call.
class Aggregator {
 public:
  static constexpr size_t kMaxGroups = 10'000;
  static constexpr size_t kMaxPercentileValues = 1'000'000;
  static constexpr size_t kPointsPerStep = 4096;
  static constexpr int64_t kMostWindows = 1000;

  Aggregator(TimeSeries& series, AggregateSpec spec);

  // Goes on for a bounded time. True at the end; RESOURCE_EXHAUSTED if one window holds more groups
  // or values than the limits. Appends finished rows to `rows`.
  Status Step(std::vector<AggregatedRow>& rows, bool& done);

 private:
  struct Cell {
    uint64_t count = 0;
    double sum = 0, min = 0, max = 0;
    Sample first, last;
    std::vector<double> values;  // only for percentiles
  };
  using CellKey = std::pair<int64_t, std::vector<std::string>>;

  void StartBatch(int64_t from_us);
  bool Add(const SeriesRun& run);
  void AddTo(Cell& cell, const Sample& sample);
  Status TakeFewerWindows();
  // Turns cells into rows until that has cost a step; true when none is left.
  bool Finish(std::vector<AggregatedRow>& rows);
  double ValueOf(const SeriesAggregation& aggregation, Cell& cell) const;
  std::vector<std::string> GroupOf(const SeriesTags& tags) const;
  int64_t WindowOf(int64_t time_us) const;

  TimeSeries& series_;
  const AggregateSpec spec_;
  const bool keeps_values_;
  int64_t windows_ = kMostWindows;  // in a batch
  SeriesRange batch_;
  SeriesPlace place_;
  std::optional<int64_t> next_us_;  // the first point behind the batch
  bool finishing_ = false;
  std::map<CellKey, Cell> cells_;
  size_t values_ = 0;  // kept in all cells
};

}  // namespace prism::memstore
