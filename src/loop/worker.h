#pragma once

#include <coroutine>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "base/cancellation.h"
#include "base/clock.h"
#include "base/status.h"

namespace prism {

class Worker;

class Deferred;

namespace internal {
struct DeferredList {
  Deferred* head = nullptr;
  Deferred* tail = nullptr;
};
}  // namespace internal

// Something to do once, later in the worker's current turn. Owned by whoever embeds it; withdraws
// itself when destroyed.
class Deferred {
 public:
  using Callback = void (*)(void* self);
  Deferred(Callback callback, void* self) : callback_(callback), self_(self) {}
  Deferred(const Deferred&) = delete;
  Deferred& operator=(const Deferred&) = delete;
  ~Deferred();

 private:
  friend class Worker;
  void Unlink();

  Callback callback_;
  void* self_;
  internal::DeferredList* list_ = nullptr;  // set while queued
  Deferred* prev_ = nullptr;
  Deferred* next_ = nullptr;
};

// A suspended coroutine that is to go on later in the turn, when the running code has returned to
// the loop. Destroyed with its coroutine, it takes the request back.
class Resumption {
 public:
  Resumption() : node_([](void* self) { static_cast<Resumption*>(self)->OnTurn(); }, this) {}
  void Set(std::coroutine_handle<> handle) { handle_ = handle; }
  // A coroutine waits and has not been scheduled yet.
  bool waiting() const { return static_cast<bool>(handle_); }
  // Forgets it: the coroutine is about to go.
  void Clear() { handle_ = nullptr; }
  // Resumes it at once.
  void Resume() { std::exchange(handle_, nullptr).resume(); }
  // Resumes it soon, on `worker`; without effect when none waits.
  void Schedule(Worker& worker);

 private:
  void OnTurn() {
    if (handle_) Resume();
  }
  std::coroutine_handle<> handle_;
  Deferred node_;
};

// Readiness of one file descriptor, which it does not own and must not outlive. One coroutine may
// wait for each direction. Used on the thread of the worker it was made on.
class FdWatch {
 public:
  FdWatch(Worker& worker, int fd);
  ~FdWatch();
  FdWatch(const FdWatch&) = delete;
  FdWatch& operator=(const FdWatch&) = delete;

  struct [[nodiscard]] Awaiter {
    FdWatch& watch;
    Resumption& waiter;
    uint32_t events;
    bool await_ready() const { return watch.woken_; }
    void await_suspend(std::coroutine_handle<> handle) {
      waiter.Set(handle);
      watch.AddInterest(events);
    }
    void await_resume() const {}
  };
  // Returns when the direction may be ready; spurious returns are possible.
  Awaiter Readable();
  Awaiter Writable();
  // Makes both directions return, now and from now on: for closing from elsewhere.
  void Wake();
  // Makes the current wait for reading, if any, return.
  void WakeReader();
  // Wakes, and lets go of the descriptor, which may be closed and be another one's from now on.
  void Detach();

 private:
  friend class Worker;
  void AddInterest(uint32_t events);
  void OnEvents(uint32_t events);
  void SetInterest(uint32_t events);

  Worker& worker_;
  int fd_;
  uint32_t interest_ = 0;
  bool woken_ = false;
  Resumption reader_;
  Resumption writer_;
};

// A one-shot timer. Arming and cancelling touch only the worker's heap, no kernel timer.
// Used on the worker's thread; resolution 1 ms.
class Timer {
 public:
  using Callback = void (*)(void* self);
  Timer(Callback callback, void* self) : callback_(callback), self_(self) {}
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;
  ~Timer() { Cancel(); }

  // Replaces an earlier setting. A time in the past fires in the next turn; kNever disarms.
  void Arm(TimePoint when);
  void Cancel();
  bool armed() const { return index_ >= 0; }
  TimePoint when() const { return when_; }

 private:
  friend class Worker;
  Callback callback_;
  void* self_;
  TimePoint when_{};
  Worker* worker_ = nullptr;
  int index_ = -1;  // place in the worker's heap
};

// One event loop on one thread. Everything a connection and its requests do stays on the worker
// that accepted it, so nothing below takes a lock; Post is the only door for other threads.
class Worker {
 public:
  explicit Worker(int index);
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  // The worker whose Run is on this thread; null elsewhere.
  static Worker* Current();

  int index() const { return index_; }
  // Serves events until Stop. Pins the thread to `cpu` unless that is negative.
  void Run(int cpu = -1);
  // Ends Run after its current turn. Any thread.
  void Stop();
  // Runs `fn` on this worker. Any thread.
  void Post(std::function<void()> fn);

  // Calls `soon` later in this turn, in the order of the requests, once however often it is asked.
  void Soon(Deferred& soon);
  // The same at the end of the turn, when nothing is left to be done soon.
  void Defer(Deferred& deferred);

 private:
  friend class Timer;
  friend class Deferred;
  friend class FdWatch;
  struct Impl;
  void Turn();
  void RunEvents();
  void RunPosted();
  void RunTimers();
  void RunList(internal::DeferredList& list);
  static void Append(internal::DeferredList& list, Deferred& node);
  int PollTimeoutMs() const;
  void HeapUp(int index);
  void HeapDown(int index);
  void HeapPlace(int index, Timer* timer);

  int index_;
  std::unique_ptr<Impl> impl_;
};

// Suspends until `when`, or until `cancellation` is cancelled, whose reason it then returns.
//   PRISM_CO_RETURN_IF_ERROR(co_await SleepUntil(when, ctx.cancellation));
class [[nodiscard]] SleepUntil {
 public:
  SleepUntil(TimePoint when, Cancellation& cancellation);
  bool await_ready() const { return cancellation_.cancelled(); }
  void await_suspend(std::coroutine_handle<> handle);
  Status await_resume() { return cancellation_.reason(); }

 private:
  static void Wake(void* self);
  TimePoint when_;
  Cancellation& cancellation_;
  Resumption resumption_;
  Timer timer_;
  CancelHook hook_;
};

// A latch that coroutines of one worker wait on. Set wakes all; it stays set until Reset.
class Event {
 public:
  Event() = default;
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;
  void Set();
  void Reset() { set_ = false; }
  bool is_set() const { return set_; }

  class [[nodiscard]] Waiter {
   public:
    Waiter(Event& event, Cancellation* cancellation) : event_(event), cancellation_(cancellation) {}
    Waiter(const Waiter&) = delete;
    ~Waiter() { Unlink(); }
    bool await_ready() const {
      return event_.set_ || (cancellation_ && cancellation_->cancelled());
    }
    void await_suspend(std::coroutine_handle<> handle);
    // OK when set, else the reason of the cancellation.
    Status await_resume() const {
      return event_.set_ || !cancellation_ ? OkStatus() : cancellation_->reason();
    }

   private:
    friend class Event;
    void Unlink();
    void Wake();
    Event& event_;
    Cancellation* cancellation_;
    Resumption resumption_;
    Waiter* next_ = nullptr;
    Waiter** link_ = nullptr;
    CancelHook hook_;
  };
  Waiter Wait() { return {*this, nullptr}; }
  Waiter Wait(Cancellation& cancellation) { return {*this, &cancellation}; }

 private:
  bool set_ = false;
  Waiter* waiters_ = nullptr;
};

}  // namespace prism
