#include <algorithm>
#include <set>

#include "conformance/sortedset/range_cases.h"
#include "conformance/sortedset/range_client.h"

namespace prism::conformance::sorted {
namespace {

// Part by part behind what was read, by index or by score; every part must fit.
Task<Entries> ReadOn(CaseContext& c, Ranges& ranges, bool by_score, bool reverse) {
  Entries all;
  for (bool more = true; more && c.ok();) {
    const IndexRange indexes = {static_cast<int64_t>(all.size()), std::nullopt, reverse};
    const ScoreRange scores = {"[,]", reverse, all.size()};
    Task<GetRangeResponse> read = by_score ? ranges.Read(scores) : ranges.Read(indexes);
    const GetRangeResponse part = co_await read;
    ExpectFits(c, part);
    for (auto& entry : EntriesOf(part)) all.push_back(std::move(entry));
    more = part.more();
  }
  co_return all;
}

Task<void> ExpectReadOn(CaseContext& c, SortedSet& set, Entries entries) {
  Ranges ranges(c, set);
  for (const bool reverse : {false, true}) {
    for (const bool by_score : {false, true}) {
      const Entries all = co_await ReadOn(c, ranges, by_score, reverse);
      c.ExpectEq(all, entries);
    }
    std::reverse(entries.begin(), entries.end());
  }
}

}  // namespace

Task<void> OffsetAndLimit(CaseContext& c) {
  SortedSet set(c);
  co_await set.Add("a=1 b=2 c=3 d=4 e=5 f=6");
  Ranges ranges(c, set);
  const struct {
    ScoreRange range;
    const char* expected;
    bool more;
  } kReads[] = {
      {{"[2,5]", false, 0, 2}, "b=2 c=3", true},
      {{"[2,5]", false, 1, 2}, "c=3 d=4", true},
      {{"[2,5]", false, 2, 2}, "d=4 e=5", false},
      {{"[2,5]", false, 3, 9}, "e=5", false},
      {{"[2,5]", false, 1, 0}, "c=3 d=4 e=5", false},
      {{"[2,5]", false, 4, 2}, "", false},
      {{"[2,5]", false, UINT64_MAX, UINT64_MAX}, "", false},
      {{"[2,5]", true, 1, 2}, "d=4 c=3", true},
      {{"[2,5]", true, 2, 2}, "c=3 b=2", false},
      {{"[,]", false, 1, UINT64_MAX}, "b=2 c=3 d=4 e=5 f=6", false},
  };
  for (const auto& [range, expected, more] : kReads) {
    const GetRangeResponse answer = co_await ranges.Read(range);
    c.ExpectEq(EntriesOf(answer), Parsed(expected));
    c.ExpectEq(answer.more(), more);
  }
}

Task<void> ReadsHoldAThousand(CaseContext& c) {
  SortedSet set(c);
  const Entries entries = Numbered(2500);
  co_await set.Fill(entries);
  Ranges ranges(c, set);
  const ScoreRange wanted = {"[,]", false, 0, 2000};
  const GetRangeResponse first = co_await ranges.Read(wanted);
  ExpectFits(c, first);
  c.Expect(first.more(), "a range of 2500 goes on");
  co_await ExpectReadOn(c, set, entries);
}

Task<void> ReadsHoldAMebibyte(CaseContext& c) {
  SortedSet set(c);
  Entries entries = Numbered(20);
  for (auto& [member, score] : entries) member.resize(kMaxMemberBytes, 'm');
  co_await set.Fill(entries);
  co_await ExpectReadOn(c, set, entries);
}

// Each write moves all members to another score.
Task<void> ReadsAreOfOneMoment(CaseContext& c) {
  SortedSet set(c);
  Entries entries = Numbered(40);
  for (auto& [member, score] : entries) score = 0;
  co_await set.Fill(entries);
  bool writing = true;
  co_await c.Concurrently(6, [&](int client) -> Task<void> {
    Ranges ranges(c, set);
    for (int i = 0; client == 0 && i < 40; ++i) {
      Entries mine = entries;
      for (auto& [member, score] : mine) score = i % 2;
      co_await set.Add(std::move(mine));
    }
    if (client == 0) writing = false;
    while (writing && c.ok()) {
      const ScoreRange range = {"[0,1]"};
      const GetRangeResponse answer = co_await ranges.Read(range);
      std::set<double> scores;
      for (const Entry& entry : answer.entries()) scores.insert(entry.score());
      c.ExpectEq(std::pair(answer.entries_size(), scores.size()), std::pair(40, size_t{1}));
      const uint64_t low = co_await ranges.Count("[0,0]");
      c.Expect(low == 0 || low == 40, "all members are moved in one step");
    }
  });
}

// What others see is all of the members or none, whichever call removes them.
Task<void> RemovalIsOneStep(CaseContext& c) {
  SortedSet set(c);
  const Entries entries = Numbered(50);
  co_await set.Add("before=-1");
  bool removing = true;
  co_await c.Concurrently(6, [&](int client) -> Task<void> {
    Ranges ranges(c, set);
    for (int i = 0; client == 0 && i < 20; ++i) {
      co_await set.Fill(entries);
      const IndexRange behind = {1};
      Task<uint64_t> remove = i % 2 == 0 ? ranges.Remove(behind) : ranges.Remove("[0,]");
      const uint64_t removed = co_await remove;
      c.ExpectEq(removed, entries.size());
    }
    if (client == 0) removing = false;
    while (removing && c.ok()) {
      const uint64_t size = co_await set.Size();
      c.Expect(size == 1 || size == entries.size() + 1, "all are there or none");
    }
  });
  c.ExpectEq(co_await set.All(), Parsed("before=-1"));
}

// Clients take the first and the lowest ones away: the answers count each member once.
Task<void> EachMemberIsRemovedOnce(CaseContext& c) {
  SortedSet set(c);
  const Entries entries = Numbered(200);
  co_await set.Fill(entries);
  uint64_t removed = 0;
  co_await c.Concurrently(8, [&](int client) -> Task<void> {
    Ranges ranges(c, set);
    for (int i = 0; i < 15; ++i) {
      const IndexRange first = {0, 1};
      const std::string bounds = "[," + std::to_string(i * 12) + "]";
      Task<uint64_t> remove = client % 2 == 0 ? ranges.Remove(first) : ranges.Remove(bounds);
      const uint64_t mine = co_await remove;
      removed += mine;
    }
  });
  const uint64_t left = co_await set.Size();
  c.ExpectEq(removed + left, uint64_t{entries.size()});
  c.ExpectLe(uint64_t{169}, removed, "those up to 168");
}

Task<void> LongRangesAreRemoved(CaseContext& c) {
  SortedSet set(c);
  const Entries entries = Numbered(3000);
  Ranges ranges(c, set);
  const Entries last(entries.end() - 1, entries.end());
  for (const bool by_score : {false, true}) {
    co_await set.Clear();
    co_await set.Fill(entries);
    const IndexRange but_last = {0, -2};
    Task<uint64_t> remove = by_score ? ranges.Remove("[,2999)") : ranges.Remove(but_last);
    const uint64_t removed = co_await remove;
    c.ExpectEq(removed, uint64_t{2999});
    c.ExpectEq(co_await set.All(), last);
  }
}

}  // namespace prism::conformance::sorted
