#include <cmath>

#include "conformance/keyvalue/client.h"
#include "conformance/sortedset/basic_cases.h"
#include "conformance/sortedset/client.h"

namespace prism::conformance::sorted {
namespace {

void ExpectCounts(CaseContext& c, const AddResponse& counts, uint64_t added, uint64_t updated,
                  Where where = Where::current()) {
  c.ExpectEq(std::pair(counts.added(), counts.updated()), std::pair(added, updated), where);
}

// Each of the entries, and nothing else.
Task<void> ExpectHolds(CaseContext& c, SortedSet& set, std::string_view text,
                       Where where = Where::current()) {
  const Entries entries = Parsed(text);
  for (const auto& [member, score] : entries) {
    c.ExpectEq(co_await set.Score(member, where), score, where);
  }
  c.ExpectEq(co_await set.Size(where), entries.size(), where);
}

}  // namespace

Task<void> MembersHaveScores(CaseContext& c) {
  SortedSet set(c);
  ExpectCounts(c, co_await set.Add("a=1 b=2.5 c=-7"), 3, 0);
  co_await ExpectHolds(c, set, "a=1 b=2.5 c=-7");
  c.ExpectEq(co_await set.Score("d"), std::nullopt);
}

Task<void> AlwaysAddsOrReplaces(CaseContext& c) {
  SortedSet set(c);
  ExpectCounts(c, co_await set.Add("a=1 b=2 c=3"), 3, 0);
  ExpectCounts(c, co_await set.Add("a=5 b=-5 c=3 d=4"), 1, 2);
  co_await ExpectHolds(c, set, "a=5 b=-5 c=3 d=4");
}

Task<void> OnlyNewLeavesTheOthers(CaseContext& c) {
  SortedSet set(c);
  ExpectCounts(c, co_await set.Add("a=1", ONLY_NEW), 1, 0);
  ExpectCounts(c, co_await set.Add("a=0 a=2 b=3", ONLY_NEW), 1, 0);
  co_await ExpectHolds(c, set, "a=1 b=3");
}

Task<void> OnlyExistingAddsNothing(CaseContext& c) {
  SortedSet set(c);
  ExpectCounts(c, co_await set.Add("a=1 b=2", ONLY_EXISTING), 0, 0);
  c.ExpectEq(co_await set.Size(), uint64_t{0});
  co_await set.Add("a=1 b=1 c=1");
  ExpectCounts(c, co_await set.Add("a=2 b=0 c=1 d=4", ONLY_EXISTING), 0, 2);
  co_await ExpectHolds(c, set, "a=2 b=0 c=1");
}

Task<void> IfGreaterOnlyRaises(CaseContext& c) {
  SortedSet set(c);
  ExpectCounts(c, co_await set.Add("a=-1 b=1 c=1", IF_GREATER), 3, 0);
  ExpectCounts(c, co_await set.Add("a=-2 b=1 c=1.5 d=-9", IF_GREATER), 1, 1);
  co_await ExpectHolds(c, set, "a=-1 b=1 c=1.5 d=-9");
}

Task<void> IfLessOnlyLowers(CaseContext& c) {
  SortedSet set(c);
  ExpectCounts(c, co_await set.Add("a=-1 b=1 c=1", IF_LESS), 3, 0);
  ExpectCounts(c, co_await set.Add("a=-2 b=1 c=1.5 d=9", IF_LESS), 1, 1);
  co_await ExpectHolds(c, set, "a=-2 b=1 c=1 d=9");
}

// How a member that is named twice counts as updated is not promised.
Task<void> EntriesApplyInTheirOrder(CaseContext& c) {
  SortedSet set(c);
  const AddResponse always = co_await set.Add("a=1 b=0 a=3 a=2");
  const AddResponse only_new = co_await set.Add("c=2 c=1 c=3", ONLY_NEW);
  const AddResponse greater = co_await set.Add("d=1 d=3 d=2", IF_GREATER);
  const AddResponse less = co_await set.Add("e=3 e=1 e=2", IF_LESS);
  co_await set.Add("b=9 b=7", ONLY_EXISTING);
  c.ExpectEq(always.added(), uint64_t{2});
  for (const auto& one : {only_new, greater, less}) c.ExpectEq(one.added(), uint64_t{1});
  co_await ExpectHolds(c, set, "a=2 b=7 c=2 d=3 e=1");
}

Task<void> RepeatedAddsCountLess(CaseContext& c) {
  for (const AddMode mode : {ALWAYS, ONLY_NEW, ONLY_EXISTING, IF_GREATER, IF_LESS}) {
    SortedSet set(c);
    co_await set.Add("a=1 b=2");
    const AddResponse first = co_await set.Add("a=5 b=-5 c=3", mode);
    const std::optional<double> a = co_await set.Score("a");
    const std::optional<double> b = co_await set.Score("b");
    const uint64_t size = co_await set.Size();
    c.Expect(first.added() + first.updated() > 0, "the first one has done something");
    ExpectCounts(c, co_await set.Add("a=5 b=-5 c=3", mode), 0, 0);
    c.ExpectEq(co_await set.Score("a"), a);
    c.ExpectEq(co_await set.Score("b"), b);
    c.ExpectEq(co_await set.Size(), size);
  }
}

Task<void> RemoveCountsThoseThere(CaseContext& c) {
  SortedSet set(c);
  co_await set.Add("a=1 b=2 c=3 d=4");
  c.ExpectEq(co_await set.Remove("x a c y a"), uint64_t{2});
  c.ExpectEq(co_await set.Remove("x a c y a"), uint64_t{0});
  co_await ExpectHolds(c, set, "b=2 d=4");
  c.ExpectEq(co_await set.Score("a"), std::nullopt);
  c.ExpectEq(co_await set.Score("c"), std::nullopt);
}

Task<void> IncrementAdds(CaseContext& c) {
  SortedSet set(c);
  c.ExpectEq(co_await set.Increment("a", 2.5), 2.5);
  c.ExpectEq(co_await set.Increment("a", 2.5), 5.0);
  c.ExpectEq(co_await set.Increment("a", -7), -2.0);
  c.ExpectEq(co_await set.Increment("b", 0), 0.0);
  co_await ExpectHolds(c, set, "a=-2 b=0");
  c.ExpectEq(co_await set.Increment("b", -INFINITY), -INFINITY);
  c.ExpectEq(co_await set.Increment("b", 1), -INFINITY);
  co_await ExpectHolds(c, set, "a=-2 b=-inf");
}

Task<void> IncrementToNaNIsRefused(CaseContext& c) {
  constexpr auto kIncrement = &SortedSetBasicStub::Increment;
  SortedSet set(c);
  co_await set.Add("a=inf b=-inf c=1");
  co_await c.Refused(kIncrement, IncrementOf(set.name(), "a", -INFINITY), Code::kInvalidArgument);
  co_await c.Refused(kIncrement, IncrementOf(set.name(), "b", INFINITY), Code::kInvalidArgument);
  for (const char* member : {"c", "absent"}) {
    co_await c.Refused(kIncrement, IncrementOf(set.name(), member, NAN), Code::kInvalidArgument,
                       "delta");
  }
  co_await ExpectHolds(c, set, "a=inf b=-inf c=1");
}

Task<void> ClearRemovesAll(CaseContext& c) {
  SortedSet set(c);
  co_await set.Fill(Numbered(2500));
  c.ExpectEq(co_await set.Size(), uint64_t{2500});
  c.ExpectEq(co_await set.Clear(), uint64_t{2500});
  c.ExpectEq(co_await set.Size(), uint64_t{0});
  c.ExpectEq(co_await set.Score("1000000"), std::nullopt);
  c.ExpectEq(co_await set.Clear(), uint64_t{0});
  ExpectCounts(c, co_await set.Add("1000000=1"), 1, 0);
}

Task<void> LastMemberTakesTheSetAlong(CaseContext& c) {
  SortedSet set(c);
  ExpectCounts(c, co_await set.Add("a=1"), 1, 0);
  c.ExpectEq(co_await set.Remove("a"), uint64_t{1});
  c.ExpectEq(co_await set.Size(), uint64_t{0});
  c.ExpectEq(co_await set.Remove("a"), uint64_t{0});
  c.ExpectEq(co_await set.Score("a"), std::nullopt);
  c.ExpectEq(co_await set.Clear(), uint64_t{0});
  c.ExpectEq(co_await set.Increment("a", 4), 4.0);
}

Task<void> MembersComeInOrder(CaseContext& c) {
  SortedSet set(c);
  Entries sorted = Parsed("z=-inf y=-1e300 x=-2 w=-0.5");
  const Members equal = {"",
                         std::string("\0", 1),
                         std::string("\0\xff", 2),
                         "A",
                         "a",
                         "aa",
                         "ab",
                         "b",
                         "\x7f",
                         "\x80",
                         "\xff"};
  for (const std::string& member : equal) sorted.emplace_back("0" + member, 0);
  for (const auto& entry : Parsed("v=1e-300 10=9 9=9 u=10 t=inf")) sorted.push_back(entry);
  const Entries mixed(sorted.rbegin(), sorted.rend());
  co_await set.Add(mixed);
  c.ExpectEq(co_await set.All(), sorted);
  co_await set.Add("u=-3 x=11");
  const Entries moved = co_await set.All();
  c.ExpectEq(moved.size(), sorted.size());
  if (moved.size() < 4) co_return;
  c.ExpectEq(moved[2], std::pair(std::string("u"), -3.0));
  c.ExpectEq(moved[moved.size() - 2], std::pair(std::string("x"), 11.0));
}

Task<void> NamespacesNeverMeet(CaseContext& c) {
  SortedSet here(c);
  SortedSet there(c.other(), here.name());
  co_await here.Add("a=1 b=2");
  c.ExpectEq(co_await there.Size(), uint64_t{0});
  c.ExpectEq(co_await there.Score("a"), std::nullopt);
  ExpectCounts(c, co_await there.Add("a=9"), 1, 0);
  co_await ExpectHolds(c, here, "a=1 b=2");
  c.ExpectEq(co_await there.Clear(), uint64_t{1});
  co_await ExpectHolds(c, here, "a=1 b=2");
}

Task<void> OtherModelsNeverMeet(CaseContext& c) {
  SortedSet set(c);
  KeyValue kv(c);
  co_await kv.Set(set.name(), "value");
  c.ExpectEq(co_await set.Size(), uint64_t{0});
  co_await set.Add("a=1");
  c.ExpectEq(co_await kv.Get(set.name()), "value");
  co_await kv.Delete(set.name());
  co_await ExpectHolds(c, set, "a=1");
  co_await kv.Set(set.name(), "again");
  c.ExpectEq(co_await set.Clear(), uint64_t{1});
  c.ExpectEq(co_await kv.Get(set.name()), "again");
  co_await kv.Delete(set.name());
}

}  // namespace prism::conformance::sorted
