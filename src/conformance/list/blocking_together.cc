#include "conformance/list/blocking_cases.h"

namespace prism::conformance::lists {

// As many waiting pops as pushes, of two lists: who waits in vain would wait too long.
Task<void> EachElementReachesOne(CaseContext& c) {
  constexpr int kPairs = 4;
  constexpr int kEach = 25;
  const Values names = {NewList(c, "one"), NewList(c, "two")};
  const Values reverse(names.rbegin(), names.rend());
  Values seen;
  co_await c.Concurrently(2 * kPairs, [&](int client) -> Task<void> {
    Lists lists(c);
    Blocking blocking(c);
    for (int i = 0; i < kEach && c.ok(); ++i) {
      if (client < kPairs) {
        const Values one(1, std::to_string(client * kEach + i));
        co_await lists.PushRight(names[i % 2], one);
        continue;
      }
      const BlockingPopRequest request = WaitFor(i % 2 ? names : reverse);
      Task<BlockingPopResponse> pop =
          client % 2 ? blocking.PopLeft(request) : blocking.PopRight(request);
      const BlockingPopResponse popped = co_await pop;
      c.Expect(popped.found(), "no call waits in vain");
      seen.push_back(popped.value());
    }
  });
  c.Expect(Occurrences(seen) == Occurrences(Numbers(kPairs * kEach)), "each element came once");
  Lists lists(c);
  for (const std::string& name : names) c.ExpectEq(co_await lists.Length(name), 0);
}

// The time of many calls passes at the moment when an element comes.
Task<void> TimeoutsLoseNothing(CaseContext& c) {
  constexpr int kPairs = 3;
  constexpr int kEach = 20;
  const std::string list = NewList(c, "list");
  Values seen;
  co_await c.Concurrently(2 * kPairs, [&](int client) -> Task<void> {
    Lists lists(c);
    Blocking blocking(c);
    for (int i = 0; client < kPairs && i < kEach && c.ok(); ++i) {
      const Values one(1, std::to_string(client * kEach + i));
      co_await lists.PushRight(list, one);
      co_await c.Sleep(std::chrono::microseconds(500 + 200 * client));
    }
    while (client >= kPairs && seen.size() < kPairs * kEach && c.ok()) {
      const BlockingPopResponse popped = co_await blocking.PopLeft(WaitFor(list, 1));
      if (popped.found()) seen.push_back(popped.value());
    }
  });
  c.Expect(Occurrences(seen) == Occurrences(Numbers(kPairs * kEach)), "each element came once");
  Lists lists(c);
  c.ExpectEq(co_await lists.Length(list), 0);
}

// Elements go round three lists; some of the moves wait.
Task<void> MovesLoseNothing(CaseContext& c) {
  constexpr int kElements = 5;
  const Values names = {NewList(c, "one"), NewList(c, "two"), NewList(c, "three")};
  Lists lists(c);
  co_await lists.PushRight(names[0], Numbers(kElements));
  int made = 0;
  co_await c.Concurrently(6, [&](int client) -> Task<void> {
    Blocking blocking(c);
    for (int i = 0; i < 30 && c.ok(); ++i) {
      const std::string& from = names[client % 3];
      const std::string& to = names[(client + 1) % 3];
      const auto moved = co_await blocking.Move(MoveOf(from, to, client < 3 ? 0 : 2));
      made += moved.has_value();
    }
  });
  c.ExpectLe(1, made, "moves that were made");
  Values all;
  for (const std::string& name : names) {
    const Values part = co_await lists.Drain(name);
    all.insert(all.end(), part.begin(), part.end());
  }
  c.Expect(Occurrences(all) == Occurrences(Numbers(kElements)), "each element is there once");
}

}  // namespace prism::conformance::lists
