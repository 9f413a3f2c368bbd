#pragma once

#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/memstore/hash_table.h"
#include "drivers/memstore/keyvalue/entry.h"

namespace prism::memstore {

// A key with its value as a scan hands it out.
struct Row {
  std::string key;
  Value value;
};

enum class RowContent { kKeys, kKeysAndValues };

// Keys k with `from` <= k (or < k if `after`), and k < `to` unless that is empty.
struct KeyRange {
  std::string_view from;
  bool after = false;
  std::string_view to;
};

// A part of the keys of a store under one mutex. Every method needs the mutex to be held by the
// caller and does a bounded amount of work. A key past its time is never seen, removed or not.
class alignas(64) Shard {
 public:
  // How many entries Page and Count pass before they let others have the lock.
  static constexpr size_t kMaxVisited = 256;

  Shard() = default;
  ~Shard();
  Shard(const Shard&) = delete;
  Shard& operator=(const Shard&) = delete;

  std::mutex& mutex() const { return mutex_; }

  // The entry whether or not its time has come; null if there is none.
  Entry* Find(std::string_view key, uint64_t hash) const { return table_.Find(key, hash); }
  // Sets value and expiry of `entry`, or of a new entry if that is null. Returns the value that
  // was replaced, for the caller to drop after unlocking.
  Value Put(Entry* entry, std::string_view key, uint64_t hash, Value value, TimePoint expires_at);
  void SetExpiry(Entry* entry, TimePoint expires_at);
  // Returns the bytes given free, by CostBytes.
  int64_t Erase(Entry* entry);

  // Erases at most `max_keys` keys whose time has come and returns how many; adds to `freed_bytes`.
  int CollectExpired(TimePoint now, int max_keys, int64_t& freed_bytes);

  // Appends the first keys of the range to `rows`, at most `max_rows`, and stops early after
  // passing many expired ones. False when the range has no more; otherwise `resume` is the last
  // key visited, to continue after.
  bool Page(const KeyRange& range, RowContent content, TimePoint now, size_t max_rows,
            std::vector<Row>& rows, std::string& resume) const;
  // Adds to `count` the keys of the range that are live, of which it passes a bounded number. The
  // return value and `resume` are as for Page.
  bool Count(const KeyRange& range, TimePoint now, uint64_t& count, std::string& resume) const;

  size_t size() const { return table_.size(); }
  size_t expiring() const { return expiry_.size(); }
  // kNever if nothing expires.
  TimePoint next_expiry() const { return expiry_.empty() ? kNever : expiry_.begin()->expires_at; }

 private:
  template <class Visit>
  bool Walk(const KeyRange& range, std::string& resume, Visit&& visit) const;

  mutable std::mutex mutex_;
  HashTable<Entry> table_;
  KeyOrder order_;
  ExpiryOrder expiry_;
  uint64_t last_version_ = 0;
};

}  // namespace prism::memstore
