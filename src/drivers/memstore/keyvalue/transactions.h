#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "base/result.h"
#include "drivers/memstore/keyvalue/store.h"

namespace prism::memstore {

struct TransactionLimits {
  size_t max_open = 10'000;                    // per namespace
  size_t max_keys = 10'000;                    // written, and as many read, per transaction
  int64_t max_write_bytes = 16 * 1024 * 1024;  // keys and values, per transaction
};

// The open transactions of a namespace, usable from every worker's thread. Optimistic: reads note
// the versions they saw, writes are held back, and Commit checks the versions and writes in one
// step, so a transaction never makes anybody wait. Held-back writes count against the budget.
// Ids that are not open are NOT_FOUND. The store must outlive this.
class Transactions {
 public:
  explicit Transactions(Store& store, TransactionLimits limits = {})
      : store_(store), limits_(limits) {}

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
  TimePoint next_expiry() const;
  size_t open() const;

 private:
  struct Transaction;
  using Handle = std::shared_ptr<Transaction>;
  struct IdHash {
    using is_transparent = void;
    size_t operator()(std::string_view id) const { return std::hash<std::string_view>()(id); }
  };

  Handle Find(std::string_view id);
  // Find, and nobody will find it again.
  Handle Take(std::string_view id);
  int CollectLocked(TimePoint now, int max_count);
  Result<bool> Read(Transaction& transaction, std::string_view key, std::string* value);
  Status Write(Transaction& transaction, std::string_view key, Value value, bool erase);

  Store& store_;
  const TransactionLimits limits_;
  mutable std::mutex mutex_;  // of the members below; taken before no other lock
  std::unordered_map<std::string, Handle, IdHash, std::equal_to<>> by_id_;
  std::set<std::pair<TimePoint, std::string>> by_deadline_;
};

}  // namespace prism::memstore
