#pragma once

#include "base/hash.h"
#include "drivers/contract/index_range.h"
#include "drivers/memstore/charged.h"
#include "drivers/memstore/hash_table.h"
#include "drivers/memstore/sortedset/ranked_list.h"

namespace prism::memstore {

// One sorted set: its members by their bytes in O(1), by score and index in O(log n). Owns them.
// Guarded by its owner, who charges `charged`.
class SortedSet {
 public:
  static constexpr int64_t kHeapBytes = 144;  // the least hash table
  // Of a member beside its bytes: the node with its links, its share of the hash table, which may
  // be half empty, and the headers of the value and the allocator.
  static constexpr int64_t kMemberBytes = sizeof(RankedMember) + 88;
  static int64_t CostOf(std::string_view member) {
    return kMemberBytes + static_cast<int64_t>(member.size());
  }
  static uint64_t HashOf(std::string_view member) { return KeyHasher::Process()(member); }

  SortedSet() = default;
  SortedSet(SortedSet&&) = default;
  SortedSet& operator=(SortedSet&& other) noexcept {
    std::swap(charged, other.charged);
    std::swap(table_, other.table_);
    std::swap(list_, other.list_);
    return *this;
  }
  ~SortedSet() {
    for (RankedMember* member = list_.first(); member;) {
      RankedMember* next = member->next();
      RankedMember::Delete(member);
      member = next;
    }
  }

  bool empty() const { return list_.size() == 0; }
  uint64_t size() const { return list_.size(); }
  RankedList& order() { return list_; }
  RankedMember* first() const { return list_.first(); }
  RankedMember* Find(std::string_view member, uint64_t hash) const {
    return table_.Find(member, hash);
  }

  // The member must be absent.
  void Add(Value member, uint64_t hash, double score) {
    RankedMember* node =
        RankedMember::New(std::move(member), hash, score, RankedList::DrawLevels());
    table_.Insert(node);
    list_.Insert(node);
  }
  void SetScore(RankedMember* member, double score) {
    list_.Remove(member);
    member->score = score;
    list_.Insert(member);
  }
  void Remove(RankedMember* member) {
    list_.Remove(member);
    table_.Remove(member);
    RankedMember::Delete(member);
  }
  // The bytes that were charged for what the range had.
  int64_t RemoveRange(IndexRange range) {
    int64_t cost = 0;
    list_.RemoveFrom(range.begin, range.size(), [&](RankedMember* member) {
      cost += CostOf(member->key());
      table_.Remove(member);
      RankedMember::Delete(member);
    });
    return cost;
  }

  Charged charged;

 private:
  HashTable<RankedMember> table_;
  RankedList list_;
};

}  // namespace prism::memstore
