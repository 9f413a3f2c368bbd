#include "drivers/memstore/pubsub/patterns.h"

#include <gtest/gtest.h>

#include <set>

namespace prism::memstore {
namespace {

class PatternsTest : public ::testing::Test {
 protected:
  // Subscriptions are only told apart here, never used.
  Mailbox* Box(size_t index) { return reinterpret_cast<Mailbox*>(&boxes_[index]); }

  bool Matches(const std::string& pattern, const std::string& topic) {
    const Tokens tokens = *SplitPattern(pattern);
    EXPECT_TRUE(patterns_.Add(tokens, Box(0)).ok());
    int count = 0;
    patterns_.Match(*SplitTopic(topic), [&](Mailbox* box) { count += box == Box(0) ? 1 : 0; });
    patterns_.Remove(tokens, Box(0));
    EXPECT_EQ(budget_->used_bytes(), 0);
    EXPECT_LE(count, 1);
    return count == 1;
  }

  std::array<char, 16> boxes_{};
  std::shared_ptr<Budget> budget_ = std::make_shared<Budget>("mem", 1 << 20);
  Patterns patterns_{budget_};
};

TEST_F(PatternsTest, AStarIsOneToken) {
  EXPECT_TRUE(Matches("a.*", "a.b"));
  EXPECT_FALSE(Matches("a.*", "a"));
  EXPECT_FALSE(Matches("a.*", "a.b.c"));
  EXPECT_TRUE(Matches("*.b.*", "a.b.c"));
  EXPECT_FALSE(Matches("*", "a.b"));
  EXPECT_TRUE(Matches("a*", "a*"));
  EXPECT_FALSE(Matches("a*", "ab"));
}

TEST_F(PatternsTest, AGreaterSignIsOneTokenOrMore) {
  EXPECT_TRUE(Matches("a.>", "a.b"));
  EXPECT_TRUE(Matches("a.>", "a.b.c"));
  EXPECT_FALSE(Matches("a.>", "a"));
  EXPECT_TRUE(Matches(">", "a"));
  EXPECT_TRUE(Matches("*.>", "a.b"));
  EXPECT_FALSE(Matches("*.>", "a"));
}

TEST_F(PatternsTest, WithoutEitherItIsATopic) {
  EXPECT_TRUE(Matches("a.b", "a.b"));
  EXPECT_FALSE(Matches("a.b", "a.c"));
  EXPECT_FALSE(Matches("a.b", "a.b.c"));
}

TEST_F(PatternsTest, RefusesATailBeforeTheEnd) {
  EXPECT_EQ(SplitPattern("a.>.b").status().code(), Code::kInvalidArgument);
  EXPECT_EQ(SplitPattern("a..b").status().code(), Code::kInvalidArgument);
  EXPECT_EQ(SplitPattern("").status().code(), Code::kInvalidArgument);
}

TEST_F(PatternsTest, RemovesOnlyWhatIsNotSharedWithOthers) {
  const std::array<const char*, 5> patterns = {"a.*.c", "a.>", "a.b.c", "a.b.c", ">"};
  for (size_t i = 0; i < patterns.size(); ++i) {
    ASSERT_TRUE(patterns_.Add(*SplitPattern(patterns[i]), Box(i)).ok());
  }
  std::set<Mailbox*> left = {Box(0), Box(1), Box(2), Box(3), Box(4)};
  for (size_t i = 0; i < patterns.size(); ++i) {
    std::set<Mailbox*> found;
    patterns_.Match(*SplitTopic("a.b.c"), [&](Mailbox* box) { found.insert(box); });
    EXPECT_EQ(found, left);
    patterns_.Remove(*SplitPattern(patterns[i]), Box(i));
    left.erase(Box(i));
  }
  EXPECT_EQ(budget_->used_bytes(), 0);
}

TEST_F(PatternsTest, AFullBudgetLeavesNothingBehind) {
  auto small = std::make_shared<Budget>("mem", 600);
  Patterns patterns(small);
  const Status status = patterns.Add(*SplitPattern("a.b.c.d.e.f.g.h.*"), Box(0));
  EXPECT_EQ(status.code(), Code::kResourceExhausted);
  EXPECT_EQ(small->used_bytes(), 0);
}

// What a topic costs does not depend on how many other patterns there are.
TEST_F(PatternsTest, ManyPatternsMatchOnlyTheirOwn) {
  auto large = std::make_shared<Budget>("mem", int64_t{1} << 30);
  Patterns patterns(large);
  for (int i = 0; i < 20'000; ++i) {
    const std::string pattern = "device." + std::to_string(i) + ".*";
    ASSERT_TRUE(patterns.Add(*SplitPattern(pattern), Box(i == 777 ? 1 : 0)).ok());
  }
  int own = 0, others = 0;
  for (int i = 0; i < 20'000; ++i) {
    patterns.Match(*SplitTopic("device.777.temperature"),
                   [&](Mailbox* box) { ++(box == Box(1) ? own : others); });
  }
  EXPECT_EQ(own, 20'000);
  EXPECT_EQ(others, 0);
}

}  // namespace
}  // namespace prism::memstore
