#pragma once

#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "base/clock.h"

namespace prism::memstore {

// Which of the things in a Named<> have something to do at what time, soonest first, so that a
// Collector finds them without looking at all. Any thread; its lock is the innermost.
class DueNames {
 public:
  // The place of one thing, a member of it and used under its lock. It leaves with the thing.
  class Entry {
   public:
    // What an opened entry occupies beside the thing.
    static int64_t CostBytes(std::string_view name) {
      return 112 + static_cast<int64_t>(name.size());
    }

    Entry() = default;
    Entry(const Entry&) = delete;
    Entry& operator=(const Entry&) = delete;
    ~Entry() { Set(kNever); }

    void Open(DueNames& names, std::string_view name) {
      names_ = &names;
      name_ = name;
    }
    bool opened() const { return names_ != nullptr; }
    const std::string& name() const { return name_; }

    void Set(TimePoint when) {
      if (when == when_) return;
      names_->Move(*this, when);
    }
    // For what may come too early but never late: most changes then cost no lock.
    void SetIfEarlier(TimePoint when) {
      if (when < when_) Set(when);
    }

   private:
    friend class DueNames;
    DueNames* names_ = nullptr;
    std::string name_;
    TimePoint when_ = kNever;
  };

  // The name that is due first, if it is by `now`; empty otherwise.
  std::string Front(TimePoint now) const {
    std::lock_guard lock(mutex_);
    if (order_.empty() || order_.begin()->first > now) return {};
    return std::string(order_.begin()->second);
  }
  // kNever if nothing is due.
  TimePoint next() const {
    std::lock_guard lock(mutex_);
    return order_.empty() ? kNever : order_.begin()->first;
  }

 private:
  void Move(Entry& entry, TimePoint when) {
    std::lock_guard lock(mutex_);
    if (entry.when_ != kNever) order_.erase({entry.when_, entry.name_});
    entry.when_ = when;
    if (when != kNever) order_.emplace(when, entry.name_);
  }

  mutable std::mutex mutex_;
  std::set<std::pair<TimePoint, std::string_view>> order_;  // the names are the entries' own
};

}  // namespace prism::memstore
