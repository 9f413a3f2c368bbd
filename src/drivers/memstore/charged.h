#pragma once

#include <cstdint>
#include <memory>
#include <utility>

#include "drivers/memstore/budget.h"

namespace prism::memstore {

// Bytes charged to the budget for as long as this exists. Guarded by its owner.
class Charged {
 public:
  Charged() = default;
  explicit Charged(std::shared_ptr<Budget> budget) : budget_(std::move(budget)) {}
  Charged(Charged&& other) noexcept
      : budget_(std::move(other.budget_)), bytes_(std::exchange(other.bytes_, 0)) {}
  Charged& operator=(Charged&& other) noexcept {
    std::swap(budget_, other.budget_);
    std::swap(bytes_, other.bytes_);
    return *this;
  }
  ~Charged() {
    if (budget_) budget_->Release(bytes_);
  }

  // RESOURCE_EXHAUSTED, with nothing charged, when it would not fit.
  Status Grow(int64_t bytes) {
    if (!budget_->Charge(bytes)) return budget_->Exceeded(bytes);
    bytes_ += bytes;
    return OkStatus();
  }
  void Shrink(int64_t bytes) {
    budget_->Release(bytes);
    bytes_ -= bytes;
  }
  int64_t bytes() const { return bytes_; }

 private:
  std::shared_ptr<Budget> budget_;
  int64_t bytes_ = 0;
};

}  // namespace prism::memstore
