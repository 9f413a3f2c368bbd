#include "loop/signal.h"

#include <gtest/gtest.h>

#include <mutex>
#include <thread>

#include "loop/task.h"

namespace prism {
namespace {

using std::chrono::milliseconds;

using Body = Task<void> (*)();

Task<void> RunThenStop(Worker& worker, Body body) {
  co_await body();
  worker.Stop();
}

// Runs `body` on a worker of its own and returns when it has ended.
void RunOnWorker(Body body) {
  Worker worker(0);
  worker.Post([&] { Spawn(RunThenStop(worker, body)); });
  worker.Run();
}

TEST(Signal, WakesAcrossThreads) {
  RunOnWorker([]() -> Task<void> {
    Signal signal;
    Cancellation never;
    std::thread other([&] { signal.Notify(); });
    EXPECT_TRUE(co_await signal.Wait(kNever, never));
    other.join();
  });
}

TEST(Signal, ANoticeBeforeTheWaitCountsOnce) {
  RunOnWorker([]() -> Task<void> {
    Signal signal;
    Cancellation never;
    signal.Notify();
    signal.Notify();
    EXPECT_TRUE(co_await signal.Wait(kNever, never));
    EXPECT_FALSE(co_await signal.Wait(Clock::now() + milliseconds(5), never));
  });
}

TEST(Signal, EndsAtItsTimeAndOnCancellation) {
  RunOnWorker([]() -> Task<void> {
    Signal signal;
    Cancellation cancellation;
    const TimePoint until = Clock::now() + milliseconds(20);
    EXPECT_FALSE(co_await signal.Wait(until, cancellation));
    EXPECT_GE(Clock::now(), until);
    cancellation.Cancel(CancelledError("gone"));
    EXPECT_FALSE(co_await signal.Wait(kNever, cancellation));
  });
}

TEST(Signal, ANoticeMayOutliveIt) {
  RunOnWorker([]() -> Task<void> {
    { Signal().Notify(); }
    Cancellation never;
    (void)co_await SleepUntil(Clock::now() + milliseconds(2), never);
  });
}

// Two threads count to a total that the waiter sees to the end, whatever notices fall together.
TEST(Signal, LosesNoLastNotice) {
  RunOnWorker([]() -> Task<void> {
    constexpr int kTotal = 100'000;
    Signal signal;
    Cancellation never;
    std::mutex mutex;
    int count = 0;
    const auto add = [&] {
      for (int i = 0; i < kTotal / 2; ++i) {
        std::lock_guard lock(mutex);
        ++count;
        signal.Notify();
      }
    };
    std::thread one(add), two(add);
    const auto seen = [&] {
      std::lock_guard lock(mutex);
      return count;
    };
    for (bool notified = true; notified && seen() < kTotal;) {
      notified = co_await signal.Wait(Clock::now() + std::chrono::seconds(20), never);
    }
    EXPECT_EQ(seen(), kTotal);
    one.join();
    two.join();
  });
}

}  // namespace
}  // namespace prism
