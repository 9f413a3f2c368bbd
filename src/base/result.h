#pragma once

#include <cassert>
#include <optional>
#include <utility>

#include "base/status.h"

namespace prism {

// A value or the error that prevented it. Reading the value of an error is a bug.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : value_(std::move(value)) {}                                  // NOLINT
  Result(Status status) : status_(std::move(status)) { assert(!status_.ok()); }  // NOLINT

  bool ok() const { return value_.has_value(); }
  const Status& status() const& { return status_; }
  Status status() && { return std::move(status_); }

  T& operator*() & { return *value_; }
  const T& operator*() const& { return *value_; }
  T operator*() && { return std::move(*value_); }
  T* operator->() { return &*value_; }
  const T* operator->() const { return &*value_; }

 private:
  std::optional<T> value_;
  Status status_;
};

}  // namespace prism

// Leaves the enclosing function with the error of `expr`, a Status.
#define PRISM_RETURN_IF_ERROR(expr)                                                        \
  do {                                                                                     \
    if (::prism::Status prism_status_ = (expr); !prism_status_.ok()) return prism_status_; \
  } while (false)

// The same inside a coroutine.
#define PRISM_CO_RETURN_IF_ERROR(expr)                                                        \
  do {                                                                                        \
    if (::prism::Status prism_status_ = (expr); !prism_status_.ok()) co_return prism_status_; \
  } while (false)
