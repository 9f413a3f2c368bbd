#pragma once

#include <deque>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "drivers/memstore/charged.h"
#include "drivers/memstore/log/partition.h"
#include "loop/signal.h"

namespace prism::memstore {

struct Delivered {
  Place place;
  RecordPtr record;
  uint32_t count = 0;  // of deliveries, with this one
};

// A member's open stream: how it learns that there is something to take. Made and waited on by its
// worker; the rest is the group's, under its lock.
class GroupReader {
 public:
  Signal signal;

 private:
  friend class LogGroup;
  std::string member_;
  bool open_ = false;   // the group knows it
  bool idle_ = false;   // queued for something to deliver
  bool full_ = false;   // waits for room
  bool woken_ = false;  // was told to look and has not looked yet
};

// One group of a log: its positions, what is pending and who reads. Guarded by the log's lock.
//
// A reader that has room and finds nothing is queued as idle. What becomes deliverable wakes the
// first of the queue; a reader that took its share, or ends before it has looked, wakes the next if
// there is more. So deliverable records have somebody on the way to them, or everyone is busy.
class LogGroup {
 public:
  using Partitions = std::span<const LogPartition>;

  static constexpr size_t kMaxMembers = 1024;
  static constexpr int64_t kPendingBytes = 320;  // an entry in three trees
  static constexpr int kFreedPerCall = 1000;

  LogGroup(std::shared_ptr<Budget> budget, Duration ack_wait, std::vector<uint64_t> positions)
      : ack_wait_(ack_wait), positions_(std::move(positions)), reserved_(std::move(budget)) {}

  // Adds a member's reader, which replaces an earlier one, and sets memory aside for all that it
  // may have pending. RESOURCE_EXHAUSTED without room for it.
  Status Join(GroupReader& reader, std::string_view member, size_t max_pending,
              Partitions partitions);
  // The reader goes. What its member has pending becomes free if `free_pending`.
  void Leave(GroupReader& reader, bool free_pending, Partitions partitions);
  // Not replaced, and the group not deleted.
  static bool IsOpen(const GroupReader& reader) { return reader.open_; }
  // Ends all readers: the group is about to go.
  void End();

  // The next page for an open reader. If empty, the reader will be notified.
  std::vector<Delivered> Take(GroupReader& reader, Partitions partitions, TimePoint now);
  // False if the record is not pending.
  bool Ack(Place place);
  Status Claim(std::string_view member, Duration min_idle, size_t limit, Partitions partitions,
               TimePoint now, std::vector<Delivered>& page);
  // Moves the group in one partition, where nothing stays pending.
  void Seek(Place place, Partitions partitions);
  // The record is gone.
  void Forget(Place place) { (void)Ack(place); }

  // Frees what has waited too long for its ack; WakeIfWork then, or take it.
  void FreeOverdue(TimePoint now);
  // When FreeOverdue will have something to do.
  TimePoint due() const { return held_.empty() ? kNever : held_.begin()->first + ack_wait_; }
  // Wakes an idle reader if there is something to deliver.
  void WakeIfWork(Partitions partitions);
  void set_ack_wait(Duration ack_wait) { ack_wait_ = ack_wait; }

  // It has not acked the record yet.
  bool Needs(Place place) const {
    return place.sequence >= Position(place.partition) || pending_.contains(place);
  }

  struct MemberInfo {
    std::string name;
    bool joined = false;
    size_t pending = 0;
  };
  std::vector<MemberInfo> members() const;
  size_t pending() const { return pending_.size(); }
  // The first sequence number that is new to the group.
  uint64_t Position(uint32_t partition) const {
    return partition < positions_.size() ? positions_[partition] : 0;
  }
  // 0: none, or it was moved since.
  uint64_t LastDelivered(uint32_t partition) const {
    return partition < last_delivered_.size() ? last_delivered_[partition] : 0;
  }

 private:
  struct Member {
    GroupReader* reader = nullptr;
    size_t max_pending = 0;  // 0 without a reader
    std::set<Place> held;
    size_t room() const { return max_pending > held.size() ? max_pending - held.size() : 0; }
  };
  using Members = std::map<std::string, Member, std::less<>>;
  struct Pending {
    uint32_t count = 0;
    Members::iterator holder;  // end(): free
    TimePoint since{};
  };
  using PendingMap = std::map<Place, Pending>;

  static int64_t ShareOf(const Members::value_type& member);
  Status Reserve(int64_t bytes);
  void Settle();
  Result<Members::iterator> FindOrAdd(std::string_view member);
  bool HasWork(Partitions partitions) const;
  Delivered Deliver(PendingMap::iterator at, RecordPtr record, Members::iterator member,
                    TimePoint now);
  void Hold(PendingMap::iterator at, Members::iterator member, TimePoint now);
  void Unhold(PendingMap::iterator at);
  PendingMap::iterator Erase(PendingMap::iterator at);
  void Free(PendingMap::iterator at);
  void DropIfUnused(Members::iterator member);
  void Detach(Members::iterator member);
  void TakeFree(Members::iterator member, Partitions partitions, TimePoint now, PageRoom& room,
                std::vector<Delivered>& page);
  void TakeNew(Members::iterator member, Partitions partitions, TimePoint now, PageRoom& room,
               std::vector<Delivered>& page);

  Duration ack_wait_;
  std::vector<uint64_t> positions_;
  std::vector<uint64_t> last_delivered_;
  PendingMap pending_;
  std::set<std::pair<TimePoint, Place>> held_;  // by the time of their delivery
  std::set<Place> free_;
  Members members_;
  std::deque<GroupReader*> idle_;
  uint32_t next_partition_ = 0;  // where the next page looks for new records first
  // What members may come to hold. Free records are delivered before new ones, so there are never
  // more pending than fit in this plus what was pending before.
  int64_t shares_ = 0;
  Charged reserved_;
};

}  // namespace prism::memstore
