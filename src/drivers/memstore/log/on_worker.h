#pragma once

#include <functional>

#include "loop/task.h"
#include "loop/worker.h"

// For tests of calls that wait.

namespace prism::memstore {

inline Task<void> RunThenStop(Worker& worker, const std::function<Task<void>()>& body) {
  co_await body();
  worker.Stop();
}

// Runs `body` on a worker of its own, on this thread, until it has ended.
inline void RunOnWorker(const std::function<Task<void>()>& body, int index = 0) {
  Worker worker(index);
  worker.Post([&] { Spawn(RunThenStop(worker, body)); });
  worker.Run();
}

// Lets what was posted to the worker and what is due soon happen.
inline Task<void> Pause(Duration duration = std::chrono::milliseconds(5)) {
  Cancellation never;
  (void)co_await SleepUntil(Clock::now() + duration, never);
}

}  // namespace prism::memstore
