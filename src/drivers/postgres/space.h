#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "drivers/contract/optimistic_transactions.h"
#include "drivers/postgres/client.h"
#include "drivers/postgres/queue/arrivals.h"

namespace prism::postgres {

// What the workers of this gateway share about one namespace beside the server's data.
struct NamespaceState {
  Transactions transactions;
  QueueArrivals queue_arrivals;
};

// The part of a database that is one namespace's, as one worker sees it: the first parameter of its
// statements.
class Space {
 public:
  Space(std::shared_ptr<Client> client, std::shared_ptr<NamespaceState> state,
        std::string_view name_space)
      : client_(std::move(client)), state_(std::move(state)), name_(name_space) {}

  // See Client.
  Task<Result<Rows>> Run(RequestContext& ctx, const Statement& statement,
                         const Arguments& arguments) const {
    return client_->Run(ctx, statement, arguments);
  }
  // Hears the notifications of a channel; see Listener. Who waits for data registers so that
  // writers notify, listens, looks for data, and waits; and looks again now and then.
  Task<Result<Ear>> Listen(RequestContext& ctx, std::string channel, Hearing hearing) const {
    return client_->listener().Listen(ctx, std::move(channel), std::move(hearing));
  }
  Task<Result<Ear>> Listen(RequestContext& ctx, std::string channel,
                           std::function<void(std::string_view payload)> heard,
                           std::function<void()> missed) const;
  // The channel of `name` in this namespace, which nothing else notifies.
  std::string Channel(std::string_view model, std::string_view name) const;

  Worker& worker() const { return client_->worker(); }
  const Options& options() const { return client_->options(); }
  const std::string& name() const { return name_; }
  NamespaceState& state() const { return *state_; }

 private:
  const std::shared_ptr<Client> client_;
  const std::shared_ptr<NamespaceState> state_;
  const std::string name_;
};

}  // namespace prism::postgres
