#include "drivers/memstore/sortedset/sorted_sets.h"

#include <algorithm>
#include <cmath>

namespace prism::memstore {
namespace {

// Whether an entry replaces the score of a member that is there.
bool Replaces(AddMode mode, double score, double old) {
  switch (mode) {
    case AddMode::kAlways:
    case AddMode::kOnlyExisting:
      return score != old;
    case AddMode::kIfGreater:
      return score > old;
    case AddMode::kIfLess:
      return score < old;
    case AddMode::kOnlyNew:
      return false;
  }
  return false;
}

// Room for the members that may be new; what the request names twice is counted twice.
Status ChargeNew(SortedSet& set, std::span<const Scored> entries, std::span<const uint64_t> hashes,
                 int64_t& charged) {
  for (size_t i = 0; i < entries.size(); ++i) {
    const std::string_view member = entries[i].member.view();
    if (!set.Find(member, hashes[i])) charged += SortedSet::CostOf(member);
  }
  return set.charged.Grow(charged);
}

}  // namespace

Result<SortedSets::Added> SortedSets::Add(std::string_view name, std::span<const Scored> entries,
                                          AddMode mode) {
  std::vector<uint64_t> hashes;
  hashes.reserve(entries.size());
  for (const Scored& entry : entries) hashes.push_back(SortedSet::HashOf(entry.member.view()));
  Added counts;
  Status status = sets_.Make(name, [&](SortedSet& set) -> Status {
    if (set.empty()) set.charged = Charged(budget_);
    int64_t spare = 0;
    if (mode != AddMode::kOnlyExisting) {
      PRISM_RETURN_IF_ERROR(ChargeNew(set, entries, hashes, spare));
    }
    for (size_t i = 0; i < entries.size(); ++i) {
      const auto& [member, score] = entries[i];
      RankedMember* found = set.Find(member.view(), hashes[i]);
      if (found && Replaces(mode, score, found->score)) {
        set.SetScore(found, score);
        ++counts.updated;
      } else if (!found && mode != AddMode::kOnlyExisting) {
        set.Add(member, hashes[i], score);
        spare -= SortedSet::CostOf(member.view());
        ++counts.added;
      }
    }
    set.charged.Shrink(spare);
    return OkStatus();
  });
  if (!status.ok()) return status;
  return counts;
}

uint64_t SortedSets::Remove(std::string_view name, std::span<const std::string_view> members) {
  return sets_.Look(name, [&](SortedSet* set) {
    uint64_t removed = 0;
    for (size_t i = 0; set && i < members.size(); ++i) {
      RankedMember* found = set->Find(members[i], SortedSet::HashOf(members[i]));
      if (!found) continue;
      set->Remove(found);
      set->charged.Shrink(SortedSet::CostOf(members[i]));
      ++removed;
    }
    return removed;
  });
}

std::optional<double> SortedSets::Score(std::string_view name, std::string_view member) {
  const uint64_t hash = SortedSet::HashOf(member);
  return sets_.Look(name, [&](SortedSet* set) -> std::optional<double> {
    const RankedMember* found = set ? set->Find(member, hash) : nullptr;
    if (!found) return std::nullopt;
    return found->score;
  });
}

Result<double> SortedSets::Increment(std::string_view name, const Value& member, double delta) {
  const uint64_t hash = SortedSet::HashOf(member.view());
  double sum = delta;
  Status status = sets_.Make(name, [&](SortedSet& set) -> Status {
    if (set.empty()) set.charged = Charged(budget_);
    RankedMember* found = set.Find(member.view(), hash);
    if (!found) {
      PRISM_RETURN_IF_ERROR(set.charged.Grow(SortedSet::CostOf(member.view())));
      set.Add(member, hash, delta);
      return OkStatus();
    }
    sum = found->score + delta + 0.0;
    if (std::isnan(sum)) {
      return InvalidArgumentError("delta: the sum of opposite infinities is not a number");
    }
    set.SetScore(found, sum);
    return OkStatus();
  });
  if (!status.ok()) return status;
  return sum;
}

uint64_t SortedSets::Size(std::string_view name) {
  return sets_.Look(name, [](SortedSet* set) { return set ? set->size() : 0; });
}

uint64_t SortedSets::Clear(std::string_view name) {
  SortedSet cleared;  // freed when the lock is not held any more
  sets_.Look(name, [&](SortedSet* set) {
    if (set) std::swap(cleared, *set);
  });
  return cleared.size();
}

SortedSets::Part SortedSets::Read(std::string_view name, const ResolveRange& range, bool reverse,
                                  uint64_t offset, uint64_t limit) {
  return sets_.Look(name, [&](SortedSet* set) {
    Part part;
    if (!set) return part;
    const IndexRange found = range(*set);
    if (offset >= found.size()) return part;
    const uint64_t there = found.size() - offset;
    const uint64_t wanted =
        std::min<uint64_t>({there, limit ? limit : kMaxAnswerRows, uint64_t{kMaxAnswerRows}});
    RankedMember* member = set->order().At(reverse ? found.end - 1 - offset : found.begin + offset);
    AnswerRoom room;
    while (part.entries.size() < wanted && room.Take(member->value.size())) {
      part.entries.push_back({member->value, member->score});
      member = reverse ? member->previous : member->next();
    }
    part.more = part.entries.size() < there;
    return part;
  });
}

uint64_t SortedSets::Count(std::string_view name, const ResolveRange& range) {
  return sets_.Look(name, [&](SortedSet* set) { return set ? range(*set).size() : 0; });
}

uint64_t SortedSets::RemoveRange(std::string_view name, const ResolveRange& range) {
  return sets_.Look(name, [&](SortedSet* set) -> uint64_t {
    if (!set) return 0;
    const IndexRange found = range(*set);
    set->charged.Shrink(set->RemoveRange(found));
    return found.size();
  });
}

std::optional<SortedSets::Place> SortedSets::Rank(std::string_view name, std::string_view member,
                                                  bool reverse) {
  const uint64_t hash = SortedSet::HashOf(member);
  return sets_.Look(name, [&](SortedSet* set) -> std::optional<Place> {
    const RankedMember* found = set ? set->Find(member, hash) : nullptr;
    if (!found) return std::nullopt;
    const uint64_t index = set->order().IndexOf(*found);
    return Place{reverse ? set->size() - 1 - index : index, found->score};
  });
}

}  // namespace prism::memstore
