#include "drivers/memstore/set/sets.h"

#include <algorithm>
#include <random>
#include <unordered_set>

namespace prism::memstore {
namespace {

// A number below `bound`.
size_t Random(size_t bound) {
  thread_local std::mt19937_64 engine(std::random_device{}());
  return std::uniform_int_distribution<size_t>(0, bound - 1)(engine);
}

std::vector<uint64_t> HashesOf(std::span<const std::string_view> members) {
  std::vector<uint64_t> hashes;
  hashes.reserve(members.size());
  for (const std::string_view member : members) hashes.push_back(MemberSet::HashOf(member));
  return hashes;
}

// `count` different numbers below `size` (Floyd's way: it draws each once).
std::vector<size_t> DrawPlaces(size_t size, size_t count) {
  std::unordered_set<size_t> drawn;
  std::vector<size_t> places;
  for (size_t top = size - count; top < size; ++top) {
    const size_t place = Random(top + 1);
    places.push_back(drawn.insert(place).second ? place : top);
    if (places.back() == top) drawn.insert(top);
  }
  return places;
}

}  // namespace

Result<uint64_t> Sets::Add(std::string_view name, std::span<const Value> members) {
  std::vector<uint64_t> hashes;
  hashes.reserve(members.size());
  for (const Value& member : members) hashes.push_back(MemberSet::HashOf(member.view()));
  uint64_t added = 0;
  Status status = sets_.Make(name, [&](MemberSet& set) -> Status {
    if (set.empty()) set.charged = Charged(budget_);
    // What the request names twice is given back below.
    int64_t cost = 0;
    for (size_t i = 0; i < members.size(); ++i) {
      if (!set.Contains(members[i].view(), hashes[i])) cost += MemberSet::CostOf(members[i]);
    }
    PRISM_RETURN_IF_ERROR(set.charged.Grow(cost));
    for (size_t i = 0; i < members.size(); ++i) {
      if (!set.Add(members[i], hashes[i])) continue;
      cost -= MemberSet::CostOf(members[i]);
      ++added;
    }
    set.charged.Shrink(cost);
    return OkStatus();
  });
  if (!status.ok()) return status;
  return added;
}

uint64_t Sets::Remove(std::string_view name, std::span<const std::string_view> members) {
  const std::vector<uint64_t> hashes = HashesOf(members);
  return sets_.Look(name, [&](MemberSet* set) {
    uint64_t removed = 0;
    int64_t cost = 0;
    for (size_t i = 0; set && i < members.size(); ++i) {
      if (!set->Remove(members[i], hashes[i])) continue;
      ++removed;
      cost += MemberSet::kMemberBytes + static_cast<int64_t>(members[i].size());
    }
    if (removed > 0) set->charged.Shrink(cost);
    return removed;
  });
}

std::vector<bool> Sets::Contains(std::string_view name, std::span<const std::string_view> members) {
  const std::vector<uint64_t> hashes = HashesOf(members);
  std::vector<bool> contained(members.size());
  sets_.Look(name, [&](MemberSet* set) {
    for (size_t i = 0; set && i < members.size(); ++i) {
      contained[i] = set->Contains(members[i], hashes[i]);
    }
  });
  return contained;
}

uint64_t Sets::Size(std::string_view name) {
  return sets_.Look(name, [](MemberSet* set) { return set ? set->size() : 0; });
}

uint64_t Sets::Clear(std::string_view name) {
  MemberSet cleared;  // freed when the lock is not held any more
  sets_.Look(name, [&](MemberSet* set) {
    if (set) std::swap(cleared, *set);
  });
  return cleared.size();
}

Sets::Page Sets::Walk(std::string_view name, uint64_t from, uint64_t max_members) {
  return sets_.Look(name, [&](MemberSet* set) {
    Page page;
    page.next = set ? std::min<uint64_t>(from, set->size()) : 0;
    AnswerRoom room;
    for (; page.next > 0 && page.members.size() < max_members; --page.next) {
      const Value& value = (*set)[page.next - 1].value;
      if (!room.Take(value.size())) break;
      page.members.push_back(value);
    }
    return page;
  });
}

std::vector<Value> Sets::Draw(std::string_view name, uint64_t count, bool repeats) {
  return sets_.Look(name, [&](MemberSet* set) {
    std::vector<Value> drawn;
    if (!set) return drawn;
    std::vector<size_t> places;
    if (repeats) {
      for (uint64_t i = 0; i < count; ++i) places.push_back(Random(set->size()));
    } else {
      places = DrawPlaces(set->size(), std::min<size_t>(count, set->size()));
    }
    AnswerRoom room;
    for (const size_t place : places) {
      const Value& value = (*set)[place].value;
      if (!room.Take(value.size())) break;
      drawn.push_back(value);
    }
    return drawn;
  });
}

std::vector<Value> Sets::Pop(std::string_view name, uint64_t count) {
  return sets_.Look(name, [&](MemberSet* set) {
    std::vector<Value> popped;
    AnswerRoom room;
    while (set && !set->empty() && popped.size() < count) {
      const size_t place = Random(set->size());
      if (!room.Take((*set)[place].value.size())) break;
      popped.push_back(set->RemoveAt(place));
      set->charged.Shrink(MemberSet::CostOf(popped.back()));
    }
    return popped;
  });
}

}  // namespace prism::memstore
