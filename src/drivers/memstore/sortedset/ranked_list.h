#pragma once

#include <array>
#include <cstdint>
#include <new>
#include <string_view>

#include "drivers/memstore/value.h"

namespace prism::memstore {

// A member with its score, in the table and the order of its sorted set. Owned by the latter.
struct RankedMember {
  struct Link {
    RankedMember* next = nullptr;
    uint64_t span = 0;  // how many members further; without a next one, how many to the end
  };
  static RankedMember* New(Value value, uint64_t hash, double score, int levels);
  static void Delete(RankedMember* member);

  std::string_view key() const { return value.view(); }
  // As many as there are levels, right behind this.
  Link* links() { return reinterpret_cast<Link*>(this + 1); }
  RankedMember* next() { return links()[0].next; }

  Value value;
  uint64_t hash;
  double score;
  int levels;
  RankedMember* previous = nullptr;
  RankedMember* next_in_bucket = nullptr;
};

inline bool Before(const RankedMember& a, double score, std::string_view member) {
  return a.score < score || (a.score == score && a.key() < member);
}

// Members by ascending score, equal ones by their bytes: a skip list whose links know how many
// members they pass, so that finding a member, its index, or the member at an index takes O(log n).
// Guarded by its owner, who also owns the members.
class RankedList {
 public:
  static constexpr int kMaxLevels = 16;  // each level has a quarter of the one below

  RankedList() = default;
  RankedList(RankedList&& other) noexcept { *this = std::move(other); }
  RankedList& operator=(RankedList&& other) noexcept {
    std::swap(head_, other.head_);
    std::swap(tail_, other.tail_);
    std::swap(levels_, other.levels_);
    std::swap(size_, other.size_);
    return *this;
  }

  // Levels for a new member.
  static int DrawLevels();

  uint64_t size() const { return size_; }
  RankedMember* first() const { return head_[0].next; }
  RankedMember* last() const { return tail_; }
  RankedMember* At(uint64_t index);

  void Insert(RankedMember* member);
  void Remove(RankedMember* member);
  // Takes `count` members out, beginning at an index; each is handed to `taken(member)`.
  template <class Fn>
  void RemoveFrom(uint64_t index, uint64_t count, Fn&& taken) {
    const Path path = Descend([index](const RankedMember&, uint64_t at) { return at < index; });
    RankedMember* member = path.before[0][0].next;
    for (; count > 0; --count) {
      RankedMember* next = member->next();
      Unlink(path, member);
      taken(member);
      member = next;
    }
  }

  // How many members at the front fulfil `before(member)`; none behind one that does not may.
  template <class Fn>
  uint64_t CountWhile(Fn&& before) {
    return Descend([&before](const RankedMember& member, uint64_t) { return before(member); })
        .index[0];
  }
  uint64_t IndexOf(const RankedMember& member) {
    return CountWhile(
        [&](const RankedMember& other) { return Before(other, member.score, member.key()); });
  }

 private:
  using Link = RankedMember::Link;
  // Where the way down leaves each level: behind which links, and how many members come before.
  struct Path {
    std::array<Link*, kMaxLevels> before;
    std::array<uint64_t, kMaxLevels> index;
    RankedMember* previous = nullptr;  // the member that before[0] belongs to; null for the head
  };

  // Goes on along each level while `before(member, index)`.
  template <class Fn>
  Path Descend(Fn&& before) {
    Path path;
    Link* links = head_.data();
    uint64_t passed = 0;
    for (int level = levels_ - 1; level >= 0; --level) {
      while (links[level].next && before(*links[level].next, passed + links[level].span - 1)) {
        passed += links[level].span;
        path.previous = links[level].next;
        links = path.previous->links();
      }
      path.before[level] = links;
      path.index[level] = passed;
    }
    return path;
  }
  void Unlink(const Path& path, RankedMember* member);

  std::array<Link, kMaxLevels> head_;
  RankedMember* tail_ = nullptr;
  int levels_ = 1;
  uint64_t size_ = 0;
};

}  // namespace prism::memstore
