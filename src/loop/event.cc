#include <utility>

#include "loop/worker.h"

namespace prism {

SleepUntil::SleepUntil(TimePoint when, Cancellation& cancellation)
    : when_(when), cancellation_(cancellation), timer_(&SleepUntil::Wake, this) {}

void SleepUntil::await_suspend(std::coroutine_handle<> handle) {
  resumption_.Set(handle);
  timer_.Arm(when_);
  hook_.Hook(cancellation_, &SleepUntil::Wake, this);
}

void SleepUntil::Wake(void* self) {
  auto* sleep = static_cast<SleepUntil*>(self);
  sleep->timer_.Cancel();
  sleep->hook_.Unhook();
  sleep->resumption_.Schedule(*Worker::Current());
}

void Event::Set() {
  set_ = true;
  while (waiters_) waiters_->Wake();
}

void Event::Waiter::await_suspend(std::coroutine_handle<> handle) {
  resumption_.Set(handle);
  // At the tail: waiters wake in the order in which they came.
  Waiter** tail = &event_.waiters_;
  while (*tail) tail = &(*tail)->next_;
  *tail = this;
  link_ = tail;
  if (cancellation_) {
    hook_.Hook(
        *cancellation_, [](void* self) { static_cast<Waiter*>(self)->Wake(); }, this);
  }
}

void Event::Waiter::Unlink() {
  if (!link_) return;
  *link_ = next_;
  if (next_) next_->link_ = link_;
  link_ = nullptr;
  next_ = nullptr;
}

void Event::Waiter::Wake() {
  Unlink();
  hook_.Unhook();
  resumption_.Schedule(*Worker::Current());
}

}  // namespace prism
