#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <thread>

#include "drivers/memstore/keyvalue/transactions.h"

namespace prism::memstore {
namespace {

constexpr int kThreads = 4;

void InThreads(const std::function<void(int)>& body) {
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) threads.emplace_back(body, i);
  for (std::thread& thread : threads) thread.join();
}

class ConcurrencyTest : public ::testing::Test {
 protected:
  int Number(std::string_view key) {
    std::string value;
    return store_.Get(key, &value) ? std::stoi(value) : 0;
  }
  std::shared_ptr<Budget> budget_ = std::make_shared<Budget>("mem", 1 << 28);
  Store store_{budget_};
  Transactions transactions_{store_};
};

TEST_F(ConcurrencyTest, CompareAndSwapLosesNothing) {
  constexpr int kRounds = 2000;
  InThreads([&](int) {
    for (int done = 0; done < kRounds;) {
      std::string seen;
      const bool found = store_.Get("counter", &seen);
      const Value next = Value::Copy(std::to_string((found ? std::stoi(seen) : 0) + 1));
      bool swapped = false;
      ASSERT_TRUE(store_
                      .Update("counter",
                              [&](const Current& current) -> Change {
                                swapped = current.found() == found &&
                                          (!found || current.value->view() == seen);
                                if (!swapped) return {};
                                return {Change::kPut, next, kNever};
                              })
                      .ok());
      done += swapped;
    }
  });
  EXPECT_EQ(Number("counter"), kThreads * kRounds);
}

TEST_F(ConcurrencyTest, TransfersKeepTheSum) {
  constexpr int kAccounts = 8;
  for (int i = 0; i < kAccounts; ++i) ASSERT_TRUE(store_.Set(std::to_string(i), "100").ok());
  std::atomic<int> conflicts = 0;
  InThreads([&](int thread) {
    uint32_t random = thread + 1;
    for (int done = 0; done < 500;) {
      random = random * 1664525 + 1013904223;
      const std::string from = std::to_string(random >> 8 & 7);
      const std::string to = std::to_string(random >> 16 & 7);
      const std::string id = *transactions_.Begin(std::chrono::seconds(60));
      std::string a, b;
      // A read may already tell of a conflict, when both name one account.
      if (!transactions_.Get(id, from, &a).ok()) continue;
      ASSERT_TRUE(transactions_.Set(id, from, std::to_string(std::stoi(a) - 1)).ok());
      if (!transactions_.Get(id, to, &b).ok()) continue;
      ASSERT_TRUE(transactions_.Set(id, to, std::to_string(std::stoi(b) + 1)).ok());
      const Status status = transactions_.Commit(id);
      if (status.ok()) {
        ++done;
      } else {
        ASSERT_EQ(status.code(), Code::kAborted);
        ++conflicts;
      }
    }
  });
  int sum = 0;
  for (int i = 0; i < kAccounts; ++i) sum += Number(std::to_string(i));
  EXPECT_EQ(sum, kAccounts * 100);
  EXPECT_EQ(transactions_.open(), 0u);
}

// Each of two may leave duty if the other stays. Under snapshot isolation both could.
TEST_F(ConcurrencyTest, NoWriteSkew) {
  for (int round = 0; round < 300; ++round) {
    ASSERT_TRUE(store_.Set("on:0", "1").ok());
    ASSERT_TRUE(store_.Set("on:1", "1").ok());
    std::atomic<int> ready = 0;
    const auto leave = [&](int who) {
      const std::string id = *transactions_.Begin(std::chrono::seconds(60));
      std::string mine, other;
      ++ready;
      while (ready < 2) std::this_thread::yield();
      const std::string names[] = {"on:0", "on:1"};
      ASSERT_TRUE(transactions_.Get(id, names[who], &mine).ok());
      ASSERT_TRUE(transactions_.Get(id, names[1 - who], &other).ok());
      if (mine == "1" && other == "1") {
        ASSERT_TRUE(transactions_.Set(id, names[who], "0").ok());
      }
      (void)transactions_.Commit(id);
    };
    std::thread first(leave, 0), second(leave, 1);
    first.join();
    second.join();
    ASSERT_GE(Number("on:0") + Number("on:1"), 1) << "both left in round " << round;
  }
}

TEST_F(ConcurrencyTest, AScanDuringWritesSeesEachStableKeyOnceInOrder) {
  constexpr int kStable = 2000;
  const auto key = [](int i, char kind) { return std::to_string(1'000'000 + i) + kind; };
  for (int i = 0; i < kStable; ++i) ASSERT_TRUE(store_.Set(key(i, 's'), "v").ok());
  std::atomic<bool> stop = false;
  std::thread writer([&] {
    for (uint32_t n = 0; !stop; ++n) {
      const std::string moving = key(n * 7919 % kStable, n % 3 ? 'a' : 'z');
      if (n & 1) {
        (void)store_.Set(moving, "w");
      } else {
        store_.Delete(moving);
      }
    }
  });
  for (int scan = 0; scan < 20; ++scan) {
    std::string last;
    int stable = 0;
    for (bool more = true; more;) {
      const Store::Page page =
          store_.Scan({last, true, {}}, RowContent::kKeysAndValues, 64, 1 << 20);
      for (const Row& row : page.rows) {
        ASSERT_LT(last, row.key);
        last = row.key;
        stable += last.back() == 's';
      }
      more = page.more;
    }
    EXPECT_EQ(stable, kStable);
  }
  stop = true;
  writer.join();
}

TEST_F(ConcurrencyTest, CollectorsAndWritersKeepTheBooks) {
  std::atomic<int> running = kThreads - 1;
  InThreads([&](int thread) {
    if (thread == 0) {
      while (running > 0) store_.CollectExpired(8);
      return;
    }
    for (int i = 0; i < 5000; ++i) {
      const std::string key = std::to_string(i % 100);
      const TimePoint expires_at =
          i % 2 ? kNever : Clock::now() + std::chrono::microseconds(i % 50);
      ASSERT_TRUE(store_.Set(key, std::string(i % 3000, 'x'), expires_at).ok());
      if (i % 5 == 0) store_.Delete(key);
      std::string value;
      (void)store_.Get(key, &value);
    }
    --running;
  });
  for (int i = 0; i < 100; ++i) store_.Delete(std::to_string(i));
  EXPECT_EQ(store_.size(), 0u);
  EXPECT_EQ(budget_->used_bytes(), 0);
}

}  // namespace
}  // namespace prism::memstore
