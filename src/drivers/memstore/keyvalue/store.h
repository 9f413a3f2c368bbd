#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "drivers/memstore/budget.h"
#include "drivers/memstore/clock.h"
#include "drivers/memstore/keyvalue/shard.h"

namespace prism::memstore {

// What an update finds: the live value, or nothing.
struct Current {
  const Value* value = nullptr;  // null: absent
  TimePoint expires_at = kNever;
  bool found() const { return value != nullptr; }
};

// What an update wants done with its key.
struct Change {
  enum Kind { kKeep, kPut, kErase, kSetExpiry };
  Kind kind = kKeep;
  Value value;                    // kPut
  TimePoint expires_at = kNever;  // kPut, kSetExpiry
};

// A reader's claim on a key, checked when it commits. Version 0 stands for absence.
struct ReadCheck {
  std::string_view key;
  uint64_t version = 0;
};

struct Write {
  std::string_view key;
  bool erase = false;
  Value value;
  TimePoint expires_at = kNever;
  bool existed = false;  // set by Apply
};

// The data of one namespace, shared by the threads of all workers; a call blocks at most for the
// short time another holds the shard.
//
// Keys are spread by hash over a few shards, each a mutex, a hash table for points and a tree for
// order. A scan merges the shards' orders: a page costs one descent per shard, so there are only
// as many shards as keep writers apart (a worker holds a lock for a few percent of its time), and
// in return creating a key never touches a lock that all workers share. Measured with a million
// keys: a page of 100 takes 55, 80 and 165 us with 8, 16 and 64 shards; a Get takes 40 ns.
class Store {
 public:
  static constexpr int kShardBits = 4;
  static constexpr int kShards = 1 << kShardBits;

  explicit Store(std::shared_ptr<Budget> budget, NowFunction now = &Clock::now);

  // Copies the value to `value` and returns true if the key is there. Any output may be null.
  bool Get(std::string_view key, std::string* value, uint64_t* version = nullptr,
           TimePoint* expires_at = nullptr) const;

  // Atomically lets `decide(const Current&) -> Change` look at a key and change it. It runs under
  // the shard's lock, so it must be short, and a second time if memory had to be made first.
  // RESOURCE_EXHAUSTED when the budget does not allow the change.
  template <class Decide>
  Status Update(std::string_view key, Decide&& decide) {
    const auto call = [](void* self, const Current& current) -> Change {
      return (*static_cast<std::remove_reference_t<Decide>*>(self))(current);
    };
    auto* self = const_cast<std::remove_const_t<std::remove_reference_t<Decide>>*>(&decide);
    return UpdateWith(key, call, self);
  }
  Status Set(std::string_view key, std::string_view value, TimePoint expires_at = kNever);
  // True if the key was there.
  bool Delete(std::string_view key);

  // Checks every read and then does every write in order, as one atomic step. ABORTED, retryable,
  // when a read no longer holds; RESOURCE_EXHAUSTED when the budget is exceeded: nothing is done.
  Status Apply(std::span<const ReadCheck> reads, std::span<Write> writes);

  struct Page {
    std::vector<Row> rows;
    bool more = false;  // the range may go on after the last row
  };
  // The first rows of the range in ascending order of bytes, at most `max_rows` (>= 1), and at
  // most `max_bytes` of keys and values unless the first row alone is larger. Keys that are there
  // all the time appear exactly once over a sequence of pages; each row was the truth at some
  // moment during the call. Rows have no values if those are not wanted.
  Page Scan(const KeyRange& range, RowContent content, size_t max_rows, size_t max_bytes) const;

  // Counts on from `progress` for at most about `max_visited` keys; true when the range is done.
  struct CountProgress {
    uint64_t count = 0;
    int shard = 0;
    std::string resume;
    bool resumed = false;
  };
  bool Count(const KeyRange& range, size_t max_visited, CountProgress& progress) const;

  // Erases at most `max_keys` keys whose time has come; returns how many. Bounded, so that workers
  // call it now and then.
  int CollectExpired(int max_keys);
  // When CollectExpired will next find something; kNever if no key expires.
  TimePoint next_expiry() const;

  size_t size() const;  // including keys past their time that are not collected yet
  TimePoint Now() const { return now_(); }
  Budget& budget() { return *budget_; }

 private:
  using DecideFunction = Change (*)(void* self, const Current& current);
  class ShardLocks;

  Shard& ShardOf(uint64_t hash) const { return shards_[hash >> (64 - kShardBits)]; }
  bool Live(const Entry* entry) const {
    return entry && (entry->expires_at == kNever || entry->expires_at > now_());
  }
  Status UpdateWith(std::string_view key, DecideFunction decide, void* self);
  int64_t TryUpdate(std::string_view key, DecideFunction decide, void* self);
  void CollectSome(Shard& shard);
  Status TryApply(std::span<const ReadCheck> reads, std::span<Write> writes, int64_t& missing);
  int64_t Growth(std::span<const Write> writes) const;
  int64_t Perform(Write& write);

  const std::shared_ptr<Budget> budget_;
  const NowFunction now_;
  const std::unique_ptr<Shard[]> shards_;
  std::atomic<uint32_t> next_collected_{0};  // shard where CollectExpired goes on
};

}  // namespace prism::memstore
