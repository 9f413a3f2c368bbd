#pragma once

#include <atomic>
#include <boost/intrusive/list.hpp>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/hash.h"
#include "base/status.h"
#include "drivers/memstore/budget.h"
#include "drivers/memstore/due_names.h"
#include "drivers/memstore/queue/item.h"
#include "loop/signal.h"

namespace prism::memstore {

// What the queues of a namespace share. Any thread.
struct QueueShared {
  explicit QueueShared(std::shared_ptr<Budget> budget);
  const std::shared_ptr<Budget> budget;
  const uint64_t instance;               // differs between processes and namespaces
  std::atomic<uint64_t> next_number{1};  // of places and leases
  DueNames due;
};

// A message as it is handed out.
struct QueueHandout {
  std::shared_ptr<const QueueContent> content;
  uint64_t receives = 0;
  uint64_t lease = 0;  // 0: it was removed, or only looked at
};

struct DeadHandout {
  QueueHandout delivery;
  QueueDeath death;
  uint64_t place = 0;
};

// How much a consumer wants, and whether it removes or leases.
struct QueueTake {
  static constexpr size_t kMaxBytes = 1024 * 1024;
  size_t max = 1;
  std::optional<Duration> lease;
};

// A consumer that waits in a queue, owned by its call. What it is given is leased to it, without
// end if it wants to remove, until the call takes it or goes.
struct QueueWaiter : boost::intrusive::list_base_hook<> {
  explicit QueueWaiter(QueueTake take) : take(take) {}
  const QueueTake take;
  Signal signal;
  bool waiting = false;  // in the queue's line
  std::vector<QueueHandout> given;
};

// One queue. Every method but empty() needs the lock of its name, and those that hand out or look
// at messages need it settled. Work is bounded by what a call moves.
class Queue {
 public:
  static constexpr int kSettlePerLock = 256;

  Queue() = default;
  ~Queue();
  Queue(const Queue&) = delete;
  Queue& operator=(const Queue&) = delete;

  // Before anything else; RESOURCE_EXHAUSTED if there is no room for its name.
  Status Open(QueueShared& shared, std::string_view name);
  bool empty() const;

  // Does what is due at `now`, of it at most kSettlePerLock things; true when nothing is left to
  // do. Messages that are to be dead letters then wait in dying().
  bool Settle(TimePoint now);
  // After any change: tells the collector and the first waiter when to look again.
  void Announce();
  TimePoint next_due() const;
  // The exact time for the collector, which Announce lets be too early.
  void SetDue() { due_entry_.Set(next_due()); }

  // The id of a message accepted under this deduplication id; empty if there is none.
  std::string_view FindDuplicate(std::string_view deduplication_id) const;
  void Remember(std::string deduplication_id, std::string_view id, TimePoint until);
  static int64_t RememberCostBytes(size_t id_bytes);

  // Takes over a message whose cost has been charged, as enqueued now.
  void Add(std::unique_ptr<QueueItem> item, TimePoint due, TimePoint now);
  void Take(const QueueTake& take, TimePoint now, std::vector<QueueHandout>& taken);
  void Peek(size_t max, std::vector<QueueHandout>& seen) const;
  uint64_t scheduled() const { return scheduled_; }

  // Each is false if there is no such lease.
  bool Ack(uint64_t lease);
  bool Extend(uint64_t lease, TimePoint until);
  bool Release(uint64_t lease, TimePoint due, TimePoint now);

  void Enter(QueueWaiter& waiter, TimePoint now);
  // Ends the wait; what the waiter was given is the caller's if `keep`, else as before it came.
  void Leave(QueueWaiter& waiter, bool keep, TimePoint now);
  // When the waiter has to look again by itself; kNever for all but the first.
  TimePoint WakeOf(const QueueWaiter& waiter) const;

  struct DeadLetters {
    uint64_t max_receives = 0;
    std::string queue;
  };
  const std::optional<DeadLetters>& dead_letters() const { return dead_letters_; }
  // The caller has charged, or releases, ConfigCostBytes of the names.
  void Configure(std::optional<DeadLetters> dead_letters) { dead_letters_ = dead_letters; }

  // This queue as a dead letter queue: sources that are configured or have messages here.
  QueueSource* FindSource(std::string_view name);
  // False if there is no room. Pinned until unpinned and without messages.
  bool PinSource(std::string_view name);
  void UnpinSource(std::string_view name);
  void PeekDead(QueueSource& source, uint64_t after, size_t max, std::vector<DeadHandout>& seen,
                bool& more) const;

  bool has_dying() const { return !dying_.empty(); }
  // Moves at most `max` of dying() to the queue that the configuration names.
  void BuryInto(Queue& target, int max, TimePoint now);
  // Without configuration they stay after all.
  void ReviveDying(TimePoint now);
  // Moves dead letters of `source`, which is here, back to their queue; how many.
  uint64_t RedriveInto(Queue& target, QueueSource& source, size_t max, TimePoint now);

 private:
  struct Remembered {
    std::string id;
    TimePoint until;
  };
  struct Hash {
    using is_transparent = void;
    size_t operator()(std::string_view text) const { return KeyHasher::Process()(text); }
  };
  using Sources = std::map<std::string, QueueSource, std::less<>>;

  uint64_t NextNumber() { return shared_->next_number.fetch_add(1, std::memory_order_relaxed); }
  void PushReady(QueueItem* item);
  void RemoveReady(QueueItem* item);
  void PushTimed(QueueItem* item, TimePoint due, uint64_t lease);
  void RemoveTimed(QueueItem* item);
  void Lease(QueueItem* item, TimePoint until);
  void Return(QueueItem* item, bool timed_out, TimePoint now);
  void Delete(QueueItem* item);
  QueueItem* FindLease(uint64_t lease);
  void LeaveSource(QueueItem* item);
  void DropSourceIfDone(QueueSource& source);
  void Serve(TimePoint now);
  void Forget(TimePoint now, int& done);

  QueueShared* shared_ = nullptr;
  DueNames::Entry due_entry_;
  QueueOrder<PlaceHook, PlaceOfItem> ready_;
  QueueMultiOrder<DueHook, DueOfItem> timed_;  // scheduled and in flight
  QueueOrder<LeaseHook, LeaseOfItem> leases_;
  uint64_t scheduled_ = 0;
  std::deque<QueueItem*> dying_;
  boost::intrusive::list<QueueWaiter> waiters_;
  TimePoint told_ = kNever;  // when the first waiter will look again
  std::unordered_map<std::string, Remembered, Hash, std::equal_to<>> remembered_;
  std::deque<const std::string*> forget_order_;  // keys of remembered_, oldest first
  std::optional<DeadLetters> dead_letters_;
  Sources sources_;
};

}  // namespace prism::memstore
