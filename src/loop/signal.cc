#include "loop/signal.h"

namespace prism {

void Signal::Notify() {
  if (state_->notified.exchange(true)) return;
  state_->worker.Post([state = state_] {
    if (state->waiter && state->notified) state->waiter->Wake();
  });
}

Signal::Awaiter Signal::Wait(TimePoint until, Cancellation& cancellation) {
  return {*state_, until, cancellation};
}

Signal::Awaiter::Awaiter(State& state, TimePoint until, Cancellation& cancellation)
    : state_(state),
      until_(until),
      cancellation_(cancellation),
      timer_([](void* self) { static_cast<Awaiter*>(self)->Wake(); }, this) {}

Signal::Awaiter::~Awaiter() {
  if (state_.waiter == this) state_.waiter = nullptr;
}

void Signal::Awaiter::await_suspend(std::coroutine_handle<> handle) {
  resumption_.Set(handle);
  state_.waiter = this;
  timer_.Arm(until_);
  hook_.Hook(
      cancellation_, [](void* self) { static_cast<Awaiter*>(self)->Wake(); }, this);
}

void Signal::Awaiter::Wake() {
  state_.waiter = nullptr;
  timer_.Cancel();
  hook_.Unhook();
  resumption_.Schedule(state_.worker);
}

}  // namespace prism
