#pragma once

#include <memory>
#include <utility>

#include "base/status.h"
#include "drivers/memstore/budget.h"

namespace prism::memstore {

// Bytes charged to a budget for as long as this lives: of something shared by readers, or of a
// computation. One owner at a time; any thread.
class Reservation {
 public:
  Reservation() = default;
  explicit Reservation(std::shared_ptr<Budget> budget) : budget_(std::move(budget)) {}
  Reservation(Reservation&& other) noexcept
      : budget_(std::move(other.budget_)), bytes_(std::exchange(other.bytes_, 0)) {}
  Reservation& operator=(Reservation&& other) noexcept {
    std::swap(budget_, other.budget_);
    std::swap(bytes_, other.bytes_);
    return *this;
  }
  ~Reservation() {
    if (bytes_ > 0) budget_->Release(bytes_);
  }

  // RESOURCE_EXHAUSTED, with nothing more reserved, when it would not fit.
  Status Add(int64_t bytes) {
    if (!budget_->Charge(bytes)) return budget_->Exceeded(bytes);
    bytes_ += bytes;
    return OkStatus();
  }
  int64_t bytes() const { return bytes_; }

 private:
  std::shared_ptr<Budget> budget_;
  int64_t bytes_ = 0;
};

}  // namespace prism::memstore
