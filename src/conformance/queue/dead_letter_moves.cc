#include <map>

#include "conformance/queue/dead_letter_cases.h"
#include "conformance/queue/dead_letter_client.h"

namespace prism::conformance::queues::dead_letter {
namespace {

using queue::v1::RELEASED;
using queue::v1::TIMED_OUT;

// Puts one message with all that a message has; as it was received first.
Task<QueueMessage> PutOne(CaseContext& c, DeadLetters& dead) {
  QueueClient queue(c);
  EnqueueRequest request = EnqueueOf(dead.queue(), "payload");
  (*request.mutable_attributes())["name"] = "value";
  co_await queue.Put(request);
  const PeekResponse seen = co_await queue.Peek(PeekOf(dead.queue()));
  c.ExpectEq(seen.messages_size(), 1);
  QueueMessage message;
  if (seen.messages_size() == 1) message = seen.messages(0);
  co_return message;
}

// What lies in the dead letter queue is the message as it was enqueued.
Task<void> ExpectDead(CaseContext& c, DeadLetters& dead, QueueMessage message, DeadMessage expected,
                      int64_t from_unix_ms, Where where = Where::current()) {
  const GetDeadLetterQueueResponse page = co_await dead.Get();
  c.Expect(page.found(), "there is a configuration", where);
  c.ExpectEq(page.dead_letter_queue(), dead.dead(), where);
  c.ExpectEq(page.ready_count(), uint64_t{1}, where);
  c.ExpectEq(page.messages_size(), 1, where);
  if (!c.ok()) co_return;
  const int64_t at = page.messages(0).dead_at_unix_ms();
  c.ExpectLe(from_unix_ms - kClockSlack.count(), at, "when it died", where);
  c.ExpectLe(at, UnixNow() + kClockSlack.count(), "when it died", where);
  expected.set_dead_at_unix_ms(at);
  expected.set_source_queue(dead.queue());
  *expected.mutable_message() = message;
  c.ExpectEq(page.messages(0).ShortDebugString(), expected.ShortDebugString(), where);
  QueueClient queue(c);
  c.ExpectEq(co_await queue.Look(dead.queue()), Payloads(), where);
  const DequeueResponse got = co_await queue.Dequeue(DequeueOf(dead.dead(), 10), where);
  c.ExpectEq(got.messages_size(), 1, where);
  if (c.ok()) c.ExpectEq(AsText(got.messages(0)), AsText(message), where);
}

}  // namespace

Task<void> ReleasedMessageMoves(CaseContext& c) {
  QueueClient queue(c);
  DeadLetters dead(c);
  co_await dead.Configure(3);
  const QueueMessage message = co_await PutOne(c, dead);
  for (int i = 0; i < 2; ++i) {
    c.ExpectEq(co_await dead.Fail(), Payloads(1, "payload"));
    c.ExpectEq(co_await queue.Look(dead.queue()), Payloads(1, "payload"));
    c.ExpectEq(co_await queue.Look(dead.dead()), Payloads());
  }
  const int64_t before = UnixNow();
  c.ExpectEq(co_await dead.Fail(), Payloads(1, "payload"));
  c.ExpectEq(co_await queue.Look(dead.queue()), Payloads());
  const TimePoint start = Clock::now();
  co_await dead.UntilDead(1);
  c.Expect(IsWithin(start, 1000 + kClockSlack.count()), "it goes within a second");
  DeadMessage expected;
  expected.set_reason(RELEASED);
  expected.set_source_receive_count(3);
  co_await ExpectDead(c, dead, message, expected, before);
}

Task<void> TimedOutMessageMoves(CaseContext& c) {
  QueueClient queue(c);
  DeadLetters dead(c);
  Receiver receiver(c);
  co_await dead.Configure(2);
  const QueueMessage message = co_await PutOne(c, dead);
  co_await receiver.One(dead.queue(), 20);
  const int64_t before = UnixNow();
  const QueueDelivery again = co_await receiver.One(dead.queue(), 200, kLongMs);
  const TimePoint start = Clock::now();
  c.ExpectEq(again.message().receive_count(), uint64_t{2});
  // It wakes the call that waits where it goes to.
  const auto got = co_await receiver.Receive(ReceiveOf(dead.dead(), kLongMs, 1, kLongMs));
  c.Expect(IsWithin(start, 1200 + kClockSlack.count()), "it goes within a second");
  c.ExpectEq(PayloadsOf(got), Payloads(1, "payload"));
  if (!c.ok()) co_return;
  c.ExpectEq(got[0].message().receive_count(), uint64_t{1});
  c.ExpectEq(co_await receiver.Release(dead.dead(), got[0].receipt()), true);
  const GetDeadLetterQueueResponse page = co_await dead.Get();
  c.ExpectEq(page.messages_size(), 1);
  if (!c.ok()) co_return;
  c.ExpectEq(page.messages(0).message().receive_count(), uint64_t{1});
  DeadMessage expected;
  expected.set_reason(TIMED_OUT);
  expected.set_source_receive_count(2);
  QueueMessage received = message;
  received.set_receive_count(1);
  co_await ExpectDead(c, dead, received, expected, before);
  c.ExpectEq(co_await receiver.Ack(dead.queue(), again.receipt()), false);
}

Task<void> RemovalsDoNotCount(CaseContext& c) {
  QueueClient queue(c);
  DeadLetters dead(c);
  co_await dead.Configure(1);
  co_await queue.PutAll(dead.queue(), Numbered("m", 3));
  c.ExpectEq(co_await queue.Take(dead.queue(), 2), Numbered("m", 2));
  c.ExpectEq(co_await dead.Fail(), Payloads(1, "m2"));
  co_await dead.UntilDead(1);
  c.ExpectEq(co_await queue.Take(dead.dead(), 10), Payloads(1, "m2"));
}

// They die in another order than that in which they came; "plain" was there before them.
Task<void> OrderIsThatOfArrival(CaseContext& c) {
  QueueClient queue(c);
  DeadLetters dead(c);
  Receiver receiver(c);
  co_await dead.Configure(1);
  const Payloads sent = Numbered("m", 3);
  co_await queue.PutAll(dead.queue(), sent);
  co_await queue.PutAll(dead.dead(), Payloads(1, "plain"));
  const auto held = co_await receiver.Receive(ReceiveOf(dead.queue(), kLongMs, 3));
  c.ExpectEq(PayloadsOf(held), sent);
  if (!c.ok()) co_return;
  uint64_t buried = 0;
  for (const size_t i : {size_t{2}, size_t{0}, size_t{1}}) {
    co_await receiver.Release(dead.queue(), held[i].receipt());
    co_await dead.UntilDead(++buried);
  }
  const GetDeadLetterQueueResponse page = co_await dead.Get();
  const Payloads arrived = {"m2", "m0", "m1"};
  c.ExpectEq(PayloadsOf(page), arrived);
  co_await queue.PutAll(dead.dead(), Payloads(1, "last"));
  const Payloads all = {"plain", "m2", "m0", "m1", "last"};
  c.ExpectEq(co_await queue.Take(dead.dead(), 10), all);
}

Task<void> ConfigurationIsReplaced(CaseContext& c) {
  QueueClient queue(c);
  DeadLetters first(c);
  DeadLetters second(c, c, first.queue(), c.Unique("second"));
  co_await first.Bury(Payloads(1, "a"));
  co_await queue.PutAll(first.queue(), Payloads(1, "b"));
  co_await second.Configure(3);
  GetDeadLetterQueueResponse now = co_await second.Get();
  c.ExpectEq(now.dead_letter_queue(), second.dead());
  c.ExpectEq(now.max_receives(), 3u);
  c.ExpectEq(now.ready_count(), uint64_t{0});
  c.ExpectEq(co_await queue.Look(first.dead()), Payloads(1, "a"));
  for (int i = 0; i < 2; ++i) c.ExpectEq(co_await second.Fail(), Payloads(1, "b"));
  c.ExpectEq(co_await queue.Look(first.queue()), Payloads(1, "b"));
  // It has been received twice: the next return is one too many.
  co_await second.Configure(1);
  c.ExpectEq(co_await second.Fail(), Payloads(1, "b"));
  co_await second.UntilDead(1);
  c.ExpectEq(co_await queue.Take(second.dead(), 10), Payloads(1, "b"));
  c.ExpectEq(co_await queue.Take(first.dead(), 10), Payloads(1, "a"));
}

Task<void> RemovedConfigurationMovesNothing(CaseContext& c) {
  QueueClient queue(c);
  DeadLetters dead(c);
  co_await dead.Bury(Payloads(1, "dead"));
  for (int i = 0; i < 2; ++i) co_await dead.Remove();
  const GetDeadLetterQueueResponse none = co_await dead.Get();
  c.Expect(!none.found() && none.ByteSizeLong() == 0, "there is no configuration");
  co_await queue.PutAll(dead.queue(), Payloads(1, "alive"));
  for (int i = 0; i < 3; ++i) c.ExpectEq(co_await dead.Fail(), Payloads(1, "alive"));
  c.ExpectEq(co_await queue.Take(dead.queue(), 10), Payloads(1, "alive"));
  c.ExpectEq(co_await queue.Take(dead.dead(), 10), Payloads(1, "dead"));
}

Task<void> DeadLettersHaveDeadLetters(CaseContext& c) {
  QueueClient queue(c);
  DeadLetters first(c);
  DeadLetters second(c, c, first.dead(), c.Unique("deader"));
  co_await first.Bury(Payloads(1, "payload"));
  co_await second.Configure(2);
  c.ExpectEq(co_await second.Fail(), Payloads(1, "payload"));
  c.ExpectEq(co_await queue.Look(second.queue()), Payloads(1, "payload"));
  c.ExpectEq(co_await second.Fail(), Payloads(1, "payload"));
  co_await second.UntilDead(1);
  const GetDeadLetterQueueResponse page = co_await first.Get();
  c.ExpectEq(page.ready_count(), uint64_t{0});
  const GetDeadLetterQueueResponse last = co_await second.Get();
  c.ExpectEq(PayloadsOf(last), Payloads(1, "payload"));
  if (!c.ok()) co_return;
  c.ExpectEq(last.messages(0).source_queue(), second.queue());
  c.ExpectEq(last.messages(0).source_receive_count(), uint64_t{2});
  c.ExpectEq(co_await queue.Take(second.dead(), 10), Payloads(1, "payload"));
}

Task<void> OneQueueServesMany(CaseContext& c) {
  QueueClient queue(c);
  DeadLetters first(c);
  DeadLetters second(c, c, c.Unique("other"), first.dead());
  co_await first.Bury(Payloads(1, "a"));
  co_await second.Bury(Payloads(1, "b"));
  const GetDeadLetterQueueResponse of_first = co_await first.Get();
  const GetDeadLetterQueueResponse of_second = co_await second.Get();
  c.ExpectEq(PayloadsOf(of_first), Payloads(1, "a"));
  c.ExpectEq(PayloadsOf(of_second), Payloads(1, "b"));
  const Payloads both = {"a", "b"};
  c.ExpectEq(co_await queue.Look(first.dead()), both);
  c.ExpectEq(co_await second.Redrive(10), uint64_t{1});
  c.ExpectEq(co_await queue.Take(second.queue(), 10), Payloads(1, "b"));
  c.ExpectEq(co_await queue.Take(first.dead(), 10), Payloads(1, "a"));
}

// Consumers of both queues while messages die: what is removed is removed once.
Task<void> NeverInBothQueues(CaseContext& c) {
  constexpr size_t kTotal = 120;
  DeadLetters dead(c);
  co_await dead.Configure(1);
  QueueClient setup(c);
  co_await setup.PutAll(dead.queue(), Numbered("m", kTotal));
  std::map<std::string, int> removed;
  co_await c.Concurrently(6, [&](int client) -> Task<void> {
    QueueClient queue(c);
    while (removed.size() < kTotal && c.ok()) {
      if (client < 2) (void)co_await dead.Fail(4);
      const bool late = client % 2 == 0;
      const Payloads got = co_await queue.Take(late ? dead.dead() : dead.queue(), 2, 10);
      for (const std::string& payload : got) ++removed[payload];
    }
  });
  int twice = 0;
  for (const auto& [payload, times] : removed) twice += times > 1;
  c.ExpectEq(removed.size(), kTotal);
  c.ExpectEq(twice, 0);
}

Task<void> NamespacesNeverMeet(CaseContext& c) {
  DeadLetters here(c);
  DeadLetters there(c, c.other(), here.queue(), here.dead());
  QueueClient elsewhere(c.other());
  co_await here.Bury(Payloads(1, "here"));
  const GetDeadLetterQueueResponse none = co_await there.Get();
  c.Expect(!none.found(), "the configuration is that of one namespace");
  c.ExpectEq(co_await elsewhere.Look(here.dead()), Payloads());
  co_await there.Configure(1);
  c.ExpectEq(co_await there.Redrive(10), uint64_t{0});
  c.ExpectEq(co_await here.Redrive(10), uint64_t{1});
}

}  // namespace prism::conformance::queues::dead_letter
