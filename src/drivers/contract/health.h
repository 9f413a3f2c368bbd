#pragma once

#include <map>
#include <mutex>
#include <string>

#include "base/status.h"

namespace prism {

// How the servers of a backend are, as the ways to them last saw it: each worker has its own, and
// perhaps several. Shared by all workers.
class Health {
 public:
  // What one way has just found. It is known by its address until it is forgotten.
  void Report(const void* way, const Status& status) {
    std::lock_guard lock(mutex_);
    if (!status.ok()) last_failure_ = status;
    ways_[way] = status.ok();
  }
  void Forget(const void* way) {
    std::lock_guard lock(mutex_);
    ways_.erase(way);
  }
  // OK while any way works, else the last failure.
  Status status() const {
    std::lock_guard lock(mutex_);
    for (const auto& [way, works] : ways_) {
      if (works) return OkStatus();
    }
    return last_failure_;
  }
  // What an acknowledged write survives, as a server's settings say.
  void SetDurability(std::string durability) {
    std::lock_guard lock(mutex_);
    durability_ = std::move(durability);
  }
  std::string durability() const {
    std::lock_guard lock(mutex_);
    return durability_;
  }

 private:
  mutable std::mutex mutex_;
  std::map<const void*, bool> ways_;
  Status last_failure_ = UnavailableError("no connection has been tried yet");
  std::string durability_;
};

}  // namespace prism
