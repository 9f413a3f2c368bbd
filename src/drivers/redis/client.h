#pragma once

#include <memory>

#include "base/request_context.h"
#include "drivers/redis/cluster.h"
#include "drivers/redis/script.h"

namespace prism::redis {

class DedicatedConnections;

// The way of one worker to a Redis deployment, shared by the namespaces on it. Finds the server
// that keeps a slot, and follows it when it moves. Made on any thread, then used on its worker's.
class Client {
 public:
  Client(Worker& worker, std::shared_ptr<const Options> options, std::shared_ptr<Health> health);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // Connects, unless it has: the first call does too. On the worker.
  void Start();

  // The server's answer to a command whose keys are all in `slot`; an error reply is an error.
  // Errors: UNAVAILABLE, retryable when the command was not applied; the context's reason; see
  // FromError for the server's own.
  Task<Result<resp::Reply>> Call(RequestContext& ctx, uint16_t slot, const resp::Command& command);
  // The same for a call of `script`, made by ScriptCall; loads it where it is missing.
  Task<Result<resp::Reply>> Run(RequestContext& ctx, uint16_t slot, const Script& script,
                                const resp::Command& command);
  // A connection for subscriptions to the server of `slot`: all that comes goes to `push`.
  Task<Result<std::unique_ptr<OpenConnection>>> Subscribe(RequestContext& ctx, uint16_t slot,
                                                          resp::Connection::Push push);

  // Sends a command whose answer nobody waits for, if there is a connection.
  void Post(uint16_t slot, const resp::Command& command);
  // Where the server of `slot` is, once it has been reached.
  Task<Result<std::string>> AddressOf(RequestContext& ctx, uint16_t slot);
  // For commands that block.
  DedicatedConnections& dedicated() { return *dedicated_; }

  Worker& worker() { return worker_; }
  const Options& options() const { return *options_; }

 private:
  Task<Result<resp::Reply>> Run(RequestContext& ctx, uint16_t slot, const Script* script,
                                const resp::Command& command);
  Task<Result<resp::Reply>> Settle(RequestContext& ctx, uint16_t slot, const Script* script,
                                   const resp::Command& command, resp::Reply* error);
  Task<Result<Node*>> Find(uint16_t slot, Cancellation& cancellation);
  Task<Result<resp::Reply>> Ask(RequestContext& ctx, uint16_t slot, const resp::Command& command);
  Task<Result<resp::Reply>> Follow(RequestContext& ctx, uint16_t slot, const resp::Command& command,
                                   resp::Reply error, Node& from);

  Worker& worker_;
  const std::shared_ptr<const Options> options_;
  const std::shared_ptr<Health> health_;
  std::unique_ptr<Node> node_;  // the single server, or the primary that sentinels name
  std::unique_ptr<Cluster> cluster_;
  const std::unique_ptr<DedicatedConnections> dedicated_;
};

}  // namespace prism::redis
