#include <map>

#include "conformance/queue/visibility_cases.h"
#include "conformance/queue/waiting_call.h"

namespace prism::conformance::queues::visibility {
namespace {

using Dequeuing = WaitingCall<QueueBasicStub, DequeueRequest, DequeueResponse>;
using Receiving =
    WaitingCall<QueueVisibilityStub, DequeueWithTimeoutRequest, DequeueWithTimeoutResponse>;

// Consumers of which each loses every third message that it receives for the first time.
struct Work {
  std::string name;
  size_t total;
  std::map<std::string, int> acked{};  // how often each was acknowledged with success
};

Task<void> Consume(CaseContext& c, Work& work) {
  Receiver receiver(c);
  int lost = 0;
  TimePoint latest = Clock::now();  // of a delivery; what is overdue by far will not come
  while (work.acked.size() < work.total && IsWithin(latest, 2000) && c.ok()) {
    const std::map<std::string, int> gone = work.acked;
    const auto got = co_await receiver.Receive(ReceiveOf(work.name, 100, 4, 20));
    if (!got.empty()) latest = Clock::now();
    for (const QueueDelivery& each : got) {
      const std::string& payload = each.message().payload();
      c.Expect(!gone.contains(payload), "an acknowledged message does not come again");
      const bool first = each.message().receive_count() == 1;
      if (first && ++lost % 3 == 0) continue;
      const bool found = co_await receiver.Ack(work.name, each.receipt());
      if (found) ++work.acked[payload];
    }
  }
}

}  // namespace

Task<void> DeliveriesAreBounded(CaseContext& c) {
  QueueClient queue(c);
  Receiver receiver(c);
  const std::string name = c.Unique("queue");
  const Payloads sent = Numbered("m", 6);
  co_await queue.PutAll(name, sent);
  const auto one = co_await receiver.Receive(ReceiveOf(name, kLongMs, 0));
  c.ExpectEq(PayloadsOf(one), Payloads(1, "m0"));
  const auto two = co_await receiver.Receive(ReceiveOf(name, kLongMs, 2));
  c.ExpectEq(PayloadsOf(two), Payloads(sent.begin() + 1, sent.begin() + 3));
  const auto rest = co_await receiver.Receive(ReceiveOf(name, kLongMs, kMaxMessages, 300'000));
  c.ExpectEq(PayloadsOf(rest), Payloads(sent.begin() + 3, sent.end()));
  for (int i = 0; i < 4; ++i) co_await queue.Put(EnqueueOf(name, std::string(400'000, 'p')));
  size_t got = 0;
  while (got < 4 && c.ok()) {
    const auto some = co_await receiver.Receive(ReceiveOf(name, kLongMs, 10));
    size_t bytes = 0;
    for (const QueueDelivery& each : some) bytes += BytesOf(each.message());
    c.ExpectLe(bytes, kMaxAnswerBytes, "bytes of an answer");
    c.Expect(!some.empty(), "what is ready is handed out");
    got += some.size();
  }
}

// Those that remove and those that receive wait in the same line.
Task<void> OneLineOfWaitingCalls(CaseContext& c) {
  QueueClient queue(c);
  const std::string name = c.Unique("queue");
  Receiving first(c, &QueueVisibilityStub::DequeueWithTimeout,
                  ReceiveOf(name, kLongMs, 1, kLongMs));
  co_await first.Seen(c);
  Dequeuing second(c, &QueueBasicStub::Dequeue, DequeueOf(name, 1, kLongMs));
  co_await second.Seen(c);
  Receiving third(c, &QueueVisibilityStub::DequeueWithTimeout,
                  ReceiveOf(name, kLongMs, 1, kLongMs));
  co_await third.Seen(c);
  co_await queue.PutAll(name, Numbered("m", 3));
  const DequeueWithTimeoutResponse a = co_await first.End(c);
  const DequeueResponse b = co_await second.End(c);
  const DequeueWithTimeoutResponse d = co_await third.End(c);
  c.ExpectEq(b.messages_size(), 1);
  c.ExpectEq(a.deliveries_size(), 1);
  c.ExpectEq(d.deliveries_size(), 1);
  if (!c.ok()) co_return;
  c.ExpectEq(a.deliveries(0).message().payload(), "m0");
  c.ExpectEq(a.deliveries(0).message().receive_count(), uint64_t{1});
  c.ExpectEq(b.messages(0).payload(), "m1");
  c.ExpectEq(b.messages(0).receive_count(), uint64_t{0});
  c.ExpectEq(d.deliveries(0).message().payload(), "m2");
  Receiver receiver(c);
  c.ExpectEq(co_await receiver.Ack(name, a.deliveries(0).receipt()), true);
  c.ExpectEq(co_await receiver.Ack(name, d.deliveries(0).receipt()), true);
}

Task<void> CancelledWaitIsNoDelivery(CaseContext& c) {
  QueueClient queue(c);
  Receiver receiver(c);
  const std::string name = c.Unique("queue");
  for (int i = 0; i < 5 && c.ok(); ++i) {
    Receiving call(c, &QueueVisibilityStub::DequeueWithTimeout,
                   ReceiveOf(name, kLongMs, 1, kLongMs));
    co_await call.Seen(c);
    co_await call.Cancel(c);
    co_await queue.PutAll(name, Payloads(1, "payload"));
    const QueueDelivery got = co_await receiver.One(name, kLongMs);
    c.ExpectEq(got.message().receive_count(), uint64_t{1});
    c.ExpectEq(co_await receiver.Ack(name, got.receipt()), true);
  }
}

Task<void> OneOfManyReceives(CaseContext& c) {
  QueueClient queue(c);
  const std::string name = c.Unique("queue");
  co_await queue.PutAll(name, Payloads(1, "payload"));
  for (uint64_t round = 1; round <= 10 && c.ok(); ++round) {
    std::vector<QueueDelivery> all;
    co_await c.Concurrently(8, [&](int) -> Task<void> {
      Receiver receiver(c);
      const auto got = co_await receiver.Receive(ReceiveOf(name, kLongMs));
      all.insert(all.end(), got.begin(), got.end());
    });
    c.ExpectEq(all.size(), size_t{1});
    if (!c.ok()) co_return;
    c.ExpectEq(all[0].message().receive_count(), round);
    Receiver receiver(c);
    c.ExpectEq(co_await receiver.Release(name, all[0].receipt()), true);
  }
}

// Answers that nobody uses are as good as lost.
Task<void> NothingIsLost(CaseContext& c) {
  QueueClient queue(c);
  Work work{c.Unique("queue"), 150};
  co_await queue.PutAll(work.name, Numbered("m", 150));
  co_await c.Concurrently(6, [&](int) -> Task<void> { return Consume(c, work); });
  c.ExpectEq(work.acked.size(), work.total);
  int twice = 0;
  for (const auto& [payload, times] : work.acked) twice += times > 1;
  c.ExpectEq(twice, 0);
  c.ExpectEq(co_await queue.Take(work.name, 10, kShortMs), Payloads());
}

Task<void> BadTimesAreRefused(CaseContext& c) {
  constexpr Code kBad = Code::kInvalidArgument;
  const std::string name = c.Unique("queue");
  constexpr const char* kTimeout = "visibility_timeout_ms";
  for (const int64_t timeout_ms : {int64_t{0}, int64_t{-1}, int64_t{43'200'001}, INT64_MAX}) {
    co_await c.Refused(&QueueVisibilityStub::DequeueWithTimeout, ReceiveOf(name, timeout_ms), kBad,
                       kTimeout);
    auto extend = OfQueue<queue::v1::ExtendVisibilityRequest>(name);
    extend.set_visibility_timeout_ms(timeout_ms);
    co_await c.Refused(&QueueVisibilityStub::ExtendVisibility, extend, kBad, kTimeout);
  }
  for (const int64_t delay_ms : {int64_t{-1}, int64_t{43'200'001}}) {
    auto release = OfQueue<queue::v1::ReleaseRequest>(name);
    release.set_delay_ms(delay_ms);
    co_await c.Refused(&QueueVisibilityStub::Release, release, kBad, "delay_ms");
  }
  for (const int64_t wait_ms : {int64_t{-1}, int64_t{300'001}}) {
    co_await c.Refused(&QueueVisibilityStub::DequeueWithTimeout, ReceiveOf(name, 1, 1, wait_ms),
                       kBad, "wait_ms");
  }
  co_await c.Refused(&QueueVisibilityStub::DequeueWithTimeout, ReceiveOf(name, 1, kMaxMessages + 1),
                     kBad, "max_messages");
}

Task<void> LongestTimesAreTaken(CaseContext& c) {
  QueueClient queue(c);
  Receiver receiver(c);
  const std::string name = c.Unique("queue");
  co_await queue.PutAll(name, Payloads(1, "payload"));
  const QueueDelivery got = co_await receiver.One(name, 43'200'000);
  c.ExpectEq(co_await receiver.Extend(name, got.receipt(), 43'200'000), true);
  c.ExpectEq(co_await queue.Take(name), Payloads());
  c.ExpectEq(co_await receiver.Extend(name, got.receipt(), 1), true);
  const QueueDelivery again = co_await receiver.One(name, kLongMs, kLongMs);
  c.ExpectEq(co_await receiver.Ack(name, again.receipt()), true);
  // With a void receipt, because nobody could wait for the message.
  c.ExpectEq(co_await receiver.Release(name, again.receipt(), 43'200'000), false);
}

}  // namespace prism::conformance::queues::visibility
