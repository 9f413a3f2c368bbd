#include "drivers/memstore/sortedset/ranked_list.h"

#include <random>

namespace prism::memstore {

RankedMember* RankedMember::New(Value value, uint64_t hash, double score, int levels) {
  void* memory = ::operator new(sizeof(RankedMember) + levels * sizeof(Link));
  auto* member = new (memory) RankedMember{std::move(value), hash, score, levels};
  for (int level = 0; level < levels; ++level) new (member->links() + level) Link();
  return member;
}

void RankedMember::Delete(RankedMember* member) {
  member->~RankedMember();
  ::operator delete(member);
}

// Drawn by chance that callers do not know, so they cannot make a list of bad shape.
int RankedList::DrawLevels() {
  thread_local std::mt19937_64 engine(std::random_device{}());
  int levels = 1;
  for (uint64_t bits = engine(); levels < kMaxLevels && (bits & 3) == 0; bits >>= 2) ++levels;
  return levels;
}

RankedMember* RankedList::At(uint64_t index) {
  return Descend([index](const RankedMember&, uint64_t at) { return at < index; })
      .before[0][0]
      .next;
}

void RankedList::Insert(RankedMember* member) {
  for (; levels_ < member->levels; ++levels_) head_[levels_] = {nullptr, size_};
  const Path path = Descend([&](const RankedMember& other, uint64_t) {
    return Before(other, member->score, member->key());
  });
  const uint64_t index = path.index[0];
  Link* links = member->links();
  for (int level = 0; level < levels_; ++level) {
    Link& before = path.before[level][level];
    if (level >= member->levels) {
      ++before.span;
      continue;
    }
    const uint64_t skipped = index - path.index[level];
    links[level] = {before.next, before.span - skipped};
    before = {member, skipped + 1};
  }
  member->previous = path.previous;
  RankedMember*& behind = links[0].next ? links[0].next->previous : tail_;
  behind = member;
  ++size_;
}

void RankedList::Unlink(const Path& path, RankedMember* member) {
  Link* links = member->links();
  for (int level = 0; level < levels_; ++level) {
    Link& before = path.before[level][level];
    if (before.next == member) {
      before = {links[level].next, before.span + links[level].span - 1};
    } else {
      --before.span;
    }
  }
  RankedMember*& behind = links[0].next ? links[0].next->previous : tail_;
  behind = member->previous;
  --size_;
}

void RankedList::Remove(RankedMember* member) {
  const Path path = Descend([&](const RankedMember& other, uint64_t) {
    return Before(other, member->score, member->key());
  });
  Unlink(path, member);
}

}  // namespace prism::memstore
