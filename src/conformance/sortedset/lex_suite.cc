#include <algorithm>
#include <cmath>
#include <set>

#include "conformance/sortedset/lex_client.h"
#include "conformance/sortedset/suites.h"

namespace prism::conformance {
namespace sorted {
namespace {

constexpr Code kBad = Code::kInvalidArgument;
const LexRange kAll;
const Members kNone;

Task<void> LexBounds(CaseContext& c) {
  SortedSet set(c);
  co_await set.Add("c=0 a=0 e=0 b=0 d=0");
  Lex lex(c, set);
  for (const auto& [bounds, expected] : {std::pair("[b,d]", "b c d"),
                                         {"(b,d]", "c d"},
                                         {"[b,d)", "b c"},
                                         {"(b,d)", "c"},
                                         {"[c,c]", "c"},
                                         {"(c,c]", ""},
                                         {"[,c]", "a b c"},
                                         {"[,c)", "a b"},
                                         {"(c,]", "d e"},
                                         {"[,]", "a b c d e"},
                                         {"[aa,cz]", "b c"},
                                         {"(aa,cz)", "b c"},
                                         {"[x,z]", ""},
                                         {"[A,Z]", ""}}) {
    co_await lex.ExpectIs(c, Between(bounds), Words(expected));
  }
}

Task<void> EmptyMemberIsTheLeast(CaseContext& c) {
  SortedSet set(c);
  const Members all = {"", "a"}, least = {""}, rest = {"a"};
  co_await set.Add(WithScore(all, 0));
  Lex lex(c, set);
  const LexRange from = {BoundOf(""), {}}, behind = {BoundOf("", true), {}};
  const LexRange up_to = {{}, BoundOf("")}, before = {{}, BoundOf("", true)};
  co_await lex.ExpectIs(c, from, all);
  co_await lex.ExpectIs(c, behind, rest);
  co_await lex.ExpectIs(c, up_to, least);
  co_await lex.ExpectIs(c, before, kNone);
  c.ExpectEq(co_await lex.Remove(before), uint64_t{0});
  c.ExpectEq(co_await lex.Remove(up_to), uint64_t{1});
  co_await lex.ExpectIs(c, kAll, rest);
}

Task<void> MembersGoByTheirBytes(CaseContext& c) {
  SortedSet set(c);
  const Members members = {"",
                           std::string("\0", 1),
                           std::string("\0\0", 2),
                           " ",
                           "+",
                           "-",
                           "10",
                           "9",
                           "A",
                           "[a",
                           "a",
                           std::string("a\0", 2),
                           "aa",
                           "b",
                           "\x7f",
                           "\x80",
                           "\xc3\xa9",
                           "\xff",
                           "\xff\xff"};
  Entries mixed = WithScore(members, 0);
  std::reverse(mixed.begin(), mixed.end());
  co_await set.Add(mixed);
  Lex lex(c, set);
  co_await lex.ExpectIs(c, kAll, members);
  for (size_t i = 0; i + 2 < members.size(); ++i) {
    const LexRange three = {BoundOf(members[i]), BoundOf(members[i + 2])};
    const LexRange between = {BoundOf(members[i], true), BoundOf(members[i + 2], true)};
    const Members expected(members.begin() + i, members.begin() + i + 3);
    const Members middle(1, members[i + 1]);
    co_await lex.ExpectIs(c, three, expected);
    co_await lex.ExpectIs(c, between, middle);
  }
}

Task<void> AnyCommonScoreWillDo(CaseContext& c) {
  for (const double score : {7.5, -1e300, double{INFINITY}, -double{INFINITY}}) {
    SortedSet set(c);
    co_await set.Add(WithScore(Words("c a d b"), score));
    Lex lex(c, set);
    co_await lex.ExpectIs(c, Between("(a,c]"), Words("b c"));
    c.ExpectEq(co_await lex.Remove(Between("(a,c]")), uint64_t{2});
    co_await lex.ExpectIs(c, kAll, Words("a d"));
  }
}

// Which members are meant is not promised, but they are members, counted as they are removed.
Task<void> OtherScoresMeanSomeMembers(CaseContext& c) {
  SortedSet set(c);
  co_await set.Add("a=5 b=4 c=3 d=2 e=1 f=0");
  Lex lex(c, set);
  const GetRangeByLexResponse answer = co_await lex.Read(Between("[b,d]"));
  const Members members = MembersOf(answer);
  const std::set<std::string> distinct(members.begin(), members.end());
  c.ExpectEq(distinct.size(), members.size());
  for (const std::string& member : members) {
    const std::optional<double> score = co_await set.Score(member);
    c.Expect(score.has_value(), "what is returned is a member");
  }
  const uint64_t count = co_await lex.Count(Between("[b,d]"));
  c.ExpectLe(count, uint64_t{6}, "the members counted");
  const uint64_t removed = co_await lex.Remove(Between("[b,d]"));
  const uint64_t left = co_await set.Size();
  c.ExpectEq(left + removed, uint64_t{6});
}

Task<void> MinAboveMaxHasNone(CaseContext& c) {
  SortedSet set(c);
  co_await set.Add("a=1 b=1 c=1");
  Lex lex(c, set);
  for (const char* bounds : {"[c,a]", "(c,a)", "[b,a]", "(b,b)", "[b,b)"}) {
    co_await lex.ExpectIs(c, Between(bounds), kNone);
    c.ExpectEq(co_await lex.Remove(Between(bounds)), uint64_t{0});
  }
  co_await lex.ExpectIs(c, Between("[a,c]"), Words("a b c"));
}

Task<void> LexOffsetAndLimit(CaseContext& c) {
  SortedSet set(c);
  co_await set.Add("a=0 b=0 c=0 d=0 e=0 f=0");
  Lex lex(c, set);
  const LexRange range = Between("[b,e]");
  const struct {
    LexRange part;
    const char* expected;
    bool more;
  } kReads[] = {
      {Part(range, false, 0, 2), "b c", true},
      {Part(range, false, 1, 2), "c d", true},
      {Part(range, false, 2, 2), "d e", false},
      {Part(range, false, 3, 9), "e", false},
      {Part(range, false, 1, 0), "c d e", false},
      {Part(range, false, 4, 2), "", false},
      {Part(range, true, 0, 1), "e", true},
      {Part(range, true, 1, 3), "d c b", false},
      {Part(range, false, UINT64_MAX, UINT64_MAX), "", false},
      {Part(range, true, 2, UINT64_MAX), "c b", false},
  };
  for (const auto& [part, expected, more] : kReads) {
    const GetRangeByLexResponse answer = co_await lex.Read(part);
    c.ExpectEq(MembersOf(answer), Words(expected));
    c.ExpectEq(answer.more(), more);
  }
}

Task<void> LexReadsHoldAThousand(CaseContext& c) {
  SortedSet set(c);
  Entries entries = Numbered(2500);
  for (auto& [member, score] : entries) score = 0;
  co_await set.Fill(entries);
  Lex lex(c, set);
  const GetRangeByLexResponse first = co_await lex.Read(Part(kAll, false, 0, 2000));
  c.ExpectLe(first.members_size(), kMaxEntries, "the members of an answer");
  c.Expect(first.more(), "a range of 2500 goes on");
  Members members = MembersOf(entries);
  c.ExpectEq(co_await lex.ReadOn(c, kAll), members);
  std::reverse(members.begin(), members.end());
  c.ExpectEq(co_await lex.ReadOn(c, Part(kAll, true, 0, 0)), members);
  c.ExpectEq(co_await lex.Count(kAll), uint64_t{2500});
  c.ExpectEq(co_await lex.Remove(Between("[,1002499)")), uint64_t{2499});
  co_await lex.ExpectIs(c, kAll, Words("1002499"));
}

Task<void> LexReadsHoldAMebibyte(CaseContext& c) {
  SortedSet set(c);
  Entries entries = Numbered(20);
  for (auto& [member, score] : entries) {
    score = 0;
    member.resize(kMaxMemberBytes, 'm');
  }
  co_await set.Fill(entries);
  Lex lex(c, set);
  c.ExpectEq(co_await lex.ReadOn(c, kAll), MembersOf(entries));
  const LexRange last = {BoundOf(entries.back().first), BoundOf(entries.back().first)};
  const Members expected(1, entries.back().first);
  co_await lex.ExpectIs(c, last, expected);
}

Task<void> LexRemoves(CaseContext& c) {
  SortedSet set(c);
  co_await set.Add("a=0 b=0 c=0 d=0 e=0");
  Lex lex(c, set);
  c.ExpectEq(co_await lex.Remove(Between("(a,c]")), uint64_t{2});
  c.ExpectEq(co_await lex.Remove(Between("(a,c]")), uint64_t{0});
  c.ExpectEq(co_await set.Score("b"), std::nullopt);
  co_await lex.ExpectIs(c, kAll, Words("a d e"));
  c.ExpectEq(co_await lex.Remove(Between("[d,]")), uint64_t{2});
  co_await lex.ExpectIs(c, kAll, Words("a"));
  c.ExpectEq(co_await lex.Remove(kAll), uint64_t{1});
  c.ExpectEq(co_await set.Size(), uint64_t{0});
  co_await lex.ExpectIs(c, kAll, kNone);
  c.ExpectEq(co_await lex.Remove(kAll), uint64_t{0});
}

// The members between the first and the last come and go together.
Task<void> LexRangesAreOfOneMoment(CaseContext& c) {
  SortedSet set(c);
  co_await set.Add("0=0 9=0");
  Entries entries = Numbered(50);
  for (auto& [member, score] : entries) score = 0;
  bool writing = true;
  co_await c.Concurrently(6, [&](int client) -> Task<void> {
    Lex lex(c, set);
    for (int i = 0; client == 0 && i < 25; ++i) {
      co_await set.Fill(entries);
      c.ExpectEq(co_await lex.Remove(Between("[1,2]")), uint64_t{50});
    }
    if (client == 0) writing = false;
    while (writing && c.ok()) {
      const GetRangeByLexResponse answer = co_await lex.Read(kAll);
      c.Expect(answer.members_size() == 2 || answer.members_size() == 52, "all or none are read");
      const uint64_t count = co_await lex.Count(Between("(0,9)"));
      c.Expect(count == 0 || count == 50, "all or none are counted");
    }
  });
}

Task<void> EachMemberIsCountedOnce(CaseContext& c) {
  SortedSet set(c);
  Entries entries = Numbered(400);
  for (auto& [member, score] : entries) score = 0;
  co_await set.Fill(entries);
  uint64_t removed = 0;
  co_await c.Concurrently(8, [&](int client) -> Task<void> {
    Lex lex(c, set);
    for (int i = 0; i < 10; ++i) {
      const std::string last = std::to_string(1'000'000 + i * 40 + client);
      const LexRange up_to = {{}, BoundOf(last)};
      const uint64_t mine = co_await lex.Remove(up_to);
      removed += mine;
    }
  });
  c.ExpectEq(removed, uint64_t{368});
  c.ExpectEq(co_await set.Size(), uint64_t{32});
}

Task<void> LexFollowsWrites(CaseContext& c) {
  SortedSet set(c);
  Lex lex(c, set);
  co_await set.Add("b=0 d=0");
  co_await lex.ExpectIs(c, Between("[a,d]"), Words("b d"));
  co_await set.Add("c=0 e=0");
  co_await lex.ExpectIs(c, Between("[a,d]"), Words("b c d"));
  co_await set.Remove("b");
  co_await lex.ExpectIs(c, Between("[a,d]"), Words("c d"));
  co_await set.Clear();
  co_await lex.ExpectIs(c, Between("[a,d]"), kNone);
}

Task<void> BadLexRequestsAreRefused(CaseContext& c) {
  using Stub = SortedSetLexStub;
  const auto refused = [&c](std::string name, LexRange range, const char* part) -> Task<void> {
    co_await c.Refused(&Stub::GetRangeByLex, ByLexOf(name, range), kBad, part);
    co_await c.Refused(&Stub::CountByLex, CountByLexOf(name, range), kBad, part);
    co_await c.Refused(&Stub::RemoveRangeByLex, RemoveByLexOf(name, range), kBad, part);
  };
  for (const std::string& name : BadNames()) co_await refused(name, kAll, "set");
  SortedSet set(c);
  const std::string longest(kMaxMemberBytes, 'm');
  const LexRange fits = {BoundOf(longest), BoundOf(longest)};
  const LexRange min = {BoundOf(longest + "m"), {}}, max = {{}, BoundOf(longest + "m")};
  co_await refused(set.name(), min, "member");
  co_await refused(set.name(), max, "member");
  co_await set.Add("a=0");
  Lex lex(c, set);
  co_await lex.ExpectIs(c, fits, kNone);
  co_await NamesThatAreNoTextAreRefused(c);
}

Task<void> OtherNamespacesHaveTheirMembers(CaseContext& c) {
  SortedSet here(c);
  SortedSet there(c.other(), here.name());
  co_await here.Add("a=0 b=0");
  co_await there.Add("a=0 x=0 y=0");
  Lex ours(c, here);
  Lex theirs(c.other(), there);
  co_await ours.ExpectIs(c, kAll, Words("a b"));
  c.ExpectEq(co_await theirs.Remove(kAll), uint64_t{3});
  co_await ours.ExpectIs(c, kAll, Words("a b"));
}

constexpr std::string_view kBounds =
    "A bound is included unless `exclusive`; one that is not set means no bound, whereas an empty "
    "`member` is the least of all members.";
constexpr std::string_view kByLex =
    "Returns the members of a range in order, or with `reverse` in descending order, less the "
    "first `offset` of them, and at most `limit` (0: as many as fit): at most 1000, and at most 1 "
    "MiB, as they were at one moment.";
constexpr std::string_view kMore =
    "`more` tells that the range goes on behind the last one returned.";
constexpr std::string_view kCount = "Returns how many members a range has.";
constexpr std::string_view kRemove =
    "Removes all members of a range, in one step, and returns how many.";
constexpr std::string_view kSame =
    "Names, members, order and absence are those of sortedset_basic.";
constexpr std::string_view kSameScore =
    "Members of a sorted set by their bytes, for sorted sets whose members all have the same "
    "score.";
constexpr const InterfaceInfo* kBasic = &SortedSetBasic::Info();

constexpr Case kCases[] = {
    {"lex_bounds", {kSameScore, kBounds, kByLex, kCount}, &LexBounds, {kBasic}},
    {"empty_member_is_the_least", {kBounds, kRemove}, &EmptyMemberIsTheLeast, {kBasic}},
    {"members_go_by_their_bytes", {kSameScore, kSame}, &MembersGoByTheirBytes, {kBasic}},
    {"any_common_score_will_do", {kSameScore, kRemove}, &AnyCommonScoreWillDo, {kBasic}},
    {"other_scores_mean_some_members",
     {"If the scores differ, some of the members are returned, counted or removed, unspecified "
      "which."},
     &OtherScoresMeanSomeMembers,
     {kBasic}},
    {"min_above_max_has_none",
     {"A range with `min` above `max` is empty."},
     &MinAboveMaxHasNone,
     {kBasic}},
    {"offset_and_limit", {kByLex, kMore}, &LexOffsetAndLimit, {kBasic}},
    {"reads_hold_a_thousand", {kByLex, kMore, kRemove}, &LexReadsHoldAThousand, {kBasic}},
    {"reads_hold_a_mebibyte", {kByLex, kMore}, &LexReadsHoldAMebibyte, {kBasic}},
    {"removes_a_range", {kRemove, kSame}, &LexRemoves, {kBasic}},
    {"ranges_are_of_one_moment", {kByLex, kCount, kRemove}, &LexRangesAreOfOneMoment, {kBasic}},
    {"each_member_is_removed_once", {kRemove}, &EachMemberIsCountedOnce, {kBasic}},
    {"ranges_follow_writes",
     {"A read that starts after a write was answered sees that write or a later one."},
     &LexFollowsWrites,
     {kBasic}},
    {"bad_requests_are_refused", {kSame}, &BadLexRequestsAreRefused, {kBasic}},
    {"other_namespaces_have_their_members",
     {"Sorted sets never meet what other data models keep under the same name, nor other "
      "namespaces."},
     &OtherNamespacesHaveTheirMembers,
     {kBasic},
     true},
};

constexpr Suite kSuite = {&SortedSetLex::Info(), kCases, {}, &ClearNoted};

}  // namespace
}  // namespace sorted

const Suite& SortedSetLexSuite() { return sorted::kSuite; }

}  // namespace prism::conformance
