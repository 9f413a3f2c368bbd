#pragma once

#include <optional>
#include <string>

#include "drivers/contract/optimistic_transactions.h"
#include "interfaces/backend.h"
#include "interfaces/keyvalue_transactional.prism.h"

namespace prism {

// keyvalue_transactional on a store that can compare and write several keys in one step: that, and
// reading a key, is left to the driver.
class OptimisticTransactionCalls : public Provides<KeyValueTransactional> {
 public:
  // `transactions` are those of the namespace, from all workers.
  OptimisticTransactionCalls(Transactions& transactions, Transaction::Digest digest)
      : transactions_(transactions), digest_(digest) {}

  Task<Status> BeginTransaction(RequestContext& ctx,
                                const keyvalue::v1::BeginTransactionRequest& request,
                                keyvalue::v1::TransactionHandle& response) override;
  Task<Status> SetInTransaction(RequestContext& ctx,
                                const keyvalue::v1::SetInTransactionRequest& request,
                                keyvalue::v1::SetInTransactionResponse& response) override;
  Task<Status> GetInTransaction(RequestContext& ctx,
                                const keyvalue::v1::GetInTransactionRequest& request,
                                keyvalue::v1::GetInTransactionResponse& response) override;
  Task<Status> DeleteInTransaction(RequestContext& ctx,
                                   const keyvalue::v1::DeleteInTransactionRequest& request,
                                   keyvalue::v1::DeleteInTransactionResponse& response) override;
  Task<Status> Commit(RequestContext& ctx, const keyvalue::v1::CommitRequest& request,
                      keyvalue::v1::CommitResponse& response) override;
  Task<Status> Rollback(RequestContext& ctx, const keyvalue::v1::RollbackRequest& request,
                        keyvalue::v1::RollbackResponse& response) override;

 protected:
  using Value = std::optional<std::string>;

  // What the server has; nothing if the key is absent.
  virtual Task<Result<Value>> ReadNow(RequestContext& ctx, const std::string& key) = 0;
  // Writes in one step what the transaction wants, if all that it read is still so; else it is
  // TransactionConflict(). There is something to compare or to write.
  virtual Task<Status> Apply(RequestContext& ctx, const Transaction& transaction) = 0;

 private:
  // A key as the transaction sees it.
  Task<Result<Value>> See(RequestContext& ctx, const std::string& id, const std::string& key);

  Transactions& transactions_;
  const Transaction::Digest digest_;
};

}  // namespace prism
