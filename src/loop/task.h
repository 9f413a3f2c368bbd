#pragma once

#include <coroutine>
#include <exception>
#include <optional>
#include <utility>

#include "base/small_pool.h"

namespace prism {

template <class T>
class Task;

namespace internal {

// What every coroutine of ours shares: pooled frames, and who goes on when it is done. Code on
// the data path does not throw; an exception that escapes is a bug and ends the process.
class PromiseBase {
 public:
  using Done = void (*)(void* arg);

  static void* operator new(size_t bytes) { return AllocateSmall(bytes); }
  static void operator delete(void* frame, size_t bytes) { FreeSmall(frame, bytes); }

  std::suspend_always initial_suspend() noexcept { return {}; }
  void unhandled_exception() noexcept { std::terminate(); }

  // Completion resumes the awaiter by a plain call, and only if the task did suspend on its way:
  // tail calls between coroutines are not to be had in sanitizer builds, where a loop over
  // tasks that never suspend would otherwise grow the stack without end.
  struct Final {
    bool await_ready() noexcept { return false; }
    template <class Promise>
    void await_suspend(std::coroutine_handle<Promise> self) noexcept {
      PromiseBase& promise = self.promise();
      if (promise.done_) {
        promise.done_(promise.done_arg_);
      } else if (promise.continuation_) {
        promise.continuation_.resume();
      }
    }
    void await_resume() noexcept {}
  };
  Final final_suspend() noexcept { return {}; }

  void ContinueWith(std::coroutine_handle<> continuation) { continuation_ = continuation; }
  void NotifyWith(Done done, void* arg) { done_ = done, done_arg_ = arg; }

 private:
  std::coroutine_handle<> continuation_;  // null while the awaiter's own call is running us
  Done done_ = nullptr;
  void* done_arg_ = nullptr;
};

template <class T>
class TaskPromise : public PromiseBase {
 public:
  Task<T> get_return_object();
  template <class U>
  void return_value(U&& value) {
    value_.emplace(std::forward<U>(value));
  }
  T TakeValue() { return std::move(*value_); }

 private:
  std::optional<T> value_;
};

template <>
class TaskPromise<void> : public PromiseBase {
 public:
  Task<void> get_return_object();
  void return_void() {}
  void TakeValue() {}
};

}  // namespace internal

// A coroutine that starts when it is awaited, on the awaiting thread, and hands its value over
// without allocating. Destroying a Task destroys its frame, so awaitables must unregister
// themselves in their destructors.
template <class T = void>
class [[nodiscard]] Task {
 public:
  using promise_type = internal::TaskPromise<T>;
  using Handle = std::coroutine_handle<promise_type>;

  Task() = default;
  explicit Task(Handle handle) : handle_(handle) {}
  Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, {})) {}
  Task& operator=(Task&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~Task() {
    if (handle_) handle_.destroy();
  }

  bool await_ready() const noexcept { return false; }
  bool await_suspend(std::coroutine_handle<> continuation) noexcept {
    handle_.resume();
    if (handle_.done()) return false;
    handle_.promise().ContinueWith(continuation);
    return true;
  }
  T await_resume() { return handle_.promise().TakeValue(); }

  // Runs without an awaiter until the first suspension. `done(arg)` is called on completion,
  // perhaps before Start returns; it may destroy this Task.
  void Start(internal::PromiseBase::Done done, void* arg) {
    handle_.promise().NotifyWith(done, arg);
    handle_.resume();
  }
  bool valid() const { return static_cast<bool>(handle_); }
  bool done() const { return handle_ && handle_.done(); }
  // Only after done().
  T TakeValue() { return handle_.promise().TakeValue(); }

 private:
  Handle handle_;
};

namespace internal {

template <class T>
Task<T> TaskPromise<T>::get_return_object() {
  return Task<T>(std::coroutine_handle<TaskPromise<T>>::from_promise(*this));
}
inline Task<void> TaskPromise<void>::get_return_object() {
  return Task<void>(std::coroutine_handle<TaskPromise<void>>::from_promise(*this));
}

// Starts eagerly and frees its own frame.
struct Detached {
  struct promise_type {
    static void* operator new(size_t bytes) { return AllocateSmall(bytes); }
    static void operator delete(void* frame, size_t bytes) { FreeSmall(frame, bytes); }
    Detached get_return_object() { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() noexcept { std::terminate(); }
  };
};
inline Detached RunDetached(Task<void> task) { co_await std::move(task); }

}  // namespace internal

// Starts `task` now; it lives until it ends by itself.
inline void Spawn(Task<void> task) { internal::RunDetached(std::move(task)); }

}  // namespace prism
