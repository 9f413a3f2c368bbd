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
  // Returns when there is a connection, or the attempt under way has failed: why. Between two
  // attempts it fails at once. UNAVAILABLE, retryable.
  Task<Status> Ready(Cancellation& cancellation);

 private:
  Task<void> Run();
  Task<Status> Serve();
  void Fail(const Status& status);

  Worker& worker_;
  const Options& options_;
  Health& health_;
  Room& room_;
  std::unique_ptr<Connection> open_;
  Event settled_;  // set while nothing is being tried
  Status failure_;
  Backoff backoff_;
  Cancellation never_;
  Task<void> run_;
};

}  // namespace prism::postgres
