#pragma once

#include <memory>

#include "base/backoff.h"
#include "drivers/contract/health.h"
#include "drivers/postgres/connection.h"

namespace prism::postgres {

// A connection that is opened at once and again whenever it is lost, after a jittered back-off.
// Used on one worker.
class Link {
 public:
  Link(Worker& worker, const Options& options, Health& health, Room& room);
  ~Link();
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  // Null while there is none.
  Connection* connection() const { return open_ && !open_->lost() ? open_.get() : nullptr; }
  // Whether an attempt to connect is under way; else why the last one failed, or the connection was
  // lost: UNAVAILABLE, retryable. The room is told of all changes.
  bool trying() const { return trying_; }
  Status failure() const {
    if (!failure_.ok()) return failure_;
    return UnavailableError("no connection to Postgres").WithRetryable();
  }

 private:
  Task<void> Run();
  Task<Status> Serve();
  void Fail(const Status& status);

  Worker& worker_;
  const Options& options_;
  Health& health_;
  Room& room_;
  std::unique_ptr<Connection> open_;
  bool trying_ = true;
  Status failure_;
  Backoff backoff_;
  Cancellation never_;
  Task<void> run_;
};

}  // namespace prism::postgres
