#include "drivers/memstore/queue/queue.h"

#include <random>

#include "drivers/memstore/wall_clock.h"

namespace prism::memstore {
namespace {

uint64_t RandomWord() {
  std::random_device random;
  return uint64_t{random()} << 32 | random();
}

int64_t SourceCostBytes(std::string_view name) {
  return static_cast<int64_t>(2 * name.size() + sizeof(QueueSource)) + 112;
}

}  // namespace

QueueShared::QueueShared(std::shared_ptr<Budget> budget)
    : budget(std::move(budget)), instance(RandomWord()) {}

Queue::~Queue() {
  if (!due_entry_.opened()) return;
  while (!ready_.empty()) {
    QueueItem* item = &*ready_.begin();
    RemoveReady(item);
    Delete(item);
  }
  while (!timed_.empty()) {
    QueueItem* item = &*timed_.begin();
    RemoveTimed(item);
    Delete(item);
  }
  for (QueueItem* item : dying_) Delete(item);
  shared_->budget->Release(DueNames::Entry::CostBytes(due_entry_.name()));
}

Status Queue::Open(QueueShared& shared, std::string_view name) {
  if (due_entry_.opened()) return OkStatus();
  const int64_t cost = DueNames::Entry::CostBytes(name);
  if (!shared.budget->Charge(cost)) return shared.budget->Exceeded(cost);
  shared_ = &shared;
  due_entry_.Open(shared.due, name);
  return OkStatus();
}

bool Queue::empty() const {
  return ready_.empty() && timed_.empty() && dying_.empty() && waiters_.empty() &&
         remembered_.empty() && !dead_letters_ && sources_.empty();
}

bool Queue::Settle(TimePoint now) {
  int done = 0;
  while (!timed_.empty() && timed_.begin()->due <= now && done < kSettlePerLock) {
    QueueItem* item = &*timed_.begin();
    const bool in_flight = item->lease != 0;
    RemoveTimed(item);
    if (in_flight) {
      Return(item, true, now);
    } else {
      PushReady(item);
    }
    ++done;
  }
  Forget(now, done);
  if (done >= kSettlePerLock) return false;
  Serve(now);
  return true;
}

void Queue::Forget(TimePoint now, int& done) {
  while (!forget_order_.empty() && done < kSettlePerLock) {
    const auto found = remembered_.find(*forget_order_.front());
    if (found->second.until > now) return;
    shared_->budget->Release(RememberCostBytes(found->first.size()));
    forget_order_.pop_front();
    remembered_.erase(found);
    ++done;
  }
}

TimePoint Queue::next_due() const {
  TimePoint next = timed_.empty() ? kNever : timed_.begin()->due;
  if (!forget_order_.empty()) {
    next = std::min(next, remembered_.find(*forget_order_.front())->second.until);
  }
  return next;
}

void Queue::Announce() {
  due_entry_.SetIfEarlier(next_due());
  if (waiters_.empty()) return;
  const TimePoint wake = WakeOf(waiters_.front());
  if (wake < told_) waiters_.front().signal.Notify();
  told_ = wake;
}

std::string_view Queue::FindDuplicate(std::string_view deduplication_id) const {
  const auto found = remembered_.find(deduplication_id);
  return found == remembered_.end() ? std::string_view() : found->second.id;
}

void Queue::Remember(std::string deduplication_id, std::string_view id, TimePoint until) {
  const auto added =
      remembered_.try_emplace(std::move(deduplication_id), Remembered{std::string(id), until});
  forget_order_.push_back(&added.first->first);
}

int64_t Queue::RememberCostBytes(size_t id_bytes) {
  // Beside its own bytes the map's node, the message's id and the place in the order.
  return static_cast<int64_t>(id_bytes + sizeof(std::string) + sizeof(Remembered)) + 120;
}

void Queue::Add(std::unique_ptr<QueueItem> item, TimePoint due, TimePoint now) {
  item->place = NextNumber();
  if (due > now) {
    PushTimed(item.release(), due, 0);
  } else {
    PushReady(item.release());
    Serve(now);
  }
}

void Queue::Take(const QueueTake& take, TimePoint now, std::vector<QueueHandout>& taken) {
  size_t bytes = 0;
  while (!ready_.empty() && taken.size() < take.max) {
    QueueItem* item = &*ready_.begin();
    bytes += item->content->bytes();
    if (!taken.empty() && bytes > QueueTake::kMaxBytes) return;
    RemoveReady(item);
    if (take.lease) Lease(item, now + *take.lease);
    taken.push_back({item->content, item->receives, item->lease});
    if (!take.lease) Delete(item);
  }
}

void Queue::Peek(size_t max, std::vector<QueueHandout>& seen) const {
  size_t bytes = 0;
  for (auto at = ready_.begin(); at != ready_.end() && seen.size() < max; ++at) {
    bytes += at->content->bytes();
    if (!seen.empty() && bytes > QueueTake::kMaxBytes) return;
    seen.push_back({at->content, at->receives, 0});
  }
}

bool Queue::Ack(uint64_t lease) {
  QueueItem* item = FindLease(lease);
  if (!item) return false;
  RemoveTimed(item);
  Delete(item);
  return true;
}

bool Queue::Extend(uint64_t lease, TimePoint until) {
  QueueItem* item = FindLease(lease);
  if (!item) return false;
  RemoveTimed(item);
  PushTimed(item, until, lease);
  return true;
}

bool Queue::Release(uint64_t lease, TimePoint due, TimePoint now) {
  QueueItem* item = FindLease(lease);
  if (!item) return false;
  RemoveTimed(item);
  if (due > now && !(dead_letters_ && item->receives >= dead_letters_->max_receives)) {
    PushTimed(item, due, 0);
  } else {
    Return(item, false, now);
    Serve(now);
  }
  return true;
}

void Queue::PushReady(QueueItem* item) {
  ready_.insert(ready_.end(), *item);
  if (item->source) item->source->ready.insert(item->source->ready.end(), *item);
}

void Queue::RemoveReady(QueueItem* item) {
  ready_.erase(ready_.iterator_to(*item));
  if (item->source) item->source->ready.erase(item->source->ready.iterator_to(*item));
}

void Queue::PushTimed(QueueItem* item, TimePoint due, uint64_t lease) {
  item->due = due;
  item->lease = lease;
  timed_.insert(timed_.end(), *item);
  if (lease) {
    leases_.insert(leases_.end(), *item);
  } else {
    ++scheduled_;
  }
}

void Queue::RemoveTimed(QueueItem* item) {
  timed_.erase(timed_.iterator_to(*item));
  if (item->lease) {
    leases_.erase(leases_.iterator_to(*item));
    item->lease = 0;
  } else {
    --scheduled_;
  }
}

void Queue::Lease(QueueItem* item, TimePoint until) {
  ++item->receives;
  PushTimed(item, until, NextNumber());
}

void Queue::Return(QueueItem* item, bool timed_out, TimePoint now) {
  if (!dead_letters_ || item->receives < dead_letters_->max_receives) return PushReady(item);
  item->death = {timed_out, item->receives, UnixMillis(now)};
  dying_.push_back(item);
}

void Queue::Delete(QueueItem* item) {
  LeaveSource(item);
  shared_->budget->Release(item->CostBytes());
  delete item;
}

QueueItem* Queue::FindLease(uint64_t lease) {
  const auto found = leases_.find(lease);
  return found == leases_.end() ? nullptr : &*found;
}

void Queue::Serve(TimePoint now) {
  while (!waiters_.empty() && !ready_.empty()) {
    QueueWaiter& waiter = waiters_.front();
    QueueTake take = waiter.take;
    // A lease without end, so that it can be given back whichever way the wait ends.
    if (!take.lease) take.lease = kNever - now;
    Take(take, now, waiter.given);
    waiters_.pop_front();
    waiter.waiting = false;
    waiter.signal.Notify();
    // The next one may have slept without a time to wake.
    told_ = kNever;
  }
}

void Queue::Enter(QueueWaiter& waiter, TimePoint now) {
  waiters_.push_back(waiter);
  waiter.waiting = true;
  Serve(now);
}

void Queue::Leave(QueueWaiter& waiter, bool keep, TimePoint now) {
  if (waiter.waiting) {
    if (&waiters_.front() == &waiter) told_ = kNever;
    waiters_.erase(waiters_.iterator_to(waiter));
    waiter.waiting = false;
  }
  if (keep && waiter.take.lease) return;
  for (QueueHandout& delivery : waiter.given) {
    QueueItem* item = FindLease(delivery.lease);
    if (!item) continue;
    RemoveTimed(item);
    delivery.receives = --item->receives;
    delivery.lease = 0;
    if (keep) {
      Delete(item);
    } else {
      PushReady(item);
    }
  }
  if (!keep) Serve(now);
}

TimePoint Queue::WakeOf(const QueueWaiter& waiter) const {
  if (waiters_.empty() || &waiters_.front() != &waiter || timed_.empty()) return kNever;
  return timed_.begin()->due;
}

QueueSource* Queue::FindSource(std::string_view name) {
  const auto found = sources_.find(name);
  return found == sources_.end() ? nullptr : &found->second;
}

bool Queue::PinSource(std::string_view name) {
  QueueSource* source = FindSource(name);
  if (!source) {
    if (!shared_->budget->Charge(SourceCostBytes(name))) return false;
    source = &sources_.try_emplace(std::string(name)).first->second;
    source->name = name;
  }
  source->configured = true;
  return true;
}

void Queue::UnpinSource(std::string_view name) {
  QueueSource* source = FindSource(name);
  if (!source) return;
  source->configured = false;
  DropSourceIfDone(*source);
}

void Queue::DropSourceIfDone(QueueSource& source) {
  if (source.configured || source.items > 0) return;
  shared_->budget->Release(SourceCostBytes(source.name));
  sources_.erase(sources_.find(source.name));
}

void Queue::LeaveSource(QueueItem* item) {
  QueueSource* source = std::exchange(item->source, nullptr);
  if (!source) return;
  --source->items;
  DropSourceIfDone(*source);
}

void Queue::PeekDead(QueueSource& source, uint64_t after, size_t max,
                     std::vector<DeadHandout>& seen, bool& more) const {
  size_t bytes = 0;
  auto at = source.ready.upper_bound(after);
  for (; at != source.ready.end() && seen.size() < max; ++at) {
    bytes += at->content->bytes();
    if (!seen.empty() && bytes > QueueTake::kMaxBytes) break;
    seen.push_back({{at->content, at->receives, 0}, at->death, at->place});
  }
  more = at != source.ready.end();
}

void Queue::BuryInto(Queue& target, int max, TimePoint now) {
  QueueSource& source = *target.FindSource(due_entry_.name());
  for (; max > 0 && !dying_.empty(); --max) {
    QueueItem* item = dying_.front();
    dying_.pop_front();
    LeaveSource(item);
    item->receives = 0;
    item->place = NextNumber();
    item->source = &source;
    ++source.items;
    target.PushReady(item);
  }
  target.Serve(now);
}

void Queue::ReviveDying(TimePoint now) {
  for (QueueItem* item : dying_) PushReady(item);
  dying_.clear();
  Serve(now);
}

uint64_t Queue::RedriveInto(Queue& target, QueueSource& source, size_t max, TimePoint now) {
  uint64_t moved = 0;
  // The last one may take the source with it.
  for (size_t left = std::min(max, source.ready.size()); left > 0; --left, ++moved) {
    QueueItem* item = &*source.ready.begin();
    RemoveReady(item);
    LeaveSource(item);
    item->receives = 0;
    item->place = NextNumber();
    target.PushReady(item);
  }
  target.Serve(now);
  return moved;
}

}  // namespace prism::memstore
