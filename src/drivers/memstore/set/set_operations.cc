#include <algorithm>

#include "drivers/memstore/set/sets.h"

namespace prism::memstore {
namespace {

using Sources = std::vector<const MemberSet*>;

Status TooMany(uint64_t members) {
  return ResourceExhaustedError("the operation would work through " + std::to_string(members) +
                                " members; at most " + std::to_string(Sets::kMaxOperationMembers) +
                                " are allowed");
}

Status CheckWork(uint64_t members) {
  return members <= Sets::kMaxOperationMembers ? OkStatus() : TooMany(members);
}

uint64_t SumOfSizes(const Sources& sources) {
  uint64_t sum = 0;
  for (const MemberSet* source : sources) sum += source->size();
  return sum;
}

// In the order named; an absent one is an empty one.
Sources Find(Named<MemberSet>::Locked& locked, std::span<const std::string_view> names) {
  static const MemberSet absent;
  Sources sources;
  for (const std::string_view name : names) {
    const MemberSet* set = locked.Find(name);
    sources.push_back(set ? set : &absent);
  }
  return sources;
}

bool InAll(const Sources& sources, const MemberSet::Member& member) {
  return std::all_of(sources.begin(), sources.end(), [&](const MemberSet* source) {
    return source->Contains(member.key(), member.hash);
  });
}

bool InAny(const Sources& sources, const MemberSet::Member& member) {
  return std::any_of(sources.begin(), sources.end(), [&](const MemberSet* source) {
    return source->Contains(member.key(), member.hash);
  });
}

void AddAll(MemberSet& to, const MemberSet& from) {
  for (size_t i = 0; i < from.size(); ++i) to.Add(from[i].value, from[i].hash);
}

void PutSmallestFirst(Sources& sources) {
  std::sort(sources.begin(), sources.end(),
            [](const MemberSet* a, const MemberSet* b) { return a->size() < b->size(); });
}

Status Union(const Sources& sources, MemberSet& result) {
  PRISM_RETURN_IF_ERROR(CheckWork(SumOfSizes(sources)));
  for (const MemberSet* source : sources) AddAll(result, *source);
  return OkStatus();
}

// Never more lookups than the sources have members, as the smallest is the one walked.
Status Intersection(Sources sources, MemberSet& result) {
  PutSmallestFirst(sources);
  const MemberSet& smallest = *sources.front();
  PRISM_RETURN_IF_ERROR(CheckWork(smallest.size()));
  for (size_t i = 0; i < smallest.size(); ++i) {
    if (InAll(sources, smallest[i])) result.Add(smallest[i].value, smallest[i].hash);
  }
  return OkStatus();
}

// Looks the members of the first up in each of the others or, where that is less work, in the union
// of the others.
Status Difference(const Sources& sources, MemberSet& result) {
  const MemberSet& first = *sources.front();
  Sources others(sources.begin() + 1, sources.end());
  std::erase_if(others, [](const MemberSet* other) { return other->empty(); });
  MemberSet joined;
  if (SumOfSizes(others) < first.size() * others.size()) {
    PRISM_RETURN_IF_ERROR(CheckWork(SumOfSizes(sources)));
    for (const MemberSet* other : others) AddAll(joined, *other);
    others.assign(1, &joined);
  } else {
    PRISM_RETURN_IF_ERROR(CheckWork(first.size() * std::max<size_t>(others.size(), 1)));
  }
  for (size_t i = 0; i < first.size(); ++i) {
    if (!InAny(others, first[i])) result.Add(first[i].value, first[i].hash);
  }
  return OkStatus();
}

Status Compute(SetOperation operation, const Sources& sources, MemberSet& result) {
  if (operation == SetOperation::kUnion) return Union(sources, result);
  if (operation == SetOperation::kIntersection) return Intersection(sources, result);
  return Difference(sources, result);
}

}  // namespace

Result<MemberSet> Sets::Combine(SetOperation operation, std::span<const std::string_view> names) {
  MemberSet result;
  {
    Locked locked(sets_, names);
    PRISM_RETURN_IF_ERROR(Compute(operation, Find(locked, names), result));
  }
  result.charged = Charged(budget_);
  PRISM_RETURN_IF_ERROR(
      result.charged.Grow(static_cast<int64_t>(result.size()) * MemberSet::kMemberBytes));
  return result;
}

// Member by member, so that those which stay keep their numbers and a walk meets them.
Result<uint64_t> Sets::Replace(Locked& locked, std::string_view destination, const MemberSet& by) {
  MemberSet* set = locked.Make(destination);
  if (!set) {
    return budget_->Exceeded(Named<MemberSet>::kOverheadBytes +
                             static_cast<int64_t>(destination.size()));
  }
  if (set->empty()) set->charged = Charged(budget_);
  int64_t growth = 0;
  for (size_t i = 0; i < by.size(); ++i) {
    if (!set->Contains(by[i].key(), by[i].hash)) growth += MemberSet::CostOf(by[i].value);
  }
  for (size_t i = 0; i < set->size(); ++i) {
    const MemberSet::Member& member = (*set)[i];
    if (!by.Contains(member.key(), member.hash)) growth -= MemberSet::CostOf(member.value);
  }
  Status room = set->charged.Grow(growth);
  if (room.ok()) {
    for (size_t i = set->size(); i-- > 0;) {
      if (!by.Contains((*set)[i].key(), (*set)[i].hash)) set->RemoveAt(i);
    }
    AddAll(*set, by);
  }
  locked.DropIfEmpty(destination);
  if (!room.ok()) return room;
  return by.size();
}

Result<uint64_t> Sets::Store(SetOperation operation, std::string_view destination,
                             std::span<const std::string_view> names) {
  std::vector<std::string_view> all(names.begin(), names.end());
  all.push_back(destination);
  MemberSet result;  // freed when the locks are not held any more
  Locked locked(sets_, all);
  if (const MemberSet* old = locked.Find(destination))
    PRISM_RETURN_IF_ERROR(CheckWork(old->size()));
  PRISM_RETURN_IF_ERROR(Compute(operation, Find(locked, names), result));
  return Replace(locked, destination, result);
}

Result<uint64_t> Sets::IntersectionSize(std::span<const std::string_view> names, uint64_t limit) {
  Locked locked(sets_, names);
  Sources sources = Find(locked, names);
  PutSmallestFirst(sources);
  const MemberSet& smallest = *sources.front();
  PRISM_RETURN_IF_ERROR(CheckWork(smallest.size()));
  uint64_t count = 0;
  for (size_t i = 0; i < smallest.size() && (limit == 0 || count < limit); ++i) {
    count += InAll(sources, smallest[i]);
  }
  return count;
}

}  // namespace prism::memstore
