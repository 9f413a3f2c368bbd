#pragma once

#include <boost/intrusive/set.hpp>
#include <cstdint>
#include <string_view>

#include "base/clock.h"
#include "drivers/memstore/value.h"

namespace prism::memstore {

namespace bi = boost::intrusive;
struct ByKey;
struct ByExpiry;
template <class Tag>
using Hook =
    bi::set_base_hook<bi::tag<Tag>, bi::link_mode<bi::normal_link>, bi::optimize_size<true>>;
using KeyHook = Hook<ByKey>;
using ExpiryHook = Hook<ByExpiry>;

// One key of a shard. It hangs in the shard's hash table, in its order of keys and, if it will
// expire, in its order of expiry: one allocation, the key's bytes behind it. Owned by the shard.
struct Entry : KeyHook, ExpiryHook {
  static Entry* New(std::string_view key, uint64_t hash);
  static void Delete(Entry* entry);

  std::string_view key() const { return {reinterpret_cast<const char*>(this + 1), key_size}; }

  Entry* next_in_bucket = nullptr;
  uint64_t hash = 0;
  uint64_t version = 0;  // differs between any two contents of a key; never 0
  TimePoint expires_at = kNever;
  Value value;
  size_t key_size = 0;
};

// What a key occupies beside its own bytes and its value's: the entry, its share of the hash
// table, and the allocator's and the value's headers.
inline constexpr int64_t kEntryOverheadBytes = sizeof(Entry) + 56;

inline int64_t CostBytes(size_t key_bytes, size_t value_bytes) {
  return kEntryOverheadBytes + static_cast<int64_t>(key_bytes + value_bytes);
}

struct KeyOfEntry {
  using type = std::string_view;
  std::string_view operator()(const Entry& entry) const { return entry.key(); }
};
struct ExpiryOfEntry {
  using type = TimePoint;
  TimePoint operator()(const Entry& entry) const { return entry.expires_at; }
};
using KeyOrder = bi::set<Entry, bi::base_hook<KeyHook>, bi::key_of_value<KeyOfEntry>>;
using ExpiryOrder = bi::multiset<Entry, bi::base_hook<ExpiryHook>, bi::key_of_value<ExpiryOfEntry>>;

}  // namespace prism::memstore
