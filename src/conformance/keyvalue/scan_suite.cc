#include <algorithm>

#include "conformance/keyvalue/scan_cases.h"
#include "conformance/keyvalue/scan_client.h"
#include "conformance/keyvalue/suites.h"

namespace prism::conformance {
namespace scan {
namespace {

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
}  // namespace scan

const Suite& KeyValueScanSuite() { return scan::kSuite; }

}  // namespace prism::conformance
