#include <cmath>
#include <limits>

#include "conformance/sortedset/basic_cases.h"
#include "conformance/sortedset/client.h"

namespace prism::conformance::sorted {
namespace {

constexpr Code kBad = Code::kInvalidArgument;
using Limits = std::numeric_limits<double>;

// Every call about the set and the member must be refused with `part` in its message.
Task<void> RefusedEverywhere(CaseContext& c, std::string set, std::string member,
                             std::string_view part, Where where = Where::current()) {
  using Stub = SortedSetBasicStub;
  const Entries entries(1, std::pair(member, 1.0));
  const Members members(1, member);
  co_await c.Refused(&Stub::Add, AddOf(set, entries), kBad, part, where);
  co_await c.Refused(&Stub::Remove, RemoveOf(set, members), kBad, part, where);
  co_await c.Refused(&Stub::GetScore, Of<GetScoreRequest>(set, member), kBad, part, where);
  co_await c.Refused(&Stub::Increment, IncrementOf(set, member, 1), kBad, part, where);
}

}  // namespace

Task<void> ScoresAreDoubles(CaseContext& c) {
  SortedSet set(c);
  Entries entries;
  for (const double score : {0.1, 1.0 / 3, -123456789.123456789, 9007199254740993.0, Limits::max(),
                             Limits::lowest(), Limits::min(), Limits::denorm_min(),
                             -Limits::denorm_min(), double{INFINITY}, -double{INFINITY}}) {
    entries.emplace_back("m" + std::to_string(entries.size()), score);
  }
  co_await set.Fill(entries);
  for (const auto& [member, score] : entries) c.ExpectEq(co_await set.Score(member), score);
}

Task<void> MinusZeroIsZero(CaseContext& c) {
  SortedSet set(c);
  Entries entries(1, std::pair(std::string("a"), -0.0));
  co_await set.Add(entries);
  const std::optional<double> added = co_await set.Score("a");
  c.Expect(added == 0.0 && !std::signbit(*added), "-0 was added as 0");
  for (const AddMode mode : {ALWAYS, IF_GREATER, IF_LESS}) {
    const AddResponse same = co_await set.Add(entries, mode);
    c.ExpectEq(same.updated(), uint64_t{0});
  }
  const double sum = co_await set.Increment("b", -0.0);
  const std::optional<double> made = co_await set.Score("b");
  c.Expect(made == 0.0 && !std::signbit(*made) && !std::signbit(sum), "-0 was counted as 0");
}

Task<void> NaNIsRefused(CaseContext& c) {
  SortedSet set(c);
  co_await set.Add("a=1");
  for (const AddMode mode : {ALWAYS, ONLY_NEW, ONLY_EXISTING, IF_GREATER, IF_LESS}) {
    const AddRequest request = AddOf(set.name(), Parsed("a=2 b=3 a=nan"), mode);
    co_await c.Refused(&SortedSetBasicStub::Add, request, kBad, "score");
  }
  c.ExpectEq(co_await set.Score("a"), 1.0);
  c.ExpectEq(co_await set.Size(), uint64_t{1});
}

Task<void> CallsTakeAThousand(CaseContext& c) {
  using Stub = SortedSetBasicStub;
  SortedSet set(c);
  const Entries most = Numbered(kMaxEntries);
  const Entries more = Numbered(kMaxEntries + 1);
  const AddResponse added = co_await set.Add(most);
  c.ExpectEq(added.added(), uint64_t{kMaxEntries});
  co_await c.Refused(&Stub::Add, AddOf(set.name(), more), kBad, "entries");
  co_await c.Refused(&Stub::Add, AddOf(set.name(), Entries()), kBad, "entries");
  co_await c.Refused(&Stub::Remove, RemoveOf(set.name(), MembersOf(more)), kBad, "members");
  co_await c.Refused(&Stub::Remove, RemoveOf(set.name(), Members()), kBad, "members");
  c.ExpectEq(co_await set.Size(), uint64_t{kMaxEntries});
  c.ExpectEq(co_await set.Remove(MembersOf(most)), uint64_t{kMaxEntries});
}

// Names that differ in their last byte only, or in how they write a character, are others.
Task<void> LongNamesAreTaken(CaseContext& c) {
  const std::string longest = (c.Unique("sorted") + std::string(kMaxNameBytes, 's'))  //
                                  .substr(0, kMaxNameBytes - 1);
  const std::string text = c.Unique("sorted") + " /\n:{}*\xc3\xa9\xf0\x9f\x94\x91";
  for (const std::string& name : {longest, longest + "a", longest + "b", text, text + " "}) {
    SortedSet set(c, name);
    const AddResponse first = co_await set.Add("a=1");
    c.ExpectEq(first.added(), uint64_t{1});
    c.ExpectEq(co_await set.Size(), uint64_t{1});
  }
}

Task<void> BadNamesAreRefused(CaseContext& c) {
  for (const std::string& name : BadNames()) {
    co_await RefusedEverywhere(c, name, "m", "set");
    co_await c.Refused(&SortedSetBasicStub::Size, Of<SizeRequest>(name), kBad, "set");
    co_await c.Refused(&SortedSetBasicStub::Clear, Of<ClearRequest>(name), kBad, "set");
  }
  co_await NamesThatAreNoTextAreRefused(c);
}

Task<void> MembersAreAnyBytes(CaseContext& c) {
  SortedSet set(c);
  std::string all_bytes;
  for (int i = 0; i < 256; ++i) all_bytes.push_back(static_cast<char>(i));
  Members members = {"", " ", std::string("\0", 1), std::string("\0\0", 2), "a", "A", all_bytes};
  members.emplace_back("\xc3\x28");
  members.push_back(std::string(kMaxMemberBytes, 'm'));
  members.push_back(std::string(kMaxMemberBytes - 1, 'm') + "n");
  Entries entries;
  for (const std::string& member : members) {
    entries.emplace_back(member, static_cast<double>(entries.size()) + 1);
  }
  co_await set.Fill(entries);
  for (const auto& [member, score] : entries) c.ExpectEq(co_await set.Score(member), score);
  for (const auto& [member, score] : entries) {
    c.ExpectEq(co_await set.Increment(member, 1), score + 1);
    const Members one(1, member);
    c.ExpectEq(co_await set.Remove(one), uint64_t{1});
  }
  c.ExpectEq(co_await set.Size(), uint64_t{0});
}

Task<void> LongMembersAreRefused(CaseContext& c) {
  SortedSet set(c);
  co_await set.Add("a=1");
  const std::string too_long(kMaxMemberBytes + 1, 'm');
  co_await RefusedEverywhere(c, set.name(), too_long, "member");
  Entries entries = Parsed("a=2 b=2");
  entries.emplace_back(too_long, 2);
  co_await c.Refused(&SortedSetBasicStub::Add, AddOf(set.name(), entries), kBad, "member");
  const RemoveRequest remove = RemoveOf(set.name(), MembersOf(entries));
  co_await c.Refused(&SortedSetBasicStub::Remove, remove, kBad, "member");
  c.ExpectEq(co_await set.Score("a"), 1.0);
  c.ExpectEq(co_await set.Size(), uint64_t{1});
}

}  // namespace prism::conformance::sorted
