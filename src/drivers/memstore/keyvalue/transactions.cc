#include "drivers/memstore/keyvalue/transactions.h"

#include <map>
#include <mutex>
#include <utility>
#include <vector>

namespace prism::memstore {

// Its mutex puts concurrent calls with the same id one after the other; it is taken before those
// of shards.
struct Transactions::Transaction {
  explicit Transaction(Budget& budget) : budget(budget) {}
  ~Transaction() { budget.Release(charged_bytes); }
  Transaction(const Transaction&) = delete;

  struct PendingWrite {
    bool erase = false;
    Value value;
  };

  std::mutex mutex;
  bool over = false;
  std::map<std::string, uint64_t, std::less<>> reads;  // the version seen; 0: absent
  std::map<std::string, PendingWrite, std::less<>> writes;
  int64_t write_bytes = 0;
  int64_t charged_bytes = 0;
  Budget& budget;
};

Result<std::string> Transactions::Begin(Duration timeout) {
  const TimePoint now = store_.Now();
  return open_.Add(std::make_shared<Transaction>(store_.budget()), now, now + timeout);
}

Transactions::Handle Transactions::Find(std::string_view id) {
  return open_.Find(id, store_.Now());
}

Transactions::Handle Transactions::Take(std::string_view id) {
  return open_.Take(id, store_.Now());
}

int Transactions::CollectExpired(int max_count) {
  return open_.CollectExpired(store_.Now(), max_count);
}

// The caller holds the transaction's mutex.
Result<bool> Transactions::Read(Transaction& transaction, std::string_view key,
                                std::string* value) {
  if (const auto own = transaction.writes.find(key); own != transaction.writes.end()) {
    if (own->second.erase) return false;
    value->assign(own->second.value.view());
    return true;
  }
  uint64_t version = 0;
  const bool found = store_.Get(key, value, &version);
  const auto known = transaction.reads.find(key);
  if (known != transaction.reads.end()) {
    if (known->second == version) return found;
    transaction.over = true;
    return TransactionConflict();
  }
  const int64_t bytes = CostBytes(key.size(), 0);
  if (transaction.reads.size() >= limits_.max_keys) {
    value->clear();
    return ResourceExhaustedError("a transaction reads at most " +
                                  std::to_string(limits_.max_keys) + " keys");
  }
  if (!store_.budget().Charge(bytes)) {
    value->clear();
    return store_.budget().Exceeded(bytes);
  }
  transaction.charged_bytes += bytes;
  transaction.reads.emplace(key, version);
  return found;
}

// The caller holds the transaction's mutex.
Status Transactions::Write(Transaction& transaction, std::string_view key, Value value,
                           bool erase) {
  const auto own = transaction.writes.find(key);
  const bool is_new = own == transaction.writes.end();
  if (is_new && transaction.writes.size() >= limits_.max_keys) {
    return ResourceExhaustedError("a transaction writes at most " +
                                  std::to_string(limits_.max_keys) + " keys");
  }
  const int64_t growth =
      static_cast<int64_t>(value.size()) +
      (is_new ? static_cast<int64_t>(key.size()) : -static_cast<int64_t>(own->second.value.size()));
  if (transaction.write_bytes + growth > limits_.max_write_bytes) {
    return ResourceExhaustedError("a transaction writes at most " +
                                  std::to_string(limits_.max_write_bytes) +
                                  " bytes of keys and values");
  }
  const int64_t charge = growth + (is_new ? kEntryOverheadBytes : 0);
  if (!store_.budget().Charge(charge)) return store_.budget().Exceeded(charge);
  transaction.charged_bytes += charge;
  transaction.write_bytes += growth;
  auto& pending = is_new ? transaction.writes[std::string(key)] : own->second;
  pending = {erase, std::move(value)};
  return OkStatus();
}

Result<bool> Transactions::Get(std::string_view id, std::string_view key, std::string* value) {
  const Handle transaction = Find(id);
  if (!transaction) return TransactionNotOpen();
  std::unique_lock lock(transaction->mutex);
  if (transaction->over) return TransactionNotOpen();
  Result<bool> found = Read(*transaction, key, value);
  const bool aborted = transaction->over;
  lock.unlock();
  if (aborted) Take(id);
  return found;
}

Status Transactions::Set(std::string_view id, std::string_view key, std::string_view value) {
  const Handle transaction = Find(id);
  if (!transaction) return TransactionNotOpen();
  std::lock_guard lock(transaction->mutex);
  if (transaction->over) return TransactionNotOpen();
  return Write(*transaction, key, Value::Copy(value), false);
}

Result<bool> Transactions::Delete(std::string_view id, std::string_view key) {
  std::string unused;
  const Handle transaction = Find(id);
  if (!transaction) return TransactionNotOpen();
  std::unique_lock lock(transaction->mutex);
  if (transaction->over) return TransactionNotOpen();
  Result<bool> found = Read(*transaction, key, &unused);
  if (found.ok()) {
    PRISM_RETURN_IF_ERROR(Write(*transaction, key, Value(), true));
  }
  const bool aborted = transaction->over;
  lock.unlock();
  if (aborted) Take(id);
  return found;
}

Status Transactions::Commit(std::string_view id) {
  const Handle transaction = Take(id);
  if (!transaction) return TransactionNotOpen();
  std::lock_guard lock(transaction->mutex);
  if (std::exchange(transaction->over, true)) return TransactionNotOpen();
  std::vector<ReadCheck> reads;
  reads.reserve(transaction->reads.size());
  for (const auto& [key, version] : transaction->reads) reads.push_back({key, version});
  std::vector<memstore::Write> writes;
  writes.reserve(transaction->writes.size());
  for (auto& [key, pending] : transaction->writes) {
    writes.push_back({key, pending.erase, std::move(pending.value)});
  }
  // What was held back is about to be charged as stored.
  store_.budget().Release(std::exchange(transaction->charged_bytes, 0));
  return store_.Apply(reads, writes);
}

Status Transactions::Rollback(std::string_view id) {
  const Handle transaction = Take(id);
  if (!transaction) return TransactionNotOpen();
  std::lock_guard lock(transaction->mutex);
  return std::exchange(transaction->over, true) ? TransactionNotOpen() : OkStatus();
}

}  // namespace prism::memstore
