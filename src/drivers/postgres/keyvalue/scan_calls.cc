#include <algorithm>
#include <limits>

#include "drivers/contract/keyvalue.h"
#include "drivers/contract/page_cursor.h"
#include "drivers/postgres/keyvalue/at.h"
#include "drivers/postgres/keyvalue/calls.h"
#include "drivers/postgres/keyvalue/statements.h"

namespace prism::postgres {
namespace {

using namespace keyvalue::v1;  // NOLINT

constexpr uint64_t kPageRows = 1000;
constexpr int64_t kPageBytes = 1024 * 1024;

// Above all that begins with the prefix. No UTF-8 has a byte 0xff.
std::string Upper(std::string_view prefix) {
  const std::string end = PrefixEnd(prefix);
  return end.empty() ? "\xff" : end;
}

std::string KeyAt(const Rows& rows, int row) {
  return std::string(rows.Text(row, 0)).append(rows.Text(row, 1));
}

struct EntryPages {
  using Response = ScanResponse;
  static constexpr std::string_view kScope = "entries:";
  static constexpr const Statement& kPage = kKvPage;
  static void Add(const Rows& rows, int row, ScanResponse& page) {
    Entry& entry = *page.add_entries();
    entry.set_key(KeyAt(rows, row));
    entry.set_value(std::string(rows.Text(row, 2)));
  }
};

struct KeyPages {
  using Response = KeyResponse;
  static constexpr std::string_view kScope = "keys:";
  static constexpr const Statement& kPage = kKvPageKeys;
  static void Add(const Rows& rows, int row, KeyResponse& page) { page.add_keys(KeyAt(rows, row)); }
};

// Each page is read when it is pulled, so a slow caller gets fresh rows and holds nothing.
template <class Pages, class Request>
Stream<typename Pages::Response> StreamPages(const Space& space, RequestContext& ctx,
                                             const Request& request) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const std::string scope = std::string(Pages::kScope) + request.prefix();
  std::string from = request.prefix();
  if (!request.cursor().empty()) {
    Result<std::string> behind = DecodePageCursor(scope, request.cursor());
    if (!behind.ok()) co_return std::move(behind).status();
    from = *std::move(behind) + '\0';
  }
  const std::string to = Upper(request.prefix());
  uint64_t left = request.limit() ? request.limit() : std::numeric_limits<uint64_t>::max();
  typename Pages::Response response;
  while (left > 0) {
    const auto wanted = static_cast<int64_t>(std::min(left, kPageRows));
    response.Clear();
    {
      const Place end = PlaceOf(to);
      Arguments arguments;
      At(arguments, space, from).Text(end.key).Text(end.more).Int(wanted).Int(kPageBytes);
      const Result<Rows> rows = co_await space.Run(ctx, Pages::kPage, arguments);
      if (!rows.ok()) co_return rows.status();
      const int count = rows->count();
      if (count == 0) break;
      for (int row = 0; row < count; ++row) Pages::Add(*rows, row, response);
      const std::string last = KeyAt(*rows, count - 1);
      const bool more = rows->Int(0, 3) == wanted || rows->Int(0, 3) > count;
      if (more) response.set_cursor(EncodePageCursor(scope, last));
      from = last + '\0';
      left = more ? left - static_cast<uint64_t>(count) : 0;
    }
    co_yield response;
  }
  co_return OkStatus();
}

}  // namespace

Stream<ScanResponse> KeyValueCalls::Scan(RequestContext& ctx, const ScanRequest& request) {
  return StreamPages<EntryPages>(*space_, ctx, request);
}

Stream<KeyResponse> KeyValueCalls::ScanKeys(RequestContext& ctx, const ScanKeysRequest& request) {
  return StreamPages<KeyPages>(*space_, ctx, request);
}

Task<Status> KeyValueCalls::Count(RequestContext& ctx, const CountRequest& request,
                                  CountResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const std::string to = Upper(request.prefix());
  const Place end = PlaceOf(to);
  Arguments arguments;
  At(arguments, *space_, request.prefix()).Text(end.key).Text(end.more);
  const Result<Rows> rows = co_await space_->Run(ctx, kKvCount, arguments);
  if (!rows.ok()) co_return rows.status();
  response.set_count(static_cast<uint64_t>(rows->Int(0, 0)));
  co_return OkStatus();
}

}  // namespace prism::postgres
