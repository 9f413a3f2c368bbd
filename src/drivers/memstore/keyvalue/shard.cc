#include "drivers/memstore/keyvalue/shard.h"

#include <cstring>
#include <new>

namespace prism::memstore {

Entry* Entry::New(std::string_view key, uint64_t hash) {
  void* memory = ::operator new(sizeof(Entry) + key.size());
  Entry* entry = new (memory) Entry;
  entry->hash = hash;
  entry->key_size = key.size();
  if (!key.empty()) std::memcpy(static_cast<void*>(entry + 1), key.data(), key.size());
  return entry;
}

void Entry::Delete(Entry* entry) {
  entry->~Entry();
  ::operator delete(entry);
}

Shard::~Shard() {
  expiry_.clear();
  order_.clear_and_dispose(&Entry::Delete);
}

Value Shard::Put(Entry* entry, std::string_view key, uint64_t hash, Value value,
                 TimePoint expires_at) {
  if (!entry) {
    entry = Entry::New(key, hash);
    table_.Insert(entry);
    order_.insert(*entry);
  }
  SetExpiry(entry, expires_at);
  entry->version = ++last_version_;
  std::swap(entry->value, value);
  return value;
}

void Shard::SetExpiry(Entry* entry, TimePoint expires_at) {
  if (entry->expires_at == expires_at) return;
  if (entry->expires_at != kNever) expiry_.erase(expiry_.iterator_to(*entry));
  entry->expires_at = expires_at;
  if (expires_at != kNever) expiry_.insert(*entry);
}

int64_t Shard::Erase(Entry* entry) {
  const int64_t freed_bytes = CostBytes(entry->key_size, entry->value.size());
  SetExpiry(entry, kNever);
  order_.erase(order_.iterator_to(*entry));
  table_.Remove(entry);
  Entry::Delete(entry);
  return freed_bytes;
}

int Shard::CollectExpired(TimePoint now, int max_keys, int64_t& freed_bytes) {
  int collected = 0;
  while (collected < max_keys && !expiry_.empty() && expiry_.begin()->expires_at <= now) {
    freed_bytes += Erase(&*expiry_.begin());
    ++collected;
  }
  return collected;
}

// Calls visit(entry) -> bool until that returns false or the bound is reached.
template <class Visit>
bool Shard::Walk(const KeyRange& range, std::string& resume, Visit&& visit) const {
  auto at = range.after ? order_.upper_bound(range.from) : order_.lower_bound(range.from);
  const Entry* last = nullptr;
  bool go_on = true;
  for (size_t visited = 0;; ++at, ++visited) {
    if (at == order_.end() || (!range.to.empty() && at->key() >= range.to)) return false;
    if (!go_on || visited == kMaxVisited) break;
    last = &*at;
    go_on = visit(*last);
  }
  resume = last->key();
  return true;
}

bool Shard::Page(const KeyRange& range, RowContent content, TimePoint now, size_t max_rows,
                 std::vector<Row>& rows, std::string& resume) const {
  return Walk(range, resume, [&](const Entry& entry) {
    if (entry.expires_at <= now) return true;
    const bool with_value = content == RowContent::kKeysAndValues;
    rows.push_back({std::string(entry.key()), with_value ? entry.value : Value()});
    return rows.size() < max_rows;
  });
}

bool Shard::Count(const KeyRange& range, TimePoint now, uint64_t& count,
                  std::string& resume) const {
  return Walk(range, resume, [&](const Entry& entry) {
    count += entry.expires_at > now;
    return true;
  });
}

}  // namespace prism::memstore
