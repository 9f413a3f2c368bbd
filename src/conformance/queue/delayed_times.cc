#include <map>

#include "conformance/queue/delayed_cases.h"
#include "conformance/queue/waiting_call.h"

namespace prism::conformance::queues::delayed {
namespace {

using Dequeuing = WaitingCall<QueueBasicStub, DequeueRequest, DequeueResponse>;

constexpr int64_t kFarthestMs = 31'622'400'000;  // 366 days
constexpr int64_t kSlackMs = kClockSlack.count();

EnqueueDelayedRequest DeliveredAt(std::string queue, std::string payload, int64_t at_unix_ms) {
  EnqueueDelayedRequest request = OfQueue<EnqueueDelayedRequest>(std::move(queue));
  request.set_payload(std::move(payload));
  request.set_deliver_at_unix_ms(at_unix_ms);
  return request;
}

// What is sent with which delay, and how often it was handed out.
struct Sending {
  TimePoint before{};
  int64_t delay_ms = 0;
  int times = 0;
};
using Sent = std::map<std::string, Sending>;

Task<void> Send(CaseContext& c, const std::string& name, int client, int n, Sent& sent) {
  QueueClient queue(c);
  for (int i = 0; i < n; ++i) {
    const std::string payload = std::to_string(client) + " " + std::to_string(i);
    const int64_t delay_ms = 150 + (client * 61 + i * 37) % 150;
    sent[payload] = {Clock::now(), delay_ms, 0};
    co_await queue.Put(DelayedOf(name, payload, delay_ms));
  }
}

Task<void> Collect(CaseContext& c, const std::string& name, size_t total, Sent& sent, size_t& got) {
  QueueClient queue(c);
  while (got < total && c.ok()) {
    const Payloads some = co_await queue.Take(name, 5, 50);
    for (const std::string& payload : some) {
      Sending& one = sent[payload];
      c.Expect(!IsWithin(one.before, one.delay_ms - kSlackMs), "it is not handed out early");
      if (one.times++ == 0) ++got;
    }
  }
}

}  // namespace

Task<void> DelayHoldsBack(CaseContext& c) {
  QueueClient queue(c);
  EnqueueDelayedRequest request = DelayedOf(c.Unique("queue"), "later", 300);
  (*request.mutable_attributes())["name"] = "value";
  const std::string name = request.queue();
  const TimePoint start = Clock::now();
  const int64_t before = UnixNow() - kSlackMs;
  const EnqueueResponse made = co_await queue.Put(request);
  const int64_t after = UnixNow() + kSlackMs;
  const Payloads seen = co_await queue.Look(name);
  const Payloads taken = co_await queue.Take(name);
  if (IsWithin(start, 300)) {
    c.ExpectEq(seen, Payloads());
    c.ExpectEq(taken, Payloads());
  }
  const DequeueResponse got = co_await queue.Dequeue(DequeueOf(name, 1, kLongMs));
  c.Expect(!IsWithin(start, 300 - kSlackMs), "it is not handed out early");
  c.ExpectEq(got.messages_size(), 1);
  if (!c.ok()) co_return;
  const int64_t at = got.messages(0).enqueued_at_unix_ms();
  c.Expect(before <= at && at <= after, "the time of enqueueing is that of the call");
  QueueMessage expected;
  expected.set_id(made.id());
  expected.set_payload("later");
  *expected.mutable_attributes() = request.attributes();
  expected.set_enqueued_at_unix_ms(at);
  c.ExpectEq(AsText(got.messages(0)), AsText(expected));
}

Task<void> TimeOfDeliveryHoldsBack(CaseContext& c) {
  QueueClient queue(c);
  const std::string name = c.Unique("queue");
  const int64_t at = UnixNow() + 400;
  co_await queue.Put(DeliveredAt(name, "later", at));
  const Payloads seen = co_await queue.Look(name);
  if (UnixNow() < at - kSlackMs) c.ExpectEq(seen, Payloads());
  c.ExpectEq(co_await queue.Take(name, 1, kLongMs), Payloads(1, "later"));
  c.ExpectLe(at - kSlackMs, UnixNow(), "the time of delivery");
  c.Expect(UnixNow() < at + kLongMs, "it is handed out in its time");
}

Task<void> PastTimesAreNow(CaseContext& c) {
  QueueClient queue(c);
  const std::string name = c.Unique("queue");
  Payloads sent = {"no delay"};
  co_await queue.Put(DelayedOf(name, "no delay", 0));
  const std::vector<int64_t> past = {UnixNow() - 1000, 1, 0, -1};
  for (const int64_t at : past) {
    sent.push_back(std::to_string(at));
    co_await queue.Put(DeliveredAt(name, sent.back(), at));
  }
  c.ExpectEq(co_await queue.Look(name), sent);
  c.ExpectEq(co_await queue.Take(name, 10), sent);
}

Task<void> BadTimesAreRefused(CaseContext& c) {
  constexpr Code kBad = Code::kInvalidArgument;
  const std::string name = c.Unique("queue");
  for (const int64_t delay_ms : {int64_t{-1}, kFarthestMs + 1, INT64_MAX, INT64_MIN}) {
    co_await c.Refused(&QueueDelayedStub::EnqueueDelayed, DelayedOf(name, "bad", delay_ms), kBad,
                       "delay_ms");
  }
  const std::vector<int64_t> too_late = {UnixNow() + kFarthestMs + 60'000, INT64_MAX};
  for (const int64_t at : too_late) {
    co_await c.Refused(&QueueDelayedStub::EnqueueDelayed, DeliveredAt(name, "bad", at), kBad,
                       "deliver_at_unix_ms");
  }
  auto neither = OfQueue<EnqueueDelayedRequest>(name);
  neither.set_payload("bad");
  co_await c.Refused(&QueueDelayedStub::EnqueueDelayed, neither, kBad, "delay_ms");
}

// As duplicates, which are taken and not stored: else they would stay for a year.
Task<void> FarthestTimesAreTaken(CaseContext& c) {
  QueueClient queue(c);
  const std::string name = c.Unique("queue");
  co_await queue.Put(EnqueueOf(name, "first", "a"));
  EnqueueDelayedRequest by_delay = DelayedOf(name, "second", kFarthestMs);
  EnqueueDelayedRequest by_time = DeliveredAt(name, "third", UnixNow() + kFarthestMs - 60'000);
  by_delay.set_deduplication_id("a");
  by_time.set_deduplication_id("a");
  const EnqueueResponse second = co_await queue.Put(by_delay);
  const EnqueueResponse third = co_await queue.Put(by_time);
  c.Expect(second.duplicate() && third.duplicate(), "they are duplicates");
  c.ExpectEq(co_await queue.Take(name, 10), Payloads(1, "first"));
}

Task<void> PlaceIsThatOfTheCall(CaseContext& c) {
  QueueClient queue(c);
  const std::string name = c.Unique("queue");
  co_await queue.PutAll(name, Payloads(1, "before"));
  co_await queue.Put(DelayedOf(name, "late", 120));
  co_await queue.Put(DeliveredAt(name, "soon", UnixNow() + 40));
  co_await queue.PutAll(name, Payloads(1, "behind"));
  co_await c.Until("all are ready", [&]() -> Task<bool> {
    const Payloads ready = co_await queue.Look(name);
    co_return ready.size() == 4;
  });
  const Payloads expected = {"before", "late", "soon", "behind"};
  c.ExpectEq(co_await queue.Look(name), expected);
  c.ExpectEq(co_await queue.Take(name, 10), expected);
}

Task<void> WaitingCallGetsItWhenReady(CaseContext& c) {
  QueueClient queue(c);
  const std::string name = c.Unique("queue");
  Dequeuing call(c, &QueueBasicStub::Dequeue, DequeueOf(name, 10, kLongMs));
  co_await call.Seen(c);
  const TimePoint start = Clock::now();
  co_await queue.Put(DelayedOf(name, "later", 500));
  co_await queue.Put(DelayedOf(name, "sooner", 200));
  const DequeueResponse got = co_await call.End(c);
  c.Expect(!IsWithin(start, 200 - kSlackMs), "it is not handed out early");
  if (IsWithin(start, 500)) c.ExpectEq(PayloadsOf(got), Payloads(1, "sooner"));
  c.Expect(IsWithin(start, kLongMs), "it does not wait for the end of its time");
  if (got.messages_size() == 1) {
    c.ExpectEq(co_await queue.Take(name, 1, kLongMs), Payloads(1, "later"));
  }
}

Task<void> NoneIsLostOrEarly(CaseContext& c) {
  constexpr int kSenders = 5;
  constexpr int kEach = 30;
  const std::string name = c.Unique("queue");
  Sent sent;
  size_t got = 0;
  co_await c.Concurrently(kSenders + 4, [&](int client) -> Task<void> {
    if (client < kSenders) return Send(c, name, client, kEach, sent);
    return Collect(c, name, size_t{kSenders * kEach}, sent, got);
  });
  c.ExpectEq(got, size_t{kSenders * kEach});
  int twice = 0;
  for (const auto& [payload, one] : sent) twice += one.times > 1;
  c.ExpectEq(twice, 0);
}

}  // namespace prism::conformance::queues::delayed
