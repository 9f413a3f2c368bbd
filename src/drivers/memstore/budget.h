#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "base/status.h"

namespace prism::memstore {

// The bytes that all namespaces of one configured backend may hold together. Any thread.
class Budget {
 public:
  // `backend` names it in errors.
  Budget(std::string backend, int64_t max_bytes)
      : backend_(std::move(backend)), max_bytes_(max_bytes) {}

  // False, with nothing charged, when it would not fit. `bytes` may be negative: never refused.
  bool Charge(int64_t bytes) {
    if (bytes == 0) return true;
    const int64_t used = used_.fetch_add(bytes, std::memory_order_relaxed) + bytes;
    if (bytes < 0 || used <= max_bytes_) return true;
    used_.fetch_sub(bytes, std::memory_order_relaxed);
    return false;
  }
  void Release(int64_t bytes) { Charge(-bytes); }

  Status Exceeded(int64_t wanted_bytes) const {
    return ResourceExhaustedError(
               "backend '" + backend_ + "' holds " + std::to_string(used_bytes()) + " of at most " +
               std::to_string(max_bytes_) + " bytes (max_bytes); this write needs " +
               std::to_string(wanted_bytes) + " more")
        .WithHint("raise 'max_bytes' of backend '" + backend_ + "' or let keys expire");
  }

  int64_t used_bytes() const { return used_.load(std::memory_order_relaxed); }
  int64_t max_bytes() const { return max_bytes_; }
  const std::string& backend() const { return backend_; }

 private:
  const std::string backend_;
  const int64_t max_bytes_;
  std::atomic<int64_t> used_{0};
};

}  // namespace prism::memstore
