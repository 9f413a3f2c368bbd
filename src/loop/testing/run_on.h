#pragma once

#include <cstdio>
#include <cstdlib>

#include "loop/task.h"
#include "loop/worker.h"

namespace prism::testing {

// Runs `body` on `worker`, whose loop it occupies, until it ends. A body that hangs ends the
// process after `patience`, so that the test says so instead of timing out.
inline void RunOn(Worker& worker, Task<void> body, Duration patience = std::chrono::seconds(60)) {
  Timer watchdog(
      [](void*) {
        std::fputs("the test's coroutine hangs\n", stderr);
        std::abort();
      },
      nullptr);
  worker.Post([&] {
    watchdog.Arm(Clock::now() + patience);
    body.Start([](void* on) { static_cast<Worker*>(on)->Stop(); }, &worker);
  });
  worker.Run();
}

// Lets the worker take `count` turns, so that everything that is ready has run.
inline Task<void> Turns(Worker& worker, int count) {
  for (int i = 0; i < count; ++i) {
    Event next;
    worker.Post([&next] { next.Set(); });
    (void)co_await next.Wait();
  }
}

// Lets the worker take turns until `holds`; RunOn's patience is the limit.
template <class Condition>
Task<void> Until(Worker& worker, Condition holds) {
  while (!holds()) co_await Turns(worker, 1);
}

}  // namespace prism::testing
