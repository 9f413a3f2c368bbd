#include <cstdint>

#include "conformance/list/blocking_cases.h"

namespace prism::conformance::lists {
namespace {

constexpr auto kClockSlack = std::chrono::milliseconds(100);

void ExpectPopped(CaseContext& c, const BlockingPopResponse& popped, std::string_view list,
                  std::string_view value, Where where = Where::current()) {
  c.Expect(popped.found(), "an element is found", where);
  c.ExpectEq(popped.list(), list, where);
  c.ExpectEq(popped.value(), value, where);
}

}  // namespace

Task<void> PopsWhatIsThere(CaseContext& c) {
  Lists lists(c);
  Blocking blocking(c);
  const std::string list = c.Unique("list");
  co_await lists.PushRight(list, Letters("abcd"));
  ExpectPopped(c, co_await blocking.PopLeft(WaitFor(list)), list, "a");
  ExpectPopped(c, co_await blocking.PopRight(WaitFor(list)), list, "d");
  ExpectPopped(c, co_await blocking.PopLeft(WaitFor(list, 0)), list, "b");
  ExpectPopped(c, co_await blocking.PopRight(WaitFor(list, 0)), list, "c");
  c.ExpectEq(co_await lists.Length(list), 0);
}

Task<void> PopsFromTheFirstListThatHasOne(CaseContext& c) {
  Lists lists(c);
  Blocking blocking(c);
  const Values names = {c.Unique("none"), c.Unique("one"), c.Unique("more")};
  const Values reverse(names.rbegin(), names.rend());
  co_await lists.PushRight(names[2], Letters("xyz"));
  co_await lists.PushRight(names[1], Letters("ab"));
  ExpectPopped(c, co_await blocking.PopLeft(WaitFor(names)), names[1], "a");
  ExpectPopped(c, co_await blocking.PopLeft(WaitFor(reverse)), names[2], "x");
  ExpectPopped(c, co_await blocking.PopRight(WaitFor(reverse)), names[2], "z");
  ExpectPopped(c, co_await blocking.PopRight(WaitFor(names)), names[1], "b");
  ExpectPopped(c, co_await blocking.PopRight(WaitFor(names)), names[2], "y");
  const BlockingPopResponse none = co_await blocking.PopLeft(WaitFor(names, 0));
  c.Expect(!none.found(), "all lists are empty");
}

// Of a push of several, a pop at the right takes the rightmost.
Task<void> WaitsForAnyOfItsLists(CaseContext& c) {
  Lists lists(c);
  const Values names = {c.Unique("one"), c.Unique("two"), c.Unique("three")};
  for (const std::string& name : names) {
    WaitingPop left(c, &ListBlockingStub::BlockingPopLeft, WaitFor(names));
    co_await left.Arrived(c);
    co_await lists.PushRight(name, Letters("abc"));
    co_await left.Expect(c, "a");
    c.ExpectEq(left.response().list(), name);
    co_await lists.Clear(name);
    WaitingPop right(c, &ListBlockingStub::BlockingPopRight, WaitFor(names));
    co_await right.Arrived(c);
    co_await lists.PushRight(name, Letters("abc"));
    co_await right.Expect(c, "c");
    c.ExpectEq(right.response().list(), name);
    c.ExpectEq(co_await lists.Drain(name), Letters("ab"));
  }
}

Task<void> TakesUpTo128Lists(CaseContext& c) {
  Lists lists(c);
  Values names;
  for (const size_t n : {size_t{0}, size_t{129}, size_t{1000}}) {
    while (names.size() < n) names.push_back(c.Unique("list"));
    co_await c.Refused(&ListBlockingStub::BlockingPopLeft, WaitFor(names), Code::kInvalidArgument,
                       "lists");
    co_await c.Refused(&ListBlockingStub::BlockingPopRight, WaitFor(names), Code::kInvalidArgument,
                       "lists");
  }
  names.resize(128);
  WaitingPop pop(c, &ListBlockingStub::BlockingPopLeft, WaitFor(names));
  co_await pop.Arrived(c);
  co_await lists.PushRight(names.back(), Letters("a"));
  co_await pop.Expect(c, "a");
  c.ExpectEq(pop.response().list(), names.back());
}

// Also none: an empty element is found.
Task<void> PopsAnyBytes(CaseContext& c) {
  Lists lists(c);
  const std::string list = c.Unique("list");
  const Values values = {"", std::string("a\0\xff", 3), std::string(50'000, 'x')};
  for (const std::string& value : values) {
    WaitingPop pop(c, &ListBlockingStub::BlockingPopRight, WaitFor(list));
    co_await pop.Arrived(c);
    const Values one(1, value);
    co_await lists.PushLeft(list, one);
    co_await pop.Expect(c, value);
  }
}

Task<void> TimeoutFindsNothing(CaseContext& c) {
  constexpr int64_t kMs = 200;
  const std::string list = NewList(c, "list");
  const TimePoint start = Clock::now();
  co_await c.Concurrently(3, [&](int client) -> Task<void> {
    Blocking blocking(c);
    if (client == 0) {
      const auto popped = co_await blocking.PopLeft(WaitFor(list, kMs));
      c.Expect(!popped.found(), "nothing came");
    } else if (client == 1) {
      const auto popped = co_await blocking.PopRight(WaitFor(list, kMs));
      c.Expect(!popped.found(), "nothing came");
    } else {
      c.ExpectEq(co_await blocking.Move(MoveOf(list, list, kMs)), std::nullopt);
    }
    const Duration waited = Clock::now() - start;
    c.Expect(waited >= std::chrono::milliseconds(kMs) - kClockSlack, "the call waited");
  });
  Lists lists(c);
  co_await lists.PushRight(list, Letters("a"));
  c.ExpectEq(co_await lists.Drain(list), Letters("a"));
}

// The last pop proves that the others' time was over: it gets what comes later.
Task<void> ZeroDoesNotWait(CaseContext& c) {
  Lists lists(c);
  Blocking blocking(c);
  const std::string list = NewList(c, "list");
  const auto left = co_await blocking.PopLeft(WaitFor(list, 0));
  const auto right = co_await blocking.PopRight(WaitFor(list, 0));
  c.Expect(!left.found() && !right.found(), "nothing is there");
  c.ExpectEq(co_await blocking.Move(MoveOf(list, list, 0)), std::nullopt);
  co_await lists.PushRight(list, Letters("a"));
  ExpectPopped(c, co_await blocking.PopLeft(WaitFor(list, 0)), list, "a");
}

Task<void> TimeoutsAreBounded(CaseContext& c) {
  constexpr int64_t kMax = 3'600'000;
  Lists lists(c);
  const std::string list = c.Unique("list");
  co_await lists.PushRight(list, Letters("ab"));
  for (const int64_t timeout : {int64_t{-1}, kMax + 1, INT64_MIN, INT64_MAX}) {
    co_await c.Refused(&ListBlockingStub::BlockingPopLeft, WaitFor(list, timeout),
                       Code::kInvalidArgument, "timeout_ms");
    co_await c.Refused(&ListBlockingStub::BlockingPopRight, WaitFor(list, timeout),
                       Code::kInvalidArgument, "timeout_ms");
    co_await c.Refused(&ListBlockingStub::BlockingMove, MoveOf(list, list, timeout),
                       Code::kInvalidArgument, "timeout_ms");
  }
  c.ExpectEq(co_await lists.Drain(list), Letters("ab"));
  WaitingPop pop(c, &ListBlockingStub::BlockingPopLeft, WaitFor(list, kMax));
  co_await pop.Arrived(c);
  co_await lists.PushRight(list, Letters("c"));
  co_await pop.Expect(c, "c");
}

Task<void> DeadlineMayPassEarlier(CaseContext& c) {
  constexpr auto kDeadline = std::chrono::milliseconds(50);
  const std::string list = NewList(c, "list");
  WaitingPop pop(c, &ListBlockingStub::BlockingPopLeft, WaitFor(list), kDeadline);
  WaitingMove move(c, &ListBlockingStub::BlockingMove, MoveOf(list, list), kDeadline);
  const Status popped = co_await pop.End();
  c.ExpectEq(popped.code(), Code::kDeadlineExceeded);
  const Status moved = co_await move.End();
  c.ExpectEq(moved.code(), Code::kDeadlineExceeded);
}

Task<void> BadListsAreRefusedToWaiters(CaseContext& c) {
  const std::string good = NewList(c, "list");
  for (const std::string& bad : BadNames()) {
    const Values both = {good, bad};
    co_await c.Refused(&ListBlockingStub::BlockingPopLeft, WaitFor(both), Code::kInvalidArgument,
                       "lists");
    co_await c.Refused(&ListBlockingStub::BlockingPopRight, WaitFor(bad, 0), Code::kInvalidArgument,
                       "lists");
    co_await c.Refused(&ListBlockingStub::BlockingMove, MoveOf(bad, good), Code::kInvalidArgument,
                       "source");
    co_await c.Refused(&ListBlockingStub::BlockingMove, MoveOf(good, bad), Code::kInvalidArgument,
                       "destination");
  }
}

}  // namespace prism::conformance::lists
