#include "conformance/queue/dead_letter_client.h"

#include <set>

namespace prism::conformance::queues {

ConfigureDeadLetterRequest ConfigureOf(std::string queue, uint32_t max_receives,
                                       std::string dead_letter_queue) {
  auto request = OfQueue<ConfigureDeadLetterRequest>(std::move(queue));
  request.set_max_receives(max_receives);
  request.set_dead_letter_queue(std::move(dead_letter_queue));
  return request;
}

GetDeadLetterQueueRequest DeadOf(std::string queue, uint64_t limit) {
  auto request = OfQueue<GetDeadLetterQueueRequest>(std::move(queue));
  request.set_limit(limit);
  return request;
}

RedriveRequest RedriveOf(std::string queue, uint32_t max_messages) {
  auto request = OfQueue<RedriveRequest>(std::move(queue));
  request.set_max_messages(max_messages);
  return request;
}

Payloads PayloadsOf(const GetDeadLetterQueueResponse& page) {
  Payloads payloads;
  for (const DeadMessage& each : page.messages()) payloads.push_back(each.message().payload());
  return payloads;
}

DeadLetters::DeadLetters(CaseContext& c) : DeadLetters(c, c, c.Unique("queue"), c.Unique("dead")) {}

Task<void> DeadLetters::Configure(uint32_t max_receives, Where where) {
  caller_.Note(queue_);
  caller_.Note(dead_);
  (void)co_await caller_.Call(&QueueDeadLetterStub::ConfigureDeadLetter,
                              ConfigureOf(queue_, max_receives, dead_), where);
}

Task<void> DeadLetters::Remove(Where where) {
  (void)co_await caller_.Call(&QueueDeadLetterStub::ConfigureDeadLetter, ConfigureOf(queue_, 0, ""),
                              where);
}

Task<GetDeadLetterQueueResponse> DeadLetters::Get(uint64_t limit, Where where) {
  return caller_.Call(&QueueDeadLetterStub::GetDeadLetterQueue, DeadOf(queue_, limit), where);
}

Task<uint64_t> DeadLetters::Redrive(uint32_t max_messages, Where where) {
  const auto response =
      co_await caller_.Call(&QueueDeadLetterStub::Redrive, RedriveOf(queue_, max_messages), where);
  co_return response.moved();
}

Task<Payloads> DeadLetters::Fail(uint32_t n, Where where) {
  constexpr int64_t kHeldMs = 60'000;  // for a slow backend to give back all, one by one
  Receiver receiver(caller_);
  const auto got = co_await receiver.Receive(ReceiveOf(queue_, kHeldMs, n), where);
  for (const QueueDelivery& each : got) {
    const bool released = co_await receiver.Release(queue_, each.receipt(), 0, where);
    c_.Expect(released, "it is given back", where);
  }
  co_return PayloadsOf(got);
}

Task<void> DeadLetters::Bury(Payloads payloads, Where where) {
  co_await Configure(1, where);
  QueueClient queue(caller_);
  co_await queue.PutAll(queue_, payloads, where);
  size_t failed = 0;
  while (failed < payloads.size() && c_.ok()) {
    const Payloads some = co_await Fail(kMaxMessages, where);
    failed += some.size();
  }
  co_await UntilDead(payloads.size(), where);
}

Task<void> DeadLetters::UntilDead(uint64_t n, Where where) {
  co_await c_.Until(
      "the messages are dead letters",
      [&]() -> Task<bool> {
        const GetDeadLetterQueueResponse page = co_await Get(1, where);
        co_return page.ready_count() == n;
      },
      where);
}

// Whether it succeeds is no promise of the contract that is under test.
Task<void> CleanDeadLetters(CaseContext& c) {
  const std::set<Noted> noted(c.noted().begin(), c.noted().end());
  for (const Noted& queue : noted) {
    if (queue.name.find('\0') != std::string::npos) continue;  // a receipt
    Caller caller = c.In(queue.name_space);
    (void)co_await caller.Try(&QueueDeadLetterStub::ConfigureDeadLetter,
                              ConfigureOf(queue.name, 0, ""));
  }
  co_await CleanQueues(c);
}

}  // namespace prism::conformance::queues
