#include <algorithm>

#include "conformance/keyvalue/scan_cases.h"
#include "conformance/keyvalue/scan_client.h"

namespace prism::conformance::scan {
namespace {

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

}  // namespace

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

}  // namespace prism::conformance::scan
