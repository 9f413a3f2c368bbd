#include "conformance/keyvalue/scan_client.h"

namespace prism::conformance {
namespace {

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

}  // namespace

Task<std::vector<Page>> Scanner::Pages(With with, Range range, Where where) {
  std::vector<Page> pages;
  if (with == With::kValues) {
    const auto all =
        co_await caller_.CallAll(&KeyValueScanStub::Scan, RequestOf<ScanRequest>(range), where);
    for (const auto& each : all) pages.push_back(ToPage(each));
  } else {
    const auto all = co_await caller_.CallAll(&KeyValueScanStub::ScanKeys,
                                              RequestOf<ScanKeysRequest>(range), where);
    for (const auto& each : all) pages.push_back(ToPage(each));
  }
  co_return pages;
}

Task<std::vector<std::string>> Scanner::Keys(With with, Range range, Where where) {
  const std::vector<Page> pages = co_await Pages(with, std::move(range), where);
  std::vector<std::string> keys;
  for (const Page& page : pages) keys.insert(keys.end(), page.keys.begin(), page.keys.end());
  co_return keys;
}

Task<uint64_t> Scanner::Count(std::string prefix, Where where) {
  CountRequest request;
  request.set_prefix(std::move(prefix));
  const CountResponse response =
      co_await caller_.Call(&KeyValueScanStub::Count, std::move(request), where);
  co_return response.count();
}

Task<void> ScanRefused(CaseContext& c, Range range, std::string_view part, Where where) {
  co_await c.Refused(&KeyValueScanStub::Scan, RequestOf<ScanRequest>(range), Code::kInvalidArgument,
                     part, where);
  co_await c.Refused(&KeyValueScanStub::ScanKeys, RequestOf<ScanKeysRequest>(range),
                     Code::kInvalidArgument, part, where);
}

std::string Numbered(const std::string& prefix, int number) {
  std::string digits = std::to_string(number);
  return prefix + std::string(6 - digits.size(), '0') + digits;
}

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

}  // namespace prism::conformance
