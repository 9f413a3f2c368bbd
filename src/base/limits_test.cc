#include "base/limits.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <thread>
#include <vector>

namespace prism {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TimePoint At(milliseconds since_start) { return TimePoint(std::chrono::hours(1) + since_start); }

int Take(TokenBucket& bucket, TimePoint now, int attempts) {
  int taken = 0;
  for (int i = 0; i < attempts; ++i) taken += bucket.TryTake(now);
  return taken;
}

TEST(TokenBucketTest, AdmitsTheBurstThenTheRate) {
  TokenBucket bucket(100, 5);
  EXPECT_EQ(Take(bucket, At(milliseconds(0)), 50), 5);
  EXPECT_EQ(Take(bucket, At(milliseconds(10)), 50), 1);
  EXPECT_EQ(Take(bucket, At(milliseconds(19)), 50), 0);
  EXPECT_EQ(Take(bucket, At(milliseconds(1000)), 50), 5) << "never more than the burst";
}

TEST(TokenBucketTest, KeepsTheRateOverALongTime) {
  TokenBucket bucket(3000);
  int taken = 0;
  for (int ms = 0; ms < 10'000; ++ms) taken += Take(bucket, At(milliseconds(ms)), 20);
  EXPECT_NEAR(taken, 30'000, 350);
}

TEST(TokenBucketTest, TakesAllOrNothing) {
  TokenBucket bucket(10, 4);
  EXPECT_FALSE(bucket.TryTake(At(milliseconds(0)), 5));
  EXPECT_TRUE(bucket.TryTake(At(milliseconds(0)), 4));
  EXPECT_FALSE(bucket.TryTake(At(milliseconds(0)), 1));
  EXPECT_FALSE(bucket.TryTake(At(milliseconds(0)), UINT64_MAX));
}

TEST(TokenBucketTest, TellsWhenToRetry) {
  TokenBucket bucket(10, 1);
  EXPECT_EQ(bucket.RetryAfter(At(milliseconds(0))), Duration::zero());
  ASSERT_TRUE(bucket.TryTake(At(milliseconds(0))));
  EXPECT_EQ(bucket.RetryAfter(At(milliseconds(30))), milliseconds(70));
  EXPECT_FALSE(bucket.TryTake(At(milliseconds(99))));
  EXPECT_TRUE(bucket.TryTake(At(milliseconds(100))));
}

TEST(TokenBucketTest, ZeroMeansNoLimit) {
  TokenBucket bucket(0);
  EXPECT_EQ(Take(bucket, At(milliseconds(0)), 1000), 1000);
  EXPECT_EQ(bucket.RetryAfter(At(milliseconds(0)), UINT64_MAX), Duration::zero());
}

TEST(TokenBucketTest, AClockThatStepsBackAdmitsNothingExtra) {
  TokenBucket bucket(100, 2);
  EXPECT_EQ(Take(bucket, At(milliseconds(500)), 9), 2);
  EXPECT_EQ(Take(bucket, At(milliseconds(0)), 9), 0);
}

TEST(TokenBucketTest, ThreadsTogetherGetTheBurstOnce) {
  TokenBucket bucket(1, 1000);
  std::vector<std::thread> threads;
  std::vector<int> taken(4);
  for (int& count : taken) {
    threads.emplace_back([&] { count = Take(bucket, At(milliseconds(0)), 1000); });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(taken[0] + taken[1] + taken[2] + taken[3], 1000);
}

TEST(ByteBudgetTest, RefusesWhatDoesNotFit) {
  ByteBudget budget(100);
  EXPECT_TRUE(budget.TryAcquire(60));
  EXPECT_FALSE(budget.TryAcquire(41));
  EXPECT_TRUE(budget.TryAcquire(40));
  EXPECT_FALSE(budget.TryAcquire(UINT64_MAX));
  budget.Release(100);
  EXPECT_EQ(budget.used(), 0u);
}

TEST(ByteBudgetTest, WithoutALimitItStillCounts) {
  ByteBudget budget(0);
  EXPECT_TRUE(budget.TryAcquire(uint64_t{1} << 40));
  EXPECT_EQ(budget.used(), uint64_t{1} << 40);
}

TEST(LocalByteBudgetTest, TouchesTheSharedBudgetInChunks) {
  ByteBudget budget(64 << 20);
  {
    LocalByteBudget local(budget, 4);
    ASSERT_TRUE(local.TryAcquire(100));
    const uint64_t reserved = budget.used();
    EXPECT_EQ(reserved, 100 + LocalByteBudget::kMaxChunkBytes);
    for (int i = 0; i < 100; ++i) {
      ASSERT_TRUE(local.TryAcquire(500));
      local.Release(500);
    }
    EXPECT_EQ(budget.used(), reserved);
    ASSERT_TRUE(local.TryAcquire(10 << 20));
    local.Release(10 << 20);
    EXPECT_LE(budget.used(), 2 * LocalByteBudget::kMaxChunkBytes + 100);
    local.Release(100);
  }
  EXPECT_EQ(budget.used(), 0u);
}

TEST(LocalByteBudgetTest, TheWholeBudgetCanBeUsed) {
  ByteBudget budget(1000);
  LocalByteBudget local(budget, 1);
  EXPECT_TRUE(local.TryAcquire(1000));
  EXPECT_FALSE(local.TryAcquire(1));
  local.Release(1000);
  EXPECT_FALSE(local.TryAcquire(1001));
  EXPECT_TRUE(local.TryAcquire(999));
  local.Release(999);
}

TEST(LocalByteBudgetTest, ThreadsNeverPassTheLimitAndLeaveNothing) {
  ByteBudget budget(100'000);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&budget, t] {
      LocalByteBudget local(budget, 4);
      for (int i = 0; i < 2000; ++i) {
        const uint64_t bytes = 1 + (i * 37 + t * 911) % 40'000;
        if (!local.TryAcquire(bytes)) continue;
        EXPECT_LE(budget.used(), budget.limit());
        local.Release(bytes);
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(budget.used(), 0u);
}

}  // namespace
}  // namespace prism
