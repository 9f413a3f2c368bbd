#include <gtest/gtest.h>

#include <limits>
#include <optional>

#include "drivers/memstore/sortedset/sorted_fixture.h"
#include "prism/interfaces/sortedset_lex.pb.h"

namespace prism::memstore {
namespace {

using namespace sortedset::v1;  // NOLINT
using B = SortedSetCalls;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

struct From {
  double score;
  bool exclusive = false;
};
struct Text {
  std::string member;
  bool exclusive = false;
};

class MemStoreSortedRangeTest : public SortedFixture {
 protected:
  void SetUp() override { Add("s", {{"a", 1}, {"b", 2}, {"c", 2}, {"d", 3}, {"e", 5}}); }

  GetRangeResponse ByIndex(int64_t start, int64_t stop, bool reverse = false) {
    GetRangeByIndexRequest request;
    request.set_set("s");
    request.set_start(start);
    request.set_stop(stop);
    request.set_reverse(reverse);
    return Ok(&B::GetRangeByIndex, request);
  }
  Strings Indexed(int64_t start, int64_t stop, bool reverse = false) {
    return MembersOf(EntriesOf(ByIndex(start, stop, reverse)));
  }
  template <class Request>
  static Request Scores(std::optional<From> min, std::optional<From> max) {
    Request request;
    request.set_set("s");
    if (min) {
      request.mutable_min()->set_score(min->score);
      request.mutable_min()->set_exclusive(min->exclusive);
    }
    if (max) {
      request.mutable_max()->set_score(max->score);
      request.mutable_max()->set_exclusive(max->exclusive);
    }
    return request;
  }
  // What the three calls by score agree on.
  Strings Scored(std::optional<From> min, std::optional<From> max) {
    const Strings members =
        MembersOf(EntriesOf(Ok(&B::GetRangeByScore, Scores<GetRangeByScoreRequest>(min, max))));
    EXPECT_EQ(Ok(&B::CountByScore, Scores<CountByScoreRequest>(min, max)).count(), members.size());
    return members;
  }
  template <class Request>
  static Request Lex(std::optional<Text> min, std::optional<Text> max) {
    Request request;
    request.set_set("l");
    if (min) {
      request.mutable_min()->set_member(min->member);
      request.mutable_min()->set_exclusive(min->exclusive);
    }
    if (max) {
      request.mutable_max()->set_member(max->member);
      request.mutable_max()->set_exclusive(max->exclusive);
    }
    return request;
  }
  static Strings Members(const GetRangeByLexResponse& response) {
    return {response.members().begin(), response.members().end()};
  }
  Strings Lexed(std::optional<Text> min, std::optional<Text> max) {
    const Strings members = Members(Ok(&B::GetRangeByLex, Lex<GetRangeByLexRequest>(min, max)));
    EXPECT_EQ(Ok(&B::CountByLex, Lex<CountByLexRequest>(min, max)).count(), members.size());
    return members;
  }
};

TEST_F(MemStoreSortedRangeTest, IndexesIncludeBothEndsAndCountFromTheEndWhenNegative) {
  EXPECT_EQ(Indexed(0, 1), (Strings{"a", "b"}));
  EXPECT_EQ(Indexed(-2, -1), (Strings{"d", "e"}));
  EXPECT_EQ(Indexed(-100, 0), Strings{"a"});
  EXPECT_EQ(Indexed(4, 100), Strings{"e"});
  EXPECT_EQ(Indexed(3, 2), Strings{});
  EXPECT_EQ(Indexed(5, 9), Strings{});
  EXPECT_EQ(All("s").size(), 5u) << "without a stop it goes to the end";
  EXPECT_EQ(All("none").size(), 0u);
}

TEST_F(MemStoreSortedRangeTest, ReverseTurnsTheOrderRound) {
  EXPECT_EQ(Indexed(0, 1, true), (Strings{"e", "d"}));
  EXPECT_EQ(Indexed(2, 3, true), (Strings{"c", "b"}));
  EXPECT_EQ(Indexed(-1, -1, true), Strings{"a"});
  EXPECT_EQ(Indexed(0, -1, true), (Strings{"e", "d", "c", "b", "a"}));
  EXPECT_EQ(Indexed(5, 9, true), Strings{});
}

TEST_F(MemStoreSortedRangeTest, BoundsOfScoresAreIncludedUnlessExclusive) {
  EXPECT_EQ(Scored({}, {}).size(), 5u);
  EXPECT_EQ(Scored(From{2}, From{3}), (Strings{"b", "c", "d"}));
  EXPECT_EQ(Scored(From{2, true}, From{3}), Strings{"d"});
  EXPECT_EQ(Scored(From{2}, From{3, true}), (Strings{"b", "c"}));
  EXPECT_EQ(Scored(From{2, true}, {}), (Strings{"d", "e"}));
  EXPECT_EQ(Scored({}, From{2, true}), Strings{"a"});
  EXPECT_EQ(Scored(From{2}, From{2}), (Strings{"b", "c"}));
  EXPECT_EQ(Scored(From{2, true}, From{2}), Strings{});
  EXPECT_EQ(Scored(From{3}, From{2}), Strings{});
  EXPECT_EQ(Scored(From{4}, From{4}), Strings{});
}

TEST_F(MemStoreSortedRangeTest, InfinitiesAreBoundsLikeOthers) {
  Add("s", {{"lo", -kInfinity}, {"hi", kInfinity}});
  EXPECT_EQ(Scored(From{-kInfinity}, From{kInfinity}).size(), 7u);
  EXPECT_EQ(Scored(From{-kInfinity, true}, From{kInfinity, true}).size(), 5u);
  EXPECT_EQ(Scored(From{kInfinity}, {}), Strings{"hi"});
}

TEST_F(MemStoreSortedRangeTest, OffsetAndLimitSelectWithinTheOrderAsked) {
  auto request = Scores<GetRangeByScoreRequest>(From{2}, From{5});
  request.set_offset(1);
  request.set_limit(2);
  GetRangeResponse response = Ok(&B::GetRangeByScore, request);
  EXPECT_EQ(MembersOf(EntriesOf(response)), (Strings{"c", "d"}));
  EXPECT_TRUE(response.more());
  request.set_reverse(true);
  EXPECT_EQ(MembersOf(EntriesOf(Ok(&B::GetRangeByScore, request))), (Strings{"d", "c"}));
  request.set_limit(3);
  response = Ok(&B::GetRangeByScore, request);
  EXPECT_EQ(MembersOf(EntriesOf(response)), (Strings{"d", "c", "b"}));
  EXPECT_FALSE(response.more());
  request.set_offset(4);
  EXPECT_EQ(Ok(&B::GetRangeByScore, request).entries_size(), 0);
  request.set_offset(std::numeric_limits<uint64_t>::max());
  EXPECT_FALSE(Ok(&B::GetRangeByScore, request).more());
}

TEST_F(MemStoreSortedRangeTest, AnswersAreBounded) {
  AddNumbers("s", 2500);
  GetRangeResponse response = ByIndex(0, -1);
  EXPECT_EQ(response.entries_size(), 1000);
  EXPECT_TRUE(response.more());
  EXPECT_FALSE(ByIndex(0, 999).more()) << "all of the range was returned";
  auto request = Scores<GetRangeByScoreRequest>({}, {});
  request.set_limit(2000);
  EXPECT_EQ(Ok(&B::GetRangeByScore, request).entries_size(), 1000);
  request.set_offset(2000);
  EXPECT_EQ(Ok(&B::GetRangeByScore, request).entries_size(), 505);
  for (char c = 'a'; c < 'a' + 20; ++c) Add("s", {{std::string(65'536, c), 1e9}});
  request = Scores<GetRangeByScoreRequest>(From{1e9}, {});
  response = Ok(&B::GetRangeByScore, request);
  EXPECT_EQ(response.entries_size(), 16) << "a mebibyte";
  EXPECT_TRUE(response.more());
}

TEST_F(MemStoreSortedRangeTest, RemovesRanges) {
  RemoveRangeByIndexRequest by_index;
  by_index.set_set("s");
  by_index.set_start(-2);
  by_index.set_stop(-2);
  EXPECT_EQ(Ok(&B::RemoveRangeByIndex, by_index).removed(), 1u);
  EXPECT_EQ(MembersOf(All("s")), (Strings{"a", "b", "c", "e"}));
  const auto by_score = Scores<RemoveRangeByScoreRequest>(From{1, true}, From{5, true});
  EXPECT_EQ(Ok(&B::RemoveRangeByScore, by_score).removed(), 2u);
  EXPECT_EQ(Ok(&B::RemoveRangeByScore, by_score).removed(), 0u);
  EXPECT_EQ(MembersOf(All("s")), (Strings{"a", "e"}));
  by_index.set_start(0);
  by_index.clear_stop();
  EXPECT_EQ(Ok(&B::RemoveRangeByIndex, by_index).removed(), 2u);
  EXPECT_EQ(Ok(&B::RemoveRangeByIndex, by_index).removed(), 0u);
  EXPECT_EQ(budget_->used_bytes(), 0);
}

TEST_F(MemStoreSortedRangeTest, LexGoesByBytesAmongEqualScores) {
  EXPECT_EQ(Lexed({}, {}), Strings{});
  Add("l", {{"", 0}, {"a", 0}, {"ab", 0}, {"b", 0}, {"c", 0}, {"\xff", 0}});
  EXPECT_EQ(Lexed({}, {}).size(), 6u);
  EXPECT_EQ(Lexed(Text{"a"}, Text{"b"}), (Strings{"a", "ab", "b"}));
  EXPECT_EQ(Lexed(Text{"a", true}, Text{"b", true}), Strings{"ab"});
  EXPECT_EQ(Lexed(Text{"c", true}, {}), Strings{"\xff"});
  EXPECT_EQ(Lexed(Text{""}, Text{""}), Strings{""}) << "an empty member is the least";
  EXPECT_EQ(Lexed(Text{"", true}, Text{"a"}), Strings{"a"});
  EXPECT_EQ(Lexed(Text{"b"}, Text{"a"}), Strings{});
  auto request = Lex<GetRangeByLexRequest>(Text{"a"}, {});
  request.set_reverse(true);
  request.set_offset(1);
  request.set_limit(2);
  const GetRangeByLexResponse response = Ok(&B::GetRangeByLex, request);
  EXPECT_EQ(Members(response), (Strings{"c", "b"}));
  EXPECT_TRUE(response.more());
  const auto remove = Lex<RemoveRangeByLexRequest>(Text{"a", true}, Text{"c"});
  EXPECT_EQ(Ok(&B::RemoveRangeByLex, remove).removed(), 3u);
  EXPECT_EQ(Lexed({}, {}), (Strings{"", "a", "\xff"}));
}

TEST_F(MemStoreSortedRangeTest, LexAmongDifferentScoresDoesNoHarm) {
  Add("l", {{"c", 1}, {"a", 2}, {"d", 3}, {"b", 4}});
  for (const char* min : {"a", "b", "c", "d"}) {
    for (const char* max : {"a", "b", "c", "d"}) {
      EXPECT_LE(Lexed(Text{min}, Text{max}).size(), 4u);
      EXPECT_LE(Lexed(Text{min, true}, Text{max, true}).size(), 4u);
    }
  }
  EXPECT_EQ(Size("l"), 4u);
}

TEST_F(MemStoreSortedRangeTest, MisuseIsRefused) {
  ExpectRefused(&B::GetRangeByIndex, GetRangeByIndexRequest(), "set");
  ExpectRefused(&B::RemoveRangeByIndex, RemoveRangeByIndexRequest(), "set");
  ExpectRefused(&B::GetRangeByScore, Scores<GetRangeByScoreRequest>(From{kNaN}, {}), "min");
  ExpectRefused(&B::CountByScore, Scores<CountByScoreRequest>({}, From{kNaN}), "max");
  ExpectRefused(&B::RemoveRangeByScore, Scores<RemoveRangeByScoreRequest>(From{kNaN}, {}), "NaN");
  ExpectRefused(&B::GetRangeByScore, GetRangeByScoreRequest(), "set");
  ExpectRefused(&B::GetRangeByLex, GetRangeByLexRequest(), "set");
  const std::string long_member(65'537, 'm');
  ExpectRefused(&B::CountByLex, Lex<CountByLexRequest>(Text{long_member}, {}), "65536");
  ExpectRefused(&B::RemoveRangeByLex, Lex<RemoveRangeByLexRequest>({}, Text{long_member}), "65536");
}

}  // namespace
}  // namespace prism::memstore
