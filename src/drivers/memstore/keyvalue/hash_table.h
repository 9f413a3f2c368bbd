#pragma once

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>
#include <string_view>
#include <utility>

#include "drivers/memstore/keyvalue/entry.h"

namespace prism::memstore {

// A chained hash table that grows in small steps: each insertion moves two buckets of the old
// array, so no single write pays for the whole. Owns its arrays, not the entries.
class HashTable {
 public:
  Entry* Find(std::string_view key, uint64_t hash) const {
    if (!buckets_) return nullptr;
    for (Entry* entry = *Bucket(hash); entry; entry = entry->next_in_bucket) {
      if (entry->hash == hash && entry->key() == key) return entry;
    }
    return nullptr;
  }

  // The key must not be in the table.
  void Insert(Entry* entry) {
    if (size_ == capacity_) Grow();
    MoveSome();
    Push(Bucket(entry->hash), entry);
    ++size_;
  }

  // The entry must be in the table.
  void Remove(Entry* entry) {
    Entry** link = Bucket(entry->hash);
    while (*link != entry) link = &(*link)->next_in_bucket;
    *link = entry->next_in_bucket;
    --size_;
  }

  size_t size() const { return size_; }

 private:
  struct Free {
    void operator()(Entry** array) const { std::free(array); }
  };
  using Array = std::unique_ptr<Entry*[], Free>;

  // Buckets of the old array below moved_ have gone to the new one. The low bits of the hash pick
  // the bucket; the store picks the shard by the high ones.
  Entry** Bucket(uint64_t hash) const {
    if (old_ && (hash & (old_capacity_ - 1)) >= moved_) return &old_[hash & (old_capacity_ - 1)];
    return &buckets_[hash & (capacity_ - 1)];
  }
  static void Push(Entry** bucket, Entry* entry) {
    entry->next_in_bucket = *bucket;
    *bucket = entry;
  }

  // Doubling needs capacity_ more insertions before the next one, and they move twice as many
  // buckets as there were: old_ is always empty here.
  void Grow() {
    const size_t capacity = capacity_ ? capacity_ * 2 : 16;
    // calloc: large arrays come as untouched zero pages instead of being cleared at once.
    auto* fresh = static_cast<Entry**>(std::calloc(capacity, sizeof(Entry*)));
    if (!fresh) throw std::bad_alloc();
    old_ = std::exchange(buckets_, Array(fresh));
    old_capacity_ = std::exchange(capacity_, capacity);
    moved_ = 0;
  }

  void MoveSome() {
    if (!old_) return;
    for (int i = 0; i < 2 && moved_ < old_capacity_; ++i) {
      Entry* entry = old_[moved_];
      while (entry) {
        Entry* next = entry->next_in_bucket;
        Push(&buckets_[entry->hash & (capacity_ - 1)], entry);
        entry = next;
      }
      ++moved_;
    }
    if (moved_ == old_capacity_) old_.reset();
  }

  Array buckets_;
  Array old_;  // null unless growing
  size_t capacity_ = 0;
  size_t old_capacity_ = 0;
  size_t moved_ = 0;
  size_t size_ = 0;
};

}  // namespace prism::memstore
