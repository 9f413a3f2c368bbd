#pragma once

#include <chrono>
#include <cstdint>

#include "drivers/memstore/clock.h"

namespace prism::memstore {

// Microseconds since 1970 at `now`, which is a time of the data's own clock: tests that move that
// clock move this one with it.
inline int64_t UnixMicros(TimePoint now) {
  using std::chrono::duration_cast;
  using std::chrono::microseconds;
  const auto wall = std::chrono::system_clock::now().time_since_epoch();
  return duration_cast<microseconds>(wall + (now - Clock::now())).count();
}
inline int64_t UnixMillis(TimePoint now) { return UnixMicros(now) / 1000; }

}  // namespace prism::memstore
