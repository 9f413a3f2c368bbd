#include "base/slice_list.h"

#include <gtest/gtest.h>

#include <deque>
#include <random>
#include <string>

namespace prism {
namespace {

std::string Text(const SliceList& list) {
  std::string text;
  for (const Slice& slice : list) text += slice.view();
  return text;
}

TEST(SliceList, MovesLeaveTheOtherEmpty) {
  for (const int count : {0, 1, 2, 3, 9}) {
    SliceList from;
    std::string expected;
    for (int i = 0; i < count; ++i) {
      expected += std::to_string(i);
      from.push_back(Slice::Copy(std::to_string(i)));
    }
    SliceList to = std::move(from);
    EXPECT_EQ(Text(to), expected);
    EXPECT_TRUE(from.empty());  // NOLINT: that is the promise
    from.push_back(Slice::Copy("again"));
    to = std::move(from);
    EXPECT_EQ(Text(to), "again");
  }
}

TEST(SliceList, CopiesShareTheBytes) {
  SliceList list;
  for (int i = 0; i < 5; ++i) list.push_back(Slice::Copy("x"));
  SliceList copy = list;
  copy = list;
  EXPECT_EQ(copy[3].data(), list[3].data());
  list.clear();
  EXPECT_EQ(Text(copy), "xxxxx");
}

// Against the standard's deque, over all ways to grow and shrink.
TEST(SliceList, BehavesLikeADeque) {
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    SliceList list;
    std::deque<std::string> model;
    for (int step = 0; step < 100; ++step) {
      const std::string text = std::to_string(random() % 1000);
      switch (random() % 5) {
        case 0:
        case 1:
          list.push_back(Slice::Copy(text));
          model.push_back(text);
          break;
        case 2:
          list.push_front(Slice::Copy(text));
          model.push_front(text);
          break;
        default:
          if (model.empty()) break;
          ASSERT_EQ(list.front().view(), model.front());
          ASSERT_EQ(list.back().view(), model.back());
          list.pop_front();
          model.pop_front();
      }
      ASSERT_EQ(list.size(), model.size());
    }
    for (size_t i = 0; i < model.size(); ++i) ASSERT_EQ(list[i].view(), model[i]);
  }
}

}  // namespace
}  // namespace prism
