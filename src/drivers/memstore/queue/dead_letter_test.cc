#include "drivers/memstore/calls_fixture.h"
#include "drivers/memstore/queue/calls.h"
#include "drivers/memstore/wall_clock.h"
#include "prism/interfaces/queue_dead_letter.pb.h"
#include "prism/interfaces/queue_visibility.pb.h"

namespace prism::memstore {
namespace {

using namespace queue::v1;  // NOLINT
using std::chrono::milliseconds;

class DeadLetterTest : public CallsFixture<QueueCalls> {
 protected:
  std::string Put(const std::string& queue, const std::string& payload) {
    EnqueueRequest request;
    request.set_queue(queue);
    request.set_payload(payload);
    return Ok(&QueueCalls::Enqueue, request).id();
  }
  static ConfigureDeadLetterRequest Config(const std::string& queue, uint32_t max_receives,
                                           const std::string& to) {
    ConfigureDeadLetterRequest request;
    request.set_queue(queue);
    request.set_max_receives(max_receives);
    request.set_dead_letter_queue(to);
    return request;
  }
  void Configure(const std::string& queue, uint32_t max_receives, const std::string& to) {
    Ok(&QueueCalls::ConfigureDeadLetter, Config(queue, max_receives, to));
  }
  std::vector<std::string> Receive(const std::string& queue, uint32_t max = 1) {
    DequeueWithTimeoutRequest request;
    request.set_queue(queue);
    request.set_max_messages(max);
    request.set_visibility_timeout_ms(1000);
    std::vector<std::string> receipts;
    const auto answer = Ok(&QueueCalls::DequeueWithTimeout, request);
    for (const auto& delivery : answer.deliveries()) {
      receipts.push_back(delivery.receipt());
    }
    return receipts;
  }
  void Release(const std::string& queue, const std::string& receipt, int64_t delay_ms = 0) {
    ReleaseRequest request;
    request.set_queue(queue);
    request.set_receipt(receipt);
    request.set_delay_ms(delay_ms);
    EXPECT_TRUE(Ok(&QueueCalls::Release, request).found());
  }
  // One receive and one release for each message of the queue.
  void Fail(const std::string& queue) {
    for (const std::string& receipt : Receive(queue, 1000)) Release(queue, receipt);
  }
  GetDeadLetterQueueResponse Dead(const std::string& queue, uint64_t limit = 0,
                                  const std::string& cursor = {}) {
    GetDeadLetterQueueRequest request;
    request.set_queue(queue);
    request.set_limit(limit);
    request.set_cursor(cursor);
    return Ok(&QueueCalls::GetDeadLetterQueue, request);
  }
  uint64_t Redrive(const std::string& queue, uint32_t max) {
    RedriveRequest request;
    request.set_queue(queue);
    request.set_max_messages(max);
    return Ok(&QueueCalls::Redrive, request).moved();
  }
  std::string Remove(const std::string& queue) {
    DequeueRequest request;
    request.set_queue(queue);
    request.set_max_messages(1000);
    std::string payloads;
    const auto answer = Ok(&QueueCalls::Dequeue, request);
    for (const auto& message : answer.messages()) {
      payloads += (payloads.empty() ? "" : " ") + message.payload();
    }
    return payloads;
  }
};

TEST_F(DeadLetterTest, AfterItsReceivesAMessageGoesToTheOtherQueue) {
  const std::string id = Put("q", "a");
  Configure("q", 2, "dead");
  Fail("q");
  EXPECT_EQ(Dead("q").ready_count(), 0u);
  const std::vector<std::string> second = Receive("q");
  clock_.Advance(milliseconds(1000));
  const GetDeadLetterQueueResponse dead = Dead("q");
  EXPECT_TRUE(dead.found());
  EXPECT_EQ(dead.max_receives(), 2u);
  EXPECT_EQ(dead.dead_letter_queue(), "dead");
  EXPECT_EQ(dead.ready_count(), 1u);
  ASSERT_EQ(dead.messages_size(), 1);
  EXPECT_EQ(dead.messages(0).message().id(), id);
  EXPECT_EQ(dead.messages(0).message().receive_count(), 0u);
  EXPECT_EQ(dead.messages(0).source_queue(), "q");
  EXPECT_EQ(dead.messages(0).reason(), TIMED_OUT);
  EXPECT_EQ(dead.messages(0).source_receive_count(), 2u);
  EXPECT_GT(dead.messages(0).dead_at_unix_ms(), 0);
  EXPECT_EQ(dead.cursor(), "");
  EXPECT_EQ(Remove("q"), "");
  EXPECT_EQ(Remove("dead"), "a") << "it is a queue like any other";
}

TEST_F(DeadLetterTest, ReleaseCountsTooAndDelayDoesNotMatter) {
  Put("q", "a");
  Configure("q", 1, "dead");
  Release("q", Receive("q")[0], 5000);
  ASSERT_EQ(Dead("q").messages_size(), 1);
  EXPECT_EQ(Dead("q").messages(0).reason(), RELEASED);
}

TEST_F(DeadLetterTest, ArgumentsAreChecked) {
  const auto rpc = &QueueCalls::ConfigureDeadLetter;
  ExpectRefused(rpc, Config("q", 0, "dead"), "max_receives");
  ExpectRefused(rpc, Config("q", 1001, "dead"), "max_receives");
  ExpectRefused(rpc, Config("q", 1, ""), "dead_letter_queue");
  ExpectRefused(rpc, Config("q", 1, "q"), "another queue");
  RedriveRequest redrive;
  redrive.set_queue("q");
  ExpectRefused(&QueueCalls::Redrive, redrive, "max_messages");
  GetDeadLetterQueueRequest get;
  get.set_queue("q");
  get.set_cursor("damaged cursor");
  ExpectRefused(&QueueCalls::GetDeadLetterQueue, get, "cursor");
}

TEST_F(DeadLetterTest, AConfigurationIsReplacedAndRemoved) {
  EXPECT_FALSE(Dead("q").found());
  Configure("q", 1, "one");
  Configure("q", 1, "one");
  Put("q", "a");
  Fail("q");
  Configure("q", 3, "two");
  EXPECT_EQ(Dead("q").dead_letter_queue(), "two");
  EXPECT_EQ(Dead("q").ready_count(), 0u) << "what lies in the old one stays there";
  Configure("q", 0, "");
  EXPECT_FALSE(Dead("q").found());
  EXPECT_EQ(Redrive("q", 10), 0u);
  EXPECT_EQ(Remove("one"), "a");
  EXPECT_EQ(budget_->used_bytes(), 0);
}

TEST_F(DeadLetterTest, OnlyOnesOwnDeadLettersAreListedAndRedriven) {
  Configure("p", 1, "dead");
  Configure("q", 1, "dead");
  Put("dead", "its own");
  Put("p", "p1");
  for (const char* payload : {"q1", "q2", "q3"}) Put("q", payload);
  Fail("p");
  Fail("q");
  EXPECT_EQ(Dead("p").ready_count(), 1u);
  const GetDeadLetterQueueResponse first = Dead("q", 2);
  ASSERT_EQ(first.messages_size(), 2);
  EXPECT_EQ(first.ready_count(), 3u);
  EXPECT_EQ(first.messages(1).message().payload(), "q2");
  const GetDeadLetterQueueResponse rest = Dead("q", 2, first.cursor());
  ASSERT_EQ(rest.messages_size(), 1);
  EXPECT_EQ(rest.messages(0).message().payload(), "q3");
  EXPECT_EQ(rest.cursor(), "");
  GetDeadLetterQueueRequest foreign;
  foreign.set_queue("p");
  foreign.set_cursor(first.cursor());
  ExpectRefused(&QueueCalls::GetDeadLetterQueue, foreign, "cursor");
  Put("q", "newer");
  EXPECT_EQ(Redrive("q", 2), 2u);
  EXPECT_EQ(Remove("q"), "newer q1 q2") << "as enqueued at the redrive";
  EXPECT_EQ(Redrive("q", 1000), 1u);
  EXPECT_EQ(Redrive("q", 1000), 0u);
  EXPECT_EQ(Remove("dead"), "its own p1");
}

TEST_F(DeadLetterTest, ARedrivenMessageStartsAnew) {
  Configure("q", 1, "dead");
  Put("q", "a");
  Fail("q");
  EXPECT_EQ(Redrive("q", 1), 1u);
  EXPECT_EQ(Receive("q").size(), 1u);
  EXPECT_EQ(Dead("q").ready_count(), 0u);
  clock_.Advance(milliseconds(1000));
  EXPECT_EQ(Dead("q").ready_count(), 1u) << "it failed again";
}

TEST_F(DeadLetterTest, WhatIsInFlightThereIsNeitherListedNorMoved) {
  Configure("q", 1, "dead");
  Put("q", "a");
  Fail("q");
  EXPECT_EQ(Receive("dead").size(), 1u);
  EXPECT_EQ(Dead("q").ready_count(), 0u);
  EXPECT_EQ(Redrive("q", 10), 0u);
  clock_.Advance(milliseconds(1000));
  EXPECT_EQ(Redrive("q", 10), 1u);
}

TEST_F(DeadLetterTest, DeadLetterQueuesChainAndEvenFormCircles) {
  Configure("a", 1, "b");
  Configure("b", 1, "a");
  Put("a", "x");
  Fail("a");
  EXPECT_EQ(Dead("a").ready_count(), 1u);
  Fail("b");
  EXPECT_EQ(Dead("a").ready_count(), 0u);
  EXPECT_EQ(Dead("b").ready_count(), 1u);
  Configure("a", 0, "");
  Configure("b", 0, "");
  EXPECT_EQ(Remove("a"), "x");
  EXPECT_EQ(budget_->used_bytes(), 0);
}

TEST_F(DeadLetterTest, TheCollectorBuriesWithoutACall) {
  Configure("q", 1, "dead");
  for (int i = 0; i < 600; ++i) Put("q", "x");
  EXPECT_EQ(Receive("q", 1000).size(), 600u);
  clock_.Advance(milliseconds(1000));
  while (data_->queues.Collect(256) > 0) {
  }
  EXPECT_EQ(Remove("dead").size(), 600u * 2 - 1);
}

}  // namespace
}  // namespace prism::memstore
