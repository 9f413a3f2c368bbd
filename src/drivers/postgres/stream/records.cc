#include "drivers/postgres/stream/records.h"

#include <algorithm>
#include <optional>

#include "drivers/contract/index_range.h"
#include "drivers/postgres/stream/offset.h"
#include "drivers/postgres/stream/statements.h"

namespace prism::postgres {

using stream::v1::Record;
using stream::v1::RecordPage;

namespace {

// Soon enough for a notification that got lost, as when the gateway that appended has died.
constexpr Duration kLookAnyway = std::chrono::seconds(2);

}  // namespace

void FillRecord(const Rows& rows, int row, int first, Record& record) {
  const std::string_view attributes = rows.Text(row, first + 3);
  record.ParseFromArray(attributes.data(), static_cast<int>(attributes.size()));
  record.set_offset(OffsetOf(rows.Int(row, first)));
  record.set_timestamp_unix_ms(rows.Int(row, first + 1));
  record.set_key(std::string(rows.Text(row, first + 2)));
  record.set_payload(std::string(rows.Text(row, first + 4)));
}

Stream<RecordPage> ReadPages(const Space& space, RequestContext& ctx, RecordRange range) {
  std::optional<StreamWaiter> waiter;
  if (range.follow) {
    waiter.emplace(space, range.stream);
    PRISM_CO_RETURN_IF_ERROR(co_await waiter->Listen(ctx));
  }
  uint64_t left = range.limit > 0 ? range.limit : std::numeric_limits<uint64_t>::max();
  RecordPage page;
  while (left > 0) {
    PRISM_CO_RETURN_IF_ERROR(ctx.cancellation.reason());
    page.Clear();
    {
      const auto most = static_cast<int64_t>(std::min<uint64_t>(left, kMaxAnswerRows));
      Arguments arguments;
      arguments.Text(space.name()).Text(range.stream).Int(range.from).Int(range.end).Int(most);
      const Result<Rows> rows = co_await space.Run(ctx, kStreamPage, arguments);
      if (!rows.ok()) co_return rows.status();
      for (int row = 0; row < rows->count(); ++row) FillRecord(*rows, row, 0, *page.add_records());
      if (!rows->empty()) range.from = rows->Int(rows->count() - 1, 0) + 1;
    }
    if (page.records().empty()) {
      if (!waiter) break;
      const TimePoint anyway = Clock::now() + kLookAnyway;
      (void)co_await waiter->Wait(anyway, ctx.cancellation);
      continue;
    }
    left -= static_cast<uint64_t>(page.records_size());
    page.set_next_offset(OffsetOf(range.from));
    co_yield page;
  }
  co_return OkStatus();
}

}  // namespace prism::postgres
