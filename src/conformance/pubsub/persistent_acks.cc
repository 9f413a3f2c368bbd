#include <chrono>

#include "conformance/pubsub/persistent_cases.h"
#include "conformance/pubsub/persistent_client.h"

namespace prism::conformance::pubsub_suite {
namespace {

using std::chrono::milliseconds;

Reading WithAckWait(std::string topic, int64_t ack_wait_ms, uint32_t max_unacked = 0) {
  return {std::move(topic), "reader", pubsub::v1::NEW, ack_wait_ms, max_unacked};
}

// The next message that is not `acked`, whose redelivery may have been on its way before the ack.
Task<DurableMessage> NextBut(CaseContext& c, DurableListener& listener, std::string acked) {
  DurableMessage message = co_await listener.Next(c);
  while (message.message().payload() == acked && c.ok()) message = co_await listener.Next(c);
  co_return message;
}

}  // namespace

Task<void> UnackedComesAgain(CaseContext& c) {
  Persistent persistent(c);
  const std::string topic = c.Unique("topic");
  DurableListener listener(c, WithAckWait(topic, kShortAckWaitMs));
  (void)co_await listener.Ready(c);
  const TimePoint before = Clock::now();
  const std::string id = co_await persistent.Publish(topic, "payload");
  for (uint32_t count = 1; count <= 3; ++count) {
    c.ExpectEq(co_await listener.Expect(c, "payload", count), id);
    c.ExpectLe(milliseconds(kShortAckWaitMs * (count - 1)).count(),
               std::chrono::duration_cast<milliseconds>(Clock::now() - before).count() + 1,
               "the time until delivery " + std::to_string(count));
  }
  c.ExpectEq(co_await persistent.Ack(topic, "reader", id), 1u);
}

// Another message comes again meanwhile, which shows that there was time for it. An ack that came
// too late to stop one more delivery is not held against the backend.
Task<void> AckedNeverComesAgain(CaseContext& c) {
  constexpr auto kAckWait = milliseconds(300);
  Persistent persistent(c);
  const std::string topic = c.Unique("topic");
  DurableListener listener(c, WithAckWait(topic, kAckWait.count()));
  (void)co_await listener.Ready(c);
  const TimePoint before = Clock::now();
  co_await persistent.Publish(topic, "acked");
  co_await persistent.Publish(topic, "not acked");
  const std::string id = co_await listener.Expect(c, "acked");
  co_await listener.Expect(c, "not acked");
  c.ExpectEq(co_await persistent.Ack(topic, "reader", id), 1u);
  const bool in_time = Clock::now() < before + kAckWait;
  for (uint32_t count = 2; count <= 3; ++count) {
    DurableMessage message;
    if (in_time) {
      message = co_await listener.Next(c);
    } else {
      message = co_await NextBut(c, listener, "acked");
    }
    c.ExpectEq(message.message().payload(), "not acked");
    c.ExpectEq(message.delivery_count(), count);
  }
}

Task<void> LeftUnackedGoesToAnotherStream(CaseContext& c) {
  Persistent persistent(c);
  const std::string topic = c.Unique("topic");
  const Reading reading = WithAckWait(topic, kShortAckWaitMs);
  std::string id;
  const TimePoint before = Clock::now();
  {
    DurableListener leaves(c, reading);
    (void)co_await leaves.Ready(c);
    id = co_await persistent.Publish(topic, "payload");
    c.ExpectEq(co_await leaves.Expect(c, "payload"), id);
    co_await leaves.Stop();
  }
  DurableListener stays(c, reading);
  (void)co_await stays.Ready(c);
  const DurableMessage again = co_await stays.Next(c);
  c.ExpectEq(again.message_id(), id);
  c.ExpectEq(again.message().payload(), "payload");
  c.ExpectLe(2u, again.delivery_count(), "the count of deliveries");
  c.Expect(Clock::now() >= before + milliseconds(kShortAckWaitMs), "its ack wait has passed");
}

// The stream has room for one message: for the new one only when the old one is acked.
Task<void> AgainComesBeforeNew(CaseContext& c) {
  Persistent persistent(c);
  const std::string topic = c.Unique("topic");
  DurableListener listener(c, WithAckWait(topic, kShortAckWaitMs, 1));
  (void)co_await listener.Ready(c);
  co_await persistent.Publish(topic, "old");
  co_await persistent.Publish(topic, "new");
  const std::string id = co_await listener.Expect(c, "old");
  c.ExpectEq(co_await listener.Expect(c, "old", 2), id);
  c.ExpectEq(co_await persistent.Ack(topic, "reader", id), 1u);
  const DurableMessage message = co_await NextBut(c, listener, "old");
  c.ExpectEq(message.message().payload(), "new");
  c.ExpectEq(message.delivery_count(), 1u);
}

// What is not sent to the stream that is full is there for another one.
Task<void> MaxUnackedHoldsBack(CaseContext& c) {
  Persistent persistent(c);
  const std::string topic = c.Unique("topic");
  DurableListener few(c, WithAckWait(topic, 0, 2));
  (void)co_await few.Ready(c);
  for (const char* payload : {"1", "2", "3", "4", "5"}) {
    co_await persistent.Publish(topic, payload);
  }
  const std::string first = co_await few.Expect(c, "1");
  co_await few.Expect(c, "2");
  c.ExpectEq(co_await persistent.Ack(topic, "reader", first), 1u);
  co_await few.Expect(c, "3");
  DurableListener other(c, {topic, "reader"});
  (void)co_await other.Ready(c);
  co_await c.Concurrently(2, [&](int client) -> Task<void> {
    if (client == 0) {
      const DurableEvent* more = co_await few.live().Pull();
      if (!more) co_return;
      c.Fail("a stream that is full has one more: " + Show(more->message().message().payload()));
      co_return other.live().Cancel();
    }
    co_await other.Expect(c, "4");
    co_await other.Expect(c, "5");
    few.live().Cancel();
  });
}

Task<void> AcksAreCounted(CaseContext& c) {
  Persistent persistent(c);
  const std::string topic = c.Unique("topic");
  DurableListener one(c, {topic, "reader"});
  DurableListener two(c, {topic, "other"});
  (void)co_await one.Ready(c);
  (void)co_await two.Ready(c);
  for (int i = 0; i < 5; ++i) co_await persistent.Publish(topic, "payload");
  std::vector<std::string> ids = IdsOf(co_await one.Take(c, 5));
  if (!c.ok()) co_return;
  std::vector<std::string> backwards = {ids[4], ids[2], ids[2]};
  c.ExpectEq(co_await persistent.AckAll(topic, "reader", backwards), 2u);
  c.ExpectEq(co_await persistent.AckAll(topic, "reader", ids), 3u);
  c.ExpectEq(co_await persistent.AckAll(topic, "reader", ids), 0u);
  c.ExpectEq(co_await persistent.AckAll(topic, c.Unique("no-name"), ids), 0u);
  c.ExpectEq(co_await persistent.AckAll(c.Unique("no-topic"), "reader", ids), 0u);
  const auto kept = co_await two.Take(c, 5);
  c.ExpectEq(IdsOf(kept), ids);
  ids.resize(1000, ids[0]);
  c.ExpectEq(co_await persistent.AckAll(topic, "other", ids), 5u);
}

// After its ack wait, while no stream is there.
Task<void> LateAcksCount(CaseContext& c) {
  Persistent persistent(c);
  const std::string topic = c.Unique("topic");
  const Reading reading = WithAckWait(topic, kShortAckWaitMs);
  std::string id;
  {
    DurableListener leaves(c, reading);
    (void)co_await leaves.Ready(c);
    id = co_await persistent.Publish(topic, "acked late");
    c.ExpectEq(co_await leaves.Expect(c, "acked late"), id);
    co_await leaves.Stop();
  }
  co_await c.Sleep(milliseconds(kShortAckWaitMs + 20));
  (void)co_await persistent.Ack(topic, "reader", id);
  co_await persistent.Publish(topic, "new");
  DurableListener stays(c, reading);
  (void)co_await stays.Ready(c);
  co_await stays.ExpectAny(c, "new");
}

Task<void> OneOfManyAcksIsCounted(CaseContext& c) {
  constexpr int kMessages = 50;
  Persistent setup(c);
  const std::string topic = c.Unique("topic");
  DurableListener listener(c, {topic, "reader"});
  (void)co_await listener.Ready(c);
  for (int i = 0; i < kMessages && c.ok(); ++i) co_await setup.Publish(topic, "payload");
  const auto messages = co_await listener.Take(c, kMessages);
  const std::vector<std::string> ids = IdsOf(messages);
  if (!c.ok()) co_return;
  uint64_t acked = 0;
  co_await c.Concurrently(8, [&](int) -> Task<void> {
    Persistent persistent(c);
    const uint64_t one = co_await persistent.Ack(topic, "reader", ids[0]);
    const uint64_t all = co_await persistent.AckAll(topic, "reader", ids);
    acked += one + all;
  });
  c.ExpectEq(acked, static_cast<uint64_t>(kMessages));
}

}  // namespace prism::conformance::pubsub_suite
