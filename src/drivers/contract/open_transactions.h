#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "base/clock.h"
#include "base/random_id.h"
#include "base/result.h"

namespace prism {

// An id that is unknown, expired, committed, rolled back or aborted.
inline Status TransactionNotOpen() {
  return NotFoundError("no such transaction: unknown, expired, aborted, or already ended")
      .WithHint("begin a new transaction; a longer timeout_ms keeps it open longer");
}

inline Status TransactionConflict() {
  return AbortedError("a key that the transaction read has been changed since")
      .WithHint("run the transaction again from BeginTransaction")
      .WithRetryable();
}

// The open transactions of a namespace by their ids, from any thread, each forgotten when its time
// has run out. What a transaction is, is the driver's affair.
template <class Transaction>
class OpenTransactions {
 public:
  using Handle = std::shared_ptr<Transaction>;

  explicit OpenTransactions(size_t max_open) : max_open_(max_open) {}

  // The id of `transaction` until `deadline`. RESOURCE_EXHAUSTED if too many are open.
  Result<std::string> Add(Handle transaction, TimePoint now, TimePoint deadline) {
    std::string id = RandomId();
    std::lock_guard lock(mutex_);
    CollectLocked(now, kCollectPerAdd);
    if (by_id_.size() >= max_open_) return TooMany();
    by_deadline_.emplace(deadline, id);
    by_id_.emplace(id, Entry{std::move(transaction), deadline});
    return id;
  }
  // Null if it is not open.
  Handle Find(std::string_view id, TimePoint now) const {
    std::lock_guard lock(mutex_);
    const auto found = by_id_.find(id);
    const bool open = found != by_id_.end() && found->second.deadline > now;
    return open ? found->second.transaction : nullptr;
  }
  // Find, and nobody will find it again.
  Handle Take(std::string_view id, TimePoint now) {
    std::lock_guard lock(mutex_);
    const auto found = by_id_.find(id);
    if (found == by_id_.end()) return nullptr;
    Entry entry = std::move(found->second);
    by_deadline_.erase({entry.deadline, found->first});
    by_id_.erase(found);
    return entry.deadline > now ? std::move(entry.transaction) : nullptr;
  }

  // Forgets at most `max_count` of those whose time has run out; returns how many.
  int CollectExpired(TimePoint now, int max_count) {
    std::lock_guard lock(mutex_);
    return CollectLocked(now, max_count);
  }
  // When the next one runs out; kNever if none is open.
  TimePoint next_expiry() const {
    std::lock_guard lock(mutex_);
    return by_deadline_.empty() ? kNever : by_deadline_.begin()->first;
  }
  size_t open() const {
    std::lock_guard lock(mutex_);
    return by_id_.size();
  }

 private:
  struct Entry {
    Handle transaction;
    TimePoint deadline;
  };
  // So that abandoned transactions cannot pile up however busy the worker is.
  static constexpr int kCollectPerAdd = 2;

  Status TooMany() const {
    return ResourceExhaustedError("the namespace has " + std::to_string(max_open_) +
                                  " open transactions, the most it may have")
        .WithHint("commit or roll back transactions, or begin them with a shorter timeout_ms")
        .WithRetryable();
  }
  // The caller holds mutex_.
  int CollectLocked(TimePoint now, int max_count) {
    int collected = 0;
    while (collected < max_count && !by_deadline_.empty() && by_deadline_.begin()->first <= now) {
      by_id_.erase(by_id_.find(by_deadline_.begin()->second));
      by_deadline_.erase(by_deadline_.begin());
      ++collected;
    }
    return collected;
  }

  const size_t max_open_;
  mutable std::mutex mutex_;  // of the members below; taken before no other lock
  std::map<std::string, Entry, std::less<>> by_id_;
  std::set<std::pair<TimePoint, std::string>> by_deadline_;
};

}  // namespace prism
