#include <limits>

#include "conformance/list/indexing_cases.h"

namespace prism::conformance::lists {
namespace {

constexpr int64_t kMin = std::numeric_limits<int64_t>::min();
constexpr int64_t kMax = std::numeric_limits<int64_t>::max();

}  // namespace

Task<void> GetCountsFromBothEnds(CaseContext& c) {
  constexpr int kLength = 800;
  Lists lists(c);
  Elements elements(c);
  const std::string list = c.Unique("list");
  co_await lists.PushRight(list, Numbers(kLength - 3, 3));
  for (int i = 2; i >= 0; --i) co_await lists.PushLeft(list, Numbers(1, i));
  for (const int index : {0, 1, 2, 3, 4, kLength / 2, kLength - 2, kLength - 1}) {
    c.ExpectEq(co_await elements.Get(list, index), std::to_string(index));
    c.ExpectEq(co_await elements.Get(list, index - kLength), std::to_string(index));
  }
}

Task<void> AbsentIndexIsAnAnswer(CaseContext& c) {
  Lists lists(c);
  Elements elements(c);
  const std::string list = c.Unique("list");
  co_await lists.PushRight(list, Letters("abc"));
  for (const int64_t index : {int64_t{3}, int64_t{4}, kMax, int64_t{-4}, int64_t{-5}, kMin}) {
    c.ExpectEq(co_await elements.Get(list, index), std::nullopt);
  }
  c.ExpectEq(co_await elements.Get(list, -3), "a");
}

Task<void> AbsentListIsAnAnswer(CaseContext& c) {
  Elements elements(c);
  const std::string list = c.Unique("absent");
  c.ExpectEq(co_await elements.Get(list, 0), std::nullopt);
  c.ExpectEq(co_await elements.Get(list, -1), std::nullopt);
  c.ExpectEq(co_await elements.Set(list, 0, "value"), false);
  c.ExpectEq(co_await elements.InsertBefore(list, "pivot", "value"), 0);
  c.ExpectEq(co_await elements.Remove(list, "value", 0), 0);
}

Task<void> SetReplaces(CaseContext& c) {
  Lists lists(c);
  Elements elements(c);
  const std::string list = c.Unique("list");
  co_await lists.PushRight(list, Letters("abcde"));
  c.ExpectEq(co_await elements.Set(list, 0, "A"), true);
  c.ExpectEq(co_await elements.Set(list, 2, ""), true);
  c.ExpectEq(co_await elements.Set(list, -1, "E"), true);
  c.ExpectEq(co_await elements.Set(list, -4, std::string(5000, 'B')), true);
  c.ExpectEq(co_await elements.Get(list, 1), std::string(5000, 'B'));
  const Values expected = {"A", std::string(5000, 'B'), "", "d", "E"};
  c.ExpectEq(co_await lists.Drain(list), expected);
}

Task<void> SetNeverGrowsAList(CaseContext& c) {
  Lists lists(c);
  Elements elements(c);
  const std::string list = c.Unique("list");
  c.Note(list);
  c.ExpectEq(co_await elements.Set(list, 0, "x"), false);
  c.ExpectEq(co_await lists.Length(list), 0);
  co_await lists.PushRight(list, Letters("ab"));
  for (const int64_t index : {int64_t{2}, int64_t{100}, kMax, int64_t{-3}, kMin}) {
    c.ExpectEq(co_await elements.Set(list, index, "x"), false);
  }
  c.ExpectEq(co_await lists.Drain(list), Letters("ab"));
}

Task<void> SetMayHitAnother(CaseContext& c) {
  Lists lists(c);
  Elements elements(c);
  const std::string list = c.Unique("list");
  co_await lists.PushRight(list, Letters("abc"));
  co_await elements.Set(list, -1, "x");
  co_await lists.PushRight(list, Letters("d"));
  co_await elements.Set(list, -1, "x");
  co_await lists.PopLeft(list);
  co_await elements.Set(list, 0, "y");
  c.ExpectEq(co_await lists.Drain(list), Letters("yxx"));
}

Task<void> InsertsBeforeAndAfter(CaseContext& c) {
  Lists lists(c);
  Elements elements(c);
  const std::string list = c.Unique("list");
  co_await lists.PushRight(list, Letters("be"));
  c.ExpectEq(co_await elements.InsertBefore(list, "b", "a"), 3);
  c.ExpectEq(co_await elements.InsertAfter(list, "b", "c"), 4);
  c.ExpectEq(co_await elements.InsertBefore(list, "e", "d"), 5);
  c.ExpectEq(co_await elements.InsertAfter(list, "e", "f"), 6);
  InsertRequest request = Of<InsertRequest>(list);  // whose position is not set
  request.set_pivot("f");
  request.set_value("-");
  const auto inserted = co_await c.Call(&ListIndexingStub::Insert, std::move(request));
  c.Expect(inserted.found() && inserted.length() == 7, "the pivot is there");
  c.ExpectEq(co_await lists.Drain(list), Letters("abcde-f"));
}

Task<void> InsertTakesTheLeftmostPivot(CaseContext& c) {
  Lists lists(c);
  Elements elements(c);
  const std::string list = c.Unique("list");
  co_await lists.PushRight(list, Letters("xpyp"));
  c.ExpectEq(co_await elements.InsertAfter(list, "p", "1"), 5);
  c.ExpectEq(co_await elements.InsertAfter(list, "p", "1"), 6);
  c.ExpectEq(co_await elements.InsertBefore(list, "p", "p"), 7);
  c.ExpectEq(co_await elements.InsertBefore(list, "p", "2"), 8);
  c.ExpectEq(co_await lists.Drain(list), Letters("x2pp11yp"));
}

Task<void> InsertNeedsAPivot(CaseContext& c) {
  Lists lists(c);
  Elements elements(c);
  const std::string list = c.Unique("list");
  c.Note(list);
  c.ExpectEq(co_await elements.InsertBefore(list, "", "x"), 0);
  c.ExpectEq(co_await lists.Length(list), 0);
  co_await lists.PushRight(list, Letters("ab"));
  c.ExpectEq(co_await elements.InsertBefore(list, "c", "x"), 0);
  c.ExpectEq(co_await elements.InsertAfter(list, "", "x"), 0);
  c.ExpectEq(co_await lists.Drain(list), Letters("ab"));
}

Task<void> RemoveCountsFromEitherEnd(CaseContext& c) {
  struct {
    int64_t count;
    int removed;
    const char* left;
  } const kTable[] = {
      {1, 1, "abcada"}, {2, 2, "bcada"}, {-1, 1, "aabcad"}, {-3, 3, "abcd"},  {0, 4, "bcd"},
      {4, 4, "bcd"},    {100, 4, "bcd"}, {-100, 4, "bcd"},  {kMax, 4, "bcd"}, {kMin, 4, "bcd"},
  };
  Lists lists(c);
  Elements elements(c);
  const std::string list = c.Unique("list");
  for (const auto& [count, removed, left] : kTable) {
    co_await lists.PushRight(list, Letters("aabcada"));
    c.ExpectEq(co_await elements.Remove(list, "x", count), 0);
    c.ExpectEq(co_await elements.Remove(list, "a", count), removed);
    c.ExpectEq(co_await lists.Drain(list), Letters(left));
  }
}

Task<void> RemoveOfTheLastRemovesTheList(CaseContext& c) {
  Lists lists(c);
  Elements elements(c);
  const std::string list = c.Unique("list");
  co_await lists.PushRight(list, Letters("aa"));
  c.ExpectEq(co_await elements.Remove(list, "a", 0), 2);
  c.ExpectEq(co_await lists.Length(list), 0);
  c.ExpectEq(co_await elements.Get(list, 0), std::nullopt);
  c.ExpectEq(co_await elements.Set(list, -1, "x"), false);
  c.ExpectEq(co_await lists.PushLeft(list, Letters("b")), 1);
}

Task<void> ComparisonIsByteByByte(CaseContext& c) {
  Lists lists(c);
  Elements elements(c);
  const std::string list = c.Unique("list");
  const std::string bytes("a\0b\xff", 4);
  const Values near = {"a",
                       std::string("a\0b", 3),
                       std::string("A\0b\xff", 4),
                       std::string("a\0b\xfe", 4),
                       bytes + std::string(1, '\0'),
                       " " + bytes,
                       ""};
  co_await lists.PushRight(list, near);
  c.ExpectEq(co_await elements.InsertBefore(list, bytes, "x"), 0);
  c.ExpectEq(co_await elements.Remove(list, bytes, 0), 0);
  const Values one(1, bytes);
  co_await lists.PushRight(list, one);
  c.ExpectEq(co_await elements.InsertAfter(list, bytes, "x"), int64_t(near.size()) + 2);
  c.ExpectEq(co_await elements.Remove(list, bytes, 0), 1);
  c.ExpectEq(co_await elements.Remove(list, "", 0), 1);
  Values expected = near;
  expected.back() = "x";
  c.ExpectEq(co_await lists.Drain(list), expected);
}

Task<void> BadListsAreRefused(CaseContext& c) {
  for (const std::string& name : BadNames()) {
    co_await c.Refused(&ListIndexingStub::Get, GetOf(name, 0), Code::kInvalidArgument, "list");
    co_await c.Refused(&ListIndexingStub::Set, SetOf(name, 0, "v"), Code::kInvalidArgument, "list");
    co_await c.Refused(&ListIndexingStub::Insert, InsertOf(name, AFTER, "p", "v"),
                       Code::kInvalidArgument, "list");
    co_await c.Refused(&ListIndexingStub::Remove, RemoveOf(name, "v", 0), Code::kInvalidArgument,
                       "list");
  }
}

Task<void> TooLargeAValueIsRefused(CaseContext& c) {
  Lists lists(c);
  const std::string list = c.Unique("list");
  const std::string large(c.max_message_bytes() + 1, 'x');
  co_await lists.PushRight(list, Letters("ab"));
  co_await c.Refused(&ListIndexingStub::Set, SetOf(list, 0, large), Code::kResourceExhausted,
                     "limit");
  co_await c.Refused(&ListIndexingStub::Insert, InsertOf(list, AFTER, "a", large),
                     Code::kResourceExhausted, "limit");
  c.ExpectEq(co_await lists.Drain(list), Letters("ab"));
}

Task<void> OtherNamespacesAreNotTouched(CaseContext& c) {
  Lists lists(c);
  Elements there(c.other());
  const std::string list = c.Unique("list");
  co_await lists.PushRight(list, Letters("ab"));
  c.ExpectEq(co_await there.Get(list, 0), std::nullopt);
  c.ExpectEq(co_await there.Set(list, 0, "x"), false);
  c.ExpectEq(co_await there.InsertAfter(list, "a", "x"), 0);
  c.ExpectEq(co_await there.Remove(list, "a", 0), 0);
  c.ExpectEq(co_await lists.Drain(list), Letters("ab"));
}

}  // namespace prism::conformance::lists
