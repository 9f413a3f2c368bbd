#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "drivers/memstore/sortedset/sorted_sets.h"

namespace prism::memstore {
namespace {

class MemStoreSortedConcurrency : public ::testing::Test {
 protected:
  const std::shared_ptr<Budget> budget_ = std::make_shared<Budget>("mem", int64_t{1} << 28);
  SortedSets sets_{budget_};
};

TEST_F(MemStoreSortedConcurrency, NoIncrementIsLost) {
  constexpr int kRounds = 20'000, kMembers = 10;
  const auto count = [&] {
    for (int i = 0; i < kRounds; ++i) {
      const Value member = Value::Copy(std::to_string(i % kMembers));
      ASSERT_TRUE(sets_.Increment("s", member, 1).ok());
    }
  };
  std::thread one(count), two(count), three(count);
  one.join();
  two.join();
  three.join();
  for (int i = 0; i < kMembers; ++i) {
    EXPECT_EQ(sets_.Score("s", std::to_string(i)), 3.0 * kRounds / kMembers);
  }
}

// While members come, go and change their scores, what a reader sees is in order, and those that
// stay are where their score says.
TEST_F(MemStoreSortedConcurrency, ReadersAlwaysSeeAnOrder) {
  std::vector<Scored> stable;
  for (int i = 0; i < 300; ++i) stable.push_back({Value::Copy("s" + std::to_string(i)), i * 10.0});
  ASSERT_TRUE(sets_.Add("s", stable, AddMode::kAlways).ok());
  constexpr int kLooks = 3000;
  std::atomic<int> looked = 0;
  const auto change = [&](int seed) {
    auto random = static_cast<uint32_t>(seed);
    while (looked < kLooks) {
      random = random * 1664525 + 1013904223;
      const std::string text = "m" + std::to_string(random >> 8 & 127);
      const Scored entry{Value::Copy(text), static_cast<double>(random >> 16 & 4095)};
      const std::string_view name = text;
      if (random >> 30) {
        ASSERT_TRUE(sets_.Add("s", {&entry, 1}, AddMode::kAlways).ok());
      } else {
        sets_.Remove("s", {&name, 1});
      }
    }
  };
  std::thread one(change, 1), two(change, 2);
  for (; looked < kLooks; ++looked) {
    const SortedSets::Part part = sets_.Read("s", ByIndex(0, -1, false), false, 0, 0);
    int stable_seen = 0;
    double last = 0;
    for (const auto& [member, score] : part.entries) {
      stable_seen += member.view()[0] == 's';
      EXPECT_LE(last, score);
      last = score;
    }
    EXPECT_EQ(stable_seen, 300);
    const uint64_t rank = sets_.Rank("s", "s150", false)->rank;
    EXPECT_GE(rank, 150u);
    EXPECT_LT(rank, 150u + 128u);
  }
  one.join();
  two.join();
  sets_.Clear("s");
  EXPECT_EQ(budget_->used_bytes(), 0);
}

}  // namespace
}  // namespace prism::memstore
