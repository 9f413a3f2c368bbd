#include <algorithm>

#include "conformance/sortedset/range_cases.h"
#include "conformance/sortedset/range_client.h"
#include "conformance/sortedset/suites.h"

namespace prism::conformance {
namespace sorted {
namespace {

constexpr Code kBad = Code::kInvalidArgument;
constexpr IndexRange kAll = {};

Task<void> ExpectRead(CaseContext& c, Ranges& ranges, IndexRange range, std::string_view expected,
                      Where where = Where::current()) {
  const GetRangeResponse answer = co_await ranges.Read(range, where);
  c.ExpectEq(EntriesOf(answer), Parsed(expected), where);
  c.Expect(!answer.more(), "the whole range is returned", where);
}

Task<void> IndexesCountFromBothEnds(CaseContext& c) {
  SortedSet set(c);
  co_await set.Add("e=5 c=3 a=1 d=4 b=2");
  Ranges ranges(c, set);
  const struct {
    IndexRange range;
    const char* expected;
  } kReads[] = {{{0}, "a=1 b=2 c=3 d=4 e=5"},
                {{0, -1}, "a=1 b=2 c=3 d=4 e=5"},
                {{0, 0}, "a=1"},
                {{1, 3}, "b=2 c=3 d=4"},
                {{3}, "d=4 e=5"},
                {{-1}, "e=5"},
                {{-2, -1}, "d=4 e=5"},
                {{-4, 2}, "b=2 c=3"},
                {{1, -2}, "b=2 c=3 d=4"},
                {{-5, -5}, "a=1"}};
  for (const auto& [range, expected] : kReads) co_await ExpectRead(c, ranges, range, expected);
}

Task<void> IndexesBeyondTheEnds(CaseContext& c) {
  SortedSet set(c);
  co_await set.Add("a=1 b=2 c=3");
  Ranges ranges(c, set);
  const struct {
    IndexRange range;
    const char* expected;
  } kReads[] = {{{-9, 1}, "a=1 b=2"},
                {{1, 9}, "b=2 c=3"},
                {{INT64_MIN, INT64_MAX}, "a=1 b=2 c=3"},
                {{3}, ""},
                {{3, 9}, ""},
                {{INT64_MAX}, ""},
                {{2, 1}, ""},
                {{-1, 1}, ""},
                {{-1, -2}, ""},
                {{0, -4}, ""},
                {{-9, -5}, ""},
                {{0, INT64_MIN}, ""}};
  for (const auto& [range, expected] : kReads) co_await ExpectRead(c, ranges, range, expected);
}

Task<void> ReverseTurnsTheOrder(CaseContext& c) {
  SortedSet set(c);
  co_await set.Add("a=1 b=2 c=2 d=2 e=5");
  Ranges ranges(c, set);
  const struct {
    IndexRange range;
    const char* expected;
  } kReads[] = {{{0, {}, true}, "e=5 d=2 c=2 b=2 a=1"},
                {{0, 0, true}, "e=5"},
                {{-1, {}, true}, "a=1"},
                {{1, 2, true}, "d=2 c=2"},
                {{-2, -1, true}, "b=2 a=1"},
                {{3, 9, true}, "b=2 a=1"},
                {{2, 1, true}, ""},
                {{5, 9, true}, ""}};
  for (const auto& [range, expected] : kReads) co_await ExpectRead(c, ranges, range, expected);
}

Task<void> ScoreBounds(CaseContext& c) {
  SortedSet set(c);
  co_await set.Add("a=1 b=2 c=2 d=2.5 e=-3");
  Ranges ranges(c, set);
  for (const auto& [bounds, expected] : {std::pair("[1,2]", "a=1 b=2 c=2"),
                                         {"(1,2]", "b=2 c=2"},
                                         {"[1,2)", "a=1"},
                                         {"(1,2)", ""},
                                         {"(1,2.5)", "b=2 c=2"},
                                         {"[2,2]", "b=2 c=2"},
                                         {"(2,2]", ""},
                                         {"[2,2)", ""},
                                         {"[,2)", "e=-3 a=1"},
                                         {"(1,]", "b=2 c=2 d=2.5"},
                                         {"[,]", "e=-3 a=1 b=2 c=2 d=2.5"},
                                         {"[-2.999,0.999]", ""},
                                         {"[-0,1]", "a=1"},
                                         {"[3,9]", ""}}) {
    co_await ranges.ExpectIs(c, bounds, Parsed(expected));
  }
}

Task<void> InfinitiesAreBounds(CaseContext& c) {
  SortedSet set(c);
  co_await set.Add("a=-inf b=-1e308 c=0 d=1e308 e=inf");
  Ranges ranges(c, set);
  for (const auto& [bounds, expected] :
       {std::pair("[-inf,inf]", "a=-inf b=-1e308 c=0 d=1e308 e=inf"),
        {"(-inf,inf)", "b=-1e308 c=0 d=1e308"},
        {"[inf,inf]", "e=inf"},
        {"[-inf,-inf]", "a=-inf"},
        {"(-inf,-inf]", ""},
        {"(1e308,]", "e=inf"},
        {"[,-1e308)", "a=-inf"},
        {"[inf,-inf]", ""}}) {
    co_await ranges.ExpectIs(c, bounds, Parsed(expected));
  }
}

Task<void> MinAboveMaxIsEmpty(CaseContext& c) {
  SortedSet set(c);
  co_await set.Add("a=1 b=2 c=3");
  Ranges ranges(c, set);
  for (const char* bounds : {"[3,1]", "(3,1)", "[2.5,1.5]", "(2,2)"}) {
    co_await ranges.ExpectIs(c, bounds, Entries());
    c.ExpectEq(co_await ranges.Remove(bounds), uint64_t{0});
  }
  c.ExpectEq(co_await set.Size(), uint64_t{3});
}

Task<void> EqualScoresGoByBytes(CaseContext& c) {
  SortedSet set(c);
  Entries entries;
  for (const std::string& member :
       {std::string(), std::string("\0", 1), std::string("A"), std::string("a"),
        std::string("a\0", 2), std::string("aa"), std::string("b"), std::string("\x7f"),
        std::string("\x80"), std::string("\xff")}) {
    entries.emplace_back(member, 7);
  }
  const Entries mixed(entries.rbegin(), entries.rend());
  co_await set.Add(mixed);
  Ranges ranges(c, set);
  co_await ranges.ExpectIs(c, "[7,7]", entries);
  const IndexRange all_turned = {0, std::nullopt, true};
  const GetRangeResponse turned = co_await ranges.Read(all_turned);
  c.ExpectEq(EntriesOf(turned), mixed);
}

Task<void> RemoveByIndex(CaseContext& c) {
  SortedSet set(c);
  co_await set.Add("a=1 b=2 c=3 d=4 e=5 f=6 g=7");
  Ranges ranges(c, set);
  const IndexRange second_and_third = {1, 2}, last = {-1}, nothing = {5, 9};
  c.ExpectEq(co_await ranges.Remove(second_and_third), uint64_t{2});
  c.ExpectEq(co_await set.All(), Parsed("a=1 d=4 e=5 f=6 g=7"));
  c.ExpectEq(co_await ranges.Remove(second_and_third), uint64_t{2});
  c.ExpectEq(co_await set.All(), Parsed("a=1 f=6 g=7"));
  c.ExpectEq(co_await ranges.Remove(last), uint64_t{1});
  c.ExpectEq(co_await ranges.Remove(nothing), uint64_t{0});
  c.ExpectEq(co_await set.All(), Parsed("a=1 f=6"));
  c.ExpectEq(co_await ranges.Remove(kAll), uint64_t{2});
  c.ExpectEq(co_await set.Size(), uint64_t{0});
  c.ExpectEq(co_await set.Score("a"), std::nullopt);
}

Task<void> RemoveByScore(CaseContext& c) {
  SortedSet set(c);
  co_await set.Add("a=-inf b=1 c=2 d=3 e=4 f=inf");
  Ranges ranges(c, set);
  c.ExpectEq(co_await ranges.Remove("(1,3]"), uint64_t{2});
  c.ExpectEq(co_await ranges.Remove("(1,3]"), uint64_t{0});
  c.ExpectEq(co_await set.All(), Parsed("a=-inf b=1 e=4 f=inf"));
  c.ExpectEq(co_await ranges.Remove("[,1)"), uint64_t{1});
  c.ExpectEq(co_await ranges.Remove("(4,]"), uint64_t{1});
  c.ExpectEq(co_await set.All(), Parsed("b=1 e=4"));
  c.ExpectEq(co_await ranges.Remove("[,]"), uint64_t{2});
  c.ExpectEq(co_await set.Size(), uint64_t{0});
}

Task<void> RangesFollowWrites(CaseContext& c) {
  SortedSet set(c);
  co_await set.Add("a=1 b=2 c=3");
  Ranges ranges(c, set);
  co_await set.Increment("a", 1.5);
  co_await ranges.ExpectIs(c, "[2,3)", Parsed("b=2 a=2.5"));
  co_await set.Add("c=0 d=2.25");
  co_await ranges.ExpectIs(c, "[,]", Parsed("c=0 b=2 d=2.25 a=2.5"));
  co_await set.Remove("b");
  const IndexRange first_two = {0, 1};
  co_await ExpectRead(c, ranges, first_two, "c=0 d=2.25");
}

// First one that is there, so that the answers could be others.
Task<void> AbsentSetsAreEmpty(CaseContext& c) {
  SortedSet set(c);
  co_await set.Add("a=1");
  Ranges ranges(c, set);
  co_await ExpectRead(c, ranges, kAll, "a=1");
  co_await set.Remove("a");
  co_await ExpectRead(c, ranges, kAll, "");
  co_await ranges.ExpectIs(c, "[,]", Entries());
  c.ExpectEq(co_await ranges.Remove("[,]"), uint64_t{0});
  c.ExpectEq(co_await ranges.Remove(kAll), uint64_t{0});
}

Task<void> NaNBoundsAreRefused(CaseContext& c) {
  using Stub = SortedSetRangeStub;
  SortedSet set(c);
  co_await set.Add("a=1");
  for (const auto& [bounds, field] : {std::pair("[nan,1]", "min"), {"[1,nan]", "max"}}) {
    const ScoreRange range = {bounds};
    co_await c.Refused(&Stub::GetRangeByScore, ByScoreOf(set.name(), range), kBad, field);
    co_await c.Refused(&Stub::CountByScore, CountOf(set.name(), bounds), kBad, field);
    co_await c.Refused(&Stub::RemoveRangeByScore, RemoveByScoreOf(set.name(), bounds), kBad, field);
  }
  c.ExpectEq(co_await set.Size(), uint64_t{1});
}

Task<void> BadNamesOfRangesAreRefused(CaseContext& c) {
  using Stub = SortedSetRangeStub;
  const ScoreRange scores = {"[,]"};
  for (const std::string& name : BadNames()) {
    co_await c.Refused(&Stub::GetRangeByIndex, ByIndexOf(name, kAll), kBad, "set");
    co_await c.Refused(&Stub::RemoveRangeByIndex, RemoveByIndexOf(name, kAll), kBad, "set");
    co_await c.Refused(&Stub::GetRangeByScore, ByScoreOf(name, scores), kBad, "set");
    co_await c.Refused(&Stub::CountByScore, CountOf(name, "[,]"), kBad, "set");
    co_await c.Refused(&Stub::RemoveRangeByScore, RemoveByScoreOf(name, "[,]"), kBad, "set");
  }
  co_await NamesThatAreNoTextAreRefused(c);
}

Task<void> OtherNamespacesHaveTheirRanges(CaseContext& c) {
  SortedSet here(c);
  SortedSet there(c.other(), here.name());
  co_await here.Add("a=1 b=2");
  co_await there.Add("x=1 y=2 z=3");
  Ranges ours(c, here);
  Ranges theirs(c.other(), there);
  co_await ours.ExpectIs(c, "[,]", Parsed("a=1 b=2"));
  c.ExpectEq(co_await theirs.Remove("[,]"), uint64_t{3});
  co_await ExpectRead(c, ours, kAll, "a=1 b=2");
}

constexpr std::string_view kIncluded =
    "`start` and `stop` are both included; 0 is the first member, and a negative index counts from "
    "the end: -1 is the last.";
constexpr std::string_view kBeyond =
    "A start before the first member means 0, a stop behind the last means -1; a range whose start "
    "is behind the last member or behind its stop is empty.";
constexpr std::string_view kBounds =
    "a bound is included unless `exclusive`; one that is not set means no bound.";
constexpr std::string_view kAtMost =
    "Reads return at most 1000 entries, and at most 1 MiB of members, as they were at one moment.";
constexpr std::string_view kMore =
    "`more` tells that the range goes on behind the last one returned.";
constexpr std::string_view kByIndex =
    "With `reverse` the order is turned round first: index 0 is then the member with the highest "
    "score, and entries descend.";
constexpr std::string_view kByScore =
    "Returns the entries of a range of scores in order, or with `reverse` in descending order, "
    "less the first `offset` of them, and at most `limit` (0: as many as fit).";
constexpr std::string_view kCount = "Returns how many members a range of scores has.";
constexpr std::string_view kRemoveByIndex =
    "Removes all members of a range of indexes, in one step, and returns how many.";
constexpr std::string_view kRemoveByScore =
    "Removes all members of a range of scores, in one step, and returns how many.";
constexpr std::string_view kSame =
    "Names, members, scores, order and absence are those of sortedset_basic.";
constexpr const InterfaceInfo* kBasic = &SortedSetBasic::Info();

constexpr Case kCases[] = {
    {"indexes_count_from_both_ends",
     {"Members of a sorted set by their place or their score.", kIncluded,
      "Returns the entries of a range of indexes in order."},
     &IndexesCountFromBothEnds,
     {kBasic}},
    {"indexes_beyond_the_ends", {kBeyond}, &IndexesBeyondTheEnds, {kBasic}},
    {"reverse_turns_the_order", {kByIndex, kBeyond}, &ReverseTurnsTheOrder, {kBasic}},
    {"score_bounds", {kBounds, kByScore, kCount}, &ScoreBounds, {kBasic}},
    {"infinities_are_bounds",
     {"Infinities are bounds like others.", kBounds},
     &InfinitiesAreBounds,
     {kBasic}},
    {"min_above_max_is_empty",
     {"A range with `min` above `max` is empty."},
     &MinAboveMaxIsEmpty,
     {kBasic}},
    {"equal_scores_go_by_bytes", {kSame, kByScore, kByIndex}, &EqualScoresGoByBytes, {kBasic}},
    {"offset_and_limit", {kByScore, kMore}, &OffsetAndLimit, {kBasic}},
    {"reads_hold_a_thousand", {kAtMost, kMore}, &ReadsHoldAThousand, {kBasic}},
    {"reads_hold_a_mebibyte", {kAtMost, kMore}, &ReadsHoldAMebibyte, {kBasic}},
    {"reads_are_of_one_moment", {kAtMost, kCount}, &ReadsAreOfOneMoment, {kBasic}},
    {"remove_by_index",
     {kRemoveByIndex, "Repeated, it removes those that have moved up."},
     &RemoveByIndex,
     {kBasic}},
    {"remove_by_score", {kRemoveByScore}, &RemoveByScore, {kBasic}},
    {"long_ranges_are_removed", {kRemoveByIndex, kRemoveByScore}, &LongRangesAreRemoved, {kBasic}},
    {"removal_is_one_step", {kRemoveByIndex, kRemoveByScore}, &RemovalIsOneStep, {kBasic}},
    {"each_member_is_removed_once",
     {kRemoveByIndex, kRemoveByScore},
     &EachMemberIsRemovedOnce,
     {kBasic}},
    {"ranges_follow_writes",
     {"A read that starts after a write was answered sees that write or a later one."},
     &RangesFollowWrites,
     {kBasic}},
    {"absent_sets_are_empty", {kSame}, &AbsentSetsAreEmpty, {kBasic}},
    {"nan_bounds_are_refused", {"NaN is INVALID_ARGUMENT."}, &NaNBoundsAreRefused, {kBasic}},
    {"bad_names_are_refused", {kSame}, &BadNamesOfRangesAreRefused},
    {"other_namespaces_have_their_ranges",
     {"Sorted sets never meet what other data models keep under the same name, nor other "
      "namespaces."},
     &OtherNamespacesHaveTheirRanges,
     {kBasic},
     true},
};

constexpr Suite kSuite = {&SortedSetRange::Info(), kCases, {}, &ClearNoted};

}  // namespace
}  // namespace sorted

const Suite& SortedSetRangeSuite() { return sorted::kSuite; }

}  // namespace prism::conformance
