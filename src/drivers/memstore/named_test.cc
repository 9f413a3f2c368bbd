#include "drivers/memstore/named.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace prism::memstore {
namespace {

struct Counter {
  int value = 0;
  bool empty() const { return value == 0; }
};

class NamedTest : public ::testing::Test {
 protected:
  Status Add(const std::string& name, int n) {
    return counters_.Make(name, [&](Counter& counter) {
      counter.value += n;
      return OkStatus();
    });
  }
  int ValueOf(const std::string& name) {
    return counters_.Look(name, [](Counter* counter) { return counter ? counter->value : -1; });
  }
  std::shared_ptr<Budget> budget_ = std::make_shared<Budget>("mem", 10'000);
  Named<Counter> counters_{budget_};
};

TEST_F(NamedTest, ComesAndGoesWithItsContents) {
  EXPECT_EQ(ValueOf("a"), -1);
  EXPECT_TRUE(Add("a", 2).ok());
  EXPECT_EQ(ValueOf("a"), 2);
  EXPECT_GT(budget_->used_bytes(), 0);
  EXPECT_TRUE(Add("a", -2).ok());
  EXPECT_EQ(ValueOf("a"), -1);
  EXPECT_EQ(budget_->used_bytes(), 0);
}

TEST_F(NamedTest, ManyNamesAreBounded) {
  Status status;
  int made = 0;
  while (status.ok() && made < 1000) status = Add("name" + std::to_string(made++), 1);
  EXPECT_EQ(status.code(), Code::kResourceExhausted);
  EXPECT_LE(budget_->used_bytes(), budget_->max_bytes());
  counters_.ForEach([](std::string_view, Counter& counter) { counter.value = 0; });
  EXPECT_EQ(budget_->used_bytes(), 0);
}

// Moves between two counters, in both directions at once: the sum stays and nobody waits forever.
TEST_F(NamedTest, SeveralNamesAreOneStep) {
  ASSERT_TRUE(Add("a", 1000).ok());
  ASSERT_TRUE(Add("b", 1000).ok());
  const auto move = [this](std::string_view from, std::string_view to) {
    for (int i = 0; i < 20'000; ++i) {
      const std::array<std::string_view, 2> names = {from, to};
      Named<Counter>::Locked locked(counters_, names);
      --locked.Make(from)->value;
      ++locked.Make(to)->value;
      if (locked.Find("a")->value + locked.Find("b")->value != 2000) ADD_FAILURE();
    }
  };
  std::thread one(move, "a", "b"), two(move, "b", "a");
  one.join();
  two.join();
  EXPECT_EQ(ValueOf("a") + ValueOf("b"), 2000);
}

}  // namespace
}  // namespace prism::memstore
