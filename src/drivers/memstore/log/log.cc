#include "drivers/memstore/log/log.h"

#include <algorithm>

namespace prism::memstore {
namespace {

// What a log that keeps until acked has without a group.
constexpr LogBounds kUnread{std::chrono::hours(1), 1024 * 1024, 1000};
constexpr LogBounds kNoBounds{};

}  // namespace

Result<Place> Log::Append(uint32_t partition, std::shared_ptr<LogRecord> record, uint64_t least,
                          TimePoint now) {
  PRISM_RETURN_IF_ERROR(charged.Grow(record->cost()));
  const Place place{partition, partitions[partition].Append(std::move(record), now, least)};
  Trim(now);
  for (auto& [name, group] : groups) group.WakeIfWork(partitions);
  std::erase_if(followers, [&](Follower* follower) {
    if (follower->partition != partition) return false;
    follower->signal.Notify();
    return true;
  });
  return place;
}

void Log::Remove(Place place) {
  charged.Shrink(partitions[place.partition].Erase(place.sequence));
  for (auto& [name, group] : groups) group.Forget(place);
}

bool Log::NeededByAny(Place place) const {
  return std::any_of(groups.begin(), groups.end(),
                     [&](const auto& group) { return group.second.Needs(place); });
}

bool Log::Ack(LogGroup& group, Place place) {
  if (!group.Ack(place)) return false;
  if (keeping == Keeping::kUntilAcked && !NeededByAny(place)) Remove(place);
  return true;
}

std::vector<Placed> Log::Page(Place from, uint64_t to, size_t limit) const {
  std::vector<Placed> page;
  if (from.partition >= partitions.size()) return page;
  const LogPartition& partition = partitions[from.partition];
  PageRoom room(limit);
  for (auto at = partition.From(from.sequence); at != partition.records().end(); ++at) {
    if (at->first >= to || !room.Fits(*at->second)) break;
    room.Add(*at->second);
    page.push_back({{from.partition, at->first}, at->second});
  }
  return page;
}

Status Log::SetPartitions(size_t count, uint64_t floor) {
  if (count < partitions.size()) {
    return FailedPreconditionError("the stream has " + std::to_string(partitions.size()) +
                                   " partitions; their number can only grow");
  }
  const size_t added = count - partitions.size();
  PRISM_RETURN_IF_ERROR(
      charged.Grow(static_cast<int64_t>(added * (sizeof(LogPartition) + 16 * groups.size()))));
  for (size_t i = 0; i < added; ++i) partitions.emplace_back(floor + 1);
  return OkStatus();
}

int64_t Log::CostOfGroup(std::string_view name) const {
  return static_cast<int64_t>(sizeof(LogGroup) + 160 + name.size() + 16 * partitions.size());
}

Status Log::AddGroup(const std::string& name, LogGroup group) {
  if (groups.size() >= kMaxGroups) {
    return ResourceExhaustedError("there are " + std::to_string(kMaxGroups) +
                                  " groups; there cannot be more");
  }
  PRISM_RETURN_IF_ERROR(charged.Grow(CostOfGroup(name)));
  groups.emplace(name, std::move(group));
  // Records that were kept for nobody in particular may not be needed by this one.
  if (keeping == Keeping::kUntilAcked) swept_to = 0;
  return OkStatus();
}

Status Log::CheckPartition(uint32_t partition) const {
  if (partition < partitions.size()) return OkStatus();
  return InvalidArgumentError("the stream has " + std::to_string(partitions.size()) +
                              " partitions; there is no partition " + std::to_string(partition));
}

const LogBounds& Log::EffectiveBounds() const {
  if (keeping == Keeping::kWithinBounds) return bounds;
  return groups.empty() ? kUnread : kNoBounds;
}

void Log::Trim(TimePoint now) {
  const LogBounds& limits = EffectiveBounds();
  int left = kTrimmedPerCall;
  for (uint32_t i = 0; i < partitions.size(); ++i) {
    for (; left > 0 && partitions[i].Beyond(limits, now); --left) {
      Remove({i, partitions[i].records().begin()->first});
    }
  }
}

void Log::Sweep() {
  for (int i = 0; i < kTrimmedPerCall; ++i) {
    const auto at = partitions[0].From(*swept_to);
    if (at == partitions[0].records().end()) {
      swept_to.reset();
      return;
    }
    const Place place{0, at->first};
    swept_to = place.sequence + 1;
    if (!NeededByAny(place)) Remove(place);
  }
}

void Log::Upkeep(TimePoint now) {
  Trim(now);
  if (keeping == Keeping::kWithinBounds || groups.empty()) swept_to.reset();
  if (swept_to) Sweep();
  for (auto& [name, group] : groups) {
    group.FreeOverdue(now);
    group.WakeIfWork(partitions);
  }
}

TimePoint Log::Due(TimePoint now) const {
  if (swept_to) return now;
  TimePoint due = kNever;
  for (const LogPartition& partition : partitions) {
    due = std::min(due, partition.BeyondAt(EffectiveBounds(), now));
  }
  for (const auto& [name, group] : groups) due = std::min(due, group.due());
  return due;
}

bool Log::Unneeded() const {
  return keeping == Keeping::kUntilAcked && groups.empty() && partitions[0].records().empty();
}

}  // namespace prism::memstore
