#include <gtest/gtest.h>

#include "drivers/memstore/data.h"
#include "drivers/memstore/queue/calls.h"
#include "loop/testing/run_on.h"
#include "prism/interfaces/queue_delayed.pb.h"
#include "prism/interfaces/queue_visibility.pb.h"

namespace prism::memstore {
namespace {

using namespace queue::v1;  // NOLINT
using std::chrono::milliseconds;
using std::chrono::seconds;

// Calls that wait, on a worker with a real clock.
class WaitingTest : public ::testing::Test {
 public:
  // One Dequeue that runs on its own until it ends or is dropped.
  struct Call {
    explicit Call(WaitingTest& test, int64_t wait_ms = 20'000, uint32_t max = 1) {
      request.set_queue("q");
      request.set_max_messages(max);
      request.set_wait_ms(wait_ms);
      task = test.calls_->Dequeue(context, request, response);
      task.Start([](void* self) { static_cast<Call*>(self)->ended.Set(); }, this);
    }
    std::string payload() const {
      return response.messages_size() ? response.messages(0).payload() : "-";
    }
    RequestContext context;
    DequeueRequest request;
    DequeueResponse response;
    Event ended;
    Task<Status> task;
  };

  void Put(const std::string& payload) {
    Queues::Enqueued enqueued;
    ASSERT_TRUE(data_->queues.Enqueue("q", {payload, {}, 0, "", {}}, enqueued).ok());
  }
  size_t Left() { return data_->queues.Peek("q", 1000).size(); }

  // Runs the body on the worker; the calls object lives on it.
  void Run(Task<void> (*body)(WaitingTest&)) {
    testing::RunOn(worker_, Wrap(body));
    calls_.reset();
    EXPECT_EQ(budget_->used_bytes(), 0);
  }
  Task<void> Wrap(Task<void> (*body)(WaitingTest&)) {
    calls_ = std::make_unique<QueueCalls>(data_);
    co_await body(*this);
    calls_.reset();
  }

  Worker worker_{0};
  std::shared_ptr<Budget> budget_ = std::make_shared<Budget>("mem", int64_t{1} << 28);
  std::shared_ptr<NamespaceData> data_ = std::make_shared<NamespaceData>(budget_, &Clock::now);
  std::unique_ptr<QueueCalls> calls_;
};

TEST_F(WaitingTest, TheFirstToWaitIsServedFirst) {
  Run([](WaitingTest& test) -> Task<void> {
    Call first(test), second(test), third(test);
    co_await testing::Turns(test.worker_, 3);
    test.Put("a");
    test.Put("b");
    (void)co_await second.ended.Wait();
    EXPECT_EQ(first.payload(), "a");
    EXPECT_EQ(second.payload(), "b");
    EXPECT_FALSE(third.task.done());
    test.Put("c");
    (void)co_await third.ended.Wait();
    EXPECT_EQ(third.payload(), "c");
  });
}

TEST_F(WaitingTest, AWaitThatNobodyServesEndsEmpty) {
  Run([](WaitingTest& test) -> Task<void> {
    const TimePoint start = Clock::now();
    Call call(test, 30);
    (void)co_await call.ended.Wait();
    EXPECT_GE(Clock::now() - start, milliseconds(30));
    EXPECT_TRUE(call.task.TakeValue().ok());
    EXPECT_EQ(call.response.messages_size(), 0);
  });
}

TEST_F(WaitingTest, ADelayedMessageWakesTheWaitingInItsTime) {
  Run([](WaitingTest& test) -> Task<void> {
    Call before(test), behind(test);
    co_await testing::Turns(test.worker_, 3);
    const TimePoint start = Clock::now();
    RequestContext context;
    EnqueueDelayedRequest request;
    EnqueueResponse response;
    request.set_queue("q");
    request.set_payload("late");
    request.set_delay_ms(40);
    EXPECT_TRUE((co_await test.calls_->EnqueueDelayed(context, request, response)).ok());
    request.set_payload("later");
    request.set_delay_ms(60);
    EXPECT_TRUE((co_await test.calls_->EnqueueDelayed(context, request, response)).ok());
    (void)co_await before.ended.Wait();
    EXPECT_EQ(before.payload(), "late");
    EXPECT_GE(Clock::now() - start, milliseconds(40));
    (void)co_await behind.ended.Wait();
    EXPECT_EQ(behind.payload(), "later");
    EXPECT_GE(Clock::now() - start, milliseconds(60));
    // Far below the wait's own end: a timer woke it.
    EXPECT_LT(Clock::now() - start, seconds(10));
  });
}

TEST_F(WaitingTest, ATimeoutWakesTheWaiting) {
  Run([](WaitingTest& test) -> Task<void> {
    test.Put("a");
    RequestContext context;
    DequeueWithTimeoutRequest request;
    DequeueWithTimeoutResponse held;
    request.set_queue("q");
    request.set_visibility_timeout_ms(30);
    EXPECT_TRUE((co_await test.calls_->DequeueWithTimeout(context, request, held)).ok());
    EXPECT_EQ(held.deliveries_size(), 1);
    Call call(test);
    (void)co_await call.ended.Wait();
    EXPECT_EQ(call.payload(), "a");
    EXPECT_EQ(call.response.messages(0).receive_count(), 1u);
  });
}

TEST_F(WaitingTest, AShortenedTimeoutWakesTheWaitingEarlier) {
  Run([](WaitingTest& test) -> Task<void> {
    test.Put("a");
    const auto held = test.data_->queues.Take("q", {1, seconds(3600)});
    Call call(test);
    co_await testing::Turns(test.worker_, 3);
    EXPECT_TRUE(
        test.data_->queues.Extend("q", test.data_->queues.ReceiptOf(held[0]), milliseconds(10)));
    (void)co_await call.ended.Wait();
    EXPECT_EQ(call.payload(), "a");
  });
}

TEST_F(WaitingTest, ACancelledWaitTakesNothing) {
  Run([](WaitingTest& test) -> Task<void> {
    Call gone(test);
    auto dropped = std::make_unique<Call>(test);
    co_await testing::Turns(test.worker_, 3);
    dropped.reset();
    gone.context.cancellation.Cancel(CancelledError("the caller left"));
    (void)co_await gone.ended.Wait();
    EXPECT_EQ(gone.task.TakeValue().code(), Code::kCancelled);
    test.Put("a");
    EXPECT_EQ(test.Left(), 1u);
    Call next(test);
    (void)co_await next.ended.Wait();
    EXPECT_EQ(next.payload(), "a");
  });
}

// Cancelled after the message was handed over, before the call could run: it goes back to its
// place, or to the next in line, and counts as never delivered.
TEST_F(WaitingTest, AHandedOverMessageSurvivesCancellation) {
  Run([](WaitingTest& test) -> Task<void> {
    auto dropped = std::make_unique<Call>(test);
    Call cancelled(test), next(test);
    co_await testing::Turns(test.worker_, 3);
    test.Put("a");
    test.Put("b");
    EXPECT_EQ(test.Left(), 0u);
    dropped.reset();  // "a" goes to `next`
    cancelled.context.cancellation.Cancel(CancelledError("the caller left"));
    (void)co_await cancelled.ended.Wait();
    (void)co_await next.ended.Wait();
    EXPECT_EQ(next.payload(), "a");
    EXPECT_EQ(next.response.messages(0).receive_count(), 0u);
    EXPECT_EQ(test.Left(), 1u);
    Call last(test, 0);
    EXPECT_EQ(last.payload(), "b");
  });
}

}  // namespace
}  // namespace prism::memstore
