#pragma once

#include "loop/task.h"
#include "loop/worker.h"

namespace prism::conformance::testing {

// Lets other calls run between two steps that ought to be one.
inline Task<void> Pause() {
  Cancellation never;
  (void)co_await SleepUntil(Clock::now() + std::chrono::milliseconds(2), never);
}

}  // namespace prism::conformance::testing
