#include <algorithm>
#include <set>

#include "conformance/list/indexing_cases.h"

namespace prism::conformance::lists {

// The calls reach all workers, so this is about more than one of them.
Task<void> ReadsSeeAnsweredSets(CaseContext& c) {
  Lists lists(c);
  Elements elements(c);
  const std::string list = c.Unique("list");
  co_await lists.PushRight(list, Letters("abc"));
  for (int i = 0; i < 50 && c.ok(); ++i) {
    const std::string value = std::to_string(i);
    c.ExpectEq(co_await elements.Set(list, i % 2 ? 1 : -2, value), true);
    for (int reader = 0; reader < 3; ++reader) c.ExpectEq(co_await elements.Get(list, 1), value);
  }
}

// Values of one letter each: a mixture of two writes would show.
Task<void> SetIsOneStep(CaseContext& c) {
  constexpr int kWriters = 3;
  constexpr size_t kBytes = 20'000;
  const std::string list = c.Unique("list");
  Lists setup(c);
  const Values first(2, std::string(kBytes, 'z'));
  co_await setup.PushRight(list, first);
  co_await c.Concurrently(2 * kWriters, [&](int client) -> Task<void> {
    Elements elements(c);
    for (int i = 0; i < 25 && c.ok(); ++i) {
      if (client < kWriters) {
        const std::string value(kBytes, static_cast<char>('a' + client));
        c.ExpectEq(co_await elements.Set(list, client % 2, value), true);
        continue;
      }
      const auto value = co_await elements.Get(list, client % 2);
      c.Expect(value && value->size() == kBytes &&
                   std::count(value->begin(), value->end(), (*value)[0]) == int64_t{kBytes},
               "a reader sees one whole value");
    }
  });
}

// All insert beside the same pivot; each has its own length.
Task<void> NoInsertIsLost(CaseContext& c) {
  constexpr int kClients = 6;
  constexpr int kEach = 20;
  const std::string list = c.Unique("list");
  Lists lists(c);
  co_await lists.PushRight(list, Letters("p"));
  std::set<int64_t> lengths;
  co_await c.Concurrently(kClients, [&](int client) -> Task<void> {
    Elements elements(c);
    for (int i = 0; i < kEach && c.ok(); ++i) {
      const std::string value = std::to_string(client * kEach + i);
      Task<int64_t> insert = client % 2 ? elements.InsertBefore(list, "p", value)
                                        : elements.InsertAfter(list, "p", value);
      const int64_t length = co_await insert;
      lengths.insert(length);
    }
  });
  c.ExpectEq(lengths.size(), size_t{kClients * kEach});
  const Values all = co_await lists.Drain(list);
  std::map<std::string, int> expected = Occurrences(Numbers(kClients * kEach));
  expected["p"] = 1;
  c.Expect(Occurrences(all) == expected, "each value is there once, and the pivot");
}

Task<void> EachElementIsRemovedOnce(CaseContext& c) {
  constexpr int kElements = 100;
  const std::string list = c.Unique("list");
  Lists lists(c);
  Values values(kElements, "x");
  values.insert(values.begin() + kElements / 2, "y");
  co_await lists.PushRight(list, values);
  int64_t removed = 0;
  co_await c.Concurrently(8, [&](int client) -> Task<void> {
    Elements elements(c);
    for (int i = 0; i < 10 && c.ok(); ++i) {
      const int64_t two = co_await elements.Remove(list, "x", client % 2 ? 2 : -2);
      removed += two;
    }
  });
  c.ExpectEq(removed, kElements);
  c.ExpectEq(co_await lists.Drain(list), Letters("y"));
}

// The list always has the same two elements in the middle, whatever comes and goes at its ends: a
// removal that races with pushes and pops takes none of theirs.
Task<void> IndexesOfAMovingList(CaseContext& c) {
  constexpr int kEach = 30;
  const std::string list = c.Unique("list");
  Lists setup(c);
  co_await setup.PushRight(list, Letters("mn"));
  co_await c.Concurrently(4, [&](int client) -> Task<void> {
    Lists lists(c);
    Elements elements(c);
    for (int i = 0; i < kEach && c.ok(); ++i) {
      if (client == 0) co_await lists.PushLeft(list, Letters("l"));
      if (client == 1) co_await lists.PushRight(list, Letters("r"));
      if (client == 0) c.ExpectEq(co_await elements.Remove(list, "l", 1), 1);
      if (client == 1) c.ExpectEq(co_await elements.Remove(list, "r", -1), 1);
      if (client < 2) continue;
      const std::string value = (co_await elements.Get(list, 1)).value_or("absent");
      c.Expect(value == "m" || value == "n", "the second element is of the middle");
      const std::string last = (co_await elements.Get(list, -1)).value_or("absent");
      c.Expect(last == "n" || last == "r", "the last element is the middle's or the newest");
    }
  });
  c.ExpectEq(co_await setup.Drain(list), Letters("mn"));
}

}  // namespace prism::conformance::lists
