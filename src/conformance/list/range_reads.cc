#include <limits>

#include "conformance/list/range_cases.h"

namespace prism::conformance::lists {
namespace {

constexpr int64_t kMin = std::numeric_limits<int64_t>::min();
constexpr int64_t kMax = std::numeric_limits<int64_t>::max();

struct Expected {
  Range range;
  const char* letters;
};

// Of the list "abcde".
Task<void> ExpectRanges(CaseContext& c, std::vector<Expected> table,
                        Where where = Where::current()) {
  Lists lists(c);
  Ranges ranges(c);
  const std::string list = c.Unique("list");
  co_await lists.PushRight(list, Letters("abcde"));
  for (const Expected& row : table) {
    c.ExpectEq(co_await ranges.Get(list, row.range), Letters(row.letters), where);
  }
}

// Whether each number is one less than the one to its left.
bool Consecutive(const Values& values) {
  for (size_t i = 1; i < values.size(); ++i) {
    if (std::atoi(values[i].c_str()) + 1 != std::atoi(values[i - 1].c_str())) return false;
  }
  return true;
}

}  // namespace

Task<void> BothEndsAreIncluded(CaseContext& c) {
  const std::vector<Expected> table = {
      {{0, 4}, "abcde"},  {{0, 0}, "a"},  {{1, 3}, "bcd"}, {{4, 4}, "e"},    {{-3, -2}, "cd"},
      {{0, -1}, "abcde"}, {{-5, 0}, "a"}, {{-1, -1}, "e"}, {{1, -2}, "bcd"}, {{-4, 2}, "bc"}};
  co_await ExpectRanges(c, table);
}

Task<void> WithoutStopToTheRightEnd(CaseContext& c) {
  const std::vector<Expected> table = {
      {{0}, "abcde"}, {{3}, "de"}, {{-1}, "e"}, {{-4}, "bcde"}, {{0, 0}, "a"}};
  co_await ExpectRanges(c, table);
}

Task<void> BoundsBeyondTheEnds(CaseContext& c) {
  const std::vector<Expected> table = {
      {{-6, 1}, "ab"},  {{-100, -4}, "ab"}, {{kMin, 0}, "a"},        {{3, 5}, "de"},
      {{3, 100}, "de"}, {{-1, kMax}, "e"},  {{kMin, kMax}, "abcde"}, {{-100}, "abcde"},
  };
  co_await ExpectRanges(c, table);
}

Task<void> EmptyRangesReturnNothing(CaseContext& c) {
  const std::vector<Expected> table = {
      {{5, 7}, ""},   {{5}, ""},       {{kMax, kMax}, ""}, {{kMax}, ""},  {{3, 2}, ""},
      {{-1, -2}, ""}, {{4, -2}, ""},   {{-1, 0}, ""},      {{0, -6}, ""}, {{2, kMin}, ""},
      {{-9, -6}, ""}, {{kMax, 0}, ""}, {{0, 0}, "a"},
  };
  co_await ExpectRanges(c, table);
}

Task<void> PagesHoldAThousand(CaseContext& c) {
  constexpr int kLength = 2500;
  Lists lists(c);
  Ranges ranges(c);
  const std::string list = c.Unique("list");
  for (int i = 0; i < kLength; i += 500) co_await lists.PushRight(list, Numbers(500, i));
  const GetRangeResponse first = co_await ranges.Page(list, {10, kLength - 11});
  c.Expect(first.more(), "2480 elements are more than a page");
  c.ExpectEq(first.next_start(), uint64_t(10 + first.values_size()));
  c.ExpectEq(co_await ranges.All(list), Numbers(kLength));
  c.ExpectEq(co_await ranges.Get(list, {10, kLength - 11}), Numbers(kLength - 20, 10));
  c.ExpectEq(co_await ranges.Get(list, {-kLength + 10, -11}), Numbers(kLength - 20, 10));
  c.ExpectEq(co_await ranges.Get(list, {1000, 1999}), Numbers(1000, 1000));
}

Task<void> PagesHoldAMebibyte(CaseContext& c) {
  constexpr size_t kBytes = 300'000;
  Lists lists(c);
  Ranges ranges(c);
  const std::string list = c.Unique("list");
  Values all;
  for (const char fill : {'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'}) {
    const Values one(1, std::string(kBytes, fill));
    co_await lists.PushRight(list, one);
    all.push_back(one[0]);
  }
  const GetRangeResponse first = co_await ranges.Page(list, {1, -1});
  c.Expect(first.more(), "2.1 MB are more than a page");
  c.ExpectEq(first.next_start(), uint64_t(1 + first.values_size()));
  const Values got = co_await ranges.All(list);
  c.Expect(got == all, "all elements come whole and in order");
}

Task<void> LargeElementHasItsOwnPage(CaseContext& c) {
  Lists lists(c);
  Ranges ranges(c);
  const std::string list = c.Unique("list");
  const std::string large(kMaxAnswerBytes + 1000, 'x');
  c.Note(list);
  const Values one(1, large);
  const auto pushed = co_await c.Try(&ListBasicStub::PushLeft, PushOf(list, one));
  if (pushed.status.code() == Code::kResourceExhausted) co_return;  // there can be none
  co_await lists.PushLeft(list, Letters("a"));
  co_await lists.PushRight(list, Letters("b"));
  const Values all = {"a", large, "b"};
  const Values got = co_await ranges.All(list);
  c.Expect(got == all, "all elements come whole and in order");
  const GetRangeResponse page = co_await ranges.Page(list, {1, 2});
  c.Expect(page.more() && page.values_size() == 1 && page.next_start() == 2,
           "the large element fills a page");
}

// What changes at or behind the next start does not disturb it.
Task<void> PagesGoOnBesideChanges(CaseContext& c) {
  Lists lists(c);
  Ranges ranges(c);
  const std::string list = c.Unique("list");
  for (int i = 0; i < 1500; i += 500) co_await lists.PushRight(list, Numbers(500, i));
  const GetRangeResponse page = co_await ranges.Page(list, Range());
  c.Expect(page.more(), "1500 elements are more than a page");
  Values all(page.values().begin(), page.values().end());
  co_await lists.PushRight(list, Numbers(300, 1500));
  co_await lists.PopRight(list, 100);
  const Values rest = co_await ranges.Get(list, {static_cast<int64_t>(page.next_start())});
  all.insert(all.end(), rest.begin(), rest.end());
  c.ExpectEq(all, Numbers(1700));
}

// Numbers come at the left and go at the right, so what is there is always consecutive.
Task<void> RangeIsOfOneMoment(CaseContext& c) {
  constexpr int kKept = 100;
  constexpr int kRounds = 60;
  const std::string list = c.Unique("list");
  Lists setup(c);
  co_await setup.PushLeft(list, Numbers(kKept));
  int writers = 1;
  co_await c.Concurrently(4, [&](int client) -> Task<void> {
    Lists lists(c);
    Ranges ranges(c);
    for (int i = 0; client == 0 && i < kRounds && c.ok(); ++i) {
      co_await lists.PushLeft(list, Numbers(1, kKept + i));
      co_await lists.PopRight(list);
    }
    if (client == 0) --writers;
    while (writers > 0 && c.ok()) {
      const GetRangeResponse page = co_await ranges.Page(list, Range());
      const Values values(page.values().begin(), page.values().end());
      c.Expect(Consecutive(values), "the elements are consecutive");
      if (!page.more()) c.Expect(values.size() - kKept <= 1, "there are 100 or 101 of them");
    }
  });
  Ranges ranges(c);
  const Values last = co_await ranges.All(list);
  c.Expect(Consecutive(last) && last.size() == kKept, "the last ones are there");
}

}  // namespace prism::conformance::lists
