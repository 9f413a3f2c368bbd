#pragma once

#include <mutex>

#include "base/status.h"

namespace prism::redis {

// Whether the servers can be reached, as the workers last saw it. Shared by all of them.
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

 private:
  mutable std::mutex mutex_;
  Status status_ = UnavailableError("no connection has been tried yet");
};

}  // namespace prism::redis
