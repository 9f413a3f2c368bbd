#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "drivers/contract/keyvalue.h"
#include "drivers/contract/open_transactions.h"
#include "drivers/memstore/keyvalue/store.h"

namespace prism::memstore {

struct TransactionLimits {
  size_t max_open = 10'000;               // per namespace
  size_t max_keys = kMaxTransactionKeys;  // written, and as many read, per transaction
  int64_t max_write_bytes = kMaxTransactionWriteBytes;
};

// The open transactions of a namespace, usable from every worker's thread. Optimistic: reads note
// the versions they saw, writes are held back, and Commit checks the versions and writes in one
// step, so a transaction never makes anybody wait. Held-back writes count against the budget.
// Ids that are not open are NOT_FOUND. The store must outlive this.
class Transactions {
 public:
  explicit Transactions(Store& store, TransactionLimits limits = {})
      : store_(store), limits_(limits), open_(limits.max_open) {}

  // The id of a new transaction that is forgotten `timeout` from now.
  Result<std::string> Begin(Duration timeout);
  // True if the key is there as the transaction sees it. ABORTED ends the transaction: a key it
  // had read before has changed.
  Result<bool> Get(std::string_view id, std::string_view key, std::string* value);
  Status Set(std::string_view id, std::string_view key, std::string_view value);
  Result<bool> Delete(std::string_view id, std::string_view key);
  Status Commit(std::string_view id);
  Status Rollback(std::string_view id);

  // Forgets at most `max_count` transactions whose time has run out; returns how many.
  int CollectExpired(int max_count);
  // When the next one runs out; kNever if none is open.
  TimePoint next_expiry() const { return open_.next_expiry(); }
  size_t open() const { return open_.open(); }

 private:
  struct Transaction;
  using Handle = std::shared_ptr<Transaction>;

  Handle Find(std::string_view id);
  // Find, and nobody will find it again.
  Handle Take(std::string_view id);
  Result<bool> Read(Transaction& transaction, std::string_view key, std::string* value);
  Status Write(Transaction& transaction, std::string_view key, Value value, bool erase);

  Store& store_;
  const TransactionLimits limits_;
  OpenTransactions<Transaction> open_;
};

}  // namespace prism::memstore
