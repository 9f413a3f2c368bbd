#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/request_context.h"
#include "drivers/redis/client.h"

namespace prism::redis {

// Connections of one worker for commands that block in the server, each lent to one call at a time
// and kept for the next. Their number is bounded.
class DedicatedConnections {
 public:
  explicit DedicatedConnections(Client& client) : client_(client) {}
  DedicatedConnections(const DedicatedConnections&) = delete;
  DedicatedConnections& operator=(const DedicatedConnections&) = delete;

  // Runs a command that may block until its own time limit, on the server of `slot`. When `ctx` is
  // cancelled the server is told to stop waiting; `reply` is then what it had done by then, perhaps
  // nothing, and the result the reason. RESOURCE_EXHAUSTED when all connections are in use.
  Task<Status> Run(RequestContext& ctx, uint16_t slot, const resp::Command& command,
                   resp::Reply& reply);

 private:
  struct Lent {
    std::unique_ptr<OpenConnection> open;
    std::string address;
    int64_t id = 0;  // the server's number of it
  };

  Task<Result<Lent>> Take(RequestContext& ctx, uint16_t slot);
  void GiveBack(Lent lent);

  Client& client_;
  std::vector<Lent> idle_;
  size_t in_use_ = 0;
};

}  // namespace prism::redis
