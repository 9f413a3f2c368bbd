#include "drivers/memstore/stream/read_pages.h"

#include <algorithm>
#include <optional>

#include "drivers/memstore/stream/messages.h"
#include "drivers/memstore/stream/offset.h"

namespace prism::memstore {

using stream::v1::RecordPage;

Stream<RecordPage> ReadPages(Logs& logs, RequestContext& ctx, Result<RecordRange> checked) {
  if (!checked.ok()) co_return checked.status();
  RecordRange& range = *checked;
  std::optional<Following> following;
  if (range.follow) following.emplace(logs, range.name);
  RecordPage response;
  while (range.limit > 0) {
    PRISM_CO_RETURN_IF_ERROR(ctx.cancellation.reason());
    Result<Logs::Page> page =
        logs.Read(range.name, range.from, range.to, std::min<uint64_t>(range.limit, kPageRecords),
                  following ? &following->follower() : nullptr);
    if (!page.ok()) co_return page.status();
    if (range.sole_partition && page->partitions > 1) co_return SeveralPartitions(range.name);
    if (page->records.empty()) {
      if (!following) break;
      (void)co_await following->signal().Wait(kNever, ctx.cancellation);
      continue;
    }
    response.Clear();
    for (const Placed& placed : page->records) {
      FillRecord(placed.place, *placed.record, *response.add_records());
    }
    range.limit -= page->records.size();
    range.from.sequence = page->records.back().place.sequence + 1;
    response.set_next_offset(EncodeOffset(range.from));
    page->records.clear();
    co_yield response;
  }
  co_return OkStatus();
}

}  // namespace prism::memstore
