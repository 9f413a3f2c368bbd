#pragma once

#include <algorithm>
#include <random>

#include "base/clock.h"

namespace prism::postgres {

// How long to wait between two attempts to connect: twice as long each time, and between half and
// all of that, so that many gateways do not return to a server together.
class Backoff {
 public:
  static constexpr Duration kLeast = std::chrono::milliseconds(20);
  static constexpr Duration kMost = std::chrono::seconds(2);

  // The first attempt after a connection that held comes at once.
  void Reset() { next_ = Duration::zero(); }

  Duration Next() {
    const Duration full = next_;
    next_ = std::clamp(next_ * 2, kLeast, kMost);
    if (full == Duration::zero()) return full;
    thread_local std::minstd_rand random{std::random_device{}()};
    std::uniform_int_distribution<Duration::rep> pick(full.count() / 2, full.count());
    return Duration(pick(random));
  }

 private:
  Duration next_{};
};

}  // namespace prism::postgres
