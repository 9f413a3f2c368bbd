#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "drivers/memstore/set/sets.h"

namespace prism::memstore {
namespace {

class MemStoreSetConcurrency : public ::testing::Test {
 protected:
  void Fill(std::string_view name, int from, int to) {
    for (int i = from; i < to; ++i) {
      const Value member = Value::Copy(std::to_string(i));
      ASSERT_TRUE(sets_.Add(name, {&member, 1}).ok());
    }
  }
  const std::shared_ptr<Budget> budget_ = std::make_shared<Budget>("mem", int64_t{1} << 28);
  Sets sets_{budget_};
};

// Of threads that add the same members each is told of those it was first with; of threads that
// take members out no two get the same.
TEST_F(MemStoreSetConcurrency, EachMemberIsAddedOnceAndPoppedOnce) {
  constexpr int kMembers = 20'000;
  std::atomic<uint64_t> added = 0;
  std::atomic<int> popped = 0;
  std::vector<std::atomic<int>> times(kMembers);
  const auto add = [&] {
    for (int i = 0; i < kMembers; ++i) {
      const Value member = Value::Copy(std::to_string(i));
      added += *sets_.Add("s", {&member, 1});
    }
  };
  std::thread one(add), two(add);
  one.join();
  two.join();
  EXPECT_EQ(added, uint64_t{kMembers});
  const auto pop = [&] {
    while (true) {
      const std::vector<Value> members = sets_.Pop("s", 7);
      if (members.empty()) break;
      for (const Value& member : members) ++times[std::stoi(std::string(member.view()))];
      popped += static_cast<int>(members.size());
    }
  };
  std::thread three(pop), four(pop);
  three.join();
  four.join();
  EXPECT_EQ(popped, kMembers);
  for (int i = 0; i < kMembers; ++i) ASSERT_EQ(times[i], 1) << i;
  EXPECT_EQ(budget_->used_bytes(), 0);
}

// Two sets change places over and over; their union must look the same at every moment.
TEST_F(MemStoreSetConcurrency, OperationsSeeOneMoment) {
  Fill("a", 0, 50);
  Fill("b", 50, 100);
  constexpr int kLooks = 3000;
  std::atomic<int> looked = 0;
  std::thread writer([&] {
    const std::vector<std::string_view> both = {"a", "b"}, others = {"all", "b"};
    for (int i = 0; looked < kLooks; ++i) {
      // b takes all, a loses all, and back.
      ASSERT_TRUE(sets_.Store(SetOperation::kUnion, i % 2 ? "a" : "b", both).ok());
      ASSERT_TRUE(sets_.Store(SetOperation::kDifference, i % 2 ? "b" : "a", others).ok());
    }
  });
  const std::vector<std::string_view> both = {"a", "b"};
  for (; looked < kLooks; ++looked) {
    const Result<MemberSet> result = sets_.Combine(SetOperation::kUnion, both);
    EXPECT_TRUE(result.ok() && result->size() == 100);
  }
  writer.join();
}

}  // namespace
}  // namespace prism::memstore
