#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/backoff.h"
#include "base/request_context.h"
#include "drivers/contract/health.h"
#include "drivers/redis/dial.h"

namespace prism::redis {

// The way of one worker to one server: a connection that all its calls share, opened at once and
// again whenever it is lost, after a jittered back-off. Used on the worker.
class Node {
 public:
  // Says where to connect to, each time anew.
  using Locate = std::function<Task<Result<std::string>>()>;

  Node(Worker& worker, const Options& options, Locate locate, Health& health);
  ~Node();
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  // The connection, once it is there. Calls wait for the attempt under way and share its failure;
  // between two attempts they fail at once: UNAVAILABLE, retryable.
  Task<Result<resp::Connection*>> Ready(Cancellation& cancellation);
  // Null while there is none: the fast way.
  resp::Connection* connection() const { return open_ ? &open_->connection() : nullptr; }
  // Where the last connection led to.
  const std::string& address() const { return address_; }
  // The server is not the right one any more: connects anew.
  void Drop(Status reason);

 private:
  Task<void> Run();
  Task<Status> Serve();
  void Fail(const Status& status);

  Worker& worker_;
  const Options& options_;
  const Locate locate_;
  Health& health_;
  std::string address_;
  std::unique_ptr<OpenConnection> open_;
  Event settled_;  // set while nothing is being tried
  Status failure_;
  Backoff backoff_;
  Cancellation never_;
  Task<void> run_;
};

}  // namespace prism::redis
