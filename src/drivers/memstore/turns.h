#pragma once

#include "base/cancellation.h"
#include "loop/worker.h"

namespace prism::memstore {

// Divides long work into turns, so that the worker's other calls go on meanwhile:
//   if (turns.Over()) PRISM_CO_RETURN_IF_ERROR(co_await turns.Next(ctx.cancellation));
// Ask after each bounded step. Never over without a worker to give way to.
class Turns {
 public:
  static constexpr Duration kTurn = std::chrono::microseconds(300);

  bool Over() const { return Clock::now() - began_ > kTurn && Worker::Current(); }
  // To be awaited: the reason if the call was cancelled.
  SleepUntil Next(Cancellation& cancellation) {
    began_ = Clock::now();
    return SleepUntil(began_, cancellation);
  }

 private:
  TimePoint began_ = Clock::now();
};

}  // namespace prism::memstore
