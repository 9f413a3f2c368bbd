#include "drivers/memstore/log/logs.h"

#include <algorithm>
#include <utility>

#include "drivers/memstore/log/logs_inl.h"

namespace prism::memstore {

Status Logs::Found(std::string_view name, Log& log) {
  log.charged = Charged(budget_);
  PRISM_RETURN_IF_ERROR(log.charged.Grow(static_cast<int64_t>(
      sizeof(LogPartition) + sizeof(std::pair<TimePoint, std::string>) + 96 + name.size())));
  log.exists = true;
  log.keeping = keeping_;
  log.id = next_id_.fetch_add(1, std::memory_order_relaxed);
  log.partitions.assign(1, LogPartition(floor_.load() + 1));
  return OkStatus();
}

void Logs::Settle(std::string_view name, Log& log, TimePoint now) {
  if (log.Unneeded()) {
    TakeOut(name, log);
    return;
  }
  const TimePoint due = log.Due(now);
  if (due >= log.scheduled_at) return;
  if (log.scheduled_at != kNever) agenda_.Remove(log.scheduled_at, name);
  log.scheduled_at = due;
  agenda_.Add(due, name);
}

// Leaves the followers, which go on waiting for a log of that name.
Log Logs::TakeOut(std::string_view name, Log& log) {
  if (log.scheduled_at != kNever) agenda_.Remove(log.scheduled_at, name);
  for (const LogPartition& partition : log.partitions) RaiseFloor(partition.next() - 1);
  for (auto& [group_name, group] : log.groups) group.End();
  Log taken = std::exchange(log, Log());
  log.followers.swap(taken.followers);
  return taken;
}

void Logs::RaiseFloor(uint64_t to) {
  uint64_t floor = floor_.load();
  while (floor < to && !floor_.compare_exchange_weak(floor, to)) {
  }
}

Result<uint32_t> Logs::PartitionFor(const Log& log, uint32_t partition, const LogRecord& record) {
  const auto count = static_cast<uint32_t>(log.partitions.size());
  if (partition != kByKey) {
    PRISM_RETURN_IF_ERROR(log.CheckPartition(partition));
    return partition;
  }
  if (count == 1) return 0u;
  if (record.key.empty()) return next_turn_.fetch_add(1, std::memory_order_relaxed) % count;
  return static_cast<uint32_t>(KeyHasher::Process()(record.key) % count);
}

Result<Place> Logs::Append(std::string_view name, uint32_t partition,
                           std::shared_ptr<LogRecord> record) {
  Result<Place> place = Place();
  const Status status = Make(name, [&](Log& log, TimePoint now) -> Status {
    const Result<uint32_t> chosen = PartitionFor(log, partition, *record);
    if (!chosen.ok()) return chosen.status();
    // Where logs come and go all the time, one sequence serves them all.
    const uint64_t least = keeping_ == Log::Keeping::kUntilAcked ? floor_.fetch_add(1) + 1 : 0;
    place = log.Append(*chosen, std::move(record), least, now);
    return place.ok() ? OkStatus() : place.status();
  });
  if (!status.ok()) return status;
  return place;
}

Result<Logs::Page> Logs::Read(std::string_view name, Place from, uint64_t to, size_t limit,
                              Follower* follower) {
  Page page;
  const auto read = [&](Log& log) {
    page.partitions = log.partitions.size();
    page.records = log.Page(from, to, limit);
    if (!page.records.empty() || !follower) return;
    follower->partition = from.partition;
    std::erase(log.followers, follower);
    log.followers.push_back(follower);
  };
  With(name, [&](Log* log, TimePoint) {
    if (log) read(*log);
  });
  if (page.partitions > 0 || !follower) return page;
  // A follower waits also for a log that does not exist, which may come to be just now.
  const Status status = logs_.Make(name, [&](Log& log) {
    read(log);
    return OkStatus();
  });
  if (!status.ok()) return status;
  return page;
}

void Logs::Unfollow(std::string_view name, Follower& follower) {
  logs_.Look(name, [&](Log* log) {
    if (log) std::erase(log->followers, &follower);
  });
}

std::vector<Logs::PartitionInfo> Logs::Partitions(std::string_view name) {
  std::vector<PartitionInfo> all;
  With(name, [&](Log* log, TimePoint) {
    if (!log) return;
    for (const LogPartition& partition : log->partitions) {
      const LogPartition::Map& records = partition.records();
      all.push_back({records.size(), records.empty() ? 0 : records.begin()->first,
                     records.empty() ? 0 : records.rbegin()->first, partition.last(),
                     partition.next()});
    }
  });
  return all;
}

Status Logs::SetPartitions(std::string_view name, size_t count) {
  return Make(name, [&](Log& log, TimePoint) { return log.SetPartitions(count, floor_.load()); });
}

Status Logs::SetBounds(std::string_view name, const LogBounds& bounds) {
  return Make(name, [&](Log& log, TimePoint now) {
    log.bounds = bounds;
    log.Trim(now);
    return OkStatus();
  });
}

std::optional<LogBounds> Logs::GetBounds(std::string_view name) {
  return With(name, [](Log* log, TimePoint) -> std::optional<LogBounds> {
    if (!log) return std::nullopt;
    return log->bounds;
  });
}

Result<bool> Logs::CompactSome(std::string_view name, Compaction& compaction) {
  constexpr int kPerStep = 1000;
  return With(name, [&](Log* log, TimePoint) -> Result<bool> {
    if (!log || (compaction.log_id != 0 && compaction.log_id != log->id)) return true;
    if (compaction.log_id == 0) {
      compaction.log_id = log->id;
      compaction.charged = Charged(budget_);
      for (const LogPartition& partition : log->partitions)
        compaction.ends.push_back(partition.next());
      compaction.below = compaction.ends[0];
    }
    for (int i = 0; i < kPerStep; ++i) {
      const LogPartition& partition = log->partitions[compaction.partition];
      auto at = partition.From(compaction.below);
      if (at == partition.records().begin()) {
        compaction.seen.clear();
        compaction.charged = Charged(budget_);
        if (++compaction.partition == compaction.ends.size()) return true;
        compaction.below = compaction.ends[compaction.partition];
        continue;
      }
      compaction.below = (--at)->first;
      const std::string& key = at->second->key;
      if (key.empty()) continue;
      if (compaction.seen.contains(key)) {
        log->Remove({compaction.partition, at->first});
        ++compaction.removed;
        continue;
      }
      PRISM_RETURN_IF_ERROR(compaction.charged.Grow(static_cast<int64_t>(key.size() + 96)));
      compaction.seen.insert(key);
    }
    return false;
  });
}

std::optional<Log> Logs::Delete(std::string_view name) {
  return logs_.Look(name, [&](Log* log) -> std::optional<Log> {
    if (!log || !log->exists) return std::nullopt;
    return TakeOut(name, *log);
  });
}

bool Logs::FreeSome(Log& log) {
  constexpr int kPerStep = 1000;
  log.groups.clear();
  for (int i = 0; i < kPerStep; ++i) {
    while (!log.partitions.empty() && log.partitions.back().records().empty()) {
      log.partitions.pop_back();
    }
    if (log.partitions.empty()) return true;
    log.Remove({static_cast<uint32_t>(log.partitions.size() - 1),
                log.partitions.back().records().begin()->first});
  }
  return false;
}

int Logs::Collect(int max) {
  constexpr int kLogsPerTurn = 8;
  for (int i = 0; i < kLogsPerTurn; ++i) {
    const auto due = agenda_.Pop(now_());
    if (!due) return i;
    logs_.Look(due->second, [&](Log* log) {
      // Between Pop and here the log may have been dropped, or made anew.
      if (!log || !log->exists || log->scheduled_at != due->first) return;
      const TimePoint now = now_();
      log->scheduled_at = kNever;
      log->Upkeep(now);
      Settle(due->second, *log, now);
    });
  }
  return max;
}

}  // namespace prism::memstore
