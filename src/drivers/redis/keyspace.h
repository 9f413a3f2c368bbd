#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "drivers/redis/client.h"
#include "drivers/redis/dedicated.h"
#include "drivers/redis/namespace_state.h"

namespace prism::redis {

// The part of a Redis deployment that is one namespace's, as one worker sees it. All keys of a
// namespace have the same hash tag: a cluster keeps them on one server, so that scripts may touch
// several, and spreads namespaces.
class Keyspace {
 public:
  Keyspace(std::shared_ptr<Client> client, std::shared_ptr<NamespaceState> state,
           std::string_view name_space)
      : client_(std::move(client)),
        state_(std::move(state)),
        prefix_(client_->options().key_prefix + "{" + std::string(name_space) + "}:"),
        slot_(SlotOf(prefix_)) {}

  // What the names of one kind begin with: "prism:{orders}:k:".
  std::string Prefix(std::string_view kind) const { return prefix_ + std::string(kind) + ":"; }

  // See Client.
  Task<Result<resp::Reply>> Call(RequestContext& ctx, const resp::Command& command) const {
    return client_->Call(ctx, slot_, command);
  }
  Task<Result<resp::Reply>> Run(RequestContext& ctx, const Script& script,
                                const resp::Command& command) const {
    return client_->Run(ctx, slot_, script, command);
  }
  void Post(const resp::Command& command) const { client_->Post(slot_, command); }
  // See DedicatedConnections.
  Task<Status> Block(RequestContext& ctx, const resp::Command& command, resp::Reply& reply) const {
    return client_->dedicated().Run(ctx, slot_, command, reply);
  }
  Task<Result<std::unique_ptr<OpenConnection>>> Subscribe(RequestContext& ctx,
                                                          resp::Connection::Push push) const {
    return client_->Subscribe(ctx, slot_, std::move(push));
  }
  Worker& worker() const { return client_->worker(); }
  const Options& options() const { return client_->options(); }
  NamespaceState& state() const { return *state_; }

 private:
  const std::shared_ptr<Client> client_;
  const std::shared_ptr<NamespaceState> state_;
  const std::string prefix_;
  const uint16_t slot_;
};

}  // namespace prism::redis
