#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "drivers/memstore/clock.h"
#include "drivers/memstore/named.h"
#include "drivers/memstore/queue/queue.h"

namespace prism::memstore {

// A message to be enqueued.
struct NewQueueMessage {
  std::string payload;
  std::vector<std::pair<std::string, std::string>> attributes;
  int priority = 0;
  std::string deduplication_id;  // empty: none
  Duration delay{0};
};

// The queues of one namespace. Any thread; a call holds the lock of its queue for at most what it
// moves, or for Queue::kSettlePerLock messages that have become due.
//
// Whichever call finds messages due moves them first, so nobody ever sees a state that time has
// overtaken; the collector does the same for queues that nobody calls.
class Queues {
 public:
  static constexpr Duration kDeduplicationWindow = std::chrono::minutes(5);

  Queues(std::shared_ptr<Budget> budget, NowFunction now);

  struct Enqueued {
    std::string id;
    bool duplicate = false;
  };
  Status Enqueue(std::string_view name, NewQueueMessage message, Enqueued& enqueued);
  std::vector<QueueHandout> Take(std::string_view name, const QueueTake& take);
  std::vector<QueueHandout> Peek(std::string_view name, size_t max);
  uint64_t ScheduledCount(std::string_view name);

  bool Ack(std::string_view name, std::string_view receipt);
  bool Extend(std::string_view name, std::string_view receipt, Duration by);
  bool Release(std::string_view name, std::string_view receipt, Duration delay);
  // What names a delivery to Ack, Extend and Release.
  std::string ReceiptOf(const QueueHandout& delivery) const;

  // Puts the waiter in line, perhaps giving it something at once; RESOURCE_EXHAUSTED if the queue
  // cannot be made. After OK it must Leave.
  Status Enter(std::string_view name, QueueWaiter& waiter);
  // True when the waiter was given something; else `wake_at` is when to look again unless notified.
  bool Poll(std::string_view name, QueueWaiter& waiter, TimePoint& wake_at);
  // See Queue::Leave.
  void Leave(std::string_view name, QueueWaiter& waiter, bool keep);

  // No configuration removes it.
  Status Configure(std::string_view name, std::optional<Queue::DeadLetters> dead_letters);
  struct DeadPage {
    std::optional<Queue::DeadLetters> config;
    uint64_t ready = 0;
    std::vector<DeadHandout> messages;
    bool more = false;
  };
  // Dead letters of the queue that arrived behind the place `after`.
  DeadPage PeekDead(std::string_view name, uint64_t after, size_t max);
  uint64_t Redrive(std::string_view name, size_t max);

  // Does about `max` things that are due; returns how many. For a Collector.
  int Collect(int max);
  TimePoint next_due() const { return shared_.due.next(); }
  TimePoint Now() const { return now_(); }

 private:
  // Calls fn(Queue&, TimePoint now) when the queue exists and nothing in it is overdue.
  template <class Fn>
  void With(std::string_view name, Fn&& fn) {
    const TimePoint now = now_();
    bool done = false, dying = false;
    while (!done) {
      queues_.Look(name, [&](Queue* queue) {
        done = !queue || queue->Settle(now);
        if (!queue) return;
        if (done) fn(*queue, now);
        queue->Announce();
        dying = queue->has_dying();
      });
    }
    if (dying) Bury(name);
  }

  // Calls fn(Queue&, TimePoint now) -> Status with the queue, made if need be.
  template <class Fn>
  Status Make(std::string_view name, Fn&& fn) {
    const TimePoint now = now_();
    bool done = false, dying = false;
    Status status;
    while (!done && status.ok()) {
      status = queues_.Make(name, [&](Queue& queue) {
        PRISM_RETURN_IF_ERROR(queue.Open(shared_, name));
        done = queue.Settle(now);
        Status result;
        if (done) result = fn(queue, now);
        queue.Announce();
        dying = queue.has_dying();
        return result;
      });
    }
    if (dying) Bury(name);
    return status;
  }

  void Bury(std::string_view name);
  bool BurySome(std::string_view name);
  std::optional<Queue::DeadLetters> ConfigOf(std::string_view name);
  Status TryConfigure(std::string_view name, const std::optional<Queue::DeadLetters>& old,
                      std::optional<Queue::DeadLetters>& wanted, bool& done);
  Status Accept(Queue& queue, std::unique_ptr<QueueItem>& item, NewQueueMessage& message,
                TimePoint now, Enqueued& enqueued);
  std::string NewId();
  uint64_t LeaseOf(std::string_view receipt) const;

  const NowFunction now_;
  QueueShared shared_;
  Named<Queue> queues_;
};

}  // namespace prism::memstore
