#pragma once

#include <atomic>
#include <cstdint>

#include "base/clock.h"

namespace prism {

// Admits `rate` events a second on average and `burst` at once. Shared by all workers without a
// lock: the state is one number, the time at which the bucket would be full again (GCRA). A rate of
// 0 admits everything. The rate is kept in whole nanoseconds, exact to 0.5 % up to ten million.
class TokenBucket {
 public:
  // `burst` 0 stands for a tenth of a second's worth of events, at least one.
  explicit TokenBucket(uint64_t rate_per_second, uint64_t burst = 0);
  TokenBucket(const TokenBucket&) = delete;
  TokenBucket& operator=(const TokenBucket&) = delete;

  // Takes `n` tokens, or none and returns false. More than `burst` at once never succeed.
  bool TryTake(TimePoint now, uint64_t n = 1);
  // How long until TryTake(now, n) could succeed; zero when it could now.
  Duration RetryAfter(TimePoint now, uint64_t n = 1) const;

 private:
  // The state after taking `n` tokens at `now`, and whether that is within the burst.
  int64_t After(int64_t full_at_ns, int64_t now_ns, uint64_t n) const;

  const int64_t interval_ns_;  // 0: no limit
  const int64_t burst_ns_;
  alignas(64) std::atomic<int64_t> full_at_ns_{INT64_MIN};
};

// Bytes in use against a limit, shared by all workers. A limit of 0 admits everything but still
// counts.
class ByteBudget {
 public:
  explicit ByteBudget(uint64_t limit_bytes) : limit_(limit_bytes) {}
  ByteBudget(const ByteBudget&) = delete;
  ByteBudget& operator=(const ByteBudget&) = delete;

  bool TryAcquire(uint64_t bytes);
  // Gives back what was acquired.
  void Release(uint64_t bytes) { used_.fetch_sub(bytes, std::memory_order_relaxed); }

  uint64_t used() const { return used_.load(std::memory_order_relaxed); }
  uint64_t limit() const { return limit_; }

 private:
  const uint64_t limit_;
  alignas(64) std::atomic<uint64_t> used_{0};
};

// One worker's account with a shared budget: takes and returns whole chunks, so that most requests
// touch no shared memory. At most two chunks lie idle here. The budget must outlive it.
class LocalByteBudget {
 public:
  static constexpr uint64_t kMaxChunkBytes = 64 * 1024;

  // `workers` share the budget; the chunk is small enough that their idle chunks are at most an
  // eighth of it.
  LocalByteBudget(ByteBudget& shared, unsigned workers);
  LocalByteBudget(const LocalByteBudget&) = delete;
  LocalByteBudget& operator=(const LocalByteBudget&) = delete;
  ~LocalByteBudget() { shared_.Release(idle_bytes_); }

  bool TryAcquire(uint64_t bytes) {
    if (bytes > idle_bytes_ && !Refill(bytes)) return false;
    idle_bytes_ -= bytes;
    return true;
  }
  void Release(uint64_t bytes) {
    idle_bytes_ += bytes;
    if (idle_bytes_ > 2 * chunk_bytes_) Trim();
  }

 private:
  bool Refill(uint64_t bytes);
  void Trim();

  ByteBudget& shared_;
  const uint64_t chunk_bytes_;
  uint64_t idle_bytes_ = 0;
};

}  // namespace prism
