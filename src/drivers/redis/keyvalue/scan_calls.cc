#include <algorithm>
#include <limits>

#include "drivers/contract/keyvalue.h"
#include "drivers/contract/page_cursor.h"
#include "drivers/redis/keyvalue/calls.h"
#include "drivers/redis/keyvalue/scripts.h"

namespace prism::redis {
namespace {

using namespace keyvalue::v1;  // NOLINT
using resp::Command;
using resp::Reply;

constexpr uint64_t kPageRows = 1000;
constexpr size_t kPageBytes = 1024 * 1024;

// The bounds of ZRANGEBYLEX.
std::string Upper(std::string_view prefix) {
  const std::string end = PrefixEnd(prefix);
  return end.empty() ? "+" : "(" + end;
}

struct EntryPages {
  using Response = ScanResponse;
  static constexpr std::string_view kScope = "entries:";
  static constexpr std::string_view kWithValues = "1";
  static void Add(std::vector<Reply>& rows, ScanResponse& page) {
    for (size_t i = 1; i + 1 < rows.size(); i += 2) {
      Entry& entry = *page.add_entries();
      entry.set_key(std::move(rows[i].text));
      entry.set_value(std::move(rows[i + 1].text));
    }
  }
  static uint64_t Rows(const std::vector<Reply>& rows) { return (rows.size() - 1) / 2; }
};

struct KeyPages {
  using Response = KeyResponse;
  static constexpr std::string_view kScope = "keys:";
  static constexpr std::string_view kWithValues = "0";
  static void Add(std::vector<Reply>& rows, KeyResponse& page) {
    for (size_t i = 1; i < rows.size(); ++i) page.add_keys(std::move(rows[i].text));
  }
  static uint64_t Rows(const std::vector<Reply>& rows) { return rows.size() - 1; }
};

struct Names {
  const std::string& values;
  const std::string& keys;
  const std::string& due;
};

// Each page is read when it is pulled, so a slow caller gets fresh rows and holds nothing.
template <class Pages, class Request>
Stream<typename Pages::Response> StreamPages(const Keyspace& keyspace, Names names,
                                             RequestContext& ctx, const Request& request) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const std::string scope = std::string(Pages::kScope) + request.prefix();
  std::string from = "[" + request.prefix();
  if (!request.cursor().empty()) {
    Result<std::string> behind = DecodePageCursor(scope, request.cursor());
    if (!behind.ok()) co_return std::move(behind).status();
    from = "(" + *behind;
  }
  const std::string to = Upper(request.prefix());
  uint64_t left = request.limit() ? request.limit() : std::numeric_limits<uint64_t>::max();
  typename Pages::Response response;
  while (left > 0) {
    const Command scan = ScriptCall(kScan, 2, names.keys, names.due, names.values, from, to,
                                    std::min(left, kPageRows), kPageBytes, Pages::kWithValues);
    Result<Reply> reply = co_await keyspace.Run(ctx, kScan, scan);
    if (!reply.ok()) co_return std::move(reply).status();
    std::vector<Reply>& rows = reply->elements;
    if (rows.empty()) co_return InternalError("the scan's script answered nothing");
    const bool more = !rows[0].is_null();
    left -= Pages::Rows(rows);
    if (more) from = "(" + rows[0].text;
    response.Clear();
    const bool has_rows = Pages::Rows(rows) > 0;
    if (has_rows) {
      if (more) response.set_cursor(EncodePageCursor(scope, rows[0].text));
      Pages::Add(rows, response);
    }
    reply = Reply();
    if (has_rows) co_yield response;
    if (!more) break;
  }
  co_return OkStatus();
}

}  // namespace

Stream<ScanResponse> KeyValueCalls::Scan(RequestContext& ctx, const ScanRequest& request) {
  return StreamPages<EntryPages>(*keyspace_, Names{values_, keys_, due_}, ctx, request);
}

Stream<KeyResponse> KeyValueCalls::ScanKeys(RequestContext& ctx, const ScanKeysRequest& request) {
  return StreamPages<KeyPages>(*keyspace_, Names{values_, keys_, due_}, ctx, request);
}

Task<Status> KeyValueCalls::Count(RequestContext& ctx, const CountRequest& request,
                                  CountResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const Command count =
      ScriptCall(kCount, 2, keys_, due_, values_, "[" + request.prefix(), Upper(request.prefix()));
  while (true) {
    const Result<Reply> reply = co_await keyspace_->Run(ctx, kCount, count);
    if (!reply.ok()) co_return reply.status();
    response.set_count(static_cast<uint64_t>(reply->integer));
    if (reply->is(Reply::Type::kInteger)) co_return OkStatus();
  }
}

}  // namespace prism::redis
