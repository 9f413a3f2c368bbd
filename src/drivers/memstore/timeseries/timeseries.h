#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "drivers/memstore/clock.h"
#include "drivers/memstore/named.h"
#include "drivers/memstore/timeseries/measurement.h"

namespace prism::memstore {

// Points of one series, as a write brings them or a read returns them.
struct SeriesWrite {
  std::string_view measurement;
  SeriesTags tags;
  std::vector<Sample> samples;
};
struct SeriesRun {
  std::shared_ptr<const SeriesTags> tags;
  std::vector<Sample> samples;
};

// Which points a read is about: those in [from_us, to_us) of the series that match.
struct SeriesRange {
  std::string measurement;
  SeriesTags filter;
  int64_t from_us = INT64_MIN;
  int64_t to_us = INT64_MAX;
  bool descending = false;
};

struct SeriesPage {
  std::vector<SeriesRun> runs;
  bool more = false;
  // The least time at or above to_us of a series that this page came to the end of, ascending.
  std::optional<int64_t> next_us;
};

struct SeriesGrid {
  std::string measurement;
  SeriesTags filter;
  InstantGrid instants;
};

// The time series of one namespace. Any thread; a call holds the lock of its measurements for at
// most the points that it writes or returns. What has expired is never seen, and given back by a
// Collector.
class TimeSeries {
 public:
  static constexpr size_t kMaxPageBytes = 1024 * 1024;

  TimeSeries(std::shared_ptr<Budget> budget, NowFunction now);

  struct Inserted {
    uint64_t expired = 0;    // samples not stored because they are too old
    TimePoint due = kNever;  // when there may be something to collect
  };
  // All or, with RESOURCE_EXHAUSTED, nothing.
  Status Insert(std::span<const SeriesWrite> writes, Inserted& inserted);

  // The next points from `place` on, which it moves: at most `max_points`, and kMaxPageBytes unless
  // the first point alone is larger. A page may be empty and yet not the last.
  SeriesPage Read(const SeriesRange& range, SeriesPlace& place, size_t max_points);
  SeriesPage Interpolate(const SeriesGrid& grid, SeriesPlace& place, size_t max_points);

  // Empty: for ever.
  Status SetMaxAge(std::string_view measurement, std::optional<int64_t> max_age_us);
  std::optional<int64_t> MaxAge(std::string_view measurement);

  // Gives back at most about `max` chunks that have expired; how many. For a Collector.
  int Collect(int max);
  TimePoint next_due() const { return due_.next(); }

 private:
  using Locked = Named<Measurement>::Locked;
  Status InsertLocked(Locked& locked, std::span<const SeriesWrite> writes, Inserted& inserted);
  TimePoint DueOf(const Measurement& measurement) const;
  int64_t NowUs() const;

  const std::shared_ptr<Budget> budget_;
  const NowFunction now_;
  DueNames due_;
  Named<Measurement> measurements_;
};

}  // namespace prism::memstore
