#include <algorithm>
#include <numeric>

#include "conformance/keyvalue/client.h"
#include "conformance/keyvalue/suites.h"
#include "interfaces/keyvalue_scan.prism.h"
#include "prism/interfaces/keyvalue_scan.pb.h"

namespace prism::conformance {
namespace {

using keyvalue::v1::CountRequest;
using keyvalue::v1::CountResponse;
using keyvalue::v1::KeyResponse;
using keyvalue::v1::ScanKeysRequest;
using keyvalue::v1::ScanRequest;
using keyvalue::v1::ScanResponse;

constexpr size_t kMaxPageRows = 1000;
constexpr size_t kMaxPageBytes = size_t{1} << 20;
// Both rpcs keep the same rules, so most cases go through both.
enum class With { kValues, kKeysOnly };
constexpr With kBoth[] = {With::kValues, With::kKeysOnly};

// A page of either rpc.
struct Page {
  std::vector<std::string> keys;
  std::vector<std::string> values;
  std::string cursor;
};

Page ToPage(const ScanResponse& response) {
  Page page;
  for (const auto& entry : response.entries()) {
    page.keys.push_back(entry.key());
    page.values.push_back(entry.value());
  }
  page.cursor = response.cursor();
  return page;
}

Page ToPage(const KeyResponse& response) {
  return {{response.keys().begin(), response.keys().end()}, {}, response.cursor()};
}

struct Range {
  std::string prefix;
  std::string cursor{};
  uint64_t limit = 0;
};

template <class Request>
Request RequestOf(const Range& range) {
  Request request;
  request.set_prefix(range.prefix);
  request.set_cursor(range.cursor);
  request.set_limit(range.limit);
  return request;
}

// keyvalue_scan as plain functions: all must succeed.
class Scanner {
 public:
  explicit Scanner(Caller& caller) : caller_(caller) {}

  Task<std::vector<Page>> Pages(With with, Range range, Where where = Where::current()) {
    std::vector<Page> pages;
    if (with == With::kValues) {
      const auto all = co_await caller_.CallAll(&KeyValueScanStub::Scan,
                                                RequestOf<ScanRequest>(range), where);
      for (const auto& each : all) pages.push_back(ToPage(each));
    } else {
      const auto all = co_await caller_.CallAll(&KeyValueScanStub::ScanKeys,
                                                RequestOf<ScanKeysRequest>(range), where);
      for (const auto& each : all) pages.push_back(ToPage(each));
    }
    co_return pages;
  }

  Task<std::vector<std::string>> Keys(With with, Range range, Where where = Where::current()) {
    const std::vector<Page> pages = co_await Pages(with, std::move(range), where);
    std::vector<std::string> keys;
    for (const Page& page : pages) keys.insert(keys.end(), page.keys.begin(), page.keys.end());
    co_return keys;
  }

  Task<uint64_t> Count(std::string prefix, Where where = Where::current()) {
    CountRequest request;
    request.set_prefix(std::move(prefix));
    const CountResponse response =
        co_await caller_.Call(&KeyValueScanStub::Count, std::move(request), where);
    co_return response.count();
  }

 private:
  Caller& caller_;
};

Task<void> ScanRefused(CaseContext& c, Range range, std::string_view part,
                       Where where = Where::current()) {
  co_await c.Refused(&KeyValueScanStub::Scan, RequestOf<ScanRequest>(range),
                     Code::kInvalidArgument, part, where);
  co_await c.Refused(&KeyValueScanStub::ScanKeys, RequestOf<ScanKeysRequest>(range),
                     Code::kInvalidArgument, part, where);
}

std::string Numbered(const std::string& prefix, int number) {
  std::string digits = std::to_string(number);
  return prefix + std::string(6 - digits.size(), '0') + digits;
}

// Sets `count` keys below the prefix and returns them in order.
Task<std::vector<std::string>> Fill(CaseContext& c, std::string prefix, int count) {
  Entries entries;
  std::vector<std::string> keys;
  for (int i = 0; i < count; ++i) {
    keys.push_back(Numbered(prefix, i));
    entries.emplace_back(keys.back(), "value of " + keys.back());
  }
  co_await SetAll(c, entries);
  co_return keys;
}

Task<void> ScanStreamsKeysAndValues(CaseContext& c) {
  const std::string prefix = c.Unique("scan") + "/";
  const std::vector<std::string> keys = co_await Fill(c, prefix, 20);
  const Range range = {prefix};
  Scanner scanner(c);
  const std::vector<Page> pages = co_await scanner.Pages(With::kValues, range);
  c.ExpectEq(pages.size(), size_t{1});
  if (pages.empty()) co_return;
  c.ExpectEq(pages[0].keys, keys);
  for (size_t i = 0; i < pages[0].keys.size(); ++i) {
    c.ExpectEq(pages[0].values[i], "value of " + pages[0].keys[i]);
  }
}

Task<void> ScanKeysStreamsKeys(CaseContext& c) {
  const std::string prefix = c.Unique("scan") + "/";
  const std::vector<std::string> keys = co_await Fill(c, prefix, 20);
  const Range range = {prefix};
  Scanner scanner(c);
  c.ExpectEq(co_await scanner.Keys(With::kKeysOnly, range), keys);
}

// Characters of one to four bytes, keys that begin like others, and the order that counts.
Task<void> KeysComeInOrder(CaseContext& c) {
  const std::string prefix = c.Unique("scan") + "/";
  std::vector<std::string> keys;
  for (const char* tail : {"", "a", "aa", "a b", "a/b", "B", "b", "Z", "~", "10", "9", "\xc3\xa9",
                           "\xe2\x82\xac", "\xef\xbf\xbd", "\xf0\x9f\x94\x91", "a\xcc\x81"}) {
    keys.push_back(prefix + tail);
  }
  Entries entries;
  for (const std::string& key : keys) entries.emplace_back(key, "v");
  co_await SetAll(c, entries);
  std::sort(keys.begin(), keys.end());
  Scanner scanner(c);
  for (const With with : kBoth) {
    const Range range = {prefix};
    c.ExpectEq(co_await scanner.Keys(with, range), keys);
  }
}

Task<void> PrefixBounds(CaseContext& c) {
  const std::string base = c.Unique("scan");
  const Entries entries = {{base, "v"},         {base + "/", "v"},  {base + "/a", "v"},
                           {base + "/ab", "v"}, {base + "/b", "v"}, {base + "0", "v"}};
  co_await SetAll(c, entries);
  Scanner scanner(c);
  for (const With with : kBoth) {
    const Range below = {base + "/"};
    const std::vector<std::string> expected = {base + "/", base + "/a", base + "/ab", base + "/b"};
    c.ExpectEq(co_await scanner.Keys(with, below), expected);
    const Range deeper = {base + "/a"};
    const std::vector<std::string> deeper_expected = {base + "/a", base + "/ab"};
    c.ExpectEq(co_await scanner.Keys(with, deeper), deeper_expected);
  }
  c.ExpectEq(co_await scanner.Count(base + "/"), uint64_t{4});
  c.ExpectEq(co_await scanner.Count(base + "/a"), uint64_t{2});
}

// '!' comes before what people use, so these keys are on the first page even beside live data.
Task<void> EmptyPrefixMeansAllKeys(CaseContext& c) {
  const std::string base = "!" + c.Unique("scan");
  const std::vector<std::string> keys = co_await Fill(c, base, 3);
  Scanner scanner(c);
  for (const With with : kBoth) {
    const Range range = {"", "", kMaxPageRows};
    const std::vector<std::string> found = co_await scanner.Keys(with, range);
    c.Expect(std::includes(found.begin(), found.end(), keys.begin(), keys.end()),
             "the keys are among all keys");
  }
  const uint64_t all = co_await scanner.Count("");
  c.ExpectLe(uint64_t{3}, all, "the number of all keys");
}

Task<void> PrefixLimits(CaseContext& c) {
  const std::string longest = c.Unique("scan") + std::string(kMaxKeyBytes, 'p');
  const Range fits = {longest.substr(0, kMaxKeyBytes)};
  Scanner scanner(c);
  const std::vector<std::string> nothing;
  for (const With with : kBoth) c.ExpectEq(co_await scanner.Keys(with, fits), nothing);
  const Range too_long = {longest.substr(0, kMaxKeyBytes + 1)};
  co_await ScanRefused(c, too_long, "prefix");
  CountRequest count;
  count.set_prefix(too_long.prefix);
  co_await c.Refused(&KeyValueScanStub::Count, count, Code::kInvalidArgument, "prefix");
}

Task<void> PrefixesThatAreNoTextAreRefused(CaseContext& c) {
  for (const MethodInfo& method : c.interface().methods) {
    const RawAnswer answer = co_await c.CallRaw(method, "\x0a\x02\xc3\x28");
    c.ExpectEq(answer.status.code(), Code::kInvalidArgument);
  }
}

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
    for (int i = 0; i < 4; ++i) co_await kv.Delete(keys[i]);
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

// Keys that stay and keys that come and go; `check` is asked for the answer of each round.
struct Churn {
  std::string prefix;
  std::vector<std::string> stable;
  int volatile_keys = 0;
  bool over = false;
};

// Every other number below the prefix stays, the others change until `churn.over`.
Task<void> Prepare(CaseContext& c, Churn& churn) {
  churn.prefix = c.Unique("scan") + "/";
  Entries entries;
  for (int i = 0; i < 3'000; i += 2) {
    churn.stable.push_back(Numbered(churn.prefix, i));
    entries.emplace_back(churn.stable.back(), "stays");
  }
  churn.volatile_keys = 300;
  co_await SetAll(c, entries);
}

Task<void> KeepChanging(CaseContext& c, const Churn& churn, int client) {
  KeyValue kv(c);
  for (int i = client; !churn.over && c.ok(); i += 7) {
    const std::string key = Numbered(churn.prefix, i % churn.volatile_keys * 10 + 1);
    co_await kv.Set(key, "comes");
    co_await kv.Delete(key);
  }
}

void CheckScanned(CaseContext& c, const Churn& churn, const std::vector<std::string>& found) {
  c.Expect(std::is_sorted(found.begin(), found.end()), "keys come in order");
  c.Expect(std::adjacent_find(found.begin(), found.end()) == found.end(), "no key comes twice");
  c.Expect(std::includes(found.begin(), found.end(), churn.stable.begin(), churn.stable.end()),
           "each key that stays is returned");
  c.ExpectLe(found.size(), churn.stable.size() + static_cast<size_t>(churn.volatile_keys),
             "the number of keys");
}

Task<void> ScansAreWeaklyConsistent(CaseContext& c) {
  Churn churn;
  co_await Prepare(c, churn);
  co_await c.Concurrently(5, [&](int client) -> Task<void> {
    if (client > 0) {
      co_await KeepChanging(c, churn, client);
      co_return;
    }
    Scanner scanner(c);
    const Range range = {churn.prefix};
    for (int i = 0; i < 6 && c.ok(); ++i) {
      const With with = kBoth[i % 2];
      CheckScanned(c, churn, co_await scanner.Keys(with, range));
    }
    churn.over = true;
  });
}

Task<void> CountsUnderWrites(CaseContext& c) {
  Churn churn;
  co_await Prepare(c, churn);
  co_await c.Concurrently(5, [&](int client) -> Task<void> {
    if (client > 0) {
      co_await KeepChanging(c, churn, client);
      co_return;
    }
    Scanner scanner(c);
    for (int i = 0; i < 10 && c.ok(); ++i) {
      const uint64_t count = co_await scanner.Count(churn.prefix);
      c.ExpectLe(uint64_t{churn.stable.size()}, count, "keys that stay against the count");
      c.ExpectLe(count, churn.stable.size() + static_cast<uint64_t>(churn.volatile_keys),
                 "the count");
    }
    churn.over = true;
  });
}

// The writers set ever larger numbers: what a scan returns lies between what was answered before it
// began and what was sent when it ended.
Task<void> ValuesAreOfTheMoment(CaseContext& c) {
  const std::string key = c.Unique("scan") + "/key";
  int sent = 0;
  int answered = 0;
  bool over = false;
  KeyValue first(c);
  co_await first.Set(key, "0");
  co_await c.Concurrently(2, [&](int client) -> Task<void> {
    KeyValue kv(c);
    while (client == 0 && !over && c.ok()) {
      co_await kv.Set(key, std::to_string(++sent));
      answered = sent;
    }
    if (client == 0) co_return;
    Scanner scanner(c);
    const Range range = {key};
    for (int i = 0; i < 50 && c.ok(); ++i) {
      const int before = answered;
      const std::vector<Page> pages = co_await scanner.Pages(With::kValues, range);
      if (pages.empty()) co_return c.Fail("the key is there all the time");
      const int value = std::atoi(pages[0].values[0].c_str());
      c.ExpectLe(before, value, "the value of before the scan against the one it returned");
      c.ExpectLe(value, sent, "the value that the scan returned");
    }
    over = true;
  });
}

// Both streams are open at once, and the first one is pulled only at the end.
Task<void> StreamsWaitForTheirCallers(CaseContext& c) {
  const std::string prefix = c.Unique("scan") + "/";
  const std::vector<std::string> keys = co_await Fill(c, prefix, 2'500);
  RequestContext context;
  c.Prepare(context);
  KeyValueScanStub stub(c.channel());
  const auto request = RequestOf<ScanRequest>({prefix});
  Stream<ScanResponse> slow = stub.Scan(context, request);
  const ScanResponse* page = co_await slow.Next();
  size_t rows = page ? page->entries().size() : 0;
  Scanner scanner(c);
  const Range range = {prefix};
  c.ExpectEq(co_await scanner.Keys(With::kValues, range), keys);
  while ((page = co_await slow.Next())) rows += page->entries().size();
  c.ExpectEq(rows, keys.size());
  c.Expect(slow.status().ok(), "the slow stream ends well");
}

Task<void> ExpiredKeysAreNotScanned(CaseContext& c) {
  const std::string prefix = c.Unique("scan") + "/";
  const std::vector<std::string> keys = co_await Fill(c, prefix, 4);
  TimeToLive ttl(c);
  co_await ttl.Expire(keys[1], 30);
  co_await ttl.Expire(keys[3], 30);
  co_await c.Sleep(std::chrono::milliseconds(30) + kClockSlack);
  Scanner scanner(c);
  const Range range = {prefix};
  const std::vector<std::string> expected = {keys[0], keys[2]};
  for (const With with : kBoth) c.ExpectEq(co_await scanner.Keys(with, range), expected);
  c.ExpectEq(co_await scanner.Count(prefix), uint64_t{2});
}

Task<void> OtherNamespacesAreNotScanned(CaseContext& c) {
  KeyValue there(c.other());
  const std::string prefix = c.Unique("scan") + "/";
  const std::vector<std::string> keys = co_await Fill(c, prefix, 2);
  co_await there.Set(prefix + "there", "value");
  Scanner scanner(c);
  const Range range = {prefix};
  for (const With with : kBoth) c.ExpectEq(co_await scanner.Keys(with, range), keys);
  c.ExpectEq(co_await scanner.Count(prefix), uint64_t{2});
}

constexpr const InterfaceInfo* kBasic = &KeyValueBasic::Info();

constexpr Case kCases[] = {
    {"scan_streams_keys_and_values",
     {"Enumeration of the keys that begin with a prefix.",
      "Streams the keys below the prefix with their values, page by page."},
     &ScanStreamsKeysAndValues,
     {kBasic}},
    {"scan_keys_streams_keys",
     {"Streams the keys below the prefix without their values, page by page."},
     &ScanKeysStreamsKeys,
     {kBasic}},
    {"keys_come_in_order",
     {"Keys come in ascending order of their UTF-8 bytes, over all pages."},
     &KeysComeInOrder,
     {kBasic}},
    {"prefix_bounds",
     {"Enumeration of the keys that begin with a prefix.", "Counts the keys below the prefix."},
     &PrefixBounds,
     {kBasic}},
    {"empty_prefix_means_all_keys",
     {"and the empty prefix means all keys."},
     &EmptyPrefixMeansAllKeys,
     {kBasic}},
    {"prefix_limits", {"a prefix is 0 to 4096 bytes of UTF-8,"}, &PrefixLimits},
    {"prefixes_that_are_no_text_are_refused",
     {"Limits on keys and values are those of keyvalue_basic;",
      "a prefix is 0 to 4096 bytes of UTF-8,"},
     &PrefixesThatAreNoTextAreRefused},
    {"pages_hold_a_thousand_rows",
     {"The stream consists of pages: at most 1000 rows,"},
     &PagesHoldAThousandRows,
     {kBasic}},
    {"pages_hold_a_mebibyte",
     {"and at most 1 MiB of keys and values"},
     &PagesHoldAMebibyte,
     {kBasic}},
    {"large_row_has_its_own_page",
     {"unless a single row is larger, which then has a page of its own."},
     &LargeRowHasItsOwnPage,
     {kBasic}},
    {"nothing_is_no_page",
     {"No page is empty; a scan that finds nothing ends OK without a page.",
      "0 if there are none."},
     &NothingIsNoPage},
    {"limit_bounds_the_stream",
     {"`limit` bounds the rows of the whole stream; 0 means no bound."},
     &LimitBoundsTheStream,
     {kBasic}},
    {"cursors_resume",
     {"`cursor` of a page, given in a new request with the same prefix, resumes behind that page."},
     &CursorsResume,
     {kBasic}},
    {"empty_cursor_means_the_end",
     {"An empty cursor means that the end of the prefix was reached; behind any other there may or "
      "may not be more rows."},
     &EmptyCursorMeansTheEnd,
     {kBasic}},
    {"cursors_outlive_their_keys",
     {"It does not expire, and still works after its keys were deleted."},
     &CursorsOutliveTheirKeys,
     {kBasic}},
    {"foreign_cursors_are_refused",
     {"It is opaque; one that is damaged or made for another prefix is INVALID_ARGUMENT."},
     &ForeignCursorsAreRefused,
     {kBasic}},
    {"damaged_cursors_are_refused",
     {"It is opaque; one that is damaged or made for another prefix is INVALID_ARGUMENT."},
     &DamagedCursorsAreRefused,
     {kBasic}},
    {"scans_are_weakly_consistent",
     {"Weakly consistent: a key that exists from the start to the end of the scan is returned "
      "exactly once; one that is set or deleted meanwhile is returned once or not at all.",
      "No key is ever returned twice."},
     &ScansAreWeaklyConsistent,
     {kBasic}},
    {"values_are_of_the_moment",
     {"A value is one that the key had at some moment of the scan."},
     &ValuesAreOfTheMoment,
     {kBasic}},
    {"counts_under_writes",
     {"A key that exists during the whole call is counted once; one that is set or deleted "
      "meanwhile is counted once or not at all."},
     &CountsUnderWrites,
     {kBasic}},
    {"streams_wait_for_their_callers",
     {"The server makes pages only as fast as the caller takes them."},
     &StreamsWaitForTheirCallers,
     {kBasic}},
    {"expired_keys_are_not_scanned",
     {"A key whose time to live has run out is absent everywhere."},
     &ExpiredKeysAreNotScanned,
     {kBasic, &KeyValueTTL::Info()}},
    {"other_namespaces_are_not_scanned",
     {"Keys of different namespaces never meet."},
     &OtherNamespacesAreNotScanned,
     {kBasic},
     true},
};

constexpr Suite kSuite = {&KeyValueScan::Info(), kCases, {}, &DeleteNotedKeys};

}  // namespace

const Suite& KeyValueScanSuite() { return kSuite; }

}  // namespace prism::conformance
