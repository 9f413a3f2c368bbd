#include "conformance/queue/client.h"
#include "conformance/queue/visibility_cases.h"

namespace prism::conformance::queues::visibility {
namespace {

// Nothing may find the receipt.
Task<void> ExpectVoid(CaseContext& c, std::string queue, std::string receipt,
                      Where where = Where::current()) {
  Receiver receiver(c);
  c.ExpectEq(co_await receiver.Extend(queue, receipt, 1, where), false, where);
  c.ExpectEq(co_await receiver.Release(queue, receipt, 0, where), false, where);
  c.ExpectEq(co_await receiver.Release(queue, receipt, 1, where), false, where);
  c.ExpectEq(co_await receiver.Ack(queue, receipt, where), false, where);
}

}  // namespace

Task<void> ReceivedMessageIsHidden(CaseContext& c) {
  QueueClient queue(c);
  Receiver receiver(c);
  EnqueueRequest request = EnqueueOf(c.Unique("queue"), "payload");
  const std::string name = request.queue();
  (*request.mutable_attributes())["name"] = "value";
  co_await queue.Put(request);
  const PeekResponse seen = co_await queue.Peek(PeekOf(name));
  const QueueDelivery got = co_await receiver.One(name, kLongMs);
  c.ExpectEq(seen.messages_size(), 1);
  if (!c.ok()) co_return;
  QueueMessage expected = seen.messages(0);
  expected.set_receive_count(1);
  c.ExpectEq(AsText(got.message()), AsText(expected));
  c.ExpectEq(co_await queue.Look(name), Payloads());
  c.ExpectEq(co_await queue.Take(name), Payloads());
  const auto none = co_await receiver.Receive(ReceiveOf(name, kLongMs));
  c.ExpectEq(none.size(), size_t{0});
}

Task<void> TimeoutMakesItReady(CaseContext& c) {
  QueueClient queue(c);
  Receiver receiver(c);
  const std::string name = c.Unique("queue");
  co_await queue.PutAll(name, Payloads(1, "payload"));
  const TimePoint start = Clock::now();
  const QueueDelivery first = co_await receiver.One(name, 250);
  const QueueDelivery second = co_await receiver.One(name, kLongMs, kLongMs);
  c.Expect(!IsWithin(start, 250 - kClockSlack.count()), "it is hidden for its time");
  c.Expect(IsWithin(start, kLongMs), "it comes back behind its time");
  c.Expect(first.receipt() != second.receipt(), "the next delivery has another receipt");
  c.ExpectEq(first.message().receive_count(), uint64_t{1});
  c.ExpectEq(second.message().receive_count(), uint64_t{2});
  QueueMessage same = second.message();
  same.set_receive_count(1);
  c.ExpectEq(AsText(same), AsText(first.message()));
  co_await ExpectVoid(c, name, first.receipt());
  c.ExpectEq(co_await queue.Look(name), Payloads());
  c.ExpectEq(co_await receiver.Ack(name, second.receipt()), true);
}

Task<void> AckedIsGone(CaseContext& c) {
  QueueClient queue(c);
  Receiver receiver(c);
  const std::string name = c.Unique("queue");
  const Payloads sent = {"a", "b"};
  co_await queue.PutAll(name, sent);
  const TimePoint start = Clock::now();
  const auto got = co_await receiver.Receive(ReceiveOf(name, 150, 2));
  c.ExpectEq(PayloadsOf(got), sent);
  if (!c.ok()) co_return;
  const bool acked = co_await receiver.Ack(name, got[0].receipt());
  if (!acked) co_return c.Expect(!IsWithin(start, 150), "the receipt is found");
  c.ExpectEq(co_await receiver.Ack(name, got[0].receipt()), false);
  c.ExpectEq(co_await queue.Take(name, 10, kLongMs), Payloads(1, "b"));
  c.ExpectEq(co_await queue.Take(name, 10, kShortMs), Payloads());
  c.ExpectEq(co_await receiver.Ack(name, got[1].receipt()), false);
}

Task<void> OneOfManyAcksIsFound(CaseContext& c) {
  for (int round = 0; round < 10 && c.ok(); ++round) {
    QueueClient queue(c);
    const std::string name = c.Unique("queue");
    co_await queue.PutAll(name, Payloads(1, "payload"));
    Receiver one(c);
    const QueueDelivery got = co_await one.One(name, kLongMs);
    int acked = 0;
    int released = 0;
    co_await c.Concurrently(8, [&](int client) -> Task<void> {
      Receiver receiver(c);
      if (client % 2 == 0) {
        const bool found = co_await receiver.Ack(name, got.receipt());
        acked += found;
      } else {
        const bool found = co_await receiver.Release(name, got.receipt());
        released += found;
      }
    });
    c.ExpectEq(acked + released, 1);
    const Payloads left = co_await queue.Take(name, 10);
    c.ExpectEq(left.size(), static_cast<size_t>(released));
  }
}

Task<void> ExtendedLater(CaseContext& c) {
  QueueClient queue(c);
  Receiver receiver(c);
  const std::string name = c.Unique("queue");
  co_await queue.PutAll(name, Payloads(1, "payload"));
  const TimePoint start = Clock::now();
  const QueueDelivery got = co_await receiver.One(name, 300);
  for (int i = 0; i < 2; ++i) {
    const bool found = co_await receiver.Extend(name, got.receipt(), kLongMs);
    if (!found) co_return c.Expect(!IsWithin(start, 300), "the receipt is found");
  }
  c.ExpectEq(co_await queue.Take(name, 1, 450), Payloads());
  c.ExpectEq(co_await receiver.Ack(name, got.receipt()), true);
}

Task<void> ExtendedSooner(CaseContext& c) {
  QueueClient queue(c);
  Receiver receiver(c);
  const std::string name = c.Unique("queue");
  co_await queue.PutAll(name, Payloads(1, "payload"));
  const QueueDelivery got = co_await receiver.One(name, 43'200'000);
  const TimePoint start = Clock::now();
  c.ExpectEq(co_await receiver.Extend(name, got.receipt(), 200), true);
  const Payloads seen = co_await queue.Look(name);
  if (IsWithin(start, 200)) c.ExpectEq(seen, Payloads());
  const QueueDelivery again = co_await receiver.One(name, kLongMs, kLongMs);
  c.Expect(!IsWithin(start, 200 - kClockSlack.count()), "the time counts from then");
  c.Expect(again.receipt() != got.receipt(), "the next delivery has another receipt");
  c.ExpectEq(co_await receiver.Extend(name, got.receipt(), kLongMs), false);
}

Task<void> ReleaseGivesBack(CaseContext& c) {
  QueueClient queue(c);
  Receiver receiver(c);
  const std::string name = c.Unique("queue");
  const Payloads sent = {"a", "b"};
  co_await queue.PutAll(name, sent);
  for (uint64_t i = 1; i <= 3; ++i) {
    const QueueDelivery got = co_await receiver.One(name, kLongMs);
    c.ExpectEq(got.message().payload(), "a");
    c.ExpectEq(got.message().receive_count(), i);
    c.ExpectEq(co_await queue.Look(name), Payloads(1, "b"));
    c.ExpectEq(co_await receiver.Release(name, got.receipt()), true);
    c.ExpectEq(co_await queue.Look(name), sent);
    c.ExpectEq(co_await receiver.Release(name, got.receipt()), false);
    c.ExpectEq(co_await queue.Look(name), sent);
  }
  // A removal gives no receipt: it does not count.
  const DequeueResponse all = co_await queue.Dequeue(DequeueOf(name, 10));
  c.ExpectEq(PayloadsOf(all), sent);
  if (!c.ok()) co_return;
  c.ExpectEq(all.messages(0).receive_count(), uint64_t{3});
  c.ExpectEq(all.messages(1).receive_count(), uint64_t{0});
}

Task<void> ReleaseForLater(CaseContext& c) {
  QueueClient queue(c);
  Receiver receiver(c);
  const std::string name = c.Unique("queue");
  co_await queue.PutAll(name, Payloads(1, "payload"));
  const QueueDelivery got = co_await receiver.One(name, kLongMs);
  const TimePoint start = Clock::now();
  c.ExpectEq(co_await receiver.Release(name, got.receipt(), 300), true);
  c.ExpectEq(co_await receiver.Release(name, got.receipt()), false);
  const Payloads seen = co_await queue.Look(name);
  if (IsWithin(start, 300)) c.ExpectEq(seen, Payloads());
  const QueueDelivery again = co_await receiver.One(name, kLongMs, kLongMs);
  c.Expect(!IsWithin(start, 300 - kClockSlack.count()), "it is scheduled for later");
  c.ExpectEq(again.message().receive_count(), uint64_t{2});
}

// Of all ways in which a receipt becomes void, and those that never were one.
Task<void> VoidReceiptsChangeNothing(CaseContext& c) {
  QueueClient queue(c);
  Receiver receiver(c);
  const std::string name = c.Unique("queue");
  const Payloads sent = Numbered("m", 4);
  co_await queue.PutAll(name, sent);
  const QueueDelivery acked = co_await receiver.One(name, kLongMs);
  c.ExpectEq(co_await receiver.Ack(name, acked.receipt()), true);
  const QueueDelivery released = co_await receiver.One(name, kLongMs);
  c.ExpectEq(co_await receiver.Release(name, released.receipt()), true);
  const QueueDelivery late = co_await receiver.One(name, kLongMs);
  const QueueDelivery held = co_await receiver.One(name, kLongMs);
  c.ExpectEq(held.message().payload(), "m2");
  c.ExpectEq(co_await receiver.Extend(name, late.receipt(), 1), true);
  co_await c.Until("a receipt runs out", [&]() -> Task<bool> {
    const Payloads ready = co_await queue.Look(name);
    co_return ready.size() == 2;
  });
  std::string damaged = held.receipt();
  if (!damaged.empty()) damaged[damaged.size() / 2] ^= 1;
  const std::string longer = held.receipt() + "x";
  const Payloads none = {
      acked.receipt(), released.receipt(), late.receipt(), damaged, longer, "no receipt", ""};
  for (const std::string& receipt : none) co_await ExpectVoid(c, name, receipt);
  const Payloads ready = {"m1", "m3"};
  c.ExpectEq(co_await queue.Look(name), ready);
  c.ExpectEq(co_await receiver.Release(name, held.receipt()), true);
  const Payloads all = {"m1", "m2", "m3"};
  c.ExpectEq(co_await queue.Take(name, 10), all);
}

Task<void> ReceiptsOfOtherQueuesAreVoid(CaseContext& c) {
  QueueClient queue(c);
  Receiver receiver(c);
  const std::string name = c.Unique("queue");
  const std::string other = c.Unique("other");
  co_await queue.PutAll(name, Payloads(1, "here"));
  co_await queue.PutAll(other, Payloads(1, "there"));
  const QueueDelivery here = co_await receiver.One(name, kLongMs);
  const QueueDelivery there = co_await receiver.One(other, kLongMs);
  co_await ExpectVoid(c, other, here.receipt());
  co_await ExpectVoid(c, name, there.receipt());
  c.ExpectEq(co_await receiver.Ack(name, here.receipt()), true);
  c.ExpectEq(co_await receiver.Ack(other, there.receipt()), true);
}

Task<void> ReceiptsOfOtherNamespacesAreVoid(CaseContext& c) {
  QueueClient here(c);
  QueueClient there(c.other());
  Receiver receiver(c);
  Receiver elsewhere(c.other());
  const std::string name = c.Unique("queue");
  co_await here.PutAll(name, Payloads(1, "here"));
  co_await there.PutAll(name, Payloads(1, "there"));
  const QueueDelivery mine = co_await receiver.One(name, kLongMs);
  const QueueDelivery theirs = co_await elsewhere.One(name, kLongMs);
  c.ExpectEq(mine.message().payload(), "here");
  c.ExpectEq(theirs.message().payload(), "there");
  co_await ExpectVoid(c, name, theirs.receipt());
  c.ExpectEq(co_await elsewhere.Ack(name, mine.receipt()), false);
  c.ExpectEq(co_await receiver.Ack(name, mine.receipt()), true);
  c.ExpectEq(co_await elsewhere.Ack(name, theirs.receipt()), true);
}

}  // namespace prism::conformance::queues::visibility
