#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/status.h"

namespace prism {

// Cells are written by the one thread that owns their shard and read by any: a relaxed load and
// store, no locked instruction.
class Counter {
 public:
  void Add(uint64_t n = 1) {
    value_.store(value_.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
  }
  uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<uint64_t> value_{0};
};

class Gauge {
 public:
  void Add(int64_t n = 1) {
    value_.store(value_.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
  }
  void Sub(int64_t n = 1) { Add(-n); }
  void Set(int64_t value) { value_.store(value, std::memory_order_relaxed); }
  int64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<int64_t> value_{0};
};

// Upper bounds of the latency buckets, inclusive, in nanoseconds: 10 us to 60 s. Each is at least
// twice the one before, which Histogram relies on.
inline constexpr std::array<uint64_t, 21> kLatencyBoundsNs = {
    10'000,         25'000,         50'000,        100'000,       250'000,       500'000,
    1'000'000,      2'500'000,      5'000'000,     10'000'000,    25'000'000,    50'000'000,
    100'000'000,    250'000'000,    500'000'000,   1'000'000'000, 2'500'000'000, 5'000'000'000,
    10'000'000'000, 30'000'000'000, 60'000'000'000};

// Latencies in fixed buckets. Record costs a table look-up and one comparison: a power-of-two range
// holds at most one bound.
class Histogram {
 public:
  static constexpr size_t kBuckets = kLatencyBoundsNs.size() + 1;  // the last one is unbounded

  void Record(Duration latency) {
    const int64_t ns = std::chrono::duration_cast<std::chrono::nanoseconds>(latency).count();
    const uint64_t value = ns > 0 ? static_cast<uint64_t>(ns) : 0;
    buckets_[BucketOf(value)].Add();
    sum_ns_.Add(value);
  }
  static size_t BucketOf(uint64_t ns);

  uint64_t bucket(size_t index) const { return buckets_[index].value(); }
  uint64_t sum_ns() const { return sum_ns_.value(); }

 private:
  std::array<Counter, kBuckets> buckets_;
  Counter sum_ns_;
};

// What is measured per namespace and method, on one worker. Filled by the worker that owns it.
struct alignas(64) MethodMetrics {
  // At the start and at the end of every call.
  void Begin() { in_flight.Add(); }
  void End(Code code, Duration latency) {
    in_flight.Sub();
    requests[static_cast<size_t>(code)].Add();
    duration.Record(latency);
  }

  std::array<Counter, kCodeCount> requests;
  Histogram duration;
  Gauge in_flight;
  Counter received_bytes;
  Counter sent_bytes;
};

enum class MetricType : uint8_t { kCounter, kGauge, kHistogram };

// A family of metrics: a constant with static lifetime. A name has one description.
struct MetricInfo {
  std::string_view name;
  std::string_view help;
  MetricType type;
};

using MetricLabels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

// The cells of one worker. They are made on first use by that worker, keep their address and live
// as long as the registry. Values of labels must come from a bounded set (configuration, not
// clients).
class MetricShard {
 public:
  MetricShard();
  ~MetricShard();

  // The same arguments give the same cell; callers keep the reference.
  Counter& GetCounter(const MetricInfo& info, MetricLabels labels = {});
  Gauge& GetGauge(const MetricInfo& info, MetricLabels labels = {});
  Histogram& GetHistogram(const MetricInfo& info, MetricLabels labels = {});
  MethodMetrics& GetMethod(std::string_view name_space, std::string_view method);

 private:
  friend class MetricsRegistry;
  struct Cells;
  template <class Cell>
  Cell& Get(const MetricInfo& info, MetricLabels labels);

  mutable std::mutex mutex_;  // creation and rendering only; never the writing of a cell
  std::unique_ptr<Cells> cells_;
};

// Calls of one or all namespaces, over all methods and workers.
struct MethodTotals {
  uint64_t requests = 0;
  uint64_t errors = 0;  // of these, ended with another code than OK
  uint64_t in_flight = 0;
};

// All metrics of the process, summed over the workers' shards when rendered.
class MetricsRegistry {
 public:
  MetricsRegistry();
  ~MetricsRegistry();

  // A shard for one more worker.
  MetricShard& AddShard();
  // A value that is asked for at each rendering, by the rendering thread. What `read` refers to
  // must outlive the registry.
  void AddCallback(const MetricInfo& info, MetricLabels labels, std::function<double()> read);

  // Any thread.
  MethodTotals Totals(std::string_view name_space) const;
  MethodTotals AllTotals() const;

  // Prometheus text exposition format 0.0.4 (kContentType). Any thread.
  std::string Render() const;
  static constexpr std::string_view kContentType = "text/plain; version=0.0.4; charset=utf-8";

 private:
  struct Callback;
  MethodTotals Sum(std::string_view label_prefix) const;

  mutable std::mutex mutex_;
  std::vector<std::unique_ptr<MetricShard>> shards_;
  std::vector<Callback> callbacks_;
};

// Families that several parts of the gateway write.
inline constexpr MetricInfo kConnectionsMetric = {"prism_connections", "Open client connections.",
                                                  MetricType::kGauge};
inline constexpr MetricInfo kConnectionsTotalMetric = {
    "prism_connections_total", "Client connections accepted.", MetricType::kCounter};
inline constexpr MetricInfo kConnectionsRefusedMetric = {"prism_connections_refused_total",
                                                         "Client connections refused, by reason.",
                                                         MetricType::kCounter};

namespace metrics_internal {

// For each bit width, the number of bounds below the smallest number of that width.
consteval std::array<uint8_t, 65> BucketsByWidth() {
  std::array<uint8_t, 65> below{};
  for (size_t width = 1; width <= 64; ++width) {
    const uint64_t smallest = uint64_t{1} << (width - 1);
    for (const uint64_t bound : kLatencyBoundsNs) below[width] += bound < smallest;
  }
  return below;
}

consteval bool BoundsAtLeastDouble() {
  for (size_t i = 1; i < kLatencyBoundsNs.size(); ++i) {
    if (kLatencyBoundsNs[i] < 2 * kLatencyBoundsNs[i - 1]) return false;
  }
  return true;
}
static_assert(BoundsAtLeastDouble());

inline constexpr std::array<uint8_t, 65> kBucketsByWidth = BucketsByWidth();

}  // namespace metrics_internal

inline size_t Histogram::BucketOf(uint64_t ns) {
  const size_t bucket = metrics_internal::kBucketsByWidth[std::bit_width(ns)];
  return bucket + (bucket < kLatencyBoundsNs.size() && ns > kLatencyBoundsNs[bucket]);
}

}  // namespace prism
