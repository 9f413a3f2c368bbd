#include "drivers/memstore/log/logs.h"

#include <gtest/gtest.h>

#include <map>
#include <mutex>
#include <thread>

#include "drivers/memstore/log/on_worker.h"

namespace prism::memstore {
namespace {

using std::chrono::milliseconds;

class LogsTest : public ::testing::Test {
 protected:
  Place Append(const std::string& payload, const std::string& key = "") {
    auto record = std::make_shared<LogRecord>();
    record->payload = payload;
    record->key = key;
    const Result<Place> place = logs_.Append("log", Logs::kByKey, std::move(record));
    EXPECT_TRUE(place.ok()) << place.status().ToString();
    return place.ok() ? *place : Place();
  }
  // A member that takes and acks until all of `total` were acked by somebody. That one deletes the
  // group, which wakes and ends all the others.
  void Consume(int index, bool leaves_often, size_t total) {
    RunOnWorker(
        [&]() -> Task<void> {
          const std::string name = "m" + std::to_string(index);
          while (acked_ < total) co_await ConsumeOnce(name, leaves_often, total);
        },
        index);
  }
  Task<void> ConsumeOnce(const std::string& name, bool leaves_often, size_t total) {
    Membership membership(logs_, "log", "g");
    const Status joined = membership.Join(name, 7);
    EXPECT_TRUE(joined.ok() || acked_ == total) << joined.ToString();
    Cancellation never;
    for (int page_index = 0; joined.ok(); ++page_index) {
      Result<std::vector<Delivered>> page = membership.Take();
      EXPECT_TRUE(page.ok() || acked_ == total);
      if (!page.ok() || (leaves_often && page_index % 3 == 2)) co_return;
      CountAndAck(*page);
      if (acked_ == total) logs_.DeleteGroup("log", "g");
      if (!page->empty()) continue;
      const TimePoint limit = Clock::now() + std::chrono::seconds(20);
      const bool notified = co_await membership.signal().Wait(limit, never);
      EXPECT_TRUE(notified) << "records are there and nobody was told";
      if (!notified) co_return;
    }
  }
  void CountAndAck(const std::vector<Delivered>& page) {
    std::vector<Place> places;
    for (const Delivered& delivered : page) places.push_back(delivered.place);
    const size_t acked = logs_.Ack("log", "g", places);
    std::lock_guard lock(mutex_);
    for (const Delivered& delivered : page) ++seen_[delivered.record->payload];
    acked_ += acked;
  }

  std::shared_ptr<Budget> budget_ = std::make_shared<Budget>("mem", int64_t{1} << 30);
  Logs logs_{budget_, &Clock::now, Log::Keeping::kWithinBounds};
  std::mutex mutex_;
  std::map<std::string, int> seen_;
  std::atomic<size_t> acked_{0};
};

TEST_F(LogsTest, ConcurrentAppendsGetDistinctPlacesInOrder) {
  constexpr int kThreads = 4, kEach = 5000;
  std::vector<std::vector<uint64_t>> places(kThreads);
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kEach; ++i) {
        places[static_cast<size_t>(t)].push_back(Append(std::to_string(t)).sequence);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::set<uint64_t> all;
  for (const auto& own : places) {
    EXPECT_TRUE(std::is_sorted(own.begin(), own.end()));
    all.insert(own.begin(), own.end());
  }
  EXPECT_EQ(all.size(), size_t{kThreads} * kEach);
  EXPECT_EQ(*all.rbegin() - *all.begin() + 1, all.size()) << "dense";
}

TEST_F(LogsTest, AGroupOnSeveralWorkersGetsEachRecordOnce) {
  constexpr size_t kTotal = 8000;
  ASSERT_TRUE(logs_.CreateGroup("log", "g", {}, std::chrono::hours(1)).ok());
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) threads.emplace_back([&, i] { Consume(i, false, kTotal); });
  for (int i = 0; i < 2; ++i) {
    threads.emplace_back([&, i] {
      for (size_t k = 0; k < kTotal / 2; ++k) Append(std::to_string(i) + "/" + std::to_string(k));
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(seen_.size(), kTotal) << "lost";
  for (const auto& [payload, times] : seen_) EXPECT_EQ(times, 1) << payload;
}

TEST_F(LogsTest, NothingIsLostWithMembersThatLeave) {
  constexpr size_t kTotal = 4000;
  ASSERT_TRUE(logs_.CreateGroup("log", "g", {}, std::chrono::hours(1)).ok());
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) threads.emplace_back([&, i] { Consume(i, i != 0, kTotal); });
  threads.emplace_back([&] {
    for (size_t k = 0; k < kTotal; ++k) Append(std::to_string(k));
  });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(acked_, kTotal);
  EXPECT_EQ(seen_.size(), kTotal) << "lost";
}

TEST_F(LogsTest, AFollowerOnAnotherThreadMissesNothing) {
  constexpr int kTotal = 20'000;
  std::thread writer([&] {
    for (int i = 0; i < kTotal; ++i) Append(std::to_string(i));
  });
  RunOnWorker([&]() -> Task<void> {
    Following following(logs_, "log");
    Cancellation never;
    Place from;
    int next = 0;
    while (next < kTotal) {
      Result<Logs::Page> page =
          logs_.Read("log", from, Logs::kEnd, kPageRecords, &following.follower());
      EXPECT_TRUE(page.ok());
      for (const Placed& placed : page->records) {
        EXPECT_EQ(placed.record->payload, std::to_string(next++));
        from.sequence = placed.place.sequence + 1;
      }
      if (!page->records.empty()) continue;
      const TimePoint limit = Clock::now() + std::chrono::seconds(20);
      EXPECT_TRUE(co_await following.signal().Wait(limit, never));
    }
  });
  writer.join();
}

TEST_F(LogsTest, MemoryIsGivenBackWithTheLog) {
  ASSERT_TRUE(logs_.CreateGroup("log", "g", {}, std::chrono::hours(1)).ok());
  for (int i = 0; i < 3000; ++i) Append("x", std::to_string(i));
  std::optional<Log> gone = logs_.Delete("log");
  ASSERT_TRUE(gone.has_value());
  EXPECT_GT(budget_->used_bytes(), 3000 * 100);
  int steps = 0;
  while (!Logs::FreeSome(*gone)) ++steps;
  EXPECT_GE(steps, 3) << "in bounded steps";
  gone.reset();
  EXPECT_EQ(budget_->used_bytes(), 0);
}

TEST_F(LogsTest, AMemberWithoutRoomInTheBudgetIsRefused) {
  Logs small(std::make_shared<Budget>("mem", 20'000), &Clock::now, Log::Keeping::kWithinBounds);
  ASSERT_TRUE(small.CreateGroup("log", "g", {}, milliseconds(100)).ok());
  RunOnWorker([&]() -> Task<void> {
    Membership large(small, "log", "g");
    EXPECT_EQ(large.Join("m", 1000).code(), Code::kResourceExhausted);
    Membership few(small, "log", "g");
    EXPECT_TRUE(few.Join("m", 10).ok());
    co_return;
  });
  EXPECT_TRUE(small.Info("log", "g")->members.empty());
}

TEST(LogsUntilAcked, KeepWhatAGroupHasNotAcked) {
  auto budget = std::make_shared<Budget>("mem", int64_t{1} << 30);
  Logs logs(budget, &Clock::now, Log::Keeping::kUntilAcked);
  const auto append = [&](size_t count) {
    for (size_t i = 0; i < count; ++i) {
      ASSERT_TRUE(logs.Append("t", 0, std::make_shared<LogRecord>()).ok());
    }
  };
  append(1500);
  EXPECT_EQ(logs.Partitions("t")[0].records, 1000u) << "without a group a bounded number is kept";
  ASSERT_TRUE(logs.CreateGroup("t", "g", {Logs::Start::kNext, {}}, std::chrono::hours(1)).ok());
  while (logs.Collect(256) > 0) {
  }
  EXPECT_EQ(logs.Partitions("t")[0].records, 0u) << "the group does not need the earlier ones";
  append(2500);
  EXPECT_EQ(logs.Partitions("t")[0].records, 2500u);
  RunOnWorker([&]() -> Task<void> {
    Membership membership(logs, "t", "g");
    EXPECT_TRUE(membership.Join("m", 1000).ok());
    const Result<std::vector<Delivered>> page = membership.Take();
    std::vector<Place> places;
    for (const Delivered& delivered : *page) places.push_back(delivered.place);
    EXPECT_EQ(logs.Ack("t", "g", places), 1000u);
    co_return;
  });
  EXPECT_EQ(logs.Partitions("t")[0].records, 1500u);
  EXPECT_TRUE(logs.DeleteGroup("t", "g"));
  while (logs.Collect(256) > 0) {
  }
  EXPECT_EQ(logs.Partitions("t")[0].records, 1000u);
}

TEST(LogsUntilAcked, GoWhenNothingIsLeftWithoutUsingNumbersAgain) {
  auto budget = std::make_shared<Budget>("mem", int64_t{1} << 30);
  Logs logs(budget, &Clock::now, Log::Keeping::kUntilAcked);
  ASSERT_TRUE(logs.CreateGroup("t", "g", {}, std::chrono::hours(1)).ok());
  const Result<Place> first = logs.Append("t", 0, std::make_shared<LogRecord>());
  RunOnWorker([&]() -> Task<void> {
    Membership membership(logs, "t", "g");
    EXPECT_TRUE(membership.Join("m", 10).ok());
    EXPECT_EQ(membership.Take()->size(), 1u);
    co_return;
  });
  EXPECT_EQ(logs.Ack("t", "g", std::span(&*first, 1)), 1u);
  EXPECT_TRUE(logs.DeleteGroup("t", "g"));
  EXPECT_EQ(budget->used_bytes(), 0);
  const Result<Place> second = logs.Append("t", 0, std::make_shared<LogRecord>());
  EXPECT_GT(second->sequence, first->sequence);
}

}  // namespace
}  // namespace prism::memstore
