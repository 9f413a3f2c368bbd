#pragma once

#include <atomic>
#include <coroutine>
#include <memory>

#include "base/cancellation.h"
#include "base/clock.h"
#include "loop/worker.h"

namespace prism {

// Wakes a coroutine of one worker from any thread: how a call waits for what another worker's call
// will do. Made and waited on by its worker; at most one coroutine waits.
class Signal {
 public:
  Signal() : state_(std::make_shared<State>(*Worker::Current())) {}
  Signal(const Signal&) = delete;
  Signal& operator=(const Signal&) = delete;

  // Any thread; several notices before the coroutine runs are one. The signal must exist, so notify
  // under the lock that guards the place where its owner entered it and will withdraw it.
  void Notify();

  class Awaiter;
  // True when notified since the last wait; false when `until` has passed or the wait was
  // cancelled. Look again in either case: a notice may be about something that is gone by now.
  //   while (!Take(item) && !ctx.cancelled()) {
  //     (void)co_await signal.Wait(ctx.deadline, ctx.cancellation);
  //   }
  Awaiter Wait(TimePoint until, Cancellation& cancellation);

 private:
  struct State {
    explicit State(Worker& worker) : worker(worker) {}
    Worker& worker;
    std::atomic<bool> notified{false};
    Awaiter* waiter = nullptr;  // touched on the worker's thread only
  };
  // Shared with the notices on their way, which may arrive when the signal is gone.
  const std::shared_ptr<State> state_;
};

class [[nodiscard]] Signal::Awaiter {
 public:
  Awaiter(State& state, TimePoint until, Cancellation& cancellation);
  Awaiter(const Awaiter&) = delete;
  ~Awaiter();
  bool await_ready() const { return state_.notified || cancellation_.cancelled(); }
  void await_suspend(std::coroutine_handle<> handle);
  bool await_resume() { return state_.notified.exchange(false); }

 private:
  friend class Signal;
  void Wake();

  State& state_;
  const TimePoint until_;
  Cancellation& cancellation_;
  Resumption resumption_;
  Timer timer_;
  CancelHook hook_;
};

}  // namespace prism
