#include <algorithm>
#include <limits>

#include "drivers/contract/keyvalue.h"
#include "drivers/contract/page_cursor.h"
#include "drivers/memstore/data.h"
#include "drivers/memstore/keyvalue/calls.h"

namespace prism::memstore {
namespace {

using namespace keyvalue::v1;  // NOLINT

constexpr uint64_t kPageRows = 1000;
constexpr size_t kPageBytes = 1024 * 1024;
// What Count passes before it lets the worker's other calls go on: well under a millisecond.
constexpr size_t kCountPerTurn = 4096;

struct EntryPages {
  using Response = ScanResponse;
  static constexpr std::string_view kScope = "entries:";
  static constexpr RowContent kContent = RowContent::kKeysAndValues;
  static void Add(const Row& row, ScanResponse& page) {
    keyvalue::v1::Entry& entry = *page.add_entries();
    entry.set_key(row.key);
    entry.set_value(row.value.view().data(), row.value.size());
  }
};

struct KeyPages {
  using Response = KeyResponse;
  static constexpr std::string_view kScope = "keys:";
  static constexpr RowContent kContent = RowContent::kKeys;
  static void Add(const Row& row, KeyResponse& page) { page.add_keys(row.key); }
};

// Each page is read when it is pulled, so a slow caller gets fresh rows and holds nothing.
template <class Pages, class Request>
Stream<typename Pages::Response> StreamPages(const Store& store, RequestContext& ctx,
                                             const Request& request) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const std::string end = PrefixEnd(request.prefix());
  std::string from = request.prefix();
  const std::string scope = std::string(Pages::kScope) + request.prefix();
  const bool resumed = !request.cursor().empty();
  if (resumed) {
    Result<std::string> key = DecodePageCursor(scope, request.cursor());
    if (!key.ok()) co_return std::move(key).status();
    from = *std::move(key);
  }
  KeyRange range{from, resumed, end};
  uint64_t left = request.limit() ? request.limit() : std::numeric_limits<uint64_t>::max();
  typename Pages::Response response;
  while (left > 0) {
    PRISM_CO_RETURN_IF_ERROR(ctx.cancellation.reason());
    Store::Page page = store.Scan(range, Pages::kContent, std::min(left, kPageRows), kPageBytes);
    if (page.rows.empty()) break;
    left -= page.rows.size();
    from = page.rows.back().key;
    range.from = from;
    range.after = true;
    response.Clear();
    for (const Row& row : page.rows) Pages::Add(row, response);
    if (page.more) response.set_cursor(EncodePageCursor(scope, from));
    const bool more = page.more;
    page = {};
    co_yield response;
    if (!more) break;
  }
  co_return OkStatus();
}

}  // namespace

Stream<ScanResponse> KeyValueCalls::Scan(RequestContext& ctx, const ScanRequest& request) {
  return StreamPages<EntryPages>(store_, ctx, request);
}

Stream<KeyResponse> KeyValueCalls::ScanKeys(RequestContext& ctx, const ScanKeysRequest& request) {
  return StreamPages<KeyPages>(store_, ctx, request);
}

Task<Status> KeyValueCalls::Count(RequestContext& ctx, const CountRequest& request,
                                  CountResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const std::string end = PrefixEnd(request.prefix());
  const KeyRange range{request.prefix(), false, end};
  Store::CountProgress progress;
  while (!store_.Count(range, kCountPerTurn, progress)) {
    const TimePoint next_turn = Clock::now();
    PRISM_CO_RETURN_IF_ERROR(co_await SleepUntil(next_turn, ctx.cancellation));
  }
  response.set_count(progress.count);
  co_return OkStatus();
}

}  // namespace prism::memstore
