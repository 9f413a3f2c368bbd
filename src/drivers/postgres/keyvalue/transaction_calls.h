#pragma once

#include <memory>
#include <string>

#include "drivers/contract/transaction_calls.h"
#include "drivers/postgres/space.h"

namespace prism::postgres {

// Transactions on the keys of KeyValueCalls. Commit is a function.
class TransactionCalls final : public OptimisticTransactionCalls {
 public:
  explicit TransactionCalls(std::shared_ptr<Space> space);

 private:
  Task<Result<Value>> ReadNow(RequestContext& ctx, const std::string& key) override;
  Task<Status> Apply(RequestContext& ctx, const Transaction& transaction) override;

  const std::shared_ptr<Space> space_;
};

}  // namespace prism::postgres
