#include <list>

#include "conformance/queue/basic_cases.h"
#include "conformance/queue/waiting_call.h"

namespace prism::conformance::queues::basic {
namespace {

using Dequeuing = WaitingCall<QueueBasicStub, DequeueRequest, DequeueResponse>;

}  // namespace

Task<void> WaitingCallGetsWhatComes(CaseContext& c) {
  QueueClient queue(c);
  const std::string name = c.Unique("queue");
  for (int i = 0; i < 10 && c.ok(); ++i) {
    const TimePoint start = Clock::now();
    Dequeuing call(c, &QueueBasicStub::Dequeue, DequeueOf(name, 5, kLongMs));
    co_await call.Seen(c);
    const Payloads sent = {std::to_string(i)};
    co_await queue.PutAll(name, sent);
    const DequeueResponse answer = co_await call.End(c);
    c.ExpectEq(PayloadsOf(answer), sent);
    c.Expect(IsWithin(start, kLongMs), "it returns before its time is over");
    c.ExpectEq(co_await queue.Look(name), Payloads());
  }
}

Task<void> WaitEndsEmpty(CaseContext& c) {
  QueueClient queue(c);
  const std::string name = c.Unique("queue");
  const TimePoint start = Clock::now();
  c.ExpectEq(co_await queue.Take(name, 1, kShortMs), Payloads());
  c.Expect(!IsWithin(start, kShortMs - kClockSlack.count()), "it waits for what may come");
  c.Expect(IsWithin(start, kLongMs), "it does not wait for longer");
  // It is over: it takes nothing that comes later.
  const Payloads sent = {"after"};
  co_await queue.PutAll(name, sent);
  c.ExpectEq(co_await queue.Look(name), sent);
  const TimePoint now = Clock::now();
  c.ExpectEq(co_await queue.Take(name, 1, 300'000), sent);
  c.ExpectEq(co_await queue.Take(name, 1, 0), Payloads());
  c.Expect(IsWithin(now, kLongMs), "no wait where there is something");
}

Task<void> FirstComeFirstServed(CaseContext& c) {
  QueueClient queue(c);
  const std::string name = c.Unique("queue");
  std::list<Dequeuing> calls;
  for (int i = 0; i < 5; ++i) {
    calls.emplace_back(c, &QueueBasicStub::Dequeue, DequeueOf(name, 1, kLongMs));
    co_await calls.back().Seen(c);
  }
  const Payloads sent = Numbered("m", 5);
  co_await queue.PutAll(name, sent);
  Payloads got;
  for (Dequeuing& call : calls) {
    const DequeueResponse answer = co_await call.End(c);
    for (const QueueMessage& message : answer.messages()) got.push_back(message.payload());
  }
  c.ExpectEq(got, sent);
}

// Also when others wait before it and behind it: they stay in the line.
Task<void> CancelledWaitRemovesNothing(CaseContext& c) {
  QueueClient queue(c);
  const std::string name = c.Unique("queue");
  for (int i = 0; i < 5 && c.ok(); ++i) {
    std::list<Dequeuing> calls;
    for (int n = 0; n < 3; ++n) {
      calls.emplace_back(c, &QueueBasicStub::Dequeue, DequeueOf(name, 10, kLongMs));
      co_await calls.back().Seen(c);
    }
    Dequeuing& middle = *std::next(calls.begin());
    co_await middle.Cancel(c);
    const Payloads sent = {"a", "b"};
    co_await queue.PutAll(name, sent);
    const DequeueResponse first = co_await calls.front().End(c);
    const DequeueResponse last = co_await calls.back().End(c);
    c.ExpectEq(PayloadsOf(first), Payloads(1, "a"));
    c.ExpectEq(PayloadsOf(last), Payloads(1, "b"));
    Dequeuing alone(c, &QueueBasicStub::Dequeue, DequeueOf(name, 10, kLongMs));
    co_await alone.Seen(c);
    co_await alone.Cancel(c);
    co_await queue.PutAll(name, sent);
    c.ExpectEq(co_await queue.Take(name, 10), sent);
  }
}

}  // namespace prism::conformance::queues::basic
