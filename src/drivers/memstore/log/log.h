#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "drivers/memstore/charged.h"
#include "drivers/memstore/log/group.h"
#include "drivers/memstore/log/partition.h"
#include "loop/signal.h"

namespace prism::memstore {

// A reader that waits for the next record of a partition. Made and waited on by its worker.
struct Follower {
  Signal signal;
  uint32_t partition = 0;  // where it waits, while it is among the log's followers
};

// One log: partitions of records and the groups that read them. Guarded by its shard's lock.
struct Log {
  static constexpr size_t kMaxPartitions = 256;
  static constexpr size_t kMaxGroups = 128;
  static constexpr int kTrimmedPerCall = 256;

  // How long records stay.
  enum class Keeping : uint8_t {
    kWithinBounds,  // as the bounds say, read or not
    kUntilAcked,    // until no group needs them; without groups, a few of the newest
  };

  bool exists = false;  // else there are only followers of a log that may come to be
  Keeping keeping = Keeping::kWithinBounds;
  uint64_t id = 0;  // another one for a later log of the same name
  std::vector<LogPartition> partitions;
  std::map<std::string, LogGroup, std::less<>> groups;
  LogBounds bounds;
  std::vector<Follower*> followers;
  TimePoint scheduled_at = kNever;  // its entry in the agenda
  // kUntilAcked: below lie records that have been looked through for such as no group needs.
  std::optional<uint64_t> swept_to;
  Charged charged;

  bool empty() const { return !exists && followers.empty(); }

  // RESOURCE_EXHAUSTED if the budget has no room.
  Result<Place> Append(uint32_t partition, std::shared_ptr<LogRecord> record, uint64_t least,
                       TimePoint now);
  void Remove(Place place);
  bool Ack(LogGroup& group, Place place);
  // A page of records from `from` on and below `to`.
  std::vector<Placed> Page(Place from, uint64_t to, size_t limit) const;

  // Grows to `count` partitions whose records get numbers above `floor`.
  Status SetPartitions(size_t count, uint64_t floor);
  Status AddGroup(const std::string& name, LogGroup group);
  Status CheckPartition(uint32_t partition) const;

  // Removes what is beyond the bounds, a bounded number of records at a time.
  void Trim(TimePoint now);
  // Trims, frees overdue records and looks for such as are not needed any more.
  void Upkeep(TimePoint now);
  // When Upkeep will have something to do.
  TimePoint Due(TimePoint now) const;
  bool Unneeded() const;

  int64_t CostOfGroup(std::string_view name) const;

 private:
  const LogBounds& EffectiveBounds() const;
  bool NeededByAny(Place place) const;
  void Sweep();
};

}  // namespace prism::memstore
