#pragma once

#include <algorithm>
#include <functional>
#include <utility>
#include <vector>

#include "loop/task.h"
#include "loop/worker.h"

namespace prism {

// Runs one(0) .. one(count - 1), at most `width` of them at a time, and returns when all have
// ended. Destroyed early, it ends those that run.
//   co_await FanOut(targets.size(), 64, [&](size_t i) { return Send(ctx, targets[i]); });
template <class One>
Task<void> FanOut(size_t count, size_t width, One one) {
  struct Lane {
    static Task<void> Run(size_t count, size_t& next, One& one) {
      while (next < count) co_await one(next++);
    }
  };
  size_t next = 0;
  size_t running = std::min(count, width);
  if (running == 0) co_return;
  Event all_done;
  struct Countdown {
    size_t& running;
    Event& all_done;
  } countdown{running, all_done};
  std::vector<Task<void>> lanes;
  lanes.reserve(running);
  for (size_t i = running; i > 0; --i) lanes.push_back(Lane::Run(count, next, one));
  for (Task<void>& lane : lanes) {
    lane.Start(
        [](void* arg) {
          auto* left = static_cast<Countdown*>(arg);
          if (--left->running == 0) left->all_done.Set();
        },
        &countdown);
  }
  (void)co_await all_done.Wait();
}

}  // namespace prism
