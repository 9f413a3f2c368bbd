#include <algorithm>
#include <numeric>

#include "conformance/keyvalue/scan_cases.h"
#include "conformance/keyvalue/scan_client.h"

namespace prism::conformance::scan {
namespace {

void CheckPages(CaseContext& c, const std::vector<Page>& pages) {
  for (const Page& page : pages) {
    c.Expect(!page.keys.empty(), "no page is empty");
    c.ExpectLe(page.keys.size(), kMaxPageRows, "rows of a page");
    const auto add = [](size_t sum, const std::string& each) { return sum + each.size(); };
    size_t bytes = std::accumulate(page.keys.begin(), page.keys.end(), size_t{0}, add);
    bytes = std::accumulate(page.values.begin(), page.values.end(), bytes, add);
    if (page.keys.size() > 1) c.ExpectLe(bytes, kMaxPageBytes, "bytes of a page");
    const bool last = &page == &pages.back();
    if (!last) c.Expect(!page.cursor.empty(), "a page in the middle has a cursor");
  }
}

}  // namespace

Task<void> PagesHoldAThousandRows(CaseContext& c) {
  const std::string prefix = c.Unique("scan") + "/";
  const std::vector<std::string> keys = co_await Fill(c, prefix, 2'500);
  Scanner scanner(c);
  const Range range = {prefix};
  for (const With with : kBoth) {
    const std::vector<Page> pages = co_await scanner.Pages(with, range);
    CheckPages(c, pages);
    c.ExpectLe(size_t{3}, pages.size(), "the pages of 2500 rows");
    c.ExpectEq(co_await scanner.Keys(with, range), keys);
  }
  c.ExpectEq(co_await scanner.Count(prefix), uint64_t{2'500});
}

Task<void> PagesHoldAMebibyte(CaseContext& c) {
  constexpr size_t kBytes = 90'000;
  constexpr int kRows = 30;
  const std::string prefix = c.Unique("scan") + "/";
  Entries entries;
  for (int i = 0; i < kRows; ++i) {
    entries.emplace_back(Numbered(prefix, i), std::string(kBytes, static_cast<char>('a' + i % 26)));
  }
  co_await SetAll(c, entries);
  const Range range = {prefix};
  Scanner scanner(c);
  const std::vector<Page> pages = co_await scanner.Pages(With::kValues, range);
  CheckPages(c, pages);
  Entries found;
  for (const Page& page : pages) {
    for (size_t i = 0; i < page.keys.size(); ++i) {
      found.emplace_back(page.keys[i], page.values[i]);
    }
  }
  c.Expect(found == entries, "all rows come whole and in order");
}

Task<void> LargeRowHasItsOwnPage(CaseContext& c) {
  const std::string prefix = c.Unique("scan") + "/";
  const std::string large(kMaxPageBytes + 1000, 'x');
  KeyValue kv(c);
  c.Note(prefix + "2");
  const auto set = co_await c.Try(&KeyValueBasicStub::Set, SetOf(prefix + "2", large));
  if (set.status.code() == Code::kResourceExhausted) co_return;  // there can be no such row
  const Entries small = {{prefix + "1", "a"}, {prefix + "3", "b"}};
  co_await SetAll(c, small);
  const Range range = {prefix};
  Scanner scanner(c);
  const std::vector<Page> pages = co_await scanner.Pages(With::kValues, range);
  CheckPages(c, pages);
  size_t seen = 0;
  for (const Page& page : pages) {
    seen += page.keys.size();
    if (std::find(page.keys.begin(), page.keys.end(), prefix + "2") == page.keys.end()) continue;
    c.ExpectEq(page.keys.size(), size_t{1});
    c.Expect(page.values[0] == large, "the row is whole");
  }
  c.ExpectEq(seen, size_t{3});
}

Task<void> NothingIsNoPage(CaseContext& c) {
  Scanner scanner(c);
  const Range range = {c.Unique("none") + "/"};
  for (const With with : kBoth) {
    const std::vector<Page> pages = co_await scanner.Pages(with, range);
    c.Expect(pages.empty(), "there is no page");
  }
  c.ExpectEq(co_await scanner.Count(range.prefix), uint64_t{0});
}

Task<void> LimitBoundsTheStream(CaseContext& c) {
  const std::string prefix = c.Unique("scan") + "/";
  const std::vector<std::string> keys = co_await Fill(c, prefix, 1'100);
  Scanner scanner(c);
  for (const With with : kBoth) {
    for (const uint64_t limit : {1, 7, 1'000, 1'001, 1'100, 5'000}) {
      const Range range = {prefix, "", limit};
      const size_t expected = std::min<size_t>(limit, keys.size());
      const std::vector<std::string> first(keys.begin(),
                                           keys.begin() + static_cast<ptrdiff_t>(expected));
      c.ExpectEq(co_await scanner.Keys(with, range), first);
    }
    const Range unbounded = {prefix, "", 0};
    c.ExpectEq(co_await scanner.Keys(with, unbounded), keys);
  }
}

// Reads in steps of three, each with the cursor of the step before.
Task<void> CursorsResume(CaseContext& c) {
  const std::string prefix = c.Unique("scan") + "/";
  const std::vector<std::string> keys = co_await Fill(c, prefix, 10);
  Scanner scanner(c);
  for (const With with : kBoth) {
    std::vector<std::string> found;
    Range range = {prefix, "", 3};
    for (int step = 0; step < 10; ++step) {
      const std::vector<Page> pages = co_await scanner.Pages(with, range);
      if (pages.empty()) break;
      for (const Page& page : pages) {
        found.insert(found.end(), page.keys.begin(), page.keys.end());
      }
      range.cursor = pages.back().cursor;
      if (range.cursor.empty()) break;
    }
    c.ExpectEq(found, keys);
  }
}

Task<void> EmptyCursorMeansTheEnd(CaseContext& c) {
  const std::string prefix = c.Unique("scan") + "/";
  (void)co_await Fill(c, prefix, 5);
  Scanner scanner(c);
  for (const With with : kBoth) {
    const Range all = {prefix};
    const std::vector<Page> pages = co_await scanner.Pages(with, all);
    c.Expect(!pages.empty() && pages.back().cursor.empty(), "the last page has no cursor");
    const Range some = {prefix, "", 4};
    const std::vector<Page> first = co_await scanner.Pages(with, some);
    c.Expect(!first.empty() && !first.back().cursor.empty(), "a page before the end has a cursor");
  }
}

Task<void> CursorsOutliveTheirKeys(CaseContext& c) {
  KeyValue kv(c);
  Scanner scanner(c);
  for (const With with : kBoth) {
    const std::string prefix = c.Unique("scan") + "/";
    const std::vector<std::string> keys = co_await Fill(c, prefix, 6);
    const Range first = {prefix, "", 3};
    const std::vector<Page> pages = co_await scanner.Pages(with, first);
    if (pages.empty()) co_return c.Fail("there is a page");
    for (int i = 1; i < 4; ++i) co_await kv.Delete(keys[i]);
    const Range rest = {prefix, pages.back().cursor};
    const std::vector<std::string> expected = {keys[4], keys[5]};
    c.ExpectEq(co_await scanner.Keys(with, rest), expected);
    c.ExpectEq(co_await scanner.Keys(with, rest), expected);  // nor does a use spend it
  }
}

Task<void> ForeignCursorsAreRefused(CaseContext& c) {
  const std::string prefix = c.Unique("scan") + "/";
  (void)co_await Fill(c, prefix, 4);
  Scanner scanner(c);
  for (const With with : kBoth) {
    const Range first = {prefix, "", 2};
    const std::vector<Page> pages = co_await scanner.Pages(with, first);
    if (pages.empty()) co_return c.Fail("there is a page");
    const Range elsewhere = {prefix + "0", pages.back().cursor};
    co_await ScanRefused(c, elsewhere, "cursor");
    const Range nowhere = {"", pages.back().cursor};
    co_await ScanRefused(c, nowhere, "cursor");
  }
}

Task<void> DamagedCursorsAreRefused(CaseContext& c) {
  const std::string prefix = c.Unique("scan") + "/";
  (void)co_await Fill(c, prefix, 4);
  Scanner scanner(c);
  const Range first = {prefix, "", 2};
  const std::vector<Page> pages = co_await scanner.Pages(With::kValues, first);
  if (pages.empty()) co_return c.Fail("there is a page");
  const std::string cursor = pages.back().cursor;
  std::string turned = cursor;
  turned.back() = static_cast<char>(turned.back() ^ 1);
  for (const std::string& bad : {std::string("x"), std::string(5000, 'c'), turned,
                                 cursor.substr(0, cursor.size() - 1), cursor + "x"}) {
    const Range range = {prefix, bad};
    co_await ScanRefused(c, range, "cursor");
  }
}

}  // namespace prism::conformance::scan
