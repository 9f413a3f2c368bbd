#pragma once

#include <string_view>
#include <vector>

#include "base/hash.h"
#include "drivers/memstore/charged.h"
#include "drivers/memstore/hash_table.h"
#include "drivers/memstore/value.h"

namespace prism::memstore {

// Distinct members: found by their hash, and numbered without gaps so that one can be drawn or all
// be walked. A removal moves the last member to the freed place, towards the front; so a walk from
// the back meets each member that stays. Guarded by its owner, who charges `charged`.
class MemberSet {
 public:
  struct Member {
    std::string_view key() const { return value.view(); }
    Value value;
    uint64_t hash;
    size_t place;
    Member* next_in_bucket = nullptr;
  };
  static constexpr int64_t kHeapBytes = 144;  // the least hash table
  // Of a member beside its bytes: the node, its shares of the hash table and of the numbering,
  // which may both be half empty, and the headers of the value and the allocator.
  static constexpr int64_t kMemberBytes = sizeof(Member) + 80;
  static int64_t CostOf(const Value& value) {
    return kMemberBytes + static_cast<int64_t>(value.size());
  }
  static uint64_t HashOf(std::string_view member) { return KeyHasher::Process()(member); }

  MemberSet() = default;
  MemberSet(MemberSet&&) = default;
  MemberSet& operator=(MemberSet&& other) noexcept {
    std::swap(charged, other.charged);
    std::swap(table_, other.table_);
    std::swap(members_, other.members_);
    return *this;
  }
  ~MemberSet() {
    for (Member* member : members_) delete member;
  }

  bool empty() const { return members_.empty(); }
  size_t size() const { return members_.size(); }
  const Member& operator[](size_t place) const { return *members_[place]; }

  bool Contains(std::string_view member, uint64_t hash) const {
    return table_.Find(member, hash) != nullptr;
  }
  // False if it was there.
  bool Add(const Value& value, uint64_t hash) {
    if (Contains(value.view(), hash)) return false;
    members_.push_back(new Member{value, hash, members_.size()});
    table_.Insert(members_.back());
    return true;
  }
  // False if it was absent.
  bool Remove(std::string_view member, uint64_t hash) {
    const Member* found = table_.Find(member, hash);
    if (found) RemoveAt(found->place);
    return found != nullptr;
  }
  Value RemoveAt(size_t place) {
    Member* member = members_[place];
    table_.Remove(member);
    members_[place] = members_.back();
    members_[place]->place = place;
    members_.pop_back();
    if (members_.size() < members_.capacity() / 4) members_.shrink_to_fit();
    Value value = std::move(member->value);
    delete member;
    return value;
  }

  Charged charged;

 private:
  HashTable<Member> table_;
  std::vector<Member*> members_;
};

}  // namespace prism::memstore
