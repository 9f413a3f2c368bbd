#include "drivers/postgres/stream/calls.h"

#include "drivers/contract/stream.h"
#include "drivers/postgres/stream/offset.h"
#include "drivers/postgres/stream/records.h"
#include "drivers/postgres/stream/statements.h"

namespace prism::postgres {

using namespace stream::v1;  // NOLINT

Task<Status> StreamCalls::Append(RequestContext& ctx, const AppendRequest& request,
                                 AppendResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(CheckAppend(request));
  const Result<int64_t> number = co_await appender_.Append(ctx, request);
  if (!number.ok()) co_return number.status();
  response.set_offset(OffsetOf(*number));
  co_return OkStatus();
}

Stream<RecordPage> StreamCalls::Read(RequestContext& ctx, const ReadRequest& request) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const Result<int64_t> from = PlaceOrOldest("from_offset", request.from_offset());
  if (!from.ok()) co_return from.status();
  RecordRange range;
  range.stream = request.stream();
  range.from = *from;
  range.limit = request.limit();
  range.follow = request.follow();
  Stream<RecordPage> pages = ReadPages(*space_, ctx, std::move(range));
  while (RecordPage* page = co_await pages.Next()) co_yield *page;
  co_return pages.status();
}

Task<Status> StreamCalls::GetLatestOffset(RequestContext& ctx,
                                          const GetLatestOffsetRequest& request,
                                          GetLatestOffsetResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  Arguments arguments;
  arguments.Text(space_->name()).Text(request.stream());
  const Result<Rows> rows = co_await space_->Run(ctx, kStreamLatest, arguments);
  if (!rows.ok()) co_return rows.status();
  response.set_next_offset(OffsetOf(0));
  if (rows->empty()) co_return OkStatus();
  const int64_t last = rows->Int(0, 1);
  response.set_found(rows->Bool(0, 0));
  if (response.found()) response.set_offset(OffsetOf(last));
  response.set_next_offset(OffsetOf(last + 1));
  co_return OkStatus();
}

}  // namespace prism::postgres
