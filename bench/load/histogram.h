#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

namespace prism::bench {

// Latencies in nanoseconds, log-linear: 128 buckets to each power of two, so that a percentile is
// at most 0.8 % too high; values beyond 2^41 ns (36 minutes) count as that. Used by one thread.
class Histogram {
 public:
  void Record(uint64_t ns) {
    ++counts_[IndexOf(std::min(ns, kLargest))];
    ++count_;
    sum_ += ns;
    max_ = std::max(max_, ns);
  }

  void Merge(const Histogram& other) {
    for (size_t i = 0; i < counts_.size(); ++i) counts_[i] += other.counts_[i];
    count_ += other.count_;
    sum_ += other.sum_;
    max_ = std::max(max_, other.max_);
  }

  // The upper edge of the bucket that holds the quantile (0 to 1); 0 when nothing was recorded.
  uint64_t Quantile(double quantile) const {
    const double wanted = quantile * static_cast<double>(count_);
    uint64_t seen = 0;
    for (size_t i = 0; i < counts_.size(); ++i) {
      seen += counts_[i];
      if (seen > 0 && static_cast<double>(seen) >= wanted) return std::min(UpperEdge(i), max_);
    }
    return max_;
  }

  uint64_t count() const { return count_; }
  uint64_t max() const { return max_; }
  double mean() const { return count_ == 0 ? 0 : static_cast<double>(sum_) / count_; }

 private:
  static constexpr int kBits = 7;
  static constexpr uint64_t kLargest = (uint64_t{1} << 41) - 1;

  // Values below 2^8 have a bucket each; above, the top eight bits choose it.
  static size_t IndexOf(uint64_t value) {
    const int shift = std::max(0, static_cast<int>(std::bit_width(value)) - kBits - 1);
    return (static_cast<size_t>(shift) << kBits) + (value >> shift);
  }

  static uint64_t UpperEdge(size_t index) {
    const size_t shift = index < (2u << kBits) ? 0 : (index >> kBits) - 1;
    const uint64_t mantissa = index - (shift << kBits);
    return ((mantissa + 1) << shift) - 1;
  }

  std::array<uint64_t, (41 - kBits + 1) << kBits> counts_{};
  uint64_t count_ = 0;
  uint64_t sum_ = 0;
  uint64_t max_ = 0;
};

}  // namespace prism::bench
