#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

#include "prism/interfaces/timeseries_interpolation.pb.h"

namespace prism {

struct Sample {
  int64_t time_us = 0;
  double value = 0;
};

enum class Interpolation { kLinear, kPrevious };

// The instants from_us, from_us + step_us, ... below to_us.
struct InstantGrid {
  int64_t from_us = 0;
  int64_t to_us = 0;
  int64_t step_us = 1;
  Interpolation method = Interpolation::kLinear;
  int64_t max_gap_us = 0;  // 0: no bound
};

inline InstantGrid GridOf(const timeseries::v1::InterpolateRequest& request) {
  using timeseries::v1::LINEAR;
  return {request.from_unix_us(), request.to_unix_us(), request.step_us(),
          request.method() == LINEAR ? Interpolation::kLinear : Interpolation::kPrevious,
          request.max_gap_us()};
}

// Walks the instants of one series, of which `Points` tells the points: AtOrAfter(time) and
// Before(time), null if there is none. Instants that cannot have a value are leapt over, so the
// work is bounded by the values found and the gaps between points.
template <class Points>
class GridWalk {
 public:
  GridWalk(const InstantGrid& grid, const Points& points)
      : grid_(grid), points_(points), at_us_(grid.from_us) {}

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
    next_ = points_.AtOrAfter(at_us_);
    previous_ = points_.Before(at_us_);
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

  const InstantGrid grid_;
  const Points& points_;
  int64_t at_us_;
  bool looked_ = false;
  const Sample* previous_ = nullptr;
  const Sample* next_ = nullptr;
};

}  // namespace prism
