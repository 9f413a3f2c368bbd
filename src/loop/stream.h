#pragma once

#include <coroutine>
#include <exception>
#include <memory>
#include <utility>

#include "base/small_pool.h"
#include "base/status.h"

namespace prism {

// A pull-based sequence of T that ends with a Status. A coroutine that returns Stream<T> says
// `co_yield value` for each element and `co_return status` at the end; it runs only while its
// consumer pulls, so not pulling is the back-pressure.
//
//   while (Row* row = co_await stream.Next()) Use(*row);
//   co_return stream.status();
//
// The element stays valid, and may be moved from, until the next call of Next. Destroying the
// stream ends the producer at its current suspension.
template <class T>
class [[nodiscard]] Stream {
 public:
  class promise_type;
  using Handle = std::coroutine_handle<promise_type>;

  Stream() = default;
  explicit Stream(Handle handle) : handle_(handle) {}
  Stream(Stream&& other) noexcept : handle_(std::exchange(other.handle_, {})) {}
  Stream& operator=(Stream&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~Stream() {
    if (handle_) handle_.destroy();
  }

  // Awaits the next element: null at the end, after which status() tells how it ended.
  auto Next() { return NextAwaiter{handle_}; }
  const Status& status() const { return handle_.promise().status_; }

 private:
  struct NextAwaiter {
    explicit NextAwaiter(Handle from) : producer(from) {}
    NextAwaiter(const NextAwaiter&) = delete;
    // A consumer that dies waiting must not be resumed by a later element.
    ~NextAwaiter() { producer.promise().consumer_ = nullptr; }

    Handle producer;
    bool await_ready() const noexcept { return producer.done(); }
    bool await_suspend(std::coroutine_handle<> consumer) noexcept {
      promise_type& promise = producer.promise();
      promise.value_ = nullptr;
      producer.resume();
      if (promise.value_ || producer.done()) return false;
      promise.consumer_ = consumer;
      return true;
    }
    T* await_resume() const noexcept {
      return producer.done() ? nullptr : producer.promise().value_;
    }
  };

  Handle handle_;
};

template <class T>
class Stream<T>::promise_type {
 public:
  static void* operator new(size_t bytes) { return AllocateSmall(bytes); }
  static void operator delete(void* frame, size_t bytes) { FreeSmall(frame, bytes); }

  Stream get_return_object() { return Stream(Handle::from_promise(*this)); }
  std::suspend_always initial_suspend() noexcept { return {}; }
  void unhandled_exception() noexcept { std::terminate(); }
  void return_value(Status status) { status_ = std::move(status); }

  // The yielded object lives in the producer's frame until the producer is resumed.
  struct Handover {
    bool await_ready() noexcept { return false; }
    void await_suspend(Handle self) noexcept {
      if (auto consumer = std::exchange(self.promise().consumer_, nullptr)) consumer.resume();
    }
    void await_resume() noexcept {}
  };
  Handover yield_value(T& value) {
    value_ = std::addressof(value);
    return {};
  }
  Handover yield_value(T&& value) {
    value_ = std::addressof(value);
    return {};
  }
  Handover final_suspend() noexcept { return {}; }

 private:
  friend class Stream;
  std::coroutine_handle<> consumer_;  // null while the consumer's own call is running us
  T* value_ = nullptr;
  Status status_;
};

}  // namespace prism
