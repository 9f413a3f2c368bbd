#include <algorithm>
#include <set>

#include "conformance/sortedset/basic_cases.h"
#include "conformance/sortedset/client.h"

namespace prism::conformance::sorted {
namespace {

constexpr int kClients = 8;

}  // namespace

// Each sum from 1 up is answered to one client, so none was lost and none came twice.
Task<void> NoIncrementIsLost(CaseContext& c) {
  constexpr int kEach = 25;
  SortedSet set(c);
  std::vector<double> answers;
  co_await c.Concurrently(kClients, [&](int) -> Task<void> {
    for (int i = 0; i < kEach; ++i) {
      const double sum = co_await set.Increment("counter", 1);
      answers.push_back(sum);
    }
  });
  std::sort(answers.begin(), answers.end());
  std::vector<double> expected;
  for (int i = 1; i <= kClients * kEach; ++i) expected.push_back(i);
  c.ExpectEq(answers, expected);
  c.ExpectEq(co_await set.Score("counter"), double{kClients * kEach});
}

Task<void> OneOfManyAddsAMember(CaseContext& c) {
  for (int round = 0; round < 10 && c.ok(); ++round) {
    SortedSet set(c);
    std::vector<uint64_t> added(kClients);
    co_await c.Concurrently(kClients, [&](int client) -> Task<void> {
      const Entries mine(1, std::pair(std::string("m"), client));
      const AddResponse counts = co_await set.Add(mine, ONLY_NEW);
      added[client] = counts.added();
    });
    const auto winner = std::find(added.begin(), added.end(), 1) - added.begin();
    c.ExpectEq(std::count(added.begin(), added.end(), 1), 1);
    c.ExpectEq(co_await set.Score("m"), static_cast<double>(winner));
  }
}

Task<void> OneOfManyRemovesAMember(CaseContext& c) {
  for (int round = 0; round < 5 && c.ok(); ++round) {
    SortedSet set(c);
    const Entries entries = Numbered(100);
    co_await set.Fill(entries);
    uint64_t removed = 0;
    co_await c.Concurrently(kClients, [&](int) -> Task<void> {
      const uint64_t mine = co_await set.Remove(MembersOf(entries));
      removed += mine;
    });
    c.ExpectEq(removed, entries.size());
    c.ExpectEq(co_await set.Size(), uint64_t{0});
  }
}

Task<void> GreatestOfManyStays(CaseContext& c) {
  SortedSet set(c);
  uint64_t added = 0;
  co_await c.Concurrently(kClients, [&](int client) -> Task<void> {
    for (int i = 0; i < 20; ++i) {
      // Up and down, and another client's turn to have the greatest one.
      const double score = client == i % kClients ? 100 + i : (i * 7 + client) % 100;
      const Entries mine(1, std::pair(std::string("high"), score));
      const Entries low(1, std::pair(std::string("low"), -score));
      const AddResponse up = co_await set.Add(mine, IF_GREATER);
      const AddResponse down = co_await set.Add(low, IF_LESS);
      added += up.added() + down.added();
    }
  });
  c.ExpectEq(added, uint64_t{2});
  c.ExpectEq(co_await set.Score("high"), 119.0);
  c.ExpectEq(co_await set.Score("low"), -119.0);
}

// What was added was cleared or is still there.
Task<void> AddsAndClearsBalance(CaseContext& c) {
  SortedSet set(c);
  uint64_t added = 0;
  uint64_t cleared = 0;
  co_await c.Concurrently(kClients, [&](int client) -> Task<void> {
    for (int i = 0; i < 20; ++i) {
      if (client % 4 == 0) {
        const uint64_t gone = co_await set.Clear();
        cleared += gone;
      } else {
        const AddResponse counts = co_await set.Add("a=1 b=2 c=3 d=4 e=5");
        added += counts.added();
      }
    }
  });
  c.Expect(added > 0, "members were added");
  const uint64_t left = co_await set.Clear();
  c.ExpectEq(cleared + left, added);
  c.ExpectEq(added % 5, uint64_t{0});
}

// One write sets all scores, so no read meets two of them.
Task<void> ReadsSeeWholeAdds(CaseContext& c) {
  SortedSet set(c);
  Entries entries = Numbered(40);
  for (auto& [member, score] : entries) score = -1;
  co_await set.Fill(entries);
  int writing = 2;
  co_await c.Concurrently(6, [&](int client) -> Task<void> {
    for (int i = 0; client < 2 && i < 30; ++i) {
      Entries mine = entries;
      for (auto& [member, score] : mine) score = i * 2 + client;
      co_await set.Add(std::move(mine));
    }
    if (client < 2) --writing;
    while (writing > 0 && c.ok()) {
      const Entries seen = co_await set.All();
      std::set<double> scores;
      for (const auto& [member, score] : seen) scores.insert(score);
      c.ExpectEq(scores.size(), size_t{1});
      c.ExpectEq(seen.size(), entries.size());
    }
  });
}

Task<void> ReadsSeeAnsweredWrites(CaseContext& c) {
  co_await c.Concurrently(4, [&](int) -> Task<void> {
    SortedSet set(c);
    for (int i = 1; i <= 15 && c.ok(); ++i) {
      const std::string member = std::to_string(i);
      const Entries entries(1, std::pair(member, i));
      co_await set.Add(entries);
      c.ExpectEq(co_await set.Score(member), static_cast<double>(i));
      c.ExpectEq(co_await set.Size(), static_cast<uint64_t>(i));
    }
    co_await set.Remove("1");
    c.ExpectEq(co_await set.Score("1"), std::nullopt);
    co_await set.Clear();
    c.ExpectEq(co_await set.Size(), uint64_t{0});
  });
}

}  // namespace prism::conformance::sorted
