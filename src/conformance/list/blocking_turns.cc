#include "conformance/list/blocking_cases.h"

namespace prism::conformance::lists {

// Each wants something else of the list.
Task<void> FirstComeFirstServed(CaseContext& c) {
  Lists lists(c);
  const std::string list = NewList(c, "list");
  const std::string destination = NewList(c, "destination");
  WaitingPop left(c, &ListBlockingStub::BlockingPopLeft, WaitFor(list));
  co_await left.Arrived(c);
  WaitingMove move(c, &ListBlockingStub::BlockingMove, MoveOf(list, destination));
  co_await move.Arrived(c);
  WaitingPop right(c, &ListBlockingStub::BlockingPopRight, WaitFor(list));
  co_await right.Arrived(c);
  WaitingPop last(c, &ListBlockingStub::BlockingPopLeft, WaitFor(list));
  co_await last.Arrived(c);
  for (const char* value : {"a", "b", "c", "d"}) {
    c.ExpectEq(co_await lists.PushRight(list, Letters(value)), 1);
  }
  co_await left.Expect(c, "a");
  co_await move.Expect(c, "b");
  co_await right.Expect(c, "c");
  co_await last.Expect(c, "d");
  c.ExpectEq(co_await lists.Drain(destination), Letters("b"));
}

Task<void> PushServesAsManyAsItHas(CaseContext& c) {
  Lists lists(c);
  const std::string list = NewList(c, "list");
  WaitingPop first(c, &ListBlockingStub::BlockingPopRight, WaitFor(list));
  co_await first.Arrived(c);
  WaitingPop second(c, &ListBlockingStub::BlockingPopLeft, WaitFor(list));
  co_await second.Arrived(c);
  WaitingPop third(c, &ListBlockingStub::BlockingPopLeft, WaitFor(list));
  co_await third.Arrived(c);
  c.ExpectEq(co_await lists.PushRight(list, Letters("ab")), 2);
  co_await first.Expect(c, "b");
  co_await second.Expect(c, "a");
  co_await third.Arrived(c);
  c.Expect(!third.over(), "the last one still waits");
  c.ExpectEq(co_await lists.PushLeft(list, Letters("cde")), 3);
  co_await third.Expect(c, "e");
  c.ExpectEq(co_await lists.Drain(list), Letters("dc"));
}

Task<void> ServedCallLeavesItsOtherLists(CaseContext& c) {
  Lists lists(c);
  const Values both = {c.Unique("one"), c.Unique("two")};
  WaitingPop first(c, &ListBlockingStub::BlockingPopLeft, WaitFor(both));
  co_await first.Arrived(c);
  WaitingPop second(c, &ListBlockingStub::BlockingPopLeft, WaitFor(both[1]));
  co_await second.Arrived(c);
  co_await lists.PushRight(both[0], Letters("ab"));
  co_await first.Expect(c, "a");
  co_await lists.PushRight(both[1], Letters("cd"));
  co_await second.Expect(c, "c");
  c.ExpectEq(co_await lists.Drain(both[0]), Letters("b"));
  c.ExpectEq(co_await lists.Drain(both[1]), Letters("d"));
}

// What comes is for the call that waits, even if a pop comes at the very next moment.
Task<void> PlainPopsFindNothing(CaseContext& c) {
  Lists lists(c);
  const std::string list = NewList(c, "list");
  for (int round = 0; round < 10 && c.ok(); ++round) {
    WaitingPop pop(c, &ListBlockingStub::BlockingPopLeft, WaitFor(list));
    co_await pop.Arrived(c);
    c.ExpectEq(co_await lists.PopLeft(list), Values());
    c.ExpectEq(co_await lists.PopRight(list), Values());
    c.ExpectEq(co_await lists.Length(list), 0);
    co_await lists.PushRight(list, Letters("a"));
    c.ExpectEq(co_await lists.PopLeft(list), Values());
    c.ExpectEq(co_await lists.PopRight(list), Values());
    if (!c.ok()) break;  // what was taken from the waiting call never comes
    co_await pop.Expect(c, "a");
  }
}

// Of what comes after a call was cancelled.
Task<void> CancelledWaitRemovesNothing(CaseContext& c) {
  Lists lists(c);
  const std::string list = NewList(c, "list");
  const std::string destination = NewList(c, "destination");
  WaitingPop pop(c, &ListBlockingStub::BlockingPopLeft, WaitFor(list));
  co_await pop.Arrived(c);
  WaitingMove move(c, &ListBlockingStub::BlockingMove, MoveOf(list, destination));
  co_await move.Arrived(c);
  pop.Cancel();
  move.Cancel();
  const Status popped = co_await pop.End();
  c.ExpectEq(popped.code(), Code::kCancelled);
  const Status moved = co_await move.End();
  c.ExpectEq(moved.code(), Code::kCancelled);
  co_await pop.Arrived(c);
  co_await move.Arrived(c);
  c.ExpectEq(co_await lists.PushRight(list, Letters("ab")), 2);
  c.ExpectEq(co_await lists.Drain(list), Letters("ab"));
  c.ExpectEq(co_await lists.Length(destination), 0);
}

Task<void> CancelledWaitLeavesTheQueue(CaseContext& c) {
  Lists lists(c);
  const std::string list = NewList(c, "list");
  WaitingPop first(c, &ListBlockingStub::BlockingPopLeft, WaitFor(list));
  co_await first.Arrived(c);
  WaitingPop second(c, &ListBlockingStub::BlockingPopLeft, WaitFor(list));
  co_await second.Arrived(c);
  first.Cancel();
  (void)co_await first.End();
  co_await first.Arrived(c);
  co_await lists.PushRight(list, Letters("a"));
  co_await second.Expect(c, "a");
}

Task<void> OtherNamespacesServeNobody(CaseContext& c) {
  Lists here(c);
  Lists there(c.other());
  const std::string list = NewList(c, "list");
  WaitingPop pop(c.other(), &ListBlockingStub::BlockingPopLeft, WaitFor(list));
  co_await pop.Arrived(c);
  co_await here.PushRight(list, Letters("a"));
  c.ExpectEq(co_await here.Drain(list), Letters("a"));
  co_await there.PushRight(list, Letters("b"));
  co_await pop.Expect(c, "b");
}

}  // namespace prism::conformance::lists
