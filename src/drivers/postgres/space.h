#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "drivers/contract/optimistic_transactions.h"
#include "drivers/postgres/client.h"

namespace prism::postgres {

// What the workers of this gateway share about one namespace beside the server's data.
struct NamespaceState {
  Transactions transactions;
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
  const std::string& name() const { return name_; }
  NamespaceState& state() const { return *state_; }

 private:
  const std::shared_ptr<Client> client_;
  const std::shared_ptr<NamespaceState> state_;
  const std::string name_;
};

}  // namespace prism::postgres
