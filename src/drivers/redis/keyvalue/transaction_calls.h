#pragma once

#include <memory>
#include <string>

#include "drivers/contract/transaction_calls.h"
#include "drivers/redis/keyspace.h"

namespace prism::redis {

// Transactions on the keys of KeyValueCalls. Commit is a script.
class TransactionCalls final : public OptimisticTransactionCalls {
 public:
  explicit TransactionCalls(std::shared_ptr<Keyspace> keyspace);

 private:
  Task<Result<Value>> ReadNow(RequestContext& ctx, const std::string& key) override;
  Task<Status> Apply(RequestContext& ctx, const Transaction& transaction) override;

  const std::shared_ptr<Keyspace> keyspace_;
  const std::string values_;  // what the names of values begin with
  const std::string keys_;
  const std::string due_;
};

}  // namespace prism::redis
