#pragma once

#include <string>

#include "base/random_id.h"
#include "drivers/redis/keyspace.h"

namespace prism::redis {

// How long the server keeps the result of an operation for a caller who takes no further page.
inline constexpr int kTemporarySeconds = 600;

// A key for a result that is too large for one answer: read page by page, gone with this object,
// or by itself some time after the last page, should the gateway die.
class Temporary {
 public:
  explicit Temporary(const Keyspace& keyspace)
      : keyspace_(keyspace), name_(keyspace.Prefix("tmp") + RandomId()) {}
  Temporary(const Temporary&) = delete;
  Temporary& operator=(const Temporary&) = delete;
  ~Temporary() {
    if (used_) keyspace_.Post(resp::Command("UNLINK", name_));
  }

  const std::string& name() const { return name_; }
  void set_used() { used_ = true; }

 private:
  const Keyspace& keyspace_;
  const std::string name_;
  bool used_ = false;
};

// The server has forgotten the rest of a result.
inline Status TemporaryExpired() {
  return AbortedError("the rest of the result was not asked for in time and is gone")
      .WithHint("take the pages within " + std::to_string(kTemporarySeconds) + " s of each other")
      .WithRetryable();
}

}  // namespace prism::redis
