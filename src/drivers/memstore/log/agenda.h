#pragma once

#include <atomic>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "base/clock.h"

namespace prism::memstore {

// Names in the order of when something is to be done about them. Any thread. Whoever adds keeps to
// one entry per name, and is charged for it.
class Agenda {
 public:
  void Add(TimePoint when, std::string_view name) {
    std::lock_guard lock(mutex_);
    entries_.emplace(when, name);
    Publish();
  }
  void Remove(TimePoint when, std::string_view name) {
    std::lock_guard lock(mutex_);
    entries_.erase({when, std::string(name)});
    Publish();
  }
  // The first name whose time has come.
  std::optional<std::pair<TimePoint, std::string>> Pop(TimePoint now) {
    std::lock_guard lock(mutex_);
    if (entries_.empty() || entries_.begin()->first > now) return std::nullopt;
    auto entry = std::move(entries_.extract(entries_.begin()).value());
    Publish();
    return entry;
  }
  // kNever if there is nothing to do.
  TimePoint next() const { return TimePoint(Duration(next_.load(std::memory_order_acquire))); }

 private:
  void Publish() {
    const TimePoint next = entries_.empty() ? kNever : entries_.begin()->first;
    next_.store(next.time_since_epoch().count(), std::memory_order_release);
  }

  std::mutex mutex_;
  std::set<std::pair<TimePoint, std::string>> entries_;
  std::atomic<Duration::rep> next_{kNever.time_since_epoch().count()};
};

}  // namespace prism::memstore
