#include <map>

#include "conformance/queue/basic_cases.h"
#include "conformance/queue/client.h"

namespace prism::conformance::queues::basic {
namespace {

// What consumers got of the messages "<producer> <number>", each producer's in ascending order.
class Receipts {
 public:
  // `latest` is what this consumer got last of each producer.
  void Add(CaseContext& c, const std::string& payload, std::map<int, int>& latest) {
    const int producer = std::atoi(payload.c_str());
    const int number = std::atoi(payload.substr(payload.find(' ') + 1).c_str());
    ++times_[payload];
    c.ExpectLe(latest[producer], number, "a consumer gets a producer's messages in order");
    latest[producer] = number;
  }
  int distinct() const { return static_cast<int>(times_.size()); }
  int repeated() const {
    int count = 0;
    for (const auto& [payload, times] : times_) count += times > 1;
    return count;
  }

 private:
  std::map<std::string, int> times_;
};

// Until the producers are done and nothing comes any more.
Task<void> ConsumeAll(CaseContext& c, const std::string& name, const int& producing,
                      Receipts& receipts) {
  QueueClient queue(c);
  std::map<int, int> latest;
  for (bool more = true; more && c.ok();) {
    const bool done = producing == 0;
    const Payloads got = co_await queue.Take(name, 3, 50);
    for (const std::string& payload : got) receipts.Add(c, payload, latest);
    more = !done || !got.empty();
  }
}

}  // namespace

Task<void> MessagesComeInOrder(CaseContext& c) {
  QueueClient queue(c);
  const std::string name = c.Unique("queue");
  const Payloads sent = Numbered("m", 120);
  co_await queue.PutAll(name, sent);
  Payloads got;
  for (uint32_t max = 1; max < 20; ++max) {
    const Payloads some = co_await queue.Take(name, max);
    c.ExpectLe(some.size(), size_t{max}, "messages of an answer");
    got.insert(got.end(), some.begin(), some.end());
  }
  c.ExpectEq(got, sent);
}

Task<void> PlacesAreKept(CaseContext& c) {
  QueueClient queue(c);
  Receiver receiver(c);
  const std::string name = c.Unique("queue");
  const Payloads sent = Numbered("m", 5);
  co_await queue.PutAll(name, sent);
  const QueueDelivery first = co_await receiver.One(name, kLongMs);
  const QueueDelivery second = co_await receiver.One(name, kLongMs);
  const QueueDelivery third = co_await receiver.One(name, kLongMs);
  co_await receiver.Extend(name, first.receipt(), 30);
  co_await receiver.Release(name, third.receipt(), 30);
  co_await receiver.Release(name, second.receipt());
  co_await queue.PutAll(name, Payloads(1, "last"));
  co_await c.Until("all are ready again", [&]() -> Task<bool> {
    const Payloads ready = co_await queue.Look(name);
    co_return ready.size() == 6;
  });
  Payloads expected = sent;
  expected.emplace_back("last");
  c.ExpectEq(co_await queue.Look(name), expected);
  c.ExpectEq(co_await queue.Take(name, 10), expected);
}

Task<void> HigherPriorityComesFirst(CaseContext& c) {
  QueueClient queue(c);
  const std::string name = c.Unique("queue");
  co_await queue.PutAll(name, Payloads(1, "plain"));
  co_await queue.Put(PriorityOf(name, "urgent", 4));
  co_await queue.PutAll(name, Payloads(1, "plain too"));
  co_await queue.Put(PriorityOf(name, "urgent too", 4));
  const DequeueResponse got = co_await queue.Dequeue(DequeueOf(name, 10));
  const Payloads expected = {"urgent", "urgent too", "plain", "plain too"};
  c.ExpectEq(PayloadsOf(got), expected);
  for (const QueueMessage& message : got.messages()) {
    const bool plain = message.payload().starts_with("plain");
    c.ExpectEq(message.priority(), plain ? 0u : 4u);
  }
}

Task<void> OnlyReadyMessagesAreHandedOut(CaseContext& c) {
  QueueClient queue(c);
  Receiver receiver(c);
  const std::string name = c.Unique("queue");
  co_await queue.PutAll(name, Payloads(1, "in flight"));
  const QueueDelivery held = co_await receiver.One(name, kLongMs);
  c.ExpectEq(held.message().payload(), "in flight");
  co_await queue.PutAll(name, Numbered("m", 2));
  const QueueDelivery ready = co_await receiver.One(name, kLongMs);
  c.ExpectEq(ready.message().payload(), "m0");
  const TimePoint start = Clock::now();
  co_await queue.Put(DelayedOf(name, "scheduled", 300));
  const Payloads some = co_await queue.Take(name, 10);
  const Payloads none = co_await queue.Take(name, 10);
  if (!IsWithin(start, 300)) co_return;
  c.ExpectEq(some, Payloads(1, "m1"));
  c.ExpectEq(none, Payloads());
  c.ExpectEq(co_await queue.Take(name, 10, kLongMs), Payloads(1, "scheduled"));
  c.Expect(!IsWithin(start, 300 - kClockSlack.count()), "its delay has passed");
  c.ExpectEq(co_await receiver.Ack(name, ready.receipt()), true);
  c.ExpectEq(co_await receiver.Release(name, held.receipt()), true);
  c.ExpectEq(co_await queue.Take(name, 10), Payloads(1, "in flight"));
}

// The calls reach all workers, so this is about more than one of them.
Task<void> LaterCallsSeeIt(CaseContext& c) {
  QueueClient queue(c);
  const std::string name = c.Unique("queue");
  for (int i = 0; i < 30 && c.ok(); ++i) {
    const Payloads sent = {std::to_string(i)};
    co_await queue.PutAll(name, sent);
    for (int reader = 0; reader < 3; ++reader) c.ExpectEq(co_await queue.Look(name), sent);
    c.ExpectEq(co_await queue.Take(name), sent);
    for (int reader = 0; reader < 3; ++reader) c.ExpectEq(co_await queue.Look(name), Payloads());
    c.ExpectEq(co_await queue.Take(name), Payloads());
  }
}

Task<void> EachMessageGoesToOne(CaseContext& c) {
  constexpr int kProducers = 4;
  constexpr int kEach = 60;
  const std::string name = c.Unique("queue");
  int producing = kProducers;
  Receipts receipts;
  co_await c.Concurrently(kProducers + 6, [&](int client) -> Task<void> {
    QueueClient queue(c);
    if (client < kProducers) {
      co_await queue.PutAll(name, Numbered(std::to_string(client) + " ", kEach));
      --producing;
    } else {
      co_await ConsumeAll(c, name, producing, receipts);
    }
  });
  c.ExpectEq(receipts.distinct(), kProducers * kEach);
  c.ExpectEq(receipts.repeated(), 0);
  QueueClient queue(c);
  c.ExpectEq(co_await queue.Take(name, kMaxMessages), Payloads());
}

Task<void> AnswersAreBounded(CaseContext& c) {
  QueueClient queue(c);
  const std::string name = c.Unique("queue");
  const Payloads sent = Numbered("m", 8);
  co_await queue.PutAll(name, sent);
  c.ExpectEq(co_await queue.Look(name, 0), Payloads(1, "m0"));
  c.ExpectEq(co_await queue.Look(name, 3), Payloads(sent.begin(), sent.begin() + 3));
  c.ExpectEq(co_await queue.Take(name, 0), Payloads(1, "m0"));
  c.ExpectEq(co_await queue.Take(name, 3), Payloads(sent.begin() + 1, sent.begin() + 4));
  constexpr Code kBad = Code::kInvalidArgument;
  for (const uint32_t max : {kMaxMessages + 1, 1u << 31, ~0u}) {
    co_await c.Refused(&QueueBasicStub::Dequeue, DequeueOf(name, max), kBad, "max_messages");
    co_await c.Refused(&QueueBasicStub::Peek, PeekOf(name, max), kBad, "max_messages");
  }
  for (const int64_t wait_ms : {int64_t{-1}, int64_t{300'001}}) {
    co_await c.Refused(&QueueBasicStub::Dequeue, DequeueOf(name, 1, wait_ms), kBad, "wait_ms");
  }
  c.ExpectEq(co_await queue.Take(name, kMaxMessages), Payloads(sent.begin() + 4, sent.end()));
}

// Payloads of 300 kB, and messages of which half the bytes are attributes.
Task<void> BytesOfAnswersAreBounded(CaseContext& c) {
  QueueClient queue(c);
  const std::string name = c.Unique("queue");
  constexpr int kMessages = 8;
  for (int i = 0; i < kMessages; ++i) {
    EnqueueRequest request = EnqueueOf(name, std::string(i % 2 ? 300'000 : 128'000, 'p'));
    for (int n = 0; n < 32 && i % 2 == 0; ++n) {
      (*request.mutable_attributes())[std::to_string(n)] = std::string(4000, 'a');
    }
    co_await queue.Put(request);
  }
  int got = 0;
  for (int calls = 0; calls < kMessages && got < kMessages && c.ok(); ++calls) {
    const PeekResponse seen = co_await queue.Peek(PeekOf(name, kMaxMessages));
    const DequeueResponse answer = co_await queue.Dequeue(DequeueOf(name, kMaxMessages));
    c.Expect(answer.messages_size() > 0, "what is ready is handed out");
    c.ExpectEq(seen.messages_size(), answer.messages_size());
    size_t bytes = 0;
    for (const QueueMessage& message : answer.messages()) bytes += BytesOf(message);
    c.ExpectLe(bytes, kMaxAnswerBytes, "bytes of an answer");
    got += answer.messages_size();
  }
  c.ExpectEq(got, kMessages);
  c.Note(name);
  const Payloads large = {std::string(kMaxAnswerBytes + 1, 'l')};
  const auto put = co_await c.Try(&QueueBasicStub::Enqueue, EnqueueOf(name, large[0]));
  if (!put.status.ok()) co_return;  // the backend takes none that is larger than an answer
  co_await queue.PutAll(name, Payloads(1, "small"));
  const Payloads alone = co_await queue.Take(name, 10);
  c.Expect(alone == large, "a large message comes alone");
  c.ExpectEq(co_await queue.Take(name, 10), Payloads(1, "small"));
}

Task<void> PeekShowsTheNext(CaseContext& c) {
  QueueClient queue(c);
  const std::string name = c.Unique("queue");
  co_await queue.PutAll(name, Numbered("m", 4));
  for (int i = 0; i < 4; ++i) {
    const PeekResponse seen = co_await queue.Peek(PeekOf(name, 2));
    const PeekResponse again = co_await queue.Peek(PeekOf(name, 2));
    c.ExpectEq(again.ShortDebugString(), seen.ShortDebugString());
    c.ExpectEq(seen.messages_size(), std::min(2, 4 - i));
    const DequeueResponse got = co_await queue.Dequeue(DequeueOf(name, 1));
    c.ExpectEq(got.messages_size(), 1);
    if (!c.ok()) co_return;
    c.ExpectEq(AsText(got.messages(0)), AsText(seen.messages(0)));
  }
  c.ExpectEq(co_await queue.Look(name), Payloads());
}

}  // namespace prism::conformance::queues::basic
