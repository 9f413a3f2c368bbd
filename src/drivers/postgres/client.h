#pragma once

#include <memory>
#include <span>
#include <vector>

#include "base/request_context.h"
#include "drivers/postgres/link.h"
#include "drivers/postgres/listener.h"

namespace prism::postgres {

// What takes away what has expired, without parameters, and how often it runs; at once again while
// it finds something.
struct Sweep {
  constexpr Sweep(const Statement* sweep, Duration pause = std::chrono::seconds(5))  // NOLINT
      : statement(sweep), every(pause) {}
  const Statement* statement;
  Duration every;
};

// The way of one worker to a database, shared by the namespaces on it: a few connections, each of
// which carries the statements of many calls. Made on any thread, then used on its worker's.
class Client {
 public:
  // The sweeps live as long as the process.
  Client(Worker& worker, std::shared_ptr<const Options> options, std::shared_ptr<Health> health,
         std::span<const Sweep> sweeps);

  // Connects, unless it has: the first call does too. On the worker.
  void Start();

  // Runs one statement, a transaction of its own. Errors: UNAVAILABLE, retryable when it was not
  // sent; RESOURCE_EXHAUSTED when all connections are busy until the deadline; the context's
  // reason; see FromSqlState for the server's own.
  Task<Result<Rows>> Run(RequestContext& ctx, const Statement& statement,
                         const Arguments& arguments);

  Worker& worker() { return worker_; }
  const Options& options() const { return *options_; }
  Listener& listener() { return listener_; }

 private:
  Connection* Pick();
  Task<Result<Connection*>> Await(RequestContext& ctx);
  Task<void> RunSweeps();
  Task<bool> SweepSome(const Statement& sweep);

  Worker& worker_;
  const std::shared_ptr<const Options> options_;
  const std::shared_ptr<Health> health_;
  Listener listener_;
  Room room_;
  std::vector<std::unique_ptr<Link>> links_;
  const std::span<const Sweep> sweeps_;
  Cancellation never_;
  Task<void> sweeping_;
};

}  // namespace prism::postgres
