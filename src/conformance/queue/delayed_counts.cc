#include "conformance/queue/client.h"
#include "conformance/queue/delayed_cases.h"

namespace prism::conformance::queues::delayed {
namespace {

using queue::v1::GetScheduledCountRequest;

Task<uint64_t> Count(Caller& caller, std::string queue, Where where = Where::current()) {
  const auto response =
      co_await caller.Call(&QueueDelayedStub::GetScheduledCount,
                           OfQueue<GetScheduledCountRequest>(std::move(queue)), where);
  co_return response.count();
}

}  // namespace

Task<void> DuplicatesAreNotScheduled(CaseContext& c) {
  QueueClient queue(c);
  const std::string name = c.Unique("queue");
  EnqueueDelayedRequest request = DelayedOf(name, "first", 150);
  request.set_deduplication_id("a");
  const EnqueueResponse first = co_await queue.Put(request);
  request.set_payload("again");
  request.set_delay_ms(0);
  const EnqueueResponse again = co_await queue.Put(request);
  c.Expect(!first.duplicate() && again.duplicate(), "the second one is a duplicate");
  c.ExpectEq(again.id(), first.id());
  c.ExpectLe(co_await Count(c, name), uint64_t{1}, "scheduled messages");
  c.ExpectEq(co_await queue.Take(name, 10, kLongMs), Payloads(1, "first"));
  const EnqueueResponse late = co_await queue.Put(EnqueueOf(name, "late", "a"));
  c.Expect(late.duplicate() && late.id() == first.id(), "a consumed message has duplicates too");
}

Task<void> BadMessagesAreRefused(CaseContext& c) {
  const std::string name = c.Unique("queue");
  co_await RefuseBadMessages(c, &QueueDelayedStub::EnqueueDelayed, DelayedOf(name, "bad", 1));
  co_await RefuseBadNames(c, &QueueDelayedStub::EnqueueDelayed, DelayedOf("", "bad", 1));
  co_await RefuseBadNames(c, &QueueDelayedStub::GetScheduledCount, GetScheduledCountRequest());
  co_await RefuseNoText(c);
}

Task<void> ScheduledMessagesAreCounted(CaseContext& c) {
  QueueClient queue(c);
  const std::string name = c.Unique("queue");
  const TimePoint start = Clock::now();
  for (uint64_t i = 1; i <= 3; ++i) {
    co_await queue.Put(DelayedOf(name, "later", 300));
    const uint64_t count = co_await Count(c, name);
    if (IsWithin(start, 300)) c.ExpectEq(count, i);
  }
  co_await c.Until("none is scheduled any more", [&]() -> Task<bool> {
    const uint64_t count = co_await Count(c, name);
    c.ExpectLe(count, uint64_t{3}, "scheduled messages");
    co_return count == 0;
  });
  c.Expect(!IsWithin(start, 300 - kClockSlack.count()), "they count until they are ready");
  c.ExpectEq(co_await queue.Take(name, 10), Payloads(3, "later"));
}

Task<void> ReadyOnesAreNotCounted(CaseContext& c) {
  QueueClient queue(c);
  const std::string name = c.Unique("queue");
  c.ExpectEq(co_await Count(c, name), uint64_t{0});
  co_await queue.PutAll(name, Payloads(1, "a"));
  co_await queue.Put(DelayedOf(name, "b", 0));
  c.ExpectEq(co_await Count(c, name), uint64_t{0});
  const Payloads expected = {"a", "b"};
  c.ExpectEq(co_await queue.Take(name, 10), expected);
}

Task<void> ReleasedForLaterAreCounted(CaseContext& c) {
  QueueClient queue(c);
  Receiver receiver(c);
  const std::string name = c.Unique("queue");
  co_await queue.PutAll(name, Payloads(1, "payload"));
  const QueueDelivery got = co_await receiver.One(name, kLongMs);
  c.ExpectEq(co_await Count(c, name), uint64_t{0});
  const TimePoint start = Clock::now();
  c.ExpectEq(co_await receiver.Release(name, got.receipt(), 300), true);
  const uint64_t count = co_await Count(c, name);
  if (IsWithin(start, 300)) c.ExpectEq(count, uint64_t{1});
  const QueueDelivery again = co_await receiver.One(name, kLongMs, kLongMs);
  c.ExpectEq(co_await Count(c, name), uint64_t{0});
  c.ExpectEq(co_await receiver.Ack(name, again.receipt()), true);
}

Task<void> NamespacesNeverMeet(CaseContext& c) {
  QueueClient here(c);
  QueueClient there(c.other());
  const std::string name = c.Unique("queue");
  co_await here.Put(DelayedOf(name, "here", 200));
  c.ExpectEq(co_await Count(c.other(), name), uint64_t{0});
  c.ExpectEq(co_await here.Take(name, 1, kLongMs), Payloads(1, "here"));
  co_await here.Put(DelayedOf(name, "here", 0));
  c.ExpectEq(co_await there.Take(name, 10), Payloads());
  c.ExpectEq(co_await here.Take(name, 10), Payloads(1, "here"));
}

}  // namespace prism::conformance::queues::delayed
