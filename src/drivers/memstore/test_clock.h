#pragma once

#include <atomic>

#include "base/clock.h"
#include "drivers/memstore/keyvalue/store.h"

namespace prism::memstore {

// A clock that stands still until a test moves it. Any thread.
class TestClock {
 public:
  void Advance(Duration by) { ticks_.fetch_add(by.count()); }
  TimePoint now() const { return TimePoint(Duration(ticks_.load())); }
  NowFunction function() const {
    return [this] { return now(); };
  }

 private:
  std::atomic<Duration::rep> ticks_{1'000'000'000};
};

}  // namespace prism::memstore
