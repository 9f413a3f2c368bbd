#include <algorithm>

#include "conformance/object/basic_cases.h"
#include "conformance/object/client.h"

namespace prism::conformance::object_basic {
namespace {

constexpr int kMaxPageRows = 1000;
constexpr size_t kMaxPageBytes = size_t{1} << 20;

using Keys = std::vector<std::string>;

ListRequest ListOf(std::string prefix, std::string delimiter = "", uint64_t limit = 0,
                   std::string cursor = "") {
  ListRequest request;
  request.set_prefix(std::move(prefix));
  request.set_delimiter(std::move(delimiter));
  request.set_limit(limit);
  request.set_cursor(std::move(cursor));
  return request;
}

const std::string& NameOf(const ListRow& row) {
  return row.has_object() ? row.object().key() : row.common_prefix();
}

Keys NamesOf(const std::vector<ListResponse>& pages) {
  Keys names;
  for (const ListResponse& page : pages) {
    for (const ListRow& row : page.rows()) names.push_back(NameOf(row));
  }
  return names;
}

// The common prefixes alone.
Keys PrefixesOf(const std::vector<ListResponse>& pages) {
  Keys prefixes;
  for (const ListResponse& page : pages) {
    for (const ListRow& row : page.rows()) {
      if (!row.has_object()) prefixes.push_back(row.common_prefix());
    }
  }
  return prefixes;
}

void CheckPages(CaseContext& c, const std::vector<ListResponse>& pages) {
  for (const ListResponse& page : pages) {
    c.Expect(page.rows_size() > 0, "no page is empty");
    c.ExpectLe(page.rows_size(), kMaxPageRows, "rows of a page");
    size_t bytes = 0;
    for (const ListRow& row : page.rows()) bytes += NameOf(row).size();
    c.ExpectLe(bytes, kMaxPageBytes, "bytes of a page");
    const bool last = &page == &pages.back();
    if (!last) c.Expect(!page.cursor().empty(), "a page in the middle has a cursor");
  }
}

Task<std::vector<ListResponse>> Pages(CaseContext& c, ListRequest request,
                                      Where where = Where::current()) {
  return c.CallAll(&ObjectBasicStub::List, std::move(request), where);
}

Task<Keys> Names(CaseContext& c, ListRequest request, Where where = Where::current()) {
  const auto pages = co_await Pages(c, std::move(request), where);
  co_return NamesOf(pages);
}

// Stores `count` objects below the prefix and returns their keys in order.
Task<Keys> Fill(CaseContext& c, std::string prefix, int count) {
  Keys keys;
  for (int i = 0; i < count; ++i) keys.push_back(prefix + std::to_string(100'000 + i));
  co_await StoreAll(c, keys);
  co_return keys;
}

// A cursor behind two of more rows; empty after a failure.
Task<std::string> CursorWithin(CaseContext& c, std::string prefix, std::string delimiter,
                               Where where = Where::current()) {
  const auto pages = co_await Pages(c, ListOf(std::move(prefix), std::move(delimiter), 2), where);
  const std::string cursor = pages.empty() ? "" : pages.back().cursor();
  c.Expect(!cursor.empty(), "a page before the end has a cursor", where);
  co_return cursor;
}

Task<void> ListRefused(CaseContext& c, ListRequest request, std::string_view part,
                       Where where = Where::current()) {
  co_await c.Refused(&ObjectBasicStub::List, std::move(request), Code::kInvalidArgument, part,
                     where);
}

}  // namespace

// Characters of one to four bytes, keys that begin like others, and the order that counts.
Task<void> RowsComeInOrder(CaseContext& c) {
  const std::string prefix = c.Unique("list") + "/";
  Keys keys;
  for (const char* tail : {"", "a", "aa", "a b", "a/b", "B", "b", "Z", "~", "10", "9", "\xc3\xa9",
                           "\xe2\x82\xac", "\xef\xbf\xbd", "\xf0\x9f\x94\x91", "a\xcc\x81"}) {
    keys.push_back(prefix + tail);
  }
  co_await StoreAll(c, keys);
  std::sort(keys.begin(), keys.end());
  const auto pages = co_await Pages(c, ListOf(prefix));
  c.ExpectEq(NamesOf(pages), keys);
  ObjectClient objects(c);
  for (const ListResponse& page : pages) {
    for (const ListRow& row : page.rows()) {
      c.Expect(row.has_object() && row.object().metadata().empty(), "a row has no metadata");
      c.ExpectEq(row.object().size(), uint64_t{4});
      const HeadResponse head = co_await objects.Head(row.object().key());
      c.ExpectEq(row.object().etag(), head.info().etag());
    }
  }
}

// '!' comes before what people use, so these keys are on the first page even beside live data.
Task<void> PrefixBounds(CaseContext& c) {
  const std::string base = "!" + c.Unique("list");
  const Keys keys = {base, base + "/", base + "/a", base + "/ab", base + "/b", base + "0"};
  co_await StoreAll(c, keys);
  const Keys below = {base + "/", base + "/a", base + "/ab", base + "/b"};
  c.ExpectEq(co_await Names(c, ListOf(base + "/")), below);
  const Keys deeper = {base + "/a", base + "/ab"};
  c.ExpectEq(co_await Names(c, ListOf(base + "/a")), deeper);
  const Keys one = {base + "0"};
  c.ExpectEq(co_await Names(c, ListOf(base + "0")), one);
  const Keys all = co_await Names(c, ListOf("", "", kMaxPageRows));
  c.Expect(std::includes(all.begin(), all.end(), keys.begin(), keys.end()),
           "the empty prefix means all keys");
}

Task<void> DelimiterGathers(CaseContext& c) {
  const std::string base = c.Unique("list") + "/";
  Keys keys;
  for (const char* tail : {"a", "b/1", "b/2", "b/c/3", "b0", "c/", "d//x", "e--f--g", "/h"}) {
    keys.push_back(base + tail);
  }
  co_await StoreAll(c, keys);
  const auto pages = co_await Pages(c, ListOf(base, "/"));
  const Keys names = {base + "/",  base + "a",  base + "b/",     base + "b0",
                      base + "c/", base + "d/", base + "e--f--g"};
  c.ExpectEq(NamesOf(pages), names);
  const Keys prefixes = {base + "/", base + "b/", base + "c/", base + "d/"};
  c.ExpectEq(PrefixesOf(pages), prefixes);
  const auto deeper = co_await Pages(c, ListOf(base + "b/", "/"));
  const Keys deeper_names = {base + "b/1", base + "b/2", base + "b/c/"};
  c.ExpectEq(NamesOf(deeper), deeper_names);
  const auto longer = co_await Pages(c, ListOf(base + "e", "--"));
  const Keys longer_names = {base + "e--"};
  c.ExpectEq(PrefixesOf(longer), longer_names);
  const auto inside = co_await Pages(c, ListOf(base + "b", "/"));  // it begins behind the prefix
  const Keys inside_names = {base + "b/", base + "b0"};
  c.ExpectEq(NamesOf(inside), inside_names);
  const auto unmatched = co_await Pages(c, ListOf(base + "b", std::string(16, '#')));
  const Keys unmatched_names = {base + "b/1", base + "b/2", base + "b/c/3", base + "b0"};
  c.ExpectEq(NamesOf(unmatched), unmatched_names);
  c.Expect(PrefixesOf(unmatched).empty(), "a delimiter that no key has gathers nothing");
}

Task<void> NothingIsNoPage(CaseContext& c) {
  const std::string prefix = c.Unique("none") + "/";
  ObjectClient objects(c);
  for (const char* delimiter : {"", "/"}) {
    const auto none = co_await Pages(c, ListOf(prefix, delimiter));
    c.Expect(none.empty(), "there is no page");
    const Keys one = {prefix + "a"};
    co_await StoreAll(c, one);
    c.ExpectEq(co_await Names(c, ListOf(prefix, delimiter)), one);
    co_await objects.Delete(one[0]);
    const auto gone = co_await Pages(c, ListOf(prefix, delimiter));
    c.Expect(gone.empty(), "what was deleted leaves no page");
  }
}

Task<void> PagesHoldAThousandRows(CaseContext& c) {
  const std::string prefix = c.Unique("list") + "/";
  const Keys keys = co_await Fill(c, prefix, 1'100);
  const auto pages = co_await Pages(c, ListOf(prefix));
  CheckPages(c, pages);
  c.ExpectLe(size_t{2}, pages.size(), "the pages of 1100 rows");
  c.ExpectEq(NamesOf(pages), keys);
  const auto gathered = co_await Pages(c, ListOf(prefix.substr(0, prefix.size() - 1), "/"));
  const Keys one = {prefix};
  c.ExpectEq(PrefixesOf(gathered), one);
}

Task<void> PagesHoldAMebibyte(CaseContext& c) {
  std::string prefix = c.Unique("list") + "/";
  prefix.resize(kMaxObjectKeyBytes - 6, 'k');
  const Keys keys = co_await Fill(c, prefix, 300);
  const auto pages = co_await Pages(c, ListOf(prefix));
  CheckPages(c, pages);
  c.Expect(NamesOf(pages) == keys, "all rows come whole and in order");
}

Task<void> LimitBoundsTheStream(CaseContext& c) {
  const std::string prefix = c.Unique("list") + "/";
  const Keys keys = co_await Fill(c, prefix, 1'050);
  for (const uint64_t limit : {0, 1, 7, 1'000, 1'001, 1'050, 5'000}) {
    const size_t most = limit ? std::min<size_t>(limit, keys.size()) : keys.size();
    const Keys first(keys.begin(), keys.begin() + static_cast<ptrdiff_t>(most));
    c.ExpectEq(co_await Names(c, ListOf(prefix, "", limit)), first);
  }
  const std::string above = prefix.substr(0, prefix.size() - 1);
  const Keys beside = {above + "0", above + "1"};
  co_await StoreAll(c, beside);
  const Keys two = {prefix, above + "0"};
  c.ExpectEq(co_await Names(c, ListOf(above, "/", 2)), two);
}

// Reads in steps of two, each with the cursor of the step before.
Task<void> CursorsResume(CaseContext& c) {
  const std::string base = c.Unique("list") + "/";
  const Keys keys = {base + "a/1", base + "a/2", base + "b", base + "c/1",
                     base + "c/2", base + "d",   base + "e"};
  co_await StoreAll(c, keys);
  const Keys gathered = {base + "a/", base + "b", base + "c/", base + "d", base + "e"};
  for (const char* delimiter : {"", "/"}) {
    Keys found;
    std::string cursor;
    for (int step = 0; step < 6; ++step) {
      const auto pages = co_await Pages(c, ListOf(base, delimiter, 2, cursor));
      const Keys names = NamesOf(pages);
      c.ExpectLe(names.size(), size_t{2}, "rows of a step");
      found.insert(found.end(), names.begin(), names.end());
      cursor = pages.empty() ? "" : pages.back().cursor();
      if (cursor.empty()) break;
    }
    c.Expect(cursor.empty(), "the end was reached");
    c.ExpectEq(found, *delimiter ? gathered : keys);
  }
}

Task<void> CursorsDoNotExpire(CaseContext& c) {
  const std::string prefix = c.Unique("list") + "/";
  const Keys keys = co_await Fill(c, prefix, 6);
  const std::string cursor = co_await CursorWithin(c, prefix, "");
  ObjectClient objects(c);
  for (int i = 0; i < 3; ++i) co_await objects.Delete(keys[i]);
  const Keys rest(keys.begin() + 3, keys.end());
  for (int use = 0; use < 2; ++use) {  // a use does not spend it
    c.ExpectEq(co_await Names(c, ListOf(prefix, "", 0, cursor)), rest);
  }
}

Task<void> ForeignCursorsAreRefused(CaseContext& c) {
  const std::string prefix = c.Unique("list") + "/";
  (void)co_await Fill(c, prefix, 5);
  const std::string cursor = co_await CursorWithin(c, prefix, "");
  if (cursor.empty()) co_return;
  co_await ListRefused(c, ListOf(prefix + "1", "", 0, cursor), "cursor");
  co_await ListRefused(c, ListOf("", "", 0, cursor), "cursor");
  co_await ListRefused(c, ListOf(prefix, "/", 0, cursor), "cursor");
  const std::string gathered = co_await CursorWithin(c, prefix, "/");
  co_await ListRefused(c, ListOf(prefix, "", 0, gathered), "cursor");
  co_await ListRefused(c, ListOf(prefix, "//", 0, gathered), "cursor");
}

Task<void> DamagedCursorsAreRefused(CaseContext& c) {
  const std::string prefix = c.Unique("list") + "/";
  (void)co_await Fill(c, prefix, 4);
  const std::string cursor = co_await CursorWithin(c, prefix, "");
  if (cursor.empty()) co_return;
  std::string turned = cursor;
  turned.back() = static_cast<char>(turned.back() ^ 1);
  for (const std::string& bad : {std::string("x"), std::string(5000, 'c'), turned,
                                 cursor.substr(0, cursor.size() - 1), cursor + "x"}) {
    co_await ListRefused(c, ListOf(prefix, "", 0, bad), "cursor");
  }
}

Task<void> BadListingsAreRefused(CaseContext& c) {
  std::string longest = c.Unique("list");
  longest.resize(kMaxObjectKeyBytes, 'p');
  const Keys only = {longest};
  co_await StoreAll(c, only);
  c.ExpectEq(co_await Names(c, ListOf(longest)), only);
  co_await ListRefused(c, ListOf(longest + "p"), "prefix");
  co_await ListRefused(c, ListOf(longest, std::string(17, '/')), "delimiter");
}

// Objects that stay, and others that come and go while the list is read.
Task<void> ListingIsWeaklyConsistent(CaseContext& c) {
  const std::string prefix = c.Unique("list") + "/";
  const Keys stable = co_await Fill(c, prefix, 1'100);
  bool over = false;
  co_await c.Concurrently(4, [&](int client) -> Task<void> {
    ObjectClient objects(c);
    for (int i = client; client > 0 && !over && c.ok(); i += 7) {
      const std::string key = stable[static_cast<size_t>(i * 11) % stable.size()] + "-comes";
      co_await objects.Store(key, "and goes");
      co_await objects.Delete(key);
    }
    if (client > 0) co_return;
    for (int i = 0; i < 8 && c.ok(); ++i) {
      const Keys found = co_await Names(c, ListOf(prefix));
      c.Expect(std::is_sorted(found.begin(), found.end()), "keys come in order");
      c.Expect(std::adjacent_find(found.begin(), found.end()) == found.end(), "no key comes twice");
      c.Expect(std::includes(found.begin(), found.end(), stable.begin(), stable.end()),
               "each key that stays is returned");
    }
    over = true;
  });
}

}  // namespace prism::conformance::object_basic
