#include "conformance/list/blocking_cases.h"

namespace prism::conformance::lists {

Task<void> MovesFromEndToEnd(CaseContext& c) {
  struct {
    list::v1::End from;
    list::v1::End to;
    const char* moved;
    const char* source;
    const char* destination;
  } const kTable[] = {
      {LEFT, LEFT, "a", "bc", "axy"},
      {LEFT, RIGHT, "a", "bc", "xya"},
      {RIGHT, LEFT, "c", "ab", "cxy"},
      {RIGHT, RIGHT, "c", "ab", "xyc"},
  };
  Lists lists(c);
  Blocking blocking(c);
  for (const int64_t timeout : {int64_t{0}, kLongMs}) {
    for (const auto& row : kTable) {
      const std::string source = NewList(c, "source");
      const std::string destination = NewList(c, "destination");
      co_await lists.PushRight(source, Letters("abc"));
      co_await lists.PushRight(destination, Letters("xy"));
      c.ExpectEq(co_await blocking.Move(MoveOf(source, row.from, destination, row.to, timeout)),
                 row.moved);
      c.ExpectEq(co_await lists.Drain(source), Letters(row.source));
      c.ExpectEq(co_await lists.Drain(destination), Letters(row.destination));
    }
  }
}

Task<void> MoveRotatesAList(CaseContext& c) {
  Lists lists(c);
  Blocking blocking(c);
  const std::string list = c.Unique("list");
  co_await lists.PushRight(list, Letters("abc"));
  c.ExpectEq(co_await blocking.Move(MoveOf(list, LEFT, list, RIGHT, 0)), "a");
  c.ExpectEq(co_await blocking.Move(MoveOf(list, LEFT, list, RIGHT, 0)), "b");
  c.ExpectEq(co_await blocking.Move(MoveOf(list, RIGHT, list, LEFT, 0)), "b");
  c.ExpectEq(co_await blocking.Move(MoveOf(list, LEFT, list, LEFT, 0)), "b");
  c.ExpectEq(co_await blocking.Move(MoveOf(list, RIGHT, list, RIGHT, 0)), "a");
  c.ExpectEq(co_await lists.Drain(list), Letters("bca"));
}

Task<void> MoveWaitsForAnElement(CaseContext& c) {
  Lists lists(c);
  const std::string source = NewList(c, "source");
  const std::string destination = NewList(c, "destination");
  co_await lists.PushRight(destination, Letters("xy"));
  WaitingMove move(c, &ListBlockingStub::BlockingMove,
                   MoveOf(source, RIGHT, destination, LEFT, kLongMs));
  co_await move.Arrived(c);
  c.ExpectEq(co_await lists.PushRight(source, Letters("abc")), 3);
  co_await move.Expect(c, "c");
  c.ExpectEq(co_await lists.Drain(source), Letters("ab"));
  c.ExpectEq(co_await lists.Drain(destination), Letters("cxy"));
}

// Through two waiting moves to a waiting pop, and by a plain move to another one.
Task<void> MoveServesItsDestination(CaseContext& c) {
  Lists lists(c);
  Blocking blocking(c);
  const Values names = {NewList(c, "one"), NewList(c, "two"), NewList(c, "three")};
  WaitingPop first(c, &ListBlockingStub::BlockingPopLeft, WaitFor(names[2]));
  co_await first.Arrived(c);
  WaitingPop second(c, &ListBlockingStub::BlockingPopLeft, WaitFor(names[2]));
  co_await second.Arrived(c);
  WaitingMove to_three(c, &ListBlockingStub::BlockingMove, MoveOf(names[1], names[2]));
  WaitingMove to_two(c, &ListBlockingStub::BlockingMove, MoveOf(names[0], names[1]));
  co_await to_three.Arrived(c);
  co_await to_two.Arrived(c);
  co_await lists.PushRight(names[0], Letters("a"));
  co_await to_two.Expect(c, "a");
  co_await to_three.Expect(c, "a");
  co_await first.Expect(c, "a");
  co_await lists.PushRight(names[0], Letters("b"));
  c.ExpectEq(co_await blocking.Move(MoveOf(names[0], names[2], 0)), "b");
  co_await second.Expect(c, "b");
  for (const std::string& name : names) c.ExpectEq(co_await lists.Length(name), 0);
}

// Each waiting move is made once.
Task<void> MovesInACircleEnd(CaseContext& c) {
  Lists lists(c);
  const std::string here = NewList(c, "here");
  const std::string there = NewList(c, "there");
  WaitingMove away(c, &ListBlockingStub::BlockingMove, MoveOf(here, there));
  co_await away.Arrived(c);
  WaitingMove back(c, &ListBlockingStub::BlockingMove, MoveOf(there, here));
  co_await back.Arrived(c);
  WaitingMove round(c, &ListBlockingStub::BlockingMove, MoveOf(there, there));
  co_await round.Arrived(c);
  co_await lists.PushRight(here, Letters("a"));
  co_await away.Expect(c, "a");
  co_await back.Expect(c, "a");
  co_await lists.PushRight(there, Letters("b"));
  co_await round.Expect(c, "b");
  c.ExpectEq(co_await lists.Drain(here), Letters("a"));
  c.ExpectEq(co_await lists.Drain(there), Letters("b"));
}

// Who looks at the source first and then at the destination finds the element at least once; who
// looks the other way round finds it at most once.
Task<void> MoveIsOneStep(CaseContext& c) {
  Lists setup(c);
  for (int round = 0; round < 20 && c.ok(); ++round) {
    const std::string source = NewList(c, "source");
    const std::string destination = NewList(c, "destination");
    co_await setup.PushRight(source, Letters("a"));
    co_await c.Concurrently(5, [&](int client) -> Task<void> {
      Lists lists(c);
      Blocking blocking(c);
      if (client == 2) c.ExpectEq(co_await blocking.Move(MoveOf(source, destination, 0)), "a");
      for (int i = 0; client != 2 && i < 3; ++i) {
        const int64_t first = co_await lists.Length(client < 2 ? source : destination);
        const int64_t second = co_await lists.Length(client < 2 ? destination : source);
        if (client < 2) c.ExpectLe(int64_t{1}, first + second, "an element is somewhere");
        if (client > 2) c.ExpectLe(first + second, int64_t{1}, "an element is in one place");
      }
    });
  }
}

// A pop from both lists is one step, too, so the element cannot slip past it.
Task<void> MovedElementIsAlwaysFound(CaseContext& c) {
  Lists setup(c);
  for (int round = 0; round < 30 && c.ok(); ++round) {
    const Values names = {NewList(c, "destination"), NewList(c, "source")};
    co_await setup.PushRight(names[1], Letters("a"));
    int moved = 0;
    co_await c.Concurrently(2, [&](int client) -> Task<void> {
      Blocking blocking(c);
      if (client == round % 2) {
        const auto value = co_await blocking.Move(MoveOf(names[1], names[0], 0));
        moved += value.has_value();
        co_return;
      }
      const BlockingPopResponse popped = co_await blocking.PopLeft(WaitFor(names, 0));
      c.Expect(popped.found(), "it is in one of the lists");
    });
    for (const std::string& name : names) c.ExpectEq(co_await setup.Length(name), 0);
    c.ExpectLe(moved, 1, "moves of one element");
  }
}

}  // namespace prism::conformance::lists
