#include "drivers/contract/stream.h"
#include "drivers/redis/stream/calls.h"
#include "drivers/redis/stream/offset.h"
#include "drivers/redis/stream/records.h"
#include "prism/interfaces/stream_replay.pb.h"

namespace prism::redis {
namespace {

using namespace stream::v1;  // NOLINT
using resp::Command;
using resp::Reply;

}  // namespace

Task<Status> StreamCalls::SeekToOffset(RequestContext& ctx, const SeekToOffsetRequest& request,
                                       SeekToOffsetResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  if (!request.offset().empty()) {
    PRISM_CO_RETURN_IF_ERROR(CheckOffset("offset", request.offset()));
  }
  const Command seek =
      store_.CallOf(streams::kSeek, request.stream(), request.group(), request.offset());
  const Result<int64_t> found = co_await Count(ctx, streams::kSeek, seek);
  if (!found.ok()) co_return found.status();
  response.set_found(*found == 1);
  co_return OkStatus();
}

Task<Status> StreamCalls::SeekToTimestamp(RequestContext& ctx,
                                          const SeekToTimestampRequest& request,
                                          SeekToTimestampResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const Command seek = store_.CallOf(streams::kSeekToTime, request.stream(), request.group(),
                                     std::max<int64_t>(request.timestamp_unix_ms(), 0));
  const Result<int64_t> found = co_await Count(ctx, streams::kSeekToTime, seek);
  if (!found.ok()) co_return found.status();
  response.set_found(*found == 1);
  co_return OkStatus();
}

Stream<RecordPage> StreamCalls::ReplayRange(RequestContext& ctx,
                                            const ReplayRangeRequest& request) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  RecordRange range;
  range.stream = request.stream();
  range.from = "-";
  if (!request.from_offset().empty()) {
    PRISM_CO_RETURN_IF_ERROR(CheckOffset("from_offset", request.from_offset()));
    range.from = request.from_offset();
  }
  if (request.to_offset().empty()) {
    const Command latest = store_.CallOf(streams::kLatest, request.stream());
    const Result<Reply> reply = co_await store_.Run(ctx, streams::kLatest, latest);
    if (!reply.ok()) co_return reply.status();
    // Without a record there is nothing to read.
    if (reply->elements.size() != 2 || reply->elements[0].integer == 0) co_return OkStatus();
    range.to = reply->elements[1].text;
  } else {
    PRISM_CO_RETURN_IF_ERROR(CheckOffset("to_offset", request.to_offset()));
    if (request.to_offset() == "0-0") co_return OkStatus();  // Redis knows no place before it
    range.to = "(" + request.to_offset();
  }
  Stream<RecordPage> pages = ReadPages(store_, ctx, std::move(range));
  while (RecordPage* page = co_await pages.Next()) co_yield *page;
  co_return pages.status();
}

}  // namespace prism::redis
