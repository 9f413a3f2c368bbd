#include "conformance/list/basic_cases.h"
#include "conformance/list/client.h"
#include "conformance/list/waiting.h"
#include "interfaces/list_indexing.prism.h"
#include "prism/interfaces/list_indexing.pb.h"

namespace prism::conformance::lists {

Task<void> PushesAtBothEnds(CaseContext& c) {
  Lists lists(c);
  const std::string list = c.Unique("list");
  co_await lists.PushLeft(list, Letters("cba"));
  co_await lists.PushRight(list, Letters("def"));
  co_await lists.PushLeft(list, Letters("z"));
  c.ExpectEq(co_await lists.Drain(list), Letters("zabcdef"));
}

Task<void> PushTellsTheLength(CaseContext& c) {
  Lists lists(c);
  const std::string list = c.Unique("list");
  c.ExpectEq(co_await lists.PushLeft(list, Letters("abc")), 3);
  c.ExpectEq(co_await lists.PushRight(list, Letters("d")), 4);
  c.ExpectEq(co_await lists.PushLeft(list, Letters("ef")), 6);
  c.ExpectEq(co_await lists.Length(list), 6);
  co_await lists.PopLeft(list, 4);
  c.ExpectEq(co_await lists.PushRight(list, Letters("g")), 3);
}

Task<void> RepeatedPushAddsAgain(CaseContext& c) {
  Lists lists(c);
  const std::string list = c.Unique("list");
  for (int i = 1; i <= 3; ++i) {
    c.ExpectEq(co_await lists.PushLeft(list, Letters("aa")), 4 * i - 2);
    c.ExpectEq(co_await lists.PushRight(list, Letters("ab")), 4 * i);
  }
  c.ExpectEq(co_await lists.Drain(list), Letters("aaaaaaababab"));
}

Task<void> PushTakesAThousand(CaseContext& c) {
  Lists lists(c);
  const std::string list = c.Unique("list");
  for (const int n : {0, 1001, 3000}) {
    co_await c.Refused(&ListBasicStub::PushLeft, PushOf(list, Numbers(n)), Code::kInvalidArgument,
                       "values");
    co_await c.Refused(&ListBasicStub::PushRight, PushOf(list, Numbers(n)), Code::kInvalidArgument,
                       "values");
  }
  c.ExpectEq(co_await lists.Length(list), 0);
  c.ExpectEq(co_await lists.PushRight(list, Numbers(1000)), 1000);
  c.ExpectEq(co_await lists.Drain(list), Numbers(1000));
}

// Served between the values of a push, the first one would get the "a". The length is that before
// they took any.
Task<void> PushesServeWhoWaits(CaseContext& c) {
  Lists lists(c);
  const std::string list = c.Unique("list");
  WaitingPop first(c, &ListBlockingStub::BlockingPopLeft, WaitFor(list));
  co_await first.Arrived(c);
  WaitingPop second(c, &ListBlockingStub::BlockingPopLeft, WaitFor(list));
  co_await second.Arrived(c);
  c.ExpectEq(co_await lists.PushLeft(list, Letters("abc")), 3);
  co_await first.Expect(c, "c");
  co_await second.Expect(c, "b");
  c.ExpectEq(co_await lists.Length(list), 1);
  c.ExpectEq(co_await lists.Drain(list), Letters("a"));
}

Task<void> PopsAtBothEnds(CaseContext& c) {
  Lists lists(c);
  const std::string list = c.Unique("list");
  co_await lists.PushRight(list, Letters("abcdefgh"));
  c.ExpectEq(co_await lists.PopLeft(list), Letters("a"));
  c.ExpectEq(co_await lists.PopRight(list), Letters("h"));
  c.ExpectEq(co_await lists.PopLeft(list, 2), Letters("bc"));
  c.ExpectEq(co_await lists.PopRight(list, 2), Letters("gf"));
  c.ExpectEq(co_await lists.PopRight(list, 2), Letters("ed"));
  c.ExpectEq(co_await lists.Length(list), 0);
}

Task<void> CountBoundsAPop(CaseContext& c) {
  Lists lists(c);
  const std::string list = c.Unique("list");
  co_await lists.PushRight(list, Numbers(1000));
  co_await lists.PushRight(list, Numbers(3, 1000));
  for (const uint64_t count : {uint64_t{1001}, ~uint64_t{0}}) {
    co_await c.Refused(&ListBasicStub::PopLeft, PopOf(list, count), Code::kInvalidArgument,
                       "count");
    co_await c.Refused(&ListBasicStub::PopRight, PopOf(list, count), Code::kInvalidArgument,
                       "count");
  }
  c.ExpectEq(co_await lists.Length(list), 1003);
  c.ExpectEq(co_await lists.PopLeft(list, 1), Numbers(1));
  c.ExpectEq(co_await lists.PopLeft(list, 1000), Numbers(1000, 1));
  Values rest = Numbers(2, 1001);
  std::swap(rest[0], rest[1]);
  c.ExpectEq(co_await lists.PopRight(list, 1000), rest);
  c.ExpectEq(co_await lists.Length(list), 0);
}

Task<void> BytesBoundAPop(CaseContext& c) {
  constexpr size_t kBytes = 300'000;  // three of them fit
  Lists lists(c);
  const std::string list = c.Unique("list");
  for (const char fill : {'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'}) {
    const Values one(1, std::string(kBytes, fill));
    co_await lists.PushRight(list, one);
  }
  std::string seen;
  for (const bool left : {true, false, true}) {
    Task<Values> pop = left ? lists.PopLeft(list, 4) : lists.PopRight(list, 4);
    const Values popped = co_await pop;
    for (const std::string& value : popped) {
      c.ExpectEq(value.size(), kBytes);
      if (!value.empty()) seen += value[0];
    }
    seen += '.';
  }
  c.ExpectEq(seen, "abc.hgf.de.");
  c.ExpectEq(co_await lists.Length(list), 0);
}

Task<void> LargeElementPopsAlone(CaseContext& c) {
  Lists lists(c);
  const std::string list = c.Unique("list");
  const Values large(1, std::string(kMaxAnswerBytes + 1000, 'x'));
  c.Note(list);
  const auto pushed = co_await c.Try(&ListBasicStub::PushLeft, PushOf(list, large));
  if (pushed.status.code() == Code::kResourceExhausted) co_return;  // there can be none
  co_await lists.PushLeft(list, Letters("a"));
  co_await lists.PushRight(list, Letters("b"));
  c.ExpectEq(co_await lists.PopLeft(list, 3), Letters("a"));
  c.ExpectEq(co_await lists.PopLeft(list, 3), large);
  c.ExpectEq(co_await lists.PopLeft(list, 3), Letters("b"));
}

Task<void> ListComesAndGoes(CaseContext& c) {
  Lists lists(c);
  const std::string list = c.Unique("list");
  for (int round = 0; round < 3; ++round) {
    c.ExpectEq(co_await lists.Length(list), 0);
    c.ExpectEq(co_await lists.PushRight(list, Letters("a")), 1);
    c.ExpectEq(co_await lists.PopLeft(list), Letters("a"));
    c.ExpectEq(co_await lists.PopLeft(list), Values());
    c.ExpectEq(co_await lists.PopRight(list, 2), Values());
    c.ExpectEq(co_await lists.Clear(list), 0);
  }
}

Task<void> ClearRemovesAll(CaseContext& c) {
  Lists lists(c);
  const std::string list = c.Unique("list");
  const std::string neighbor = list + "1";
  co_await lists.PushRight(neighbor, Letters("x"));
  co_await lists.PushRight(list, Letters("abc"));
  c.ExpectEq(co_await lists.Clear(list), 3);
  c.ExpectEq(co_await lists.Length(list), 0);
  c.ExpectEq(co_await lists.Clear(list), 0);
  c.ExpectEq(co_await lists.PushLeft(list, Letters("d")), 1);
  c.ExpectEq(co_await lists.Drain(list), Letters("d"));
  c.ExpectEq(co_await lists.Drain(neighbor), Letters("x"));
}

Task<void> AbsenceIsAnAnswer(CaseContext& c) {
  Lists lists(c);
  const std::string list = c.Unique("absent");
  c.ExpectEq(co_await lists.PopLeft(list), Values());
  c.ExpectEq(co_await lists.PopRight(list, 1000), Values());
  c.ExpectEq(co_await lists.Length(list), 0);
  c.ExpectEq(co_await lists.Clear(list), 0);
}

Task<void> IndexesCountFromBothEnds(CaseContext& c) {
  Lists lists(c);
  const std::string list = c.Unique("list");
  co_await lists.PushRight(list, Letters("bc"));
  co_await lists.PushLeft(list, Letters("a"));
  for (const auto& [index, value] : {std::pair(0, "a"), std::pair(1, "b"), std::pair(2, "c"),
                                     std::pair(-1, "c"), std::pair(-2, "b"), std::pair(-3, "a")}) {
    auto request = Of<list::v1::GetRequest>(list);
    request.set_index(index);
    const auto got = co_await c.Call(&ListIndexingStub::Get, std::move(request));
    c.Expect(got.found(), "the list has the index");
    c.ExpectEq(got.value(), value);
  }
}

}  // namespace prism::conformance::lists
