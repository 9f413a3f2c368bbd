#pragma once

#include <atomic>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "base/result.h"
#include "drivers/memstore/clock.h"
#include "drivers/memstore/log/agenda.h"
#include "drivers/memstore/log/log.h"
#include "drivers/memstore/named.h"

namespace prism::memstore {

// Append-only logs by name, with groups that share their records: what streams and persistent
// topics are made of. Shared by the threads of all workers; a call holds the lock of one of 16
// shards for at most about a thousand steps.
class Logs {
 public:
  static constexpr uint32_t kByKey = std::numeric_limits<uint32_t>::max();
  static constexpr uint64_t kEnd = std::numeric_limits<uint64_t>::max();

  Logs(std::shared_ptr<Budget> budget, NowFunction now, Log::Keeping keeping)
      : budget_(std::move(budget)), now_(std::move(now)), keeping_(keeping), logs_(budget_) {}

  // Makes the log if need be. With kByKey the key's hash says where; without a key, turns are
  // taken.
  Result<Place> Append(std::string_view name, uint32_t partition,
                       std::shared_ptr<LogRecord> record);

  struct Page {
    std::vector<Placed> records;
    size_t partitions = 0;  // of the log; 0: there is none
  };
  // If there is no record, `follower`, unless null, is notified of the next one in that partition.
  Result<Page> Read(std::string_view name, Place from, uint64_t to, size_t limit,
                    Follower* follower);
  // Before a follower ends that was given to Read.
  void Unfollow(std::string_view name, Follower& follower);

  struct PartitionInfo {
    uint64_t records = 0;
    uint64_t oldest = 0;  // 0: it has none
    uint64_t newest = 0;  // 0: it has none
    uint64_t last = 0;    // ever appended; 0: none
    uint64_t next = 0;
  };
  // Empty if there is no such log.
  std::vector<PartitionInfo> Partitions(std::string_view name);
  Status SetPartitions(std::string_view name, size_t count);

  struct Start {
    enum Kind { kOldest, kNext, kPlace } kind = kOldest;
    Place place;
  };
  // Makes the log if need be. False, with nothing changed, if the group exists.
  Result<bool> CreateGroup(std::string_view name, const std::string& group, Start start,
                           Duration ack_wait);
  void SetAckWait(std::string_view name, std::string_view group, Duration ack_wait);
  bool DeleteGroup(std::string_view name, std::string_view group);
  // NOT_FOUND if there is no such group. A reader that joined must Leave before it ends.
  Status Join(std::string_view name, std::string_view group, std::string_view member,
              size_t max_pending, GroupReader& reader);
  void Leave(std::string_view name, std::string_view group, GroupReader& reader);
  // The next page; if empty, the reader will be notified. ABORTED when the reader was replaced or
  // its group deleted.
  Result<std::vector<Delivered>> Take(std::string_view name, std::string_view group,
                                      GroupReader& reader);
  size_t Ack(std::string_view name, std::string_view group, std::span<const Place> places);
  Result<std::vector<Delivered>> Claim(std::string_view name, std::string_view group,
                                       std::string_view member, Duration min_idle, size_t limit);
  // Moves to `place` in its partition, or to the oldest record of all. False: no such group.
  Result<bool> Seek(std::string_view name, std::string_view group, std::optional<Place> place);
  bool SeekToTime(std::string_view name, std::string_view group, int64_t unix_ms);

  struct GroupInfo {
    struct Position {
      uint64_t last_delivered = 0;  // 0: none
      uint64_t lag = 0;
    };
    size_t pending = 0;
    std::vector<LogGroup::MemberInfo> members;
    std::vector<Position> positions;
  };
  std::optional<GroupInfo> Info(std::string_view name, std::string_view group);

  Status SetBounds(std::string_view name, const LogBounds& bounds);
  std::optional<LogBounds> GetBounds(std::string_view name);

  // One Compact in bounded steps, newest records first.
  struct Compaction {
    uint64_t removed = 0;
    uint64_t log_id = 0;
    uint32_t partition = 0;
    uint64_t below = 0;  // where the next step goes on; 0: at the partition's end
    std::vector<uint64_t> ends;
    std::unordered_set<std::string> seen;
    Charged charged;
  };
  // True when done. RESOURCE_EXHAUSTED if the keys seen do not fit in the budget.
  Result<bool> CompactSome(std::string_view name, Compaction& compaction);

  // Takes the log out; the caller destroys it in its own time, FreeSome by FreeSome.
  std::optional<Log> Delete(std::string_view name);
  // True when nothing is left.
  static bool FreeSome(Log& log);

  // A share of clearing up: what is too old, overdue or not needed; see Collector::Source.
  int Collect(int max);
  TimePoint next_due() const { return agenda_.next(); }

 private:
  template <class Fn>
  auto With(std::string_view name, Fn&& fn);
  template <class Fn>
  Status Make(std::string_view name, Fn&& fn);
  template <class Fn>
  auto WithGroup(std::string_view name, std::string_view group, Fn&& fn);
  Status Found(std::string_view name, Log& log);
  void Settle(std::string_view name, Log& log, TimePoint now);
  Log TakeOut(std::string_view name, Log& log);
  Result<uint32_t> PartitionFor(const Log& log, uint32_t partition, const LogRecord& record);
  void RaiseFloor(uint64_t to);

  const std::shared_ptr<Budget> budget_;
  const NowFunction now_;
  const Log::Keeping keeping_;
  Named<Log> logs_;
  Agenda agenda_;
  // No log that is made from now on uses a sequence number up to this.
  std::atomic<uint64_t> floor_{0};
  std::atomic<uint64_t> next_id_{1};
  std::atomic<uint32_t> next_turn_{0};
};

// A group member's open stream in a coroutine's frame: leaves when the coroutine ends, however that
// happens.
class Membership {
 public:
  Membership(Logs& logs, std::string name, std::string group)
      : logs_(logs), name_(std::move(name)), group_(std::move(group)) {}
  Membership(const Membership&) = delete;
  ~Membership() { logs_.Leave(name_, group_, reader_); }

  Status Join(std::string_view member, size_t max_pending) {
    return logs_.Join(name_, group_, member, max_pending, reader_);
  }
  Result<std::vector<Delivered>> Take() { return logs_.Take(name_, group_, reader_); }
  Signal& signal() { return reader_.signal; }

 private:
  Logs& logs_;
  const std::string name_;
  const std::string group_;
  GroupReader reader_;
};

// The same for a reader of records as they come.
class Following {
 public:
  Following(Logs& logs, std::string name) : logs_(logs), name_(std::move(name)) {}
  Following(const Following&) = delete;
  ~Following() { logs_.Unfollow(name_, follower_); }
  Follower& follower() { return follower_; }
  Signal& signal() { return follower_.signal; }

 private:
  Logs& logs_;
  const std::string name_;
  Follower follower_;
};

}  // namespace prism::memstore
