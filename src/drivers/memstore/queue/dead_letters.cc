#include <array>

#include "drivers/memstore/queue/queues.h"

// What concerns two queues at once. A dead letter queue is kept as long as a configuration names
// it, so it is there whenever a message has to go to it.
namespace prism::memstore {
namespace {

constexpr int kBuryPerLock = 256;

int64_t ConfigCostBytes(const std::optional<Queue::DeadLetters>& config) {
  return config ? static_cast<int64_t>(config->queue.size()) + 32 : 0;
}

}  // namespace

std::optional<Queue::DeadLetters> Queues::ConfigOf(std::string_view name) {
  std::optional<Queue::DeadLetters> config;
  With(name, [&](Queue& queue, TimePoint) { config = queue.dead_letters(); });
  return config;
}

Status Queues::Configure(std::string_view name, std::optional<Queue::DeadLetters> dead_letters) {
  bool done = false;
  Status status;
  while (!done && status.ok()) {
    // Another call may configure it between the two steps.
    const std::optional<Queue::DeadLetters> old = ConfigOf(name);
    status = TryConfigure(name, old, dead_letters, done);
  }
  return status;
}

Status Queues::TryConfigure(std::string_view name, const std::optional<Queue::DeadLetters>& old,
                            std::optional<Queue::DeadLetters>& wanted, bool& done) {
  const std::string_view from = old ? std::string_view(old->queue) : name;
  const std::string_view to = wanted ? std::string_view(wanted->queue) : name;
  const std::array<std::string_view, 3> names = {name, from, to};
  Named<Queue>::Locked locked(queues_, names);
  const Queue* before = locked.Find(name);
  const auto& found = before ? before->dead_letters() : std::nullopt;
  if (found.has_value() != old.has_value() || (old && found->queue != old->queue)) {
    return OkStatus();
  }
  done = true;
  if (!wanted && !old) return OkStatus();
  const int64_t growth = ConfigCostBytes(wanted) - ConfigCostBytes(old);
  Queue* queue = locked.Make(name);
  Queue* target = locked.Make(to);
  Status status = shared_.budget->Exceeded(Named<Queue>::kOverheadBytes);
  if (queue && target) status = queue->Open(shared_, name);
  if (status.ok()) status = target->Open(shared_, to);
  if (status.ok() && !shared_.budget->Charge(growth)) status = shared_.budget->Exceeded(growth);
  if (status.ok() && wanted && !target->PinSource(name)) {
    shared_.budget->Release(growth);
    status = shared_.budget->Exceeded(growth);
  }
  if (status.ok()) {
    queue->Configure(wanted);
    if (old && (!wanted || from != to)) locked.Find(from)->UnpinSource(name);
  }
  for (const std::string_view each : names) locked.DropIfEmpty(each);
  return status;
}

void Queues::Bury(std::string_view name) {
  while (BurySome(name)) {
  }
}

// Takes some messages that are to be dead letters to where they belong; false when none is left.
bool Queues::BurySome(std::string_view name) {
  std::string to;
  queues_.Look(name, [&](Queue* queue) {
    if (!queue || !queue->has_dying()) return;
    if (queue->dead_letters()) {
      to = queue->dead_letters()->queue;
    } else {
      queue->ReviveDying(now_());
      queue->Announce();
    }
  });
  if (to.empty()) return false;
  const std::array<std::string_view, 2> names = {name, to};
  Named<Queue>::Locked locked(queues_, names);
  Queue* queue = locked.Find(name);
  // Configured anew since: look again.
  if (!queue || !queue->dead_letters() || queue->dead_letters()->queue != to) return true;
  Queue* target = locked.Find(to);
  queue->BuryInto(*target, kBuryPerLock, now_());
  target->Announce();
  return queue->has_dying();
}

Queues::DeadPage Queues::PeekDead(std::string_view name, uint64_t after, size_t max) {
  DeadPage page;
  page.config = ConfigOf(name);
  if (!page.config) return page;
  With(page.config->queue, [&](Queue& target, TimePoint) {
    QueueSource* source = target.FindSource(name);
    if (!source) return;
    page.ready = source->ready.size();
    target.PeekDead(*source, after, max, page.messages, page.more);
  });
  return page;
}

uint64_t Queues::Redrive(std::string_view name, size_t max) {
  const std::optional<Queue::DeadLetters> config = ConfigOf(name);
  if (!config) return 0;
  const std::string_view from = config->queue;
  With(from, [](Queue&, TimePoint) {});  // what has become ready there counts
  const std::array<std::string_view, 2> names = {name, from};
  Named<Queue>::Locked locked(queues_, names);
  Queue* queue = locked.Find(name);
  Queue* target = locked.Find(from);
  QueueSource* source = target ? target->FindSource(name) : nullptr;
  if (!queue || !source) return 0;
  const uint64_t moved = target->RedriveInto(*queue, *source, max, now_());
  queue->Announce();
  locked.DropIfEmpty(from);
  return moved;
}

}  // namespace prism::memstore
