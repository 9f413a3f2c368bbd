#include "drivers/memstore/queue/calls.h"

#include "drivers/memstore/calls_fixture.h"
#include "drivers/memstore/wall_clock.h"
#include "prism/interfaces/queue_delayed.pb.h"
#include "prism/interfaces/queue_priority.pb.h"
#include "prism/interfaces/queue_visibility.pb.h"

namespace prism::memstore {
namespace {

using namespace queue::v1;  // NOLINT
using std::chrono::milliseconds;
using std::chrono::minutes;

class QueueCallsTest : public CallsFixture<QueueCalls> {
 protected:
  EnqueueResponse Put(const std::string& payload, const std::string& deduplication_id = {}) {
    EnqueueRequest request;
    request.set_queue("q");
    request.set_payload(payload);
    request.set_deduplication_id(deduplication_id);
    return Ok(&QueueCalls::Enqueue, request);
  }
  void PutAt(const std::string& payload, uint32_t priority) {
    EnqueueWithPriorityRequest request;
    request.set_queue("q");
    request.set_payload(payload);
    request.set_priority(priority);
    Ok(&QueueCalls::EnqueueWithPriority, request);
  }
  void PutLater(const std::string& payload, int64_t delay_ms) {
    EnqueueDelayedRequest request;
    request.set_queue("q");
    request.set_payload(payload);
    request.set_delay_ms(delay_ms);
    Ok(&QueueCalls::EnqueueDelayed, request);
  }
  // The payloads of what is removed, in order: "a b c".
  std::string Remove(uint32_t max) {
    DequeueRequest request;
    request.set_queue("q");
    request.set_max_messages(max);
    std::string payloads;
    const auto answer = Ok(&QueueCalls::Dequeue, request);
    for (const auto& message : answer.messages()) {
      payloads += (payloads.empty() ? "" : " ") + message.payload();
    }
    return payloads;
  }
  DequeueWithTimeoutResponse Receive(int64_t timeout_ms, uint32_t max = 1) {
    DequeueWithTimeoutRequest request;
    request.set_queue("q");
    request.set_max_messages(max);
    request.set_visibility_timeout_ms(timeout_ms);
    return Ok(&QueueCalls::DequeueWithTimeout, request);
  }
  bool Ack(const std::string& receipt, const std::string& queue = "q") {
    AckRequest request;
    request.set_queue(queue);
    request.set_receipt(receipt);
    return Ok(&QueueCalls::Ack, request).found();
  }
  bool Extend(const std::string& receipt, int64_t timeout_ms) {
    ExtendVisibilityRequest request;
    request.set_queue("q");
    request.set_receipt(receipt);
    request.set_visibility_timeout_ms(timeout_ms);
    return Ok(&QueueCalls::ExtendVisibility, request).found();
  }
  bool Release(const std::string& receipt, int64_t delay_ms) {
    ReleaseRequest request;
    request.set_queue("q");
    request.set_receipt(receipt);
    request.set_delay_ms(delay_ms);
    return Ok(&QueueCalls::Release, request).found();
  }
  uint64_t Scheduled() {
    GetScheduledCountRequest request;
    request.set_queue("q");
    return Ok(&QueueCalls::GetScheduledCount, request).count();
  }
};

TEST_F(QueueCallsTest, FirstInFirstOutAndGone) {
  EXPECT_EQ(Remove(10), "");
  Put("a");
  Put("b");
  Put("c");
  EXPECT_EQ(Remove(0), "a");
  EXPECT_EQ(Remove(1000), "b c");
  EXPECT_EQ(Remove(10), "");
}

TEST_F(QueueCallsTest, AMessageComesAsItWasSent) {
  EnqueueRequest request;
  request.set_queue("q");
  request.set_payload(std::string("\0\xff", 2));
  (*request.mutable_attributes())["kind"] = "x";
  (*request.mutable_attributes())["empty"] = "";
  const EnqueueResponse put = Ok(&QueueCalls::Enqueue, request);
  EXPECT_FALSE(put.duplicate());
  EXPECT_NE(put.id(), Put("other").id());
  PeekRequest peek;
  peek.set_queue("q");
  peek.set_max_messages(5);
  const PeekResponse seen = Ok(&QueueCalls::Peek, peek);
  ASSERT_EQ(seen.messages_size(), 2);
  const QueueMessage& message = seen.messages(0);
  EXPECT_EQ(message.id(), put.id());
  EXPECT_EQ(message.payload(), request.payload());
  EXPECT_EQ(message.attributes().size(), 2u);
  EXPECT_EQ(message.attributes().at("kind"), "x");
  EXPECT_EQ(message.priority(), 0u);
  EXPECT_EQ(message.receive_count(), 0u);
  EXPECT_NEAR(static_cast<double>(message.enqueued_at_unix_ms()),
              static_cast<double>(UnixMillis(clock_.now())), 5000);
  EXPECT_EQ(Ok(&QueueCalls::Peek, peek).messages_size(), 2) << "looking changes nothing";
}

TEST_F(QueueCallsTest, ArgumentsAreChecked) {
  EnqueueRequest enqueue;
  ExpectRefused(&QueueCalls::Enqueue, enqueue, "queue");
  enqueue.set_queue(std::string(4097, 'q'));
  ExpectRefused(&QueueCalls::Enqueue, enqueue, "4096");
  enqueue.set_queue("q");
  enqueue.set_deduplication_id(std::string(257, 'd'));
  ExpectRefused(&QueueCalls::Enqueue, enqueue, "deduplication_id");
  enqueue.clear_deduplication_id();
  (*enqueue.mutable_attributes())[""] = "x";
  ExpectRefused(&QueueCalls::Enqueue, enqueue, "attribute");
  enqueue.clear_attributes();
  (*enqueue.mutable_attributes())["big"] = std::string(4097, 'x');
  ExpectRefused(&QueueCalls::Enqueue, enqueue, "big");
  for (int i = 0; i < 33; ++i) (*enqueue.mutable_attributes())[std::to_string(i)] = "x";
  ExpectRefused(&QueueCalls::Enqueue, enqueue, "attributes");
  DequeueRequest dequeue;
  dequeue.set_queue("q");
  dequeue.set_max_messages(1001);
  ExpectRefused(&QueueCalls::Dequeue, dequeue, "max_messages");
  dequeue.set_max_messages(1);
  dequeue.set_wait_ms(300'001);
  ExpectRefused(&QueueCalls::Dequeue, dequeue, "wait_ms");
  EnqueueWithPriorityRequest priority;
  priority.set_queue("q");
  priority.set_priority(10);
  ExpectRefused(&QueueCalls::EnqueueWithPriority, priority, "priority");
  DequeueWithTimeoutRequest receive;
  receive.set_queue("q");
  ExpectRefused(&QueueCalls::DequeueWithTimeout, receive, "visibility_timeout_ms");
  receive.set_visibility_timeout_ms(43'200'001);
  ExpectRefused(&QueueCalls::DequeueWithTimeout, receive, "visibility_timeout_ms");
  EnqueueDelayedRequest delayed;
  delayed.set_queue("q");
  ExpectRefused(&QueueCalls::EnqueueDelayed, delayed, "delay_ms");
  delayed.set_delay_ms(-1);
  ExpectRefused(&QueueCalls::EnqueueDelayed, delayed, "delay_ms");
  delayed.set_deliver_at_unix_ms(int64_t{1} << 62);
  ExpectRefused(&QueueCalls::EnqueueDelayed, delayed, "deliver_at_unix_ms");
}

TEST_F(QueueCallsTest, AnAnswerHasAtMostAMebibyteUnlessTheFirstIsLarger) {
  Put(std::string(2'000'000, 'a'));
  Put(std::string(600'000, 'b'));
  Put(std::string(400'000, 'c'));
  Put(std::string(100'000, 'd'));
  EXPECT_EQ(Remove(10).size(), 2'000'000u);
  EXPECT_EQ(Remove(10).size(), 1'000'001u);
  EXPECT_EQ(Remove(10).size(), 100'000u);
}

TEST_F(QueueCallsTest, ARepeatWithinTheWindowIsADuplicate) {
  const EnqueueResponse first = Put("a", "id-1");
  const EnqueueResponse repeat = Put("b", "id-1");
  EXPECT_TRUE(repeat.duplicate());
  EXPECT_EQ(repeat.id(), first.id());
  EXPECT_FALSE(Put("c", "id-2").duplicate());
  EXPECT_EQ(Remove(10), "a c");
  clock_.Advance(minutes(5) - milliseconds(1));
  EXPECT_TRUE(Put("d", "id-1").duplicate()) << "also after the message was consumed";
  clock_.Advance(milliseconds(1));
  EXPECT_FALSE(Put("e", "id-1").duplicate());
  EXPECT_EQ(Remove(10), "e");
}

TEST_F(QueueCallsTest, HigherPrioritiesOvertake) {
  PutAt("low-1", 1);
  Put("zero");
  PutAt("high-1", 9);
  PutAt("low-2", 1);
  PutAt("high-2", 9);
  EXPECT_EQ(Remove(10), "high-1 high-2 low-1 low-2 zero");
}

TEST_F(QueueCallsTest, ADelayedMessageComesInItsTimeAtItsPlace) {
  PutLater("later", 100);
  PutLater("now", 0);
  Put("b");
  EXPECT_EQ(Scheduled(), 1u);
  EXPECT_EQ(Remove(1), "now");
  clock_.Advance(milliseconds(99));
  EXPECT_EQ(Scheduled(), 1u);
  clock_.Advance(milliseconds(1));
  EXPECT_EQ(Scheduled(), 0u);
  EXPECT_EQ(Remove(10), "later b");
}

TEST_F(QueueCallsTest, AMessageMayBeScheduledForATimeOfDay) {
  EnqueueDelayedRequest request;
  request.set_queue("q");
  request.set_payload("timed");
  request.set_deliver_at_unix_ms(UnixMillis(clock_.now()) + 60'000);
  Ok(&QueueCalls::EnqueueDelayed, request);
  EXPECT_EQ(Remove(1), "");
  clock_.Advance(milliseconds(59'000));
  EXPECT_EQ(Remove(1), "");
  clock_.Advance(milliseconds(1'100));
  EXPECT_EQ(Remove(1), "timed");
  request.set_deliver_at_unix_ms(-5);
  Ok(&QueueCalls::EnqueueDelayed, request);
  EXPECT_EQ(Remove(1), "timed") << "what has passed is now";
}

TEST_F(QueueCallsTest, AReceivedMessageIsHiddenUntilItsTimeout) {
  Put("a");
  Put("b");
  const auto first = Receive(1000);
  ASSERT_EQ(first.deliveries_size(), 1);
  EXPECT_EQ(first.deliveries(0).message().receive_count(), 1u);
  EXPECT_EQ(Scheduled(), 0u);
  clock_.Advance(milliseconds(999));
  EXPECT_EQ(Receive(50).deliveries(0).message().payload(), "b");
  EXPECT_EQ(Receive(50).deliveries_size(), 0);
  clock_.Advance(milliseconds(1));
  const auto again = Receive(1000);
  ASSERT_EQ(again.deliveries_size(), 1);
  EXPECT_EQ(again.deliveries(0).message().payload(), "a");
  EXPECT_EQ(again.deliveries(0).message().id(), first.deliveries(0).message().id());
  EXPECT_EQ(again.deliveries(0).message().receive_count(), 2u);
  EXPECT_NE(again.deliveries(0).receipt(), first.deliveries(0).receipt());
  EXPECT_FALSE(Ack(first.deliveries(0).receipt())) << "void since its timeout";
  EXPECT_TRUE(Ack(again.deliveries(0).receipt()));
}

TEST_F(QueueCallsTest, AnAckRemovesForGood) {
  Put("a");
  const std::string receipt = Receive(1000).deliveries(0).receipt();
  EXPECT_FALSE(Ack(receipt, "other"));
  EXPECT_FALSE(Ack("damaged"));
  EXPECT_FALSE(Ack(""));
  EXPECT_TRUE(Ack(receipt));
  EXPECT_FALSE(Ack(receipt));
  clock_.Advance(minutes(60));
  EXPECT_EQ(Remove(1), "");
  EXPECT_EQ(budget_->used_bytes(), 0);
}

TEST_F(QueueCallsTest, ATimeoutMovesBothWays) {
  Put("a");
  const std::string receipt = Receive(1000).deliveries(0).receipt();
  EXPECT_TRUE(Extend(receipt, 5000));
  clock_.Advance(milliseconds(4999));
  EXPECT_EQ(Remove(1), "");
  EXPECT_TRUE(Extend(receipt, 10));
  clock_.Advance(milliseconds(10));
  EXPECT_FALSE(Extend(receipt, 1000));
  EXPECT_EQ(Remove(1), "a");
}

TEST_F(QueueCallsTest, AReleasedMessageKeepsItsPlace) {
  Put("a");
  Put("b");
  const std::string receipt = Receive(1000).deliveries(0).receipt();
  EXPECT_TRUE(Release(receipt, 0));
  EXPECT_FALSE(Release(receipt, 0));
  const auto again = Receive(1000);
  EXPECT_EQ(again.deliveries(0).message().payload(), "a");
  EXPECT_EQ(again.deliveries(0).message().receive_count(), 2u);
  EXPECT_TRUE(Release(again.deliveries(0).receipt(), 500));
  EXPECT_EQ(Scheduled(), 1u);
  clock_.Advance(milliseconds(500));
  EXPECT_EQ(Remove(10), "a b");
}

TEST_F(QueueCallsTest, EveryByteIsAccountedFor) {
  for (int i = 0; i < 50; ++i) {
    Put(std::string(100, 'x'), "id" + std::to_string(i));
    PutLater("later", 1000);
  }
  EXPECT_GT(budget_->used_bytes(), 100 * 200);
  Receive(500, 1000);
  clock_.Advance(minutes(6));
  while (data_->queues.Collect(64) > 0) {
  }
  EXPECT_EQ(data_->queues.next_due(), kNever);
  Remove(1000);
  EXPECT_EQ(budget_->used_bytes(), 0);
}

TEST_F(QueueCallsTest, MoreDueThanALockMovesStillComesInOrder) {
  for (int i = 0; i < 700; ++i) PutLater(std::to_string(i % 10), 1000 - i);
  clock_.Advance(milliseconds(1000));
  EXPECT_EQ(Remove(3), "0 1 2");
  EXPECT_EQ(Remove(1000).size(), 697u * 2 - 1);
}

TEST(QueueBudget, AFullBackendRefusesAndStoresNothing) {
  TestClock clock;
  const auto budget = std::make_shared<Budget>("mem", 10'000);
  Queues queues(budget, clock.function());
  Queues::Enqueued enqueued;
  const auto put = [&](size_t bytes) {
    return queues.Enqueue("q", {std::string(bytes, 'x'), {}, 0, "", {}}, enqueued);
  };
  EXPECT_TRUE(put(5000).ok());
  const int64_t used = budget->used_bytes();
  EXPECT_EQ(put(5000).code(), Code::kResourceExhausted);
  EXPECT_EQ(budget->used_bytes(), used);
  EXPECT_EQ(queues.Take("q", {10, {}}).size(), 1u);
  EXPECT_EQ(budget->used_bytes(), 0);
  EXPECT_TRUE(put(5000).ok());
}

}  // namespace
}  // namespace prism::memstore
