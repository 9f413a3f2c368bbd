#pragma once

#include <mutex>
#include <string>

#include "base/status.h"

namespace prism {

// How the servers are, as the workers last saw it. Shared by all of them.
class Health {
 public:
  void Report(Status status) {
    std::lock_guard lock(mutex_);
    status_ = std::move(status);
  }
  Status status() const {
    std::lock_guard lock(mutex_);
    return status_;
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
  Status status_ = UnavailableError("no connection has been tried yet");
  std::string durability_;
};

}  // namespace prism
