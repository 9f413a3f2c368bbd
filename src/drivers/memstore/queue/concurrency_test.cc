#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <set>
#include <thread>

#include "drivers/memstore/data.h"
#include "drivers/memstore/queue/calls.h"
#include "loop/testing/run_on.h"
#include "prism/interfaces/queue_visibility.pb.h"

namespace prism::memstore {
namespace {

using namespace queue::v1;  // NOLINT
using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int kProducers = 3;
constexpr int kConsumers = 4;
constexpr int kPerProducer = 3000;
constexpr size_t kTotal = kProducers * kPerProducer;

// What consumers did, checked as they do it.
class Ledger {
 public:
  void Delivered(const std::string& payload) {
    std::lock_guard lock(mutex_);
    if (acked_.count(payload)) ADD_FAILURE() << payload << " came again after its ack";
  }
  void Acked(const std::string& payload) {
    std::lock_guard lock(mutex_);
    if (!acked_.insert(payload).second) ADD_FAILURE() << payload << " was acknowledged twice";
  }
  size_t acked() const {
    std::lock_guard lock(mutex_);
    return acked_.size();
  }

 private:
  mutable std::mutex mutex_;
  std::set<std::string> acked_;
};

class QueueConcurrencyTest : public ::testing::Test {
 protected:
  void Produce(int producer) {
    for (int i = 0; i < kPerProducer; ++i) {
      NewQueueMessage message{std::to_string(producer) + ":" + std::to_string(i),
                              {},
                              i % 3,
                              "",
                              microseconds(i % 5 ? 0 : 700)};
      Queues::Enqueued enqueued;
      ASSERT_TRUE(queues_.Enqueue("q", std::move(message), enqueued).ok());
    }
  }
  // Receives with timeouts so short that many run out, and acknowledges most.
  void Consume(uint32_t random, Ledger& ledger) {
    const TimePoint patience = Clock::now() + seconds(60);
    while (ledger.acked() < kTotal) {
      ASSERT_LT(Clock::now(), patience) << "only " << ledger.acked() << " were acknowledged";
      random = random * 1664525 + 1013904223;
      const auto got = queues_.Take("q", {1 + (random >> 8) % 5, microseconds(random >> 16 & 511)});
      for (const QueueHandout& each : got) {
        random = random * 1664525 + 1013904223;
        const std::string receipt = queues_.ReceiptOf(each);
        const std::string& payload = each.content->payload;
        if (random >> 28 == 0) {
          queues_.Release("q", receipt, microseconds(random >> 20 & 255));
        } else if (random >> 28 > 2 && queues_.Ack("q", receipt)) {
          ledger.Acked(payload);
        }
      }
    }
  }

  std::shared_ptr<Budget> budget_ = std::make_shared<Budget>("mem", int64_t{1} << 28);
  std::shared_ptr<NamespaceData> data_ = std::make_shared<NamespaceData>(budget_, &Clock::now);
  Queues& queues_ = data_->queues;
};

TEST_F(QueueConcurrencyTest, NothingIsLostAndNothingAcknowledgedTwice) {
  Ledger ledger;
  std::vector<std::thread> threads;
  for (int i = 0; i < kProducers; ++i) threads.emplace_back([this, i] { Produce(i); });
  for (int i = 0; i < kConsumers; ++i) {
    threads.emplace_back([&, i] { Consume(static_cast<uint32_t>(i + 1), ledger); });
  }
  std::thread collector([&] {
    while (ledger.acked() < kTotal && !HasFailure()) queues_.Collect(16);
  });
  for (std::thread& thread : threads) thread.join();
  collector.join();
  EXPECT_EQ(ledger.acked(), kTotal);
  EXPECT_TRUE(queues_.Peek("q", 1).empty());
  EXPECT_EQ(budget_->used_bytes(), 0);
}

// Dequeue removes: over all consumers each message comes exactly once.
TEST_F(QueueConcurrencyTest, RemovalsDeliverEachMessageOnce) {
  std::atomic<size_t> removed = 0;
  std::mutex mutex;
  std::multiset<std::string> seen;
  std::vector<std::thread> threads;
  for (int i = 0; i < kProducers; ++i) threads.emplace_back([this, i] { Produce(i); });
  for (int i = 0; i < kConsumers; ++i) {
    threads.emplace_back([&] {
      const TimePoint patience = Clock::now() + seconds(60);
      while (removed < kTotal && Clock::now() < patience) {
        for (const QueueHandout& each : queues_.Take("q", {3, {}})) {
          std::lock_guard lock(mutex);
          seen.insert(each.content->payload);
          ++removed;
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(seen.size(), kTotal);
  EXPECT_EQ(std::set<std::string>(seen.begin(), seen.end()).size(), kTotal);
}

// Messages that fail travel to the dead letter queue and back, from several threads at once.
TEST_F(QueueConcurrencyTest, NothingIsLostBetweenTwoQueues) {
  ASSERT_TRUE(queues_.Configure("q", Queue::DeadLetters{2, "dead"}).ok());
  Ledger ledger;
  std::vector<std::thread> threads;
  for (int i = 0; i < kProducers; ++i) threads.emplace_back([this, i] { Produce(i); });
  for (int i = 0; i < 2; ++i) {
    threads.emplace_back([&, i] { Consume(static_cast<uint32_t>(i + 7), ledger); });
  }
  threads.emplace_back([&] {
    while (ledger.acked() < kTotal && !HasFailure()) {
      queues_.Redrive("q", 50);
      queues_.PeekDead("q", 0, 10);
    }
  });
  threads.emplace_back([&] {
    for (int i = 0; ledger.acked() < kTotal && !HasFailure(); ++i) {
      const char* const to = i % 2 ? "dead" : "grave";
      ASSERT_TRUE(queues_.Configure("q", Queue::DeadLetters{2, to}).ok());
      // What stayed behind in the other one goes on by hand.
      for (const QueueHandout& each : queues_.Take(i % 2 ? "grave" : "dead", {100, {}})) {
        Queues::Enqueued enqueued;
        ASSERT_TRUE(queues_.Enqueue("q", {each.content->payload, {}, 0, "", {}}, enqueued).ok());
      }
    }
  });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(ledger.acked(), kTotal);
  ASSERT_TRUE(queues_.Configure("q", std::nullopt).ok());
  EXPECT_EQ(budget_->used_bytes(), 0);
}

// Two workers whose calls wait, some of them cancelled while a message may be on its way to them.
class WaitingConsumer {
 public:
  WaitingConsumer(const std::shared_ptr<NamespaceData>& data, std::atomic<size_t>& removed,
                  uint32_t random)
      : data_(data), removed_(removed), random_(random) {}

  void Run() { testing::RunOn(worker_, Body()); }
  const std::vector<std::string>& seen() const { return seen_; }

 private:
  Task<void> Body() {
    QueueCalls calls(data_);
    while (removed_ < kTotal) {
      random_ = random_ * 1664525 + 1013904223;
      RequestContext context;
      DequeueRequest request;
      request.set_queue("q");
      request.set_max_messages(2);
      request.set_wait_ms(20);
      DequeueResponse response;
      Timer canceller(
          [](void* self) {
            static_cast<RequestContext*>(self)->cancellation.Cancel(CancelledError("gone"));
          },
          &context);
      if (random_ >> 31) canceller.Arm(Clock::now() + microseconds(random_ >> 20 & 1023));
      const Status status = co_await calls.Dequeue(context, request, response);
      if (!status.ok()) continue;
      for (const QueueMessage& message : response.messages()) seen_.push_back(message.payload());
      removed_ += static_cast<size_t>(response.messages_size());
      // Lets timers and other calls run, however much there is to take.
      co_await testing::Turns(worker_, 1);
    }
  }

  const std::shared_ptr<NamespaceData> data_;
  std::atomic<size_t>& removed_;
  uint32_t random_;
  Worker worker_{0};
  std::vector<std::string> seen_;
};

TEST_F(QueueConcurrencyTest, CancelledWaitersLoseNothing) {
  std::atomic<size_t> removed = 0;
  WaitingConsumer one(data_, removed, 1), two(data_, removed, 77);
  std::vector<std::thread> threads;
  threads.emplace_back([&] { one.Run(); });
  threads.emplace_back([&] { two.Run(); });
  for (int i = 0; i < kProducers; ++i) {
    threads.emplace_back([this, i] {
      for (int n = 0; n < kPerProducer; ++n) {
        Queues::Enqueued enqueued;
        const std::string payload = std::to_string(i) + ":" + std::to_string(n);
        ASSERT_TRUE(queues_.Enqueue("q", {payload, {}, 0, "", {}}, enqueued).ok());
        if (n % 16 == 0) std::this_thread::yield();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::set<std::string> distinct(one.seen().begin(), one.seen().end());
  distinct.insert(two.seen().begin(), two.seen().end());
  EXPECT_EQ(one.seen().size() + two.seen().size(), kTotal);
  EXPECT_EQ(distinct.size(), kTotal);
  EXPECT_EQ(budget_->used_bytes(), 0);
}

}  // namespace
}  // namespace prism::memstore
