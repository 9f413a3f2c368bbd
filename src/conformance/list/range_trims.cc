#include <set>

#include "conformance/list/range_cases.h"

namespace prism::conformance::lists {

Task<void> TrimKeepsTheRange(CaseContext& c) {
  struct {
    Range range;
    const char* left;
  } const kTable[] = {
      {{0, -1}, "abcdef"},     {{0}, "abcdef"},   {{1, 3}, "bcd"},  {{-2}, "ef"},     {{2, 2}, "c"},
      {{-100, 100}, "abcdef"}, {{-100, 1}, "ab"}, {{4, 100}, "ef"}, {{-3, -2}, "de"}, {{0, 0}, "a"},
  };
  Lists lists(c);
  Ranges ranges(c);
  for (const auto& [range, left] : kTable) {
    const std::string list = c.Unique("list");
    co_await lists.PushRight(list, Letters("abcdef"));
    c.ExpectEq(co_await ranges.Trim(list, range), int64_t(std::string_view(left).size()));
    c.ExpectEq(co_await lists.Drain(list), Letters(left));
  }
}

Task<void> TrimToNothingRemovesTheList(CaseContext& c) {
  constexpr Range kEmpty[] = {{3}, {3, 5}, {2, 1}, {-1, -2}, {0, -4}, {100, 200}};
  Lists lists(c);
  Ranges ranges(c);
  const std::string list = c.Unique("list");
  for (const Range range : kEmpty) {
    c.ExpectEq(co_await lists.PushRight(list, Letters("abc")), 3);
    c.ExpectEq(co_await ranges.Trim(list, range), 0);
    c.ExpectEq(co_await lists.Length(list), 0);
    c.ExpectEq(co_await ranges.All(list), Values());
    c.ExpectEq(co_await lists.PopLeft(list), Values());
  }
}

Task<void> RepeatedTrimTrimsWhatIsLeft(CaseContext& c) {
  Lists lists(c);
  Ranges ranges(c);
  const std::string list = c.Unique("list");
  co_await lists.PushRight(list, Letters("abcdef"));
  c.ExpectEq(co_await ranges.Trim(list, {1, -2}), 4);
  c.ExpectEq(co_await ranges.Trim(list, {1, -2}), 2);
  c.ExpectEq(co_await ranges.All(list), Letters("cd"));
  c.ExpectEq(co_await ranges.Trim(list, {1, -2}), 0);
  c.ExpectEq(co_await ranges.Trim(list, {1, -2}), 0);
}

// Each takes one element from the left and one from the right.
Task<void> TrimIsOneStep(CaseContext& c) {
  constexpr int kClients = 8;
  constexpr int kEach = 15;
  constexpr int kTrims = kClients * kEach;
  const std::string list = c.Unique("list");
  Lists lists(c);
  co_await lists.PushRight(list, Numbers(2 * kTrims + 10));
  std::set<int64_t> lengths;
  co_await c.Concurrently(kClients, [&](int) -> Task<void> {
    Ranges ranges(c);
    for (int i = 0; i < kEach && c.ok(); ++i) {
      const int64_t length = co_await ranges.Trim(list, {1, -2});
      c.ExpectEq(length % 2, 0);
      lengths.insert(length);
    }
  });
  c.ExpectEq(lengths.size(), size_t{kTrims});
  c.ExpectEq(co_await lists.Drain(list), Numbers(10, kTrims));
}

// A log that keeps its newest entries: each client pushes, then trims. What was pushed last is
// never lost.
Task<void> TrimmedListStaysShort(CaseContext& c) {
  constexpr int kClients = 6;
  constexpr int kKept = 20;
  const std::string list = c.Unique("list");
  co_await c.Concurrently(kClients, [&](int client) -> Task<void> {
    Lists lists(c);
    Ranges ranges(c);
    for (int i = 0; i < 25 && c.ok(); ++i) {
      const std::string entry = std::to_string(client) + "/" + std::to_string(i);
      const Values one(1, entry);
      co_await lists.PushLeft(list, one);
      c.ExpectLe(co_await ranges.Trim(list, {0, kKept - 1}), int64_t{kKept}, "what is left");
      const Values now = co_await ranges.Get(list, {0, kKept + kClients});
      c.ExpectLe(now.size(), size_t{kKept + kClients}, "the entries and those just pushed");
    }
  });
  Lists lists(c);
  co_await lists.PushLeft(list, Letters("z"));
  Ranges ranges(c);
  c.ExpectEq(co_await ranges.Trim(list, {0, kKept - 1}), kKept);
  const Values last = co_await lists.Drain(list);
  const std::map<std::string, int> different = Occurrences(last);
  c.ExpectEq(different.size(), size_t{kKept});
  c.Expect(!last.empty() && last[0] == "z", "the newest entry is the first");
}

// The calls reach all workers, so this is about more than one of them.
Task<void> ReadsSeeAnsweredTrims(CaseContext& c) {
  Lists lists(c);
  Ranges ranges(c);
  const std::string list = c.Unique("list");
  for (int i = 0; i < 30 && c.ok(); ++i) {
    co_await lists.PushRight(list, Letters("abcd"));
    for (int n = 0; n < 3; ++n) c.ExpectEq(co_await ranges.All(list), Letters("abcd"));
    co_await ranges.Trim(list, {1, 2});
    for (int n = 0; n < 3; ++n) c.ExpectEq(co_await ranges.All(list), Letters("bc"));
    co_await ranges.Trim(list, {2});
  }
}

Task<void> AbsentListHasNoRange(CaseContext& c) {
  Ranges ranges(c);
  const std::string list = c.Unique("absent");
  c.ExpectEq(co_await ranges.All(list), Values());
  c.ExpectEq(co_await ranges.Get(list, {-3, 7}), Values());
  c.ExpectEq(co_await ranges.Trim(list, {0, 3}), 0);
}

Task<void> BadRangesAreRefused(CaseContext& c) {
  for (const std::string& name : BadNames()) {
    co_await c.Refused(&ListRangeStub::GetRange, RangeOf(name, Range()), Code::kInvalidArgument,
                       "list");
    co_await c.Refused(&ListRangeStub::Trim, TrimOf(name, Range()), Code::kInvalidArgument, "list");
  }
}

Task<void> OtherNamespacesAreNotTrimmed(CaseContext& c) {
  Lists lists(c);
  Ranges there(c.other());
  const std::string list = c.Unique("list");
  co_await lists.PushRight(list, Letters("abc"));
  c.ExpectEq(co_await there.All(list), Values());
  c.ExpectEq(co_await there.Trim(list, {1}), 0);
  c.ExpectEq(co_await lists.Drain(list), Letters("abc"));
}

}  // namespace prism::conformance::lists
