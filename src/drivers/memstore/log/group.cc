#include "drivers/memstore/log/group.h"

#include <algorithm>

namespace prism::memstore {

// What a member may come to hold, or holds, if claims made that more.
int64_t LogGroup::ShareOf(const Members::value_type& member) {
  const size_t entries = std::max(member.second.max_pending, member.second.held.size());
  return static_cast<int64_t>(sizeof(member) + 64 + member.first.size()) +
         static_cast<int64_t>(entries) * kPendingBytes;
}

Status LogGroup::Reserve(int64_t bytes) {
  const int64_t missing = shares_ + bytes - reserved_.bytes();
  return missing > 0 ? reserved_.Grow(missing) : OkStatus();
}

void LogGroup::Settle() {
  const int64_t needed = std::max(shares_, static_cast<int64_t>(pending_.size()) * kPendingBytes);
  if (reserved_.bytes() > needed) reserved_.Shrink(reserved_.bytes() - needed);
}

Result<LogGroup::Members::iterator> LogGroup::FindOrAdd(std::string_view member) {
  const auto found = members_.find(member);
  if (found != members_.end()) return found;
  if (members_.size() >= kMaxMembers) {
    return ResourceExhaustedError("the group has " + std::to_string(kMaxMembers) +
                                  " members; there cannot be more");
  }
  const auto added = members_.try_emplace(std::string(member)).first;
  shares_ += ShareOf(*added);
  return added;
}

Status LogGroup::Join(GroupReader& reader, std::string_view member, size_t max_pending,
                      Partitions partitions) {
  PRISM_RETURN_IF_ERROR(Reserve(static_cast<int64_t>(sizeof(Members::value_type) + 64 +
                                                     member.size() + max_pending * kPendingBytes)));
  Result<Members::iterator> found = FindOrAdd(member);
  if (!found.ok()) {
    Settle();
    return found.status();
  }
  const Members::iterator at = *found;
  if (GroupReader* earlier = at->second.reader) {
    Leave(*earlier, true, partitions);
    earlier->signal.Notify();
    return Join(reader, member, max_pending, partitions);
  }
  shares_ -= ShareOf(*at);
  at->second.reader = &reader;
  at->second.max_pending = max_pending;
  shares_ += ShareOf(*at);
  reader.member_ = member;
  reader.open_ = true;
  Settle();
  return OkStatus();
}

void LogGroup::Detach(Members::iterator member) {
  GroupReader& reader = *member->second.reader;
  if (reader.idle_) idle_.erase(std::find(idle_.begin(), idle_.end(), &reader));
  reader.open_ = reader.idle_ = reader.full_ = reader.woken_ = false;
  shares_ -= ShareOf(*member);
  member->second.reader = nullptr;
  member->second.max_pending = 0;
  shares_ += ShareOf(*member);
}

void LogGroup::Leave(GroupReader& reader, bool free_pending, Partitions partitions) {
  if (!reader.open_) return;
  const Members::iterator member = members_.find(reader.member_);
  const bool woken = reader.woken_;
  Detach(member);
  if (free_pending) {
    const std::set<Place> held = member->second.held;
    for (const Place& place : held) Free(pending_.find(place));
  }
  DropIfUnused(member);
  Settle();
  if (woken || free_pending) WakeIfWork(partitions);
}

void LogGroup::End() {
  for (auto at = members_.begin(); at != members_.end(); ++at) {
    GroupReader* reader = at->second.reader;
    if (!reader) continue;
    Detach(at);
    reader->signal.Notify();
  }
}

std::vector<Delivered> LogGroup::Take(GroupReader& reader, Partitions partitions, TimePoint now) {
  const Members::iterator member = members_.find(reader.member_);
  if (reader.idle_) idle_.erase(std::find(idle_.begin(), idle_.end(), &reader));
  reader.idle_ = reader.full_ = reader.woken_ = false;
  FreeOverdue(now);
  std::vector<Delivered> page;
  PageRoom room(kPageRecords);
  TakeFree(member, partitions, now, room, page);
  if (free_.empty()) TakeNew(member, partitions, now, room, page);
  if (page.empty()) {
    reader.full_ = member->second.room() == 0;
    reader.idle_ = !reader.full_;
    if (reader.idle_) idle_.push_back(&reader);
  }
  if (!reader.idle_) WakeIfWork(partitions);
  return page;
}

Delivered LogGroup::Deliver(PendingMap::iterator at, RecordPtr record, Members::iterator member,
                            TimePoint now) {
  Hold(at, member, now);
  return {at->first, std::move(record), ++at->second.count};
}

void LogGroup::TakeFree(Members::iterator member, Partitions partitions, TimePoint now,
                        PageRoom& room, std::vector<Delivered>& page) {
  while (!free_.empty() && member->second.room() > 0) {
    const auto at = pending_.find(*free_.begin());
    RecordPtr record = partitions[at->first.partition].Find(at->first.sequence);
    if (!room.Fits(*record)) return;
    room.Add(*record);
    page.push_back(Deliver(at, std::move(record), member, now));
  }
}

void LogGroup::TakeNew(Members::iterator member, Partitions partitions, TimePoint now,
                       PageRoom& room, std::vector<Delivered>& page) {
  positions_.resize(partitions.size());
  last_delivered_.resize(partitions.size());
  for (size_t i = 0; i < partitions.size(); ++i) {
    const uint32_t index = next_partition_ % static_cast<uint32_t>(partitions.size());
    const LogPartition& partition = partitions[index];
    for (auto at = partition.From(positions_[index]); at != partition.records().end(); ++at) {
      if (member->second.room() == 0 || !room.Fits(*at->second)) return;
      room.Add(*at->second);
      const auto pending =
          pending_.try_emplace({index, at->first}, Pending{0, members_.end(), {}}).first;
      page.push_back(Deliver(pending, at->second, member, now));
      positions_[index] = at->first + 1;
      last_delivered_[index] = at->first;
    }
    next_partition_ = index + 1;
  }
}

void LogGroup::Hold(PendingMap::iterator at, Members::iterator member, TimePoint now) {
  Unhold(at);
  free_.erase(at->first);
  shares_ -= ShareOf(*member);
  member->second.held.insert(at->first);
  shares_ += ShareOf(*member);
  held_.emplace(now, at->first);
  at->second.holder = member;
  at->second.since = now;
}

// Also gives the holder room, and tells it when it waits for that.
void LogGroup::Unhold(PendingMap::iterator at) {
  const Members::iterator holder = at->second.holder;
  if (holder == members_.end()) return;
  shares_ -= ShareOf(*holder);
  holder->second.held.erase(at->first);
  shares_ += ShareOf(*holder);
  held_.erase({at->second.since, at->first});
  at->second.holder = members_.end();
  GroupReader* reader = holder->second.reader;
  if (reader && reader->full_) {
    reader->full_ = false;
    reader->woken_ = true;
    reader->signal.Notify();
  }
}

void LogGroup::Free(PendingMap::iterator at) {
  Unhold(at);
  free_.insert(at->first);
}

LogGroup::PendingMap::iterator LogGroup::Erase(PendingMap::iterator at) {
  const Members::iterator holder = at->second.holder;
  Unhold(at);
  free_.erase(at->first);
  const auto next = pending_.erase(at);
  if (holder != members_.end()) DropIfUnused(holder);
  return next;
}

void LogGroup::DropIfUnused(Members::iterator member) {
  if (member->second.reader || !member->second.held.empty()) return;
  shares_ -= ShareOf(*member);
  members_.erase(member);
}

bool LogGroup::Ack(Place place) {
  const auto found = pending_.find(place);
  if (found == pending_.end()) return false;
  Erase(found);
  Settle();
  return true;
}

Status LogGroup::Claim(std::string_view member, Duration min_idle, size_t limit,
                       Partitions partitions, TimePoint now, std::vector<Delivered>& page) {
  std::vector<Place> wanted(
      free_.begin(),
      std::next(free_.begin(), static_cast<ptrdiff_t>(std::min(limit, free_.size()))));
  for (const auto& [since, place] : held_) {
    if (wanted.size() >= limit || since + min_idle > now) break;
    if (pending_.find(place)->second.holder->first != member) wanted.push_back(place);
  }
  if (wanted.empty()) return OkStatus();
  PRISM_RETURN_IF_ERROR(
      Reserve(static_cast<int64_t>(sizeof(Members::value_type) + 64 + member.size()) +
              static_cast<int64_t>(wanted.size()) * kPendingBytes));
  Result<Members::iterator> found = FindOrAdd(member);
  PageRoom room(limit);
  for (const Place& place : wanted) {
    RecordPtr record = partitions[place.partition].Find(place.sequence);
    if (!found.ok() || !room.Fits(*record)) break;
    room.Add(*record);
    const auto at = pending_.find(place);
    const Members::iterator holder = at->second.holder;
    page.push_back(Deliver(at, std::move(record), *found, now));
    if (holder != members_.end() && holder != *found) DropIfUnused(holder);
  }
  Settle();
  return found.ok() ? OkStatus() : std::move(found).status();
}

void LogGroup::Seek(Place place, Partitions partitions) {
  auto at = pending_.lower_bound({place.partition, 0});
  while (at != pending_.end() && at->first.partition == place.partition) at = Erase(at);
  positions_.resize(partitions.size());
  last_delivered_.resize(partitions.size());
  positions_[place.partition] = place.sequence;
  last_delivered_[place.partition] = 0;
  Settle();
  WakeIfWork(partitions);
}

void LogGroup::FreeOverdue(TimePoint now) {
  for (int i = 0; i < kFreedPerCall && due() <= now; ++i) {
    const auto at = pending_.find(held_.begin()->second);
    const Members::iterator holder = at->second.holder;
    Free(at);
    DropIfUnused(holder);
  }
  Settle();
}

bool LogGroup::HasWork(Partitions partitions) const {
  if (!free_.empty()) return true;
  for (uint32_t i = 0; i < partitions.size(); ++i) {
    const LogPartition::Map& records = partitions[i].records();
    if (!records.empty() && records.rbegin()->first >= Position(i)) return true;
  }
  return false;
}

void LogGroup::WakeIfWork(Partitions partitions) {
  if (idle_.empty() || !HasWork(partitions)) return;
  GroupReader& reader = *idle_.front();
  idle_.pop_front();
  reader.idle_ = false;
  reader.woken_ = true;
  reader.signal.Notify();
}

std::vector<LogGroup::MemberInfo> LogGroup::members() const {
  std::vector<MemberInfo> all;
  for (const auto& [name, member] : members_) {
    all.push_back({name, member.reader != nullptr, member.held.size()});
  }
  return all;
}

}  // namespace prism::memstore
