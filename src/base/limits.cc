#include "base/limits.h"

#include <algorithm>

namespace prism {
namespace {

constexpr uint64_t kNanosPerSecond = 1'000'000'000;
// Bounds the state so that adding to a time can never overflow.
constexpr uint64_t kMaxBurstNs = uint64_t{1} << 60;

int64_t Nanos(TimePoint time) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count();
}

int64_t IntervalNs(uint64_t rate) {
  if (rate == 0) return 0;
  return static_cast<int64_t>(std::max<uint64_t>(1, (kNanosPerSecond + rate / 2) / rate));
}

int64_t BurstNs(uint64_t rate, uint64_t burst) {
  if (burst == 0) burst = std::max<uint64_t>(1, rate / 10);
  const uint64_t interval = IntervalNs(rate);
  if (interval == 0) return 0;
  return static_cast<int64_t>(std::min(burst, kMaxBurstNs / interval) * interval);
}

}  // namespace

TokenBucket::TokenBucket(uint64_t rate_per_second, uint64_t burst)
    : interval_ns_(IntervalNs(rate_per_second)), burst_ns_(BurstNs(rate_per_second, burst)) {}

int64_t TokenBucket::After(int64_t full_at_ns, int64_t now_ns, uint64_t n) const {
  const uint64_t cost = std::min(n, kMaxBurstNs / interval_ns_) * interval_ns_;
  return std::max(full_at_ns, now_ns) + static_cast<int64_t>(cost);
}

bool TokenBucket::TryTake(TimePoint now, uint64_t n) {
  if (interval_ns_ == 0) return true;
  const int64_t now_ns = Nanos(now);
  int64_t full_at = full_at_ns_.load(std::memory_order_relaxed);
  int64_t next;
  do {
    next = After(full_at, now_ns, n);
    if (next - now_ns > burst_ns_) return false;
  } while (!full_at_ns_.compare_exchange_weak(full_at, next, std::memory_order_relaxed));
  return true;
}

Duration TokenBucket::RetryAfter(TimePoint now, uint64_t n) const {
  if (interval_ns_ == 0) return Duration::zero();
  const int64_t now_ns = Nanos(now);
  const int64_t next = After(full_at_ns_.load(std::memory_order_relaxed), now_ns, n);
  return std::chrono::nanoseconds(std::max<int64_t>(0, next - now_ns - burst_ns_));
}

bool ByteBudget::TryAcquire(uint64_t bytes) {
  if (limit_ == 0) {
    used_.fetch_add(bytes, std::memory_order_relaxed);
    return true;
  }
  if (bytes > limit_) return false;
  uint64_t used = used_.load(std::memory_order_relaxed);
  do {
    if (used > limit_ - bytes) return false;
  } while (!used_.compare_exchange_weak(used, used + bytes, std::memory_order_relaxed));
  return true;
}

LocalByteBudget::LocalByteBudget(ByteBudget& shared, unsigned workers)
    : shared_(shared),
      chunk_bytes_(shared.limit() == 0
                       ? kMaxChunkBytes
                       : std::min<uint64_t>(kMaxChunkBytes, shared.limit() / (16 * workers))) {}

bool LocalByteBudget::Refill(uint64_t bytes) {
  const uint64_t missing = bytes - idle_bytes_;
  // Near the limit a whole chunk may not be had when the bytes themselves still are.
  for (const uint64_t amount : {missing + chunk_bytes_, missing}) {
    if (amount < missing || !shared_.TryAcquire(amount)) continue;
    idle_bytes_ += amount;
    return true;
  }
  return false;
}

void LocalByteBudget::Trim() {
  shared_.Release(idle_bytes_ - chunk_bytes_);
  idle_bytes_ = chunk_bytes_;
}

}  // namespace prism
