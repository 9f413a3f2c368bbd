#pragma once

#include <functional>

#include "drivers/memstore/clock.h"
#include "loop/worker.h"

namespace prism::memstore {

// One worker's share of clearing up what has expired: a little per turn and a pause between, so
// memory is given back slightly late but the worker is never busy with it for long.
class Collector {
 public:
  static constexpr int kPerTurn = 256;

  struct Source {
    std::function<int(int max)> collect;     // clears at most `max` things; returns how many
    std::function<TimePoint()> next_expiry;  // kNever: nothing will expire
  };
  Collector(NowFunction now, Source source);

  // Something expires at `when`. Without effect off a worker's thread, and for kNever.
  void After(TimePoint when);

 private:
  void Collect();

  const NowFunction now_;
  const Source source_;
  Timer timer_;
};

}  // namespace prism::memstore
