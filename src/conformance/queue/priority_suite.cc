#include "conformance/queue/client.h"
#include "conformance/queue/suites.h"

namespace prism::conformance {
namespace queues::priority {
namespace {

constexpr uint32_t kHighest = 9;

// Of every priority twice, in an order that helps nobody.
Task<void> HigherComesFirst(CaseContext& c) {
  QueueClient queue(c);
  const std::string name = c.Unique("queue");
  for (uint32_t i = 0; i < 2 * (kHighest + 1); ++i) {
    const uint32_t level = i * 7 % (kHighest + 1);
    co_await queue.Put(PriorityOf(name, std::to_string(level) + (i < 10 ? "a" : "b"), level));
  }
  Payloads expected;
  for (uint32_t level = kHighest + 1; level-- > 0;) {
    for (const char* turn : {"a", "b"}) expected.push_back(std::to_string(level) + turn);
  }
  c.ExpectEq(co_await queue.Look(name), expected);
  Payloads got;
  for (int i = 0; i < 10; ++i) {
    const Payloads some = co_await queue.Take(name, 2);
    got.insert(got.end(), some.begin(), some.end());
  }
  c.ExpectEq(got, expected);
}

Task<void> MessagesComeBack(CaseContext& c) {
  QueueClient queue(c);
  EnqueueWithPriorityRequest request = PriorityOf(c.Unique("queue"), "payload", kHighest);
  (*request.mutable_attributes())["name"] = "value";
  const EnqueueResponse made = co_await queue.Put(request);
  const DequeueResponse got = co_await queue.Dequeue(DequeueOf(request.queue(), 10));
  c.ExpectEq(got.messages_size(), 1);
  if (!c.ok()) co_return;
  QueueMessage expected;
  expected.set_id(made.id());
  expected.set_payload("payload");
  expected.set_priority(kHighest);
  *expected.mutable_attributes() = request.attributes();
  expected.set_enqueued_at_unix_ms(got.messages(0).enqueued_at_unix_ms());
  c.ExpectEq(AsText(got.messages(0)), AsText(expected));
}

Task<void> SamePriorityInOrder(CaseContext& c) {
  QueueClient queue(c);
  const std::string name = c.Unique("queue");
  const Payloads sent = Numbered("m", 60);
  for (const std::string& payload : sent) co_await queue.Put(PriorityOf(name, payload, 5));
  c.ExpectEq(co_await queue.Take(name, kMaxMessages), sent);
}

Task<void> EnqueueIsTheLowest(CaseContext& c) {
  QueueClient queue(c);
  const std::string name = c.Unique("queue");
  co_await queue.PutAll(name, Payloads(1, "plain"));
  co_await queue.Put(PriorityOf(name, "lowest", 0));
  co_await queue.Put(PriorityOf(name, "low", 1));
  co_await queue.PutAll(name, Payloads(1, "plain too"));
  const Payloads expected = {"low", "plain", "lowest", "plain too"};
  c.ExpectEq(co_await queue.Take(name, 10), expected);
}

Task<void> DelayedIsTheLowest(CaseContext& c) {
  QueueClient queue(c);
  const std::string name = c.Unique("queue");
  co_await queue.Put(DelayedOf(name, "delayed", 30));
  co_await queue.Put(PriorityOf(name, "lowest", 0));
  co_await queue.Put(PriorityOf(name, "low", 1));
  co_await c.Until("all are ready", [&]() -> Task<bool> {
    const Payloads ready = co_await queue.Look(name);
    co_return ready.size() == 3;
  });
  const DequeueResponse got = co_await queue.Dequeue(DequeueOf(name, 10));
  const Payloads expected = {"low", "delayed", "lowest"};
  c.ExpectEq(PayloadsOf(got), expected);
  if (!c.ok()) co_return;
  c.ExpectEq(got.messages(1).priority(), 0u);
}

// However often it is overtaken, it does not move up.
Task<void> NoneAges(CaseContext& c) {
  QueueClient queue(c);
  const std::string name = c.Unique("queue");
  co_await queue.Put(PriorityOf(name, "patient", 3));
  for (int i = 0; i < 50 && c.ok(); ++i) {
    const Payloads sent = {std::to_string(i)};
    co_await queue.Put(PriorityOf(name, sent[0], 4));
    c.ExpectEq(co_await queue.Take(name), sent);
  }
  c.ExpectEq(co_await queue.Take(name, 10), Payloads(1, "patient"));
}

Task<void> PriorityIsKept(CaseContext& c) {
  QueueClient queue(c);
  Receiver receiver(c);
  const std::string name = c.Unique("queue");
  co_await queue.Put(PriorityOf(name, "urgent", 7));
  const QueueDelivery urgent = co_await receiver.One(name, kLongMs);
  c.ExpectEq(urgent.message().priority(), 7u);
  co_await queue.Put(PriorityOf(name, "other", 6));
  co_await queue.Put(PriorityOf(name, "urgent too", 7));
  c.ExpectEq(co_await receiver.Release(name, urgent.receipt()), true);
  const Payloads expected = {"urgent", "urgent too", "other"};
  c.ExpectEq(co_await queue.Take(name, 10), expected);
}

// While consumers share a queue to which nothing is added, none of them gets a message behind one
// of a lower priority, nor two of a producer's in another order.
Task<void> ConsumersSeeTheOrder(CaseContext& c) {
  constexpr int kEach = 40;
  constexpr int kProducers = 5;
  const std::string name = c.Unique("queue");
  co_await c.Concurrently(kProducers, [&](int client) -> Task<void> {
    QueueClient queue(c);
    for (int i = 0; i < kEach; ++i) {
      const auto level = static_cast<uint32_t>((i * 3 + client) % 10);
      const std::string payload = std::to_string(client) + std::to_string(100 + i);
      co_await queue.Put(PriorityOf(name, payload, level));
    }
  });
  size_t got = 0;
  co_await c.Concurrently(6, [&](int) -> Task<void> {
    QueueClient queue(c);
    QueueMessage last;
    last.set_priority(kHighest);
    for (bool more = true; more && c.ok();) {
      const DequeueResponse some = co_await queue.Dequeue(DequeueOf(name, 3));
      for (const QueueMessage& message : some.messages()) {
        c.ExpectLe(message.priority(), last.priority(), "the priority behind a message");
        const bool same = message.priority() == last.priority() && !last.payload().empty() &&
                          message.payload()[0] == last.payload()[0];
        if (same) c.ExpectLe(last.payload(), message.payload(), "a producer's messages");
        last = message;
        ++got;
      }
      more = some.messages_size() > 0;
    }
  });
  c.ExpectEq(got, size_t{kEach * kProducers});
}

Task<void> BadPrioritiesAreRefused(CaseContext& c) {
  const std::string name = c.Unique("queue");
  for (const uint32_t level : {kHighest + 1, 256u, 1u << 31, ~0u}) {
    co_await c.Refused(&QueuePriorityStub::EnqueueWithPriority, PriorityOf(name, "bad", level),
                       Code::kInvalidArgument, "priority");
  }
}

Task<void> DuplicatesStoreNothing(CaseContext& c) {
  QueueClient queue(c);
  const std::string name = c.Unique("queue");
  EnqueueWithPriorityRequest request = PriorityOf(name, "first", 1);
  request.set_deduplication_id("a");
  const EnqueueResponse first = co_await queue.Put(request);
  request.set_priority(8);
  request.set_payload("again");
  const EnqueueResponse again = co_await queue.Put(request);
  c.Expect(!first.duplicate() && again.duplicate(), "the second one is a duplicate");
  c.ExpectEq(again.id(), first.id());
  const DequeueResponse got = co_await queue.Dequeue(DequeueOf(name, 10));
  c.ExpectEq(PayloadsOf(got), Payloads(1, "first"));
  if (!c.ok()) co_return;
  c.ExpectEq(got.messages(0).priority(), 1u);
}

Task<void> BadMessagesAreRefused(CaseContext& c) {
  const std::string name = c.Unique("queue");
  co_await RefuseBadMessages(c, &QueuePriorityStub::EnqueueWithPriority,
                             PriorityOf(name, "bad", 1));
  co_await RefuseBadNames(c, &QueuePriorityStub::EnqueueWithPriority, PriorityOf("", "bad", 1));
  co_await RefuseNoText(c);
}

Task<void> NamespacesNeverMeet(CaseContext& c) {
  QueueClient here(c);
  QueueClient there(c.other());
  const std::string name = c.Unique("queue");
  co_await here.Put(PriorityOf(name, "here", 5));
  co_await there.Put(PriorityOf(name, "there", 6));
  c.ExpectEq(co_await here.Take(name, 10), Payloads(1, "here"));
  c.ExpectEq(co_await there.Take(name, 10), Payloads(1, "there"));
}

constexpr const InterfaceInfo* kBasic = &QueueBasic::Info();
constexpr std::string_view kLikeBasic = "Limits, order and deduplication are those of queue_basic.";
constexpr std::string_view kOrder =
    "As Enqueue, with a priority of 0 to 9 (else INVALID_ARGUMENT): every ready message of a "
    "higher priority is handed out before any of a lower one, without ageing, and messages of the "
    "same priority in the order of their enqueueing.";
constexpr std::string_view kLowest = "Enqueue and EnqueueDelayed give priority 0, the lowest.";

constexpr Case kCases[] = {
    {"higher_comes_first", {"Messages that overtake others.", kOrder}, &HigherComesFirst, {kBasic}},
    {"messages_come_back", {kOrder}, &MessagesComeBack, {kBasic}},
    {"same_priority_in_order", {kOrder}, &SamePriorityInOrder, {kBasic}},
    {"enqueue_is_the_lowest", {kLowest}, &EnqueueIsTheLowest, {kBasic}},
    {"delayed_is_the_lowest", {kLowest}, &DelayedIsTheLowest, {kBasic, &QueueDelayed::Info()}},
    {"none_ages", {kOrder}, &NoneAges, {kBasic}},
    {"priority_is_kept", {kLikeBasic}, &PriorityIsKept, {kBasic, &QueueVisibility::Info()}},
    {"consumers_see_the_order", {kOrder, kLikeBasic}, &ConsumersSeeTheOrder, {kBasic}},
    {"bad_priorities_are_refused", {kOrder}, &BadPrioritiesAreRefused},
    {"duplicates_store_nothing", {kLikeBasic}, &DuplicatesStoreNothing, {kBasic}},
    {"bad_messages_are_refused", {kLikeBasic}, &BadMessagesAreRefused},
    {"namespaces_never_meet", {kOrder}, &NamespacesNeverMeet, {kBasic}, true},
};

constexpr Suite kSuite = {&QueuePriority::Info(), kCases, {}, &CleanQueues};

}  // namespace
}  // namespace queues::priority

const Suite& QueuePrioritySuite() { return queues::priority::kSuite; }

}  // namespace prism::conformance
