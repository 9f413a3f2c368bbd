#include "drivers/memstore/list/calls.h"

#include <gtest/gtest.h>

#include "drivers/memstore/calls_fixture.h"
#include "drivers/memstore/list/list_fixture.h"

namespace prism::memstore {
namespace {

using namespace list::v1;  // NOLINT
using B = ListCalls;
using Texts = std::vector<std::string>;

class MemStoreListTest : public ListFixture {};

TEST_F(MemStoreListTest, TheLastValuePushedEndsUpOutermost) {
  EXPECT_EQ(PushRight("l", {"a", "b"}), 2u);
  EXPECT_EQ(PushLeft("l", {"c", "d"}), 4u);
  EXPECT_EQ(All("l"), (Texts{"d", "c", "a", "b"}));
}

TEST_F(MemStoreListTest, PopsComeOutermostFirst) {
  PushRight("l", {"a", "b", "c", "d", "e"});
  EXPECT_EQ(PopLeft("l"), Texts{"a"}) << "0 means 1";
  EXPECT_EQ(PopLeft("l", 1), Texts{"b"});
  EXPECT_EQ(PopRight("l", 2), (Texts{"e", "d"}));
  EXPECT_EQ(PopRight("l", 1000), Texts{"c"});
  EXPECT_EQ(PopRight("l"), Texts{});
}

TEST_F(MemStoreListTest, AnAnswerOfPopsHasAMebibyteAtMostUnlessOneElementIsLarger) {
  PushRight("l",
            {std::string(2'000'000, 'x'), std::string(600'000, 'y'), std::string(600'000, 'z')});
  EXPECT_EQ(PopLeft("l", 3).size(), 1u);
  EXPECT_EQ(PopLeft("l", 3).size(), 1u);
  EXPECT_EQ(Length("l"), 1u);
  PushRight("e", Texts(1000));
  EXPECT_EQ(PopLeft("e", 1000).size(), 1000u) << "empty elements are elements";
}

TEST_F(MemStoreListTest, AnEmptiedListIsGone) {
  const int64_t before = budget_->used_bytes();
  EXPECT_EQ(Length("l"), 0u);
  PushRight("l", {"a", ""});
  EXPECT_EQ(Length("l"), 2u);
  EXPECT_GT(budget_->used_bytes(), before + 2 * List::kElementBytes);
  PopLeft("l", 2);
  EXPECT_EQ(Length("l"), 0u);
  EXPECT_EQ(budget_->used_bytes(), before);
}

TEST_F(MemStoreListTest, ClearRemovesAll) {
  ClearRequest request;
  request.set_list("l");
  EXPECT_EQ(Ok(&B::Clear, request).removed(), 0u);
  PushRight("l", {"a", "b"});
  PushRight("m", {"c"});
  EXPECT_EQ(Ok(&B::Clear, request).removed(), 2u);
  EXPECT_EQ(Length("l"), 0u);
  EXPECT_EQ(Length("m"), 1u) << "others stay";
  PopLeft("m");
  EXPECT_EQ(budget_->used_bytes(), 0);
}

TEST_F(MemStoreListTest, MisuseIsRefused) {
  PushRequest push;
  push.set_list("l");
  ExpectRefused(&B::PushLeft, push, "values");
  for (int i = 0; i < 1001; ++i) push.add_values("v");
  ExpectRefused(&B::PushRight, push, "1000");
  push.mutable_values()->RemoveLast();
  EXPECT_EQ(Ok(&B::PushRight, push).length(), 1000u);
  push.clear_list();
  ExpectRefused(&B::PushRight, push, "list");
  push.set_list(std::string(4097, 'n'));
  ExpectRefused(&B::PushRight, push, "4096");
  PopRequest pop;
  pop.set_list("l");
  pop.set_count(1001);
  ExpectRefused(&B::PopLeft, pop, "count");
  ExpectRefused(&B::PopRight, pop, "1000");
  ExpectRefused(&B::Length, LengthRequest(), "list");
  ExpectRefused(&B::Clear, ClearRequest(), "list");
}

TEST_F(MemStoreListTest, WithoutRoomNothingIsPushed) {
  const auto budget = std::make_shared<Budget>("mem", 2000);
  Lists lists(budget);
  const std::vector<Value> some = {Value::Copy("a")};
  const std::vector<Value> many = {Value::Copy("a"), Value::Copy(std::string(1500, 'b'))};
  ASSERT_TRUE(lists.Push("l", End::kRight, some).ok());
  const int64_t used = budget->used_bytes();
  EXPECT_EQ(lists.Push("l", End::kRight, many).status().code(), Code::kResourceExhausted);
  EXPECT_EQ(lists.Push("other", End::kRight, many).status().code(), Code::kResourceExhausted);
  EXPECT_EQ(lists.Set("l", 0, many[1]).status().code(), Code::kResourceExhausted);
  EXPECT_EQ(lists.Insert("l", true, "a", many[1]).status().code(), Code::kResourceExhausted);
  EXPECT_EQ(lists.Length("l"), 1u);
  EXPECT_EQ(budget->used_bytes(), used);
}

TEST_F(MemStoreListTest, ANamespaceThatGoesGivesItsBytesBack) {
  const auto budget = std::make_shared<Budget>("mem", 100'000);
  const std::vector<Value> values(10, Value::Copy("value"));
  {
    Lists lists(budget);
    ASSERT_TRUE(lists.Push("l", End::kRight, values).ok());
    EXPECT_GT(budget->used_bytes(), 0);
  }
  EXPECT_EQ(budget->used_bytes(), 0);
}

}  // namespace
}  // namespace prism::memstore
