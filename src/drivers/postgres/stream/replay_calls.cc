#include "drivers/contract/stream.h"
#include "drivers/postgres/stream/calls.h"
#include "drivers/postgres/stream/offset.h"
#include "drivers/postgres/stream/records.h"
#include "drivers/postgres/stream/statements.h"
#include "prism/interfaces/stream_replay.pb.h"

namespace prism::postgres {

using namespace stream::v1;  // NOLINT

Task<Result<bool>> StreamCalls::Seek(RequestContext& ctx, const std::string& stream,
                                     const std::string& group, std::optional<int64_t> number,
                                     int64_t at_ms) {
  Arguments arguments;
  arguments.Text(space_->name()).Text(stream).Text(group);
  if (number) {
    arguments.Int(*number);
  } else {
    arguments.Null();
  }
  arguments.Int(at_ms);
  const Result<Rows> rows = co_await space_->Run(ctx, kStreamSeek, arguments);
  if (!rows.ok()) co_return rows.status();
  const bool found = !rows->IsNull(0, 0);
  if (found) bell_.Ring(stream, std::to_string(rows->Int(0, 0)));
  co_return found;
}

Task<Status> StreamCalls::SeekToOffset(RequestContext& ctx, const SeekToOffsetRequest& request,
                                       SeekToOffsetResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const Result<int64_t> place = PlaceOrOldest("offset", request.offset());
  if (!place.ok()) co_return place.status();
  const Result<bool> found = co_await Seek(ctx, request.stream(), request.group(), *place, 0);
  if (!found.ok()) co_return found.status();
  response.set_found(*found);
  co_return OkStatus();
}

Task<Status> StreamCalls::SeekToTimestamp(RequestContext& ctx,
                                          const SeekToTimestampRequest& request,
                                          SeekToTimestampResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const Result<bool> found = co_await Seek(ctx, request.stream(), request.group(), std::nullopt,
                                           request.timestamp_unix_ms());
  if (!found.ok()) co_return found.status();
  response.set_found(*found);
  co_return OkStatus();
}

Stream<RecordPage> StreamCalls::ReplayRange(RequestContext& ctx,
                                            const ReplayRangeRequest& request) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const Result<int64_t> from = PlaceOrOldest("from_offset", request.from_offset());
  if (!from.ok()) co_return from.status();
  std::string end = request.to_offset();
  if (end.empty()) {
    GetLatestOffsetRequest ask;
    ask.set_stream(request.stream());
    GetLatestOffsetResponse latest;
    PRISM_CO_RETURN_IF_ERROR(co_await GetLatestOffset(ctx, ask, latest));
    end = latest.next_offset();
  }
  const Result<int64_t> to = NumberOf("to_offset", end);
  if (!to.ok()) co_return to.status();
  RecordRange range;
  range.stream = request.stream();
  range.from = *from;
  range.end = *to;
  Stream<RecordPage> pages = ReadPages(*space_, ctx, std::move(range));
  while (RecordPage* page = co_await pages.Next()) co_yield *page;
  co_return pages.status();
}

}  // namespace prism::postgres
