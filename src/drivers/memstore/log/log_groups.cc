#include <algorithm>

#include "drivers/memstore/log/logs.h"
#include "drivers/memstore/log/logs_inl.h"

namespace prism::memstore {

Result<bool> Logs::CreateGroup(std::string_view name, const std::string& group, Start start,
                               Duration ack_wait) {
  bool created = false;
  const Status status = Make(name, [&](Log& log, TimePoint) -> Status {
    if (log.groups.contains(group)) return OkStatus();
    std::vector<uint64_t> positions(log.partitions.size());
    if (start.kind == Start::kNext) {
      std::transform(log.partitions.begin(), log.partitions.end(), positions.begin(),
                     [](const LogPartition& partition) { return partition.next(); });
    }
    if (start.kind == Start::kPlace) {
      PRISM_RETURN_IF_ERROR(log.CheckPartition(start.place.partition));
      positions[start.place.partition] = start.place.sequence;
    }
    PRISM_RETURN_IF_ERROR(log.AddGroup(group, LogGroup(budget_, ack_wait, std::move(positions))));
    created = true;
    return OkStatus();
  });
  if (!status.ok()) return status;
  return created;
}

void Logs::SetAckWait(std::string_view name, std::string_view group, Duration ack_wait) {
  WithGroup(name, group, [&](Log*, LogGroup* found, TimePoint) {
    if (found) found->set_ack_wait(ack_wait);
  });
}

bool Logs::DeleteGroup(std::string_view name, std::string_view group) {
  // What it holds is given back after the lock.
  decltype(Log::groups)::node_type gone;
  return With(name, [&](Log* log, TimePoint) {
    if (!log) return false;
    const auto found = log->groups.find(group);
    if (found == log->groups.end()) return false;
    found->second.End();
    gone = log->groups.extract(found);
    log->charged.Shrink(log->CostOfGroup(group));
    if (log->keeping == Log::Keeping::kUntilAcked) log->swept_to = 0;
    return true;
  });
}

Status Logs::Join(std::string_view name, std::string_view group, std::string_view member,
                  size_t max_pending, GroupReader& reader) {
  return WithGroup(name, group, [&](Log* log, LogGroup* found, TimePoint) -> Status {
    if (!found) {
      return NotFoundError("there is no group '" + std::string(group) + "' of '" +
                           std::string(name) + "'");
    }
    return found->Join(reader, member, max_pending, log->partitions);
  });
}

void Logs::Leave(std::string_view name, std::string_view group, GroupReader& reader) {
  WithGroup(name, group, [&](Log* log, LogGroup* found, TimePoint) {
    // A group that was deleted, and perhaps made anew, has closed the reader.
    if (!found || !LogGroup::IsOpen(reader)) return;
    found->Leave(reader, keeping_ == Log::Keeping::kWithinBounds, log->partitions);
  });
}

Result<std::vector<Delivered>> Logs::Take(std::string_view name, std::string_view group,
                                          GroupReader& reader) {
  using Taken = Result<std::vector<Delivered>>;
  return WithGroup(name, group, [&](Log* log, LogGroup* found, TimePoint now) -> Taken {
    if (!found || !LogGroup::IsOpen(reader)) {
      return AbortedError("'" + std::string(group) + "' of '" + std::string(name) +
                          "' was deleted, or a newer stream of this member took over");
    }
    return found->Take(reader, log->partitions, now);
  });
}

size_t Logs::Ack(std::string_view name, std::string_view group, std::span<const Place> places) {
  return WithGroup(name, group, [&](Log* log, LogGroup* found, TimePoint) -> size_t {
    if (!found) return 0;
    return static_cast<size_t>(std::count_if(places.begin(), places.end(),
                                             [&](Place place) { return log->Ack(*found, place); }));
  });
}

Result<std::vector<Delivered>> Logs::Claim(std::string_view name, std::string_view group,
                                           std::string_view member, Duration min_idle,
                                           size_t limit) {
  std::vector<Delivered> page;
  const Status status =
      WithGroup(name, group, [&](Log* log, LogGroup* found, TimePoint now) -> Status {
        if (!found) return OkStatus();
        found->FreeOverdue(now);
        Status status = found->Claim(member, min_idle, limit, log->partitions, now, page);
        found->WakeIfWork(log->partitions);
        return status;
      });
  if (!status.ok()) return status;
  return page;
}

Result<bool> Logs::Seek(std::string_view name, std::string_view group, std::optional<Place> place) {
  return WithGroup(name, group, [&](Log* log, LogGroup* found, TimePoint) -> Result<bool> {
    if (!found) return false;
    if (place) {
      PRISM_RETURN_IF_ERROR(log->CheckPartition(place->partition));
      found->Seek(*place, log->partitions);
      return true;
    }
    for (uint32_t i = 0; i < log->partitions.size(); ++i) {
      found->Seek({i, 0}, log->partitions);
    }
    return true;
  });
}

bool Logs::SeekToTime(std::string_view name, std::string_view group, int64_t unix_ms) {
  return WithGroup(name, group, [&](Log* log, LogGroup* found, TimePoint) {
    if (!found) return false;
    for (uint32_t i = 0; i < log->partitions.size(); ++i) {
      found->Seek({i, log->partitions[i].FromTime(unix_ms)}, log->partitions);
    }
    return true;
  });
}

std::optional<Logs::GroupInfo> Logs::Info(std::string_view name, std::string_view group) {
  using Found = std::optional<GroupInfo>;
  return WithGroup(name, group, [&](Log* log, LogGroup* found, TimePoint now) -> Found {
    if (!found) return std::nullopt;
    found->FreeOverdue(now);
    found->WakeIfWork(log->partitions);
    GroupInfo info{found->pending(), found->members(), {}};
    for (uint32_t i = 0; i < log->partitions.size(); ++i) {
      info.positions.push_back(
          {found->LastDelivered(i), log->partitions[i].CountFrom(found->Position(i))});
    }
    return info;
  });
}

}  // namespace prism::memstore
