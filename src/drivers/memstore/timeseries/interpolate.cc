#include <algorithm>

#include "drivers/memstore/timeseries/page_filler.h"
#include "drivers/memstore/wall_clock.h"

namespace prism::memstore {
namespace {

// Walks the instants of one series. Instants that cannot have a value are leapt over, so the work
// is bounded by the values found and the gaps between points.
class GridWalk {
 public:
  GridWalk(const SeriesGrid& grid, const Series& series, int64_t oldest_us)
      : grid_(grid), series_(series), oldest_us_(oldest_us), at_us_(grid.from_us) {}

  void StartBehind(int64_t time_us) { at_us_ = time_us + grid_.step_us; }

  // Finds the next instant that has a value; false if there is none.
  bool Next(Sample& sample) {
    while (at_us_ < grid_.to_us) {
      Look();
      sample.time_us = at_us_;
      const bool found = ValueHere(sample.value);
      at_us_ += grid_.step_us;
      if (found) return true;
      if (!next_) return false;  // there are only more of these
      LeapTo(next_->time_us);
    }
    return false;
  }

 private:
  // Finds the neighbours, unless those of the last instant still are.
  void Look() {
    if (looked_ && next_ && at_us_ <= next_->time_us &&
        (!previous_ || previous_->time_us < at_us_)) {
      return;
    }
    looked_ = true;
    next_ = series_.AtOrAfter(std::max(at_us_, oldest_us_));
    previous_ = series_.Before(at_us_);
    if (previous_ && previous_->time_us < oldest_us_) previous_ = nullptr;
  }

  bool ValueHere(double& value) const {
    if (next_ && next_->time_us == at_us_) {
      value = next_->value;
      return true;
    }
    if (!previous_) return false;
    const int64_t max_gap_us = grid_.max_gap_us ? grid_.max_gap_us : INT64_MAX;
    if (grid_.method == Interpolation::kPrevious) {
      value = previous_->value;
      return at_us_ - previous_->time_us <= max_gap_us;
    }
    if (!next_ || next_->time_us - previous_->time_us > max_gap_us) return false;
    const double part = static_cast<double>(at_us_ - previous_->time_us) /
                        static_cast<double>(next_->time_us - previous_->time_us);
    // Of both, because their difference may be no double.
    value = previous_->value * (1 - part) + next_->value * part;
    return true;
  }

  // On to the first instant at or behind that time.
  void LeapTo(int64_t time_us) {
    if (time_us <= at_us_) return;
    const int64_t steps = (time_us - at_us_ + grid_.step_us - 1) / grid_.step_us;
    at_us_ = steps > (grid_.to_us - at_us_) / grid_.step_us ? grid_.to_us
                                                            : at_us_ + steps * grid_.step_us;
  }

  const SeriesGrid& grid_;
  const Series& series_;
  const int64_t oldest_us_;
  int64_t at_us_;
  bool looked_ = false;
  const Sample* previous_ = nullptr;
  const Sample* next_ = nullptr;
};

}  // namespace

SeriesPage TimeSeries::Interpolate(const SeriesGrid& grid, SeriesPlace& place, size_t max_points) {
  SeriesPage page;
  PageFiller filler(page, max_points, grid.measurement.size());
  measurements_.Look(grid.measurement, [&](Measurement* measurement) {
    if (!measurement) return;
    const int64_t oldest_us = measurement->OldestSeen(NowUs());
    const auto visit = [&](const Measurement::Entry& entry, std::optional<int64_t> after) {
      GridWalk walk(grid, entry.series, oldest_us);
      if (after) walk.StartBehind(*after);
      filler.Begin(entry);
      Sample sample;
      while (walk.Next(sample)) {
        if (!filler.Add(sample)) return false;
        place = {entry.key, true, true, sample.time_us};
      }
      return true;
    };
    page.more = !measurement->ForEach(grid.filter, place, visit);
  });
  return page;
}

}  // namespace prism::memstore
