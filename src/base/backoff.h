#pragma once

#include <algorithm>
#include <chrono>
#include <random>

#include "base/clock.h"

namespace prism {

// How long to wait between two attempts to connect: twice as long each time, and between half and
// all of that, so that many clients of a dead server do not return to it together.
class Backoff {
 public:
  // After a Reset the first wait is `first`, which may be none, then `least` and more.
  explicit Backoff(Duration least = std::chrono::milliseconds(20),
                   Duration most = std::chrono::seconds(2), Duration first = Duration::zero())
      : least_(least), most_(most), first_(first), next_(first) {}

  Duration most() const { return most_; }
  // For a connection that held.
  void Reset() { next_ = first_; }

  Duration Next() {
    const Duration full = next_;
    next_ = std::clamp(next_ * 2, least_, most_);
    if (full == Duration::zero()) return full;
    thread_local std::minstd_rand random{std::random_device{}()};
    std::uniform_int_distribution<Duration::rep> pick(full.count() / 2, full.count());
    return Duration(pick(random));
  }

 private:
  Duration least_;
  Duration most_;
  Duration first_;
  Duration next_;
};

}  // namespace prism
