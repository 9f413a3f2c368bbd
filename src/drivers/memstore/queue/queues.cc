#include "drivers/memstore/queue/queues.h"

#include <array>
#include <cstring>

#include "drivers/memstore/wall_clock.h"

namespace prism::memstore {
namespace {

// What an enqueue that finds no memory clears away before it gives up.
constexpr int kCollectForMemory = 4096;
constexpr size_t kReceiptBytes = 2 * sizeof(uint64_t);

void AppendHex(std::string& text, uint64_t word) {
  for (int shift = 60; shift >= 0; shift -= 4) text += "0123456789abcdef"[word >> shift & 15];
}

}  // namespace

Queues::Queues(std::shared_ptr<Budget> budget, NowFunction now)
    : now_(std::move(now)), shared_(budget), queues_(budget) {}

std::string Queues::NewId() {
  std::string id;
  AppendHex(id, shared_.instance);
  AppendHex(id, shared_.next_number.fetch_add(1, std::memory_order_relaxed));
  return id;
}

Status Queues::Enqueue(std::string_view name, NewQueueMessage message, Enqueued& enqueued) {
  auto content = std::make_shared<QueueContent>();
  content->id = NewId();
  content->payload = std::move(message.payload);
  content->attributes = std::move(message.attributes);
  content->priority = static_cast<uint8_t>(message.priority);
  content->enqueued_at_unix_ms = UnixMillis(now_());
  auto item = std::make_unique<QueueItem>();
  item->content = std::move(content);
  const int64_t cost = item->CostBytes();
  if (!shared_.budget->Charge(cost)) {
    Collect(kCollectForMemory);
    if (!shared_.budget->Charge(cost)) return shared_.budget->Exceeded(cost);
  }
  const Status status = Make(name, [&](Queue& queue, TimePoint now) {
    return Accept(queue, item, message, now, enqueued);
  });
  if (item) shared_.budget->Release(cost);  // the queue did not take it
  return status;
}

Status Queues::Accept(Queue& queue, std::unique_ptr<QueueItem>& item, NewQueueMessage& message,
                      TimePoint now, Enqueued& enqueued) {
  std::string& key = message.deduplication_id;
  if (!key.empty()) {
    enqueued.id = queue.FindDuplicate(key);
    enqueued.duplicate = !enqueued.id.empty();
    if (enqueued.duplicate) return OkStatus();
    const int64_t cost = Queue::RememberCostBytes(key.size());
    if (!shared_.budget->Charge(cost)) return shared_.budget->Exceeded(cost);
    queue.Remember(std::move(key), item->content->id, now + kDeduplicationWindow);
  }
  enqueued.id = item->content->id;
  queue.Add(std::move(item), now + message.delay, now);
  return OkStatus();
}

std::vector<QueueHandout> Queues::Take(std::string_view name, const QueueTake& take) {
  std::vector<QueueHandout> taken;
  With(name, [&](Queue& queue, TimePoint now) { queue.Take(take, now, taken); });
  return taken;
}

std::vector<QueueHandout> Queues::Peek(std::string_view name, size_t max) {
  std::vector<QueueHandout> seen;
  With(name, [&](Queue& queue, TimePoint) { queue.Peek(max, seen); });
  return seen;
}

uint64_t Queues::ScheduledCount(std::string_view name) {
  uint64_t count = 0;
  With(name, [&](Queue& queue, TimePoint) { count = queue.scheduled(); });
  return count;
}

std::string Queues::ReceiptOf(const QueueHandout& delivery) const {
  const std::array<uint64_t, 2> words = {shared_.instance, delivery.lease};
  return {reinterpret_cast<const char*>(words.data()), kReceiptBytes};
}

uint64_t Queues::LeaseOf(std::string_view receipt) const {
  std::array<uint64_t, 2> words{};
  if (receipt.size() == kReceiptBytes) std::memcpy(words.data(), receipt.data(), kReceiptBytes);
  return words[0] == shared_.instance ? words[1] : 0;
}

bool Queues::Ack(std::string_view name, std::string_view receipt) {
  bool found = false;
  With(name, [&](Queue& queue, TimePoint) { found = queue.Ack(LeaseOf(receipt)); });
  return found;
}

bool Queues::Extend(std::string_view name, std::string_view receipt, Duration by) {
  bool found = false;
  With(name,
       [&](Queue& queue, TimePoint now) { found = queue.Extend(LeaseOf(receipt), now + by); });
  return found;
}

bool Queues::Release(std::string_view name, std::string_view receipt, Duration delay) {
  bool found = false;
  With(name, [&](Queue& queue, TimePoint now) {
    found = queue.Release(LeaseOf(receipt), now + delay, now);
  });
  return found;
}

Status Queues::Enter(std::string_view name, QueueWaiter& waiter) {
  return Make(name, [&](Queue& queue, TimePoint now) {
    queue.Enter(waiter, now);
    return OkStatus();
  });
}

bool Queues::Poll(std::string_view name, QueueWaiter& waiter, TimePoint& wake_at) {
  bool given = true;  // one that waits keeps its queue, so without queue it does not
  With(name, [&](Queue& queue, TimePoint) {
    given = !waiter.waiting;
    wake_at = queue.WakeOf(waiter);
  });
  return given;
}

void Queues::Leave(std::string_view name, QueueWaiter& waiter, bool keep) {
  // Not settled first: what the waiter was given and keeps is its own, whatever the time.
  bool dying = false;
  queues_.Look(name, [&](Queue* queue) {
    if (!queue) return;
    queue->Leave(waiter, keep, now_());
    queue->Announce();
    dying = queue->has_dying();
  });
  if (dying) Bury(name);
}

int Queues::Collect(int max) {
  const TimePoint now = now_();
  int done = 0;
  while (done < max) {
    const std::string name = shared_.due.Front(now);
    if (name.empty()) break;
    bool dying = false;
    queues_.Look(name, [&](Queue* queue) {
      if (!queue) return;
      done += queue->Settle(now) ? 1 : Queue::kSettlePerLock;
      queue->Announce();
      queue->SetDue();
      dying = queue->has_dying();
    });
    if (dying) Bury(name);
  }
  return done;
}

}  // namespace prism::memstore
