#include <set>

#include "conformance/list/basic_cases.h"
#include "conformance/list/client.h"

namespace prism::conformance::lists {

// The calls reach all workers, so this is about more than one of them.
Task<void> ReadsSeeAnsweredWrites(CaseContext& c) {
  Lists lists(c);
  const std::string list = c.Unique("list");
  for (int i = 0; i < 30 && c.ok(); ++i) {
    co_await lists.PushRight(list, Letters("ab"));
    for (int reader = 0; reader < 3; ++reader) c.ExpectEq(co_await lists.Length(list), i + 2);
    c.ExpectEq(co_await lists.PopLeft(list), Letters(i % 2 ? "b" : "a"));
    for (int reader = 0; reader < 3; ++reader) c.ExpectEq(co_await lists.Length(list), i + 1);
  }
}

namespace {

constexpr int kBatch = 10;

// Pops until all batches have come; each must be one that was pushed.
Task<void> PopBatches(CaseContext& c, std::string list, int& left) {
  Lists lists(c);
  while (left > 0 && c.ok()) {
    const Values popped = co_await lists.PopLeft(list, kBatch);
    if (popped.empty()) continue;
    const Values whole(kBatch, popped[0]);
    c.ExpectEq(popped, whole);
    --left;
  }
}

}  // namespace

// A batch has equal elements: a push or a pop in several steps would show.
Task<void> BatchesStayWhole(CaseContext& c) {
  constexpr int kPushers = 3;
  constexpr int kEach = 20;
  const std::string list = c.Unique("list");
  int left = kPushers * kEach;
  co_await c.Concurrently(2 * kPushers + 2, [&](int client) -> Task<void> {
    Lists lists(c);
    if (client < kPushers) {
      for (int i = 0; i < kEach && c.ok(); ++i) {
        const Values batch(kBatch, std::to_string(client) + "/" + std::to_string(i));
        const int64_t length = co_await lists.PushRight(list, batch);
        c.ExpectEq(length % kBatch, 0);
      }
    } else if (client < 2 * kPushers) {
      co_await PopBatches(c, list, left);
    } else {
      while (left > 0 && c.ok()) {
        const int64_t length = co_await lists.Length(list);
        c.ExpectEq(length % kBatch, 0);
      }
    }
  });
  c.ExpectEq(left, 0);
}

Task<void> EveryPushHasItsLength(CaseContext& c) {
  constexpr int kClients = 8;
  constexpr int kEach = 20;
  const std::string list = c.Unique("list");
  std::set<int64_t> lengths;
  co_await c.Concurrently(kClients, [&](int client) -> Task<void> {
    Lists lists(c);
    for (int i = 0; i < kEach && c.ok(); ++i) {
      Task<int64_t> push =
          client % 2 ? lists.PushLeft(list, Letters("a")) : lists.PushRight(list, Letters("b"));
      const int64_t length = co_await push;
      c.Expect(lengths.insert(length).second, "no two pushes have the same length");
    }
  });
  c.ExpectEq(lengths.size(), size_t{kClients * kEach});
  if (!lengths.empty()) c.ExpectEq(*lengths.rbegin(), kClients * kEach);
}

// What pushers add at both ends is popped at both ends, each element once.
Task<void> NothingIsLostOrDoubled(CaseContext& c) {
  constexpr int kPairs = 4;
  constexpr int kEach = 30;
  const std::string list = c.Unique("list");
  Values seen;
  co_await c.Concurrently(2 * kPairs, [&](int client) -> Task<void> {
    Lists lists(c);
    for (int i = 0; i < kEach && c.ok(); ++i) {
      if (client >= kPairs) {
        Task<Values> pop = client % 2 ? lists.PopLeft(list, 2) : lists.PopRight(list);
        const Values popped = co_await pop;
        seen.insert(seen.end(), popped.begin(), popped.end());
        continue;
      }
      const Values one(1, std::to_string(client * kEach + i));
      Task<int64_t> push = client % 2 ? lists.PushLeft(list, one) : lists.PushRight(list, one);
      (void)co_await push;
    }
  });
  Lists lists(c);
  const Values rest = co_await lists.Drain(list);
  seen.insert(seen.end(), rest.begin(), rest.end());
  c.ExpectEq(seen.size(), size_t{kPairs * kEach});
  c.Expect(Occurrences(seen) == Occurrences(Numbers(kPairs * kEach)), "each element came once");
}

// Of what one client pushes, each answered before the next, nothing overtakes.
Task<void> PushesKeepTheirOrder(CaseContext& c) {
  constexpr int kClients = 4;
  constexpr int kEach = 30;
  const std::string list = c.Unique("list");
  co_await c.Concurrently(kClients, [&](int client) -> Task<void> {
    Lists lists(c);
    for (int i = 0; i < kEach && c.ok(); ++i) {
      const Values one(1, std::to_string(client * kEach + i));
      co_await lists.PushRight(list, one);
    }
  });
  Lists lists(c);
  const Values all = co_await lists.Drain(list);
  c.ExpectEq(all.size(), size_t{kClients * kEach});
  for (int client = 0; client < kClients; ++client) {
    Values mine;
    for (const std::string& value : all) {
      if (std::atoi(value.c_str()) / kEach == client) mine.push_back(value);
    }
    c.ExpectEq(mine, Numbers(kEach, client * kEach));
  }
}

Task<void> ClearIsOneStep(CaseContext& c) {
  constexpr int kPairs = 3;
  constexpr int kEach = 20;
  const std::string list = c.Unique("list");
  const Values batch(kBatch, "x");
  int64_t cleared = 0;
  co_await c.Concurrently(2 * kPairs, [&](int client) -> Task<void> {
    Lists lists(c);
    for (int i = 0; i < kEach && c.ok(); ++i) {
      if (client < kPairs) {
        co_await lists.PushLeft(list, batch);
        continue;
      }
      const int64_t removed = co_await lists.Clear(list);
      c.ExpectEq(removed % kBatch, 0);
      cleared += removed;
    }
  });
  Lists lists(c);
  cleared += co_await lists.Clear(list);
  c.ExpectEq(cleared, kPairs * kEach * kBatch);
}

}  // namespace prism::conformance::lists
