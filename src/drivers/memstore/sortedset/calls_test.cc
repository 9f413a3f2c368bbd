#include "drivers/memstore/sortedset/calls.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "drivers/memstore/sortedset/sorted_fixture.h"
#include "prism/interfaces/sortedset_rank.pb.h"

namespace prism::memstore {
namespace {

using namespace sortedset::v1;  // NOLINT
using B = SortedSetCalls;
using Counts = std::pair<int, int>;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

class MemStoreSortedSetTest : public SortedFixture {
 protected:
  template <class Request>
  static Request Of(const std::string& member) {
    Request request;
    request.set_set("s");
    request.set_member(member);
    return request;
  }
  double Score(const std::string& member) {
    const GetScoreResponse response = Ok(&B::GetScore, Of<GetScoreRequest>(member));
    return response.found() ? response.score() : -99;
  }
  static IncrementRequest IncrementOf(const std::string& member, double delta) {
    IncrementRequest request = Of<IncrementRequest>(member);
    request.set_delta(delta);
    return request;
  }
  double Increment(const std::string& member, double delta) {
    return Ok(&B::Increment, IncrementOf(member, delta)).score();
  }
  uint64_t Remove(const Strings& members) {
    RemoveRequest request;
    request.set_set("s");
    for (const std::string& member : members) request.add_members(member);
    return Ok(&B::Remove, request).removed();
  }
};

TEST_F(MemStoreSortedSetTest, OrdersByScoreThenByUnsignedBytes) {
  EXPECT_EQ(Add("s", {{"b", 2},
                      {"a", 2},
                      {"z", -kInfinity},
                      {"\xff", 2},
                      {"", 2},
                      {"ab", 2},
                      {"y", kInfinity}}),
            Counts(7, 0));
  EXPECT_EQ(MembersOf(All("s")), (Strings{"z", "", "a", "ab", "b", "\xff", "y"}));
  EXPECT_EQ(Size("s"), 7u);
  EXPECT_EQ(Score("y"), kInfinity);
  EXPECT_EQ(Score("x"), -99);
}

TEST_F(MemStoreSortedSetTest, ModesSayWhatAnEntryMayDo) {
  EXPECT_EQ(Add("s", {{"a", 1}}, ONLY_EXISTING), Counts(0, 0));
  EXPECT_EQ(Size("s"), 0u);
  EXPECT_EQ(Add("s", {{"a", 1}, {"b", 5}}, ONLY_NEW), Counts(2, 0));
  EXPECT_EQ(Add("s", {{"a", 2}, {"c", 3}}, ONLY_NEW), Counts(1, 0));
  EXPECT_EQ(Score("a"), 1);
  EXPECT_EQ(Add("s", {{"a", 2}, {"b", 5}, {"d", 4}}, ONLY_EXISTING), Counts(0, 1));
  EXPECT_EQ(Score("a"), 2);
  EXPECT_EQ(Score("d"), -99);
  EXPECT_EQ(Add("s", {{"a", 1}, {"b", 6}, {"e", 9}}, IF_GREATER), Counts(1, 1));
  EXPECT_EQ(Score("a"), 2);
  EXPECT_EQ(Score("b"), 6);
  EXPECT_EQ(Add("s", {{"a", 1}, {"b", 7}, {"f", 9}}, IF_LESS), Counts(1, 1));
  EXPECT_EQ(Score("a"), 1);
  EXPECT_EQ(Score("b"), 6);
  EXPECT_EQ(Add("s", {{"a", 1}, {"b", 7}}), Counts(0, 1)) << "the same score is no update";
}

TEST_F(MemStoreSortedSetTest, EntriesApplyInTheOrderGiven) {
  EXPECT_EQ(Add("s", {{"a", 1}, {"a", 3}, {"a", 2}}), Counts(1, 2));
  EXPECT_EQ(Score("a"), 2);
  EXPECT_EQ(Add("s", {{"b", 1}, {"b", 3}, {"b", 2}}, IF_GREATER), Counts(1, 1));
  EXPECT_EQ(Score("b"), 3);
  EXPECT_EQ(All("s"), (Entries{{"a", 2}, {"b", 3}}));
}

TEST_F(MemStoreSortedSetTest, BytesAreChargedOnceAndGivenBack) {
  Add("s", {{"a", 1}});
  const int64_t used = budget_->used_bytes();
  Add("s", {{"bb", 1}, {"bb", 2}, {"a", 3}});
  EXPECT_EQ(budget_->used_bytes(), used + SortedSet::kMemberBytes + 2);
  EXPECT_EQ(Remove({"bb", "x", "bb"}), 1u);
  EXPECT_EQ(budget_->used_bytes(), used);
  EXPECT_EQ(Remove({"a"}), 1u);
  EXPECT_EQ(budget_->used_bytes(), 0) << "an emptied one is gone";
  EXPECT_EQ(Remove({"a"}), 0u);
  Add("s", {{"x", 1}}, ONLY_EXISTING);
  Add("s", {{"a", 1}, {"b", 2}});
  Increment("c", 1);
  ClearRequest clear;
  clear.set_set("s");
  EXPECT_EQ(Ok(&B::Clear, clear).removed(), 3u);
  EXPECT_EQ(Ok(&B::Clear, clear).removed(), 0u);
  EXPECT_EQ(budget_->used_bytes(), 0);
}

TEST_F(MemStoreSortedSetTest, WithoutRoomNothingIsAdded) {
  const auto budget = std::make_shared<Budget>("mem", 1500);
  SortedSets sets(budget);
  const std::vector<Scored> some = {{Value::Copy("a"), 1}};
  const std::vector<Scored> many = {{Value::Copy("a"), 2},
                                    {Value::Copy(std::string(1400, 'b')), 1}};
  ASSERT_TRUE(sets.Add("s", some, memstore::AddMode::kAlways).ok());
  const int64_t used = budget->used_bytes();
  EXPECT_EQ(sets.Add("s", many, memstore::AddMode::kAlways).status().code(),
            Code::kResourceExhausted);
  EXPECT_EQ(sets.Score("s", "a"), 1);
  EXPECT_EQ(sets.Increment("s", many[1].member, 1).status().code(), Code::kResourceExhausted);
  EXPECT_EQ(sets.Increment("t", many[1].member, 1).status().code(), Code::kResourceExhausted);
  EXPECT_EQ(budget->used_bytes(), used);
}

TEST_F(MemStoreSortedSetTest, IncrementAddsToWhatIsThereOrTo0) {
  EXPECT_EQ(Increment("a", 1.5), 1.5);
  EXPECT_EQ(Increment("a", 2), 3.5);
  EXPECT_EQ(Increment("a", -3.5), 0);
  Add("s", {{"b", -1}});
  EXPECT_EQ(MembersOf(All("s")), (Strings{"b", "a"})) << "the order follows";
  EXPECT_EQ(Increment("b", 10), 9);
  EXPECT_EQ(MembersOf(All("s")), (Strings{"a", "b"}));
  EXPECT_EQ(Increment("b", kInfinity), kInfinity);
  ExpectRefused(&B::Increment, IncrementOf("b", -kInfinity), "delta");
  EXPECT_EQ(Score("b"), kInfinity);
  ExpectRefused(&B::Increment, IncrementOf("c", kNaN), "delta");
  EXPECT_EQ(Score("c"), -99);
}

TEST_F(MemStoreSortedSetTest, MinusZeroIsZero) {
  Add("s", {{"b", 0.0}, {"a", -0.0}, {"c", -0.0}});
  EXPECT_EQ(MembersOf(All("s")), (Strings{"a", "b", "c"}));
  EXPECT_FALSE(std::signbit(Score("a")));
  EXPECT_FALSE(std::signbit(Increment("d", -0.0)));
  EXPECT_EQ(Add("s", {{"b", -0.0}}), Counts(0, 0));
}

TEST_F(MemStoreSortedSetTest, RanksCountFromEitherEnd) {
  Add("s", {{"a", 1}, {"b", 2}, {"c", 2}, {"d", 7}});
  const RankResponse rank = Ok(&B::Rank, Of<RankRequest>("c"));
  EXPECT_TRUE(rank.found());
  EXPECT_EQ(rank.rank(), 2u);
  EXPECT_EQ(rank.score(), 2);
  EXPECT_EQ(Ok(&B::Rank, Of<RankRequest>("a")).rank(), 0u);
  EXPECT_EQ(Ok(&B::ReverseRank, Of<RankRequest>("c")).rank(), 1u) << "greatest bytes first";
  EXPECT_EQ(Ok(&B::ReverseRank, Of<RankRequest>("d")).rank(), 0u);
  EXPECT_EQ(Ok(&B::ReverseRank, Of<RankRequest>("a")).rank(), 3u);
  EXPECT_FALSE(Ok(&B::Rank, Of<RankRequest>("x")).found());
  EXPECT_FALSE(Ok(&B::ReverseRank, Of<RankRequest>("x")).found());
  AddNumbers("s", 3000);
  EXPECT_EQ(Ok(&B::Rank, Of<RankRequest>("1002500")).rank(), 2504u);
}

TEST_F(MemStoreSortedSetTest, MisuseIsRefused) {
  ExpectRefused(&B::Add, AddOf("", {{"a", 1}}), "set");
  ExpectRefused(&B::Add, AddOf("s", {}), "entries");
  ExpectRefused(&B::Add, AddOf("s", Entries(1001)), "1000");
  ExpectRefused(&B::Add, AddOf("s", {{"a", 1}, {"b", kNaN}}), "entry 1: score is NaN");
  ExpectRefused(&B::Add, AddOf("s", {{std::string(65'537, 'm'), 1}}), "65536");
  ExpectRefused(&B::Add, AddOf("s", {{"a", 1}}, static_cast<sortedset::v1::AddMode>(5)), "mode");
  EXPECT_EQ(Size("s"), 0u);
  RemoveRequest remove;
  remove.set_set("s");
  ExpectRefused(&B::Remove, remove, "members");
  ExpectRefused(&B::GetScore, Of<GetScoreRequest>(std::string(65'537, 'm')), "member");
  ExpectRefused(&B::Rank, RankRequest(), "set");
  ExpectRefused(&B::ReverseRank, RankRequest(), "set");
  ExpectRefused(&B::Size, SizeRequest(), "set");
  ExpectRefused(&B::Clear, ClearRequest(), "set");
}

}  // namespace
}  // namespace prism::memstore
