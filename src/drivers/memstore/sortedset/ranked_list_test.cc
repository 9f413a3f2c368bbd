#include "drivers/memstore/sortedset/ranked_list.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

namespace prism::memstore {
namespace {

class RankedListTest : public ::testing::Test {
 protected:
  ~RankedListTest() override {
    for (RankedMember* member : model_) RankedMember::Delete(member);
  }
  void Insert(const std::string& text, double score) {
    RankedMember* member = RankedMember::New(Value::Copy(text), 0, score, RankedList::DrawLevels());
    list_.Insert(member);
    const auto at = std::find_if(model_.begin(), model_.end(),
                                 [&](RankedMember* other) { return !Before(*other, score, text); });
    model_.insert(at, member);
  }
  void Remove(size_t index) {
    list_.Remove(model_[index]);
    RankedMember::Delete(model_[index]);
    model_.erase(model_.begin() + static_cast<ptrdiff_t>(index));
  }
  void RemoveFrom(size_t index, size_t count) {
    std::vector<RankedMember*> taken;
    list_.RemoveFrom(index, count, [&](RankedMember* member) { taken.push_back(member); });
    const auto from = model_.begin() + static_cast<ptrdiff_t>(index);
    EXPECT_TRUE(std::equal(taken.begin(), taken.end(), from, from + static_cast<ptrdiff_t>(count)));
    model_.erase(from, from + static_cast<ptrdiff_t>(count));
    for (RankedMember* member : taken) RankedMember::Delete(member);
  }
  // Compares every way of looking at the list with the sorted vector.
  void Check() {
    ASSERT_EQ(list_.size(), model_.size());
    RankedMember* previous = nullptr;
    RankedMember* member = list_.first();
    for (size_t i = 0; i < model_.size(); ++i) {
      ASSERT_EQ(member, model_[i]) << i;
      ASSERT_EQ(member->previous, previous) << i;
      ASSERT_EQ(list_.At(i), model_[i]) << i;
      ASSERT_EQ(list_.IndexOf(*member), i);
      previous = member;
      member = member->next();
    }
    ASSERT_EQ(member, nullptr);
    ASSERT_EQ(list_.last(), previous);
    ASSERT_EQ(list_.At(model_.size()), nullptr);
  }

  RankedList list_;
  std::vector<RankedMember*> model_;
};

TEST_F(RankedListTest, AgreesWithASortedVectorUnderRandomChanges) {
  std::mt19937 random(7);
  Check();
  for (int step = 0; step < 4000; ++step) {
    const uint32_t dice = random() % 100;
    if (dice < 60 || model_.empty()) {
      Insert(std::to_string(step), random() % 50);  // many equal scores
    } else if (dice < 95) {
      Remove(random() % model_.size());
    } else {
      const size_t from = random() % model_.size();
      RemoveFrom(from, random() % (std::min<size_t>(model_.size() - from, 30) + 1));
    }
    if (step % 40 == 0) Check();
  }
  RemoveFrom(0, model_.size());
  Check();
}

TEST_F(RankedListTest, CountsWhatComesBefore) {
  for (int i = 0; i < 100; ++i) Insert(std::to_string(i), i / 10);
  EXPECT_EQ(list_.CountWhile([](const RankedMember& member) { return member.score < 3; }), 30u);
  EXPECT_EQ(list_.CountWhile([](const RankedMember&) { return true; }), 100u);
  EXPECT_EQ(list_.CountWhile([](const RankedMember&) { return false; }), 0u);
}

// A member is looked at in some 2 * log4(n) * 2 places; a walk would look at half of them.
TEST_F(RankedListTest, FindsInLogarithmicTime) {
  std::vector<RankedMember*> members;
  for (int i = 0; i < 100'000; ++i) {
    members.push_back(RankedMember::New(Value::Copy(""), 0, i, RankedList::DrawLevels()));
    list_.Insert(members.back());
  }
  uint64_t looks = 0;
  for (int i = 0; i < 1000; ++i) {
    list_.CountWhile([&](const RankedMember& member) {
      ++looks;
      return member.score < i * 100;
    });
  }
  EXPECT_LT(looks / 1000, 100u);
  for (RankedMember* member : members) RankedMember::Delete(member);
}

}  // namespace
}  // namespace prism::memstore
