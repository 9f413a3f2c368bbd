#include "drivers/memstore/set/calls.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "drivers/memstore/set/set_fixture.h"
#include "prism/interfaces/set_random.pb.h"

namespace prism::memstore {
namespace {

using namespace set::v1;  // NOLINT
using B = SetCalls;
using Texts = std::vector<std::string>;

class MemStoreSetTest : public SetFixture {
 protected:
  std::vector<bool> Contains(const std::string& set, const Texts& members) {
    const auto contained = Ok(&B::Contains, WithMembers<ContainsRequest>(set, members)).contained();
    return {contained.begin(), contained.end()};
  }
  uint64_t Clear(const std::string& set) {
    ClearRequest request;
    request.set_set(set);
    return Ok(&B::Clear, request).removed();
  }
  Texts Random(const std::string& set, uint64_t count = 0, bool repeats = false) {
    GetRandomRequest request;
    request.set_set(set);
    request.set_count(count);
    request.set_repeats(repeats);
    const GetRandomResponse response = Ok(&B::GetRandom, request);
    return {response.members().begin(), response.members().end()};
  }
};

TEST_F(MemStoreSetTest, MembersAreDistinct) {
  EXPECT_EQ(Add("s", {"a", "b", "a", ""}), 3u) << "one that is named twice counts once";
  EXPECT_EQ(Add("s", {"a", "b", "c"}), 1u);
  EXPECT_EQ(Add("s", {"a", "b", "c"}), 0u);
  EXPECT_EQ(Size("s"), 4u);
  EXPECT_EQ(Contains("s", {"b", "x", "", "b"}), (std::vector<bool>{true, false, true, true}));
  EXPECT_EQ(Contains("none", {"b"}), std::vector<bool>{false});
  EXPECT_EQ(Remove("s", {"a", "x", "a", ""}), 2u);
  EXPECT_EQ(Remove("s", {"a", "x", "a", ""}), 0u);
  EXPECT_EQ(All("s"), (Texts{"b", "c"}));
}

TEST_F(MemStoreSetTest, BytesAreChargedOnceAndGivenBack) {
  EXPECT_EQ(Remove("s", {"a"}), 0u);
  EXPECT_EQ(budget_->used_bytes(), 0);
  Add("s", {"a"});
  const int64_t used = budget_->used_bytes();
  Add("s", {"bb", "bb", "a", "bb"});
  EXPECT_EQ(budget_->used_bytes(), used + MemberSet::kMemberBytes + 2);
  Remove("s", {"bb"});
  EXPECT_EQ(budget_->used_bytes(), used);
  Remove("s", {"a"});
  EXPECT_EQ(budget_->used_bytes(), 0) << "an emptied set is gone";
  Add("s", {"a", "b"});
  Add("t", {"c"});
  EXPECT_EQ(Clear("s"), 2u);
  EXPECT_EQ(Clear("s"), 0u);
  EXPECT_EQ(Size("t"), 1u);
  EXPECT_EQ(Clear("t"), 1u);
  EXPECT_EQ(budget_->used_bytes(), 0);
}

TEST_F(MemStoreSetTest, WithoutRoomNothingIsAdded) {
  const auto budget = std::make_shared<Budget>("mem", 1000);
  Sets sets(budget);
  const std::vector<Value> some = {Value::Copy("a")};
  const std::vector<Value> many = {Value::Copy("b"), Value::Copy(std::string(900, 'c'))};
  ASSERT_TRUE(sets.Add("s", some).ok());
  const int64_t used = budget->used_bytes();
  EXPECT_EQ(sets.Add("s", many).status().code(), Code::kResourceExhausted);
  EXPECT_EQ(sets.Add("t", many).status().code(), Code::kResourceExhausted);
  EXPECT_EQ(sets.Size("s"), 1u);
  EXPECT_EQ(budget->used_bytes(), used);
}

TEST_F(MemStoreSetTest, MembersComeInPagesOnceEach) {
  AddNumbers("s", 0, 2500);
  const auto pages = Pages("s");
  ASSERT_EQ(pages.size(), 3u);
  EXPECT_EQ(pages[0].members_size(), 1000);
  EXPECT_FALSE(pages[1].cursor().empty());
  EXPECT_TRUE(pages[2].cursor().empty());
  Texts expected = Numbers(0, 2500);
  std::sort(expected.begin(), expected.end());
  EXPECT_EQ(Sorted(pages), expected);
  EXPECT_TRUE(Pages("none").empty());
  Texts large;
  for (char c = 'a'; c < 'a' + 20; ++c) large.push_back(std::string(65'536, c));
  Add("large", large);
  ASSERT_EQ(Pages("large").size(), 2u);
  EXPECT_EQ(Pages("large")[0].members_size(), 16) << "a mebibyte";
}

TEST_F(MemStoreSetTest, ACursorResumesAndALimitEnds) {
  AddNumbers("s", 0, 2500);
  const auto first = Pages("s", 1200);
  ASSERT_EQ(first.size(), 2u);
  EXPECT_EQ(first[1].members_size(), 200);
  const auto rest = Pages("s", 0, first[1].cursor());
  std::vector<GetMembersResponse> both = first;
  both.insert(both.end(), rest.begin(), rest.end());
  Texts expected = Numbers(0, 2500);
  std::sort(expected.begin(), expected.end());
  EXPECT_EQ(Sorted(both), expected);
  EXPECT_TRUE(Pages("s", 2500).back().cursor().empty()) << "the limit is also the end";
  const std::string cursor = first[0].cursor();
  Pages("other", 0, cursor, Code::kInvalidArgument);
  Pages("s", 0, "x" + cursor, Code::kInvalidArgument);
  Clear("s");
  EXPECT_TRUE(Pages("s", 0, cursor).empty()) << "a cursor does not expire";
}

TEST_F(MemStoreSetTest, WhatStaysIsMetWhateverIsRemovedMeanwhile) {
  AddNumbers("s", 0, 3000);
  const auto first = Pages("s", 700);
  Remove("s", Numbers(100, 900));
  AddNumbers("s", 5000, 5600);
  Remove("s", Numbers(2000, 2900));
  const auto rest = Pages("s", 0, first.back().cursor());
  std::multiset<std::string> met;
  for (const auto& pages : {first, rest}) {
    for (const std::string& member : Sorted(pages)) met.insert(member);
  }
  for (int i = 0; i < 3000; ++i) {
    const bool stayed = !(i >= 100 && i < 900) && !(i >= 2000 && i < 2900);
    EXPECT_GE(met.count(std::to_string(i)), stayed ? 1u : 0u) << i;
  }
}

TEST_F(MemStoreSetTest, ACancelledStreamEndsWithTheReason) {
  Add("s", {"a"});
  context_.cancellation.Cancel(DeadlineExceededError("too late"));
  EXPECT_TRUE(Pages("s", 0, "", Code::kDeadlineExceeded).empty());
}

TEST_F(MemStoreSetTest, RandomMembersDifferUnlessRepeatsAreAllowed) {
  EXPECT_TRUE(Random("none", 5).empty());
  EXPECT_TRUE(Random("none", 5, true).empty());
  Add("s", Numbers(0, 10));
  EXPECT_EQ(Random("s").size(), 1u);
  for (const uint64_t count : {3u, 9u, 10u}) {
    const Texts drawn = Random("s", count);
    EXPECT_EQ(std::set<std::string>(drawn.begin(), drawn.end()).size(), count);
  }
  EXPECT_EQ(Random("s", 1000).size(), 10u) << "there are no more";
  EXPECT_EQ(Random("s", 1000, true).size(), 1000u);
  EXPECT_EQ(Size("s"), 10u) << "they stay";
}

TEST_F(MemStoreSetTest, EveryMemberHasAboutTheSameChance) {
  Add("s", Numbers(0, 10));
  std::map<std::string, int> drawn, alone;
  for (int i = 0; i < 3000; ++i) {
    for (const Value& member : data_->sets.Draw("s", 3, false)) {
      ++drawn[std::string(member.view())];
    }
    ++alone[std::string(data_->sets.Draw("s", 1, true)[0].view())];
  }
  for (const std::string& member : Numbers(0, 10)) {
    EXPECT_NEAR(drawn[member], 900, 200) << member;
    EXPECT_NEAR(alone[member], 300, 150) << member;
  }
}

TEST_F(MemStoreSetTest, PopTakesOut) {
  PopRequest request;
  request.set_set("s");
  EXPECT_EQ(Ok(&B::Pop, request).members_size(), 0);
  Add("s", Numbers(0, 10));
  EXPECT_EQ(Ok(&B::Pop, request).members_size(), 1) << "0 means 1";
  EXPECT_EQ(Size("s"), 9u);
  request.set_count(1000);
  const PopResponse rest = Ok(&B::Pop, request);
  EXPECT_EQ(std::set<std::string>(rest.members().begin(), rest.members().end()).size(), 9u);
  EXPECT_EQ(budget_->used_bytes(), 0);
  for (int i = 0; i < 20; ++i) Add("large", {std::string(65'536, static_cast<char>('a' + i))});
  request.set_set("large");
  EXPECT_EQ(Ok(&B::Pop, request).members_size(), 16) << "a mebibyte";
  EXPECT_EQ(Size("large"), 4u) << "what was not returned stays";
}

TEST_F(MemStoreSetTest, MisuseIsRefused) {
  ExpectRefused(&B::Add, WithMembers<AddRequest>("", {"a"}), "set");
  ExpectRefused(&B::Add, WithMembers<AddRequest>("s", {}), "members");
  ExpectRefused(&B::Remove, WithMembers<RemoveRequest>("s", Texts(1001)), "1000");
  ExpectRefused(&B::Contains, WithMembers<ContainsRequest>("s", {std::string(65'537, 'm')}),
                "65536");
  GetRandomRequest random;
  random.set_set("s");
  random.set_count(1001);
  ExpectRefused(&B::GetRandom, random, "count");
  PopRequest pop;
  pop.set_set("s");
  pop.set_count(1001);
  ExpectRefused(&B::Pop, pop, "count");
  ExpectRefused(&B::Size, SizeRequest(), "set");
  ExpectRefused(&B::Clear, ClearRequest(), "set");
  Pages("", 0, "", Code::kInvalidArgument);
}

}  // namespace
}  // namespace prism::memstore
