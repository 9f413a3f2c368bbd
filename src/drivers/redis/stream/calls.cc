#include "drivers/redis/stream/calls.h"

#include "drivers/contract/stream.h"
#include "drivers/redis/stream/offset.h"
#include "drivers/redis/stream/records.h"

namespace prism::redis {

using namespace stream::v1;  // NOLINT
using resp::Command;
using resp::Reply;

Task<Result<int64_t>> StreamCalls::Count(RequestContext& ctx, const Script& script,
                                         const Command& command) const {
  const Result<Reply> reply = co_await store_.Run(ctx, script, command);
  if (!reply.ok()) co_return reply.status();
  co_return reply->integer;
}

Task<Status> StreamCalls::Append(RequestContext& ctx, const AppendRequest& request,
                                 AppendResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(CheckAppend(request));
  Command append = store_.CallOf(streams::kAppend, request.stream(), "p", request.payload());
  if (!request.key().empty()) {
    append.Add("k");
    append.Add(request.key());
  }
  for (const auto& [name, value] : request.attributes()) {
    append.Add(resp::Joined{"a", name});
    append.Add(value);
  }
  Result<Reply> reply = co_await store_.Run(ctx, streams::kAppend, append);
  if (!reply.ok()) co_return std::move(reply).status();
  SweepFromNowOn();
  response.set_offset(std::move(reply->text));
  co_return OkStatus();
}

Stream<RecordPage> StreamCalls::Read(RequestContext& ctx, const ReadRequest& request) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  RecordRange range;
  range.stream = request.stream();
  range.from = "-";
  if (!request.from_offset().empty()) {
    PRISM_CO_RETURN_IF_ERROR(CheckOffset("from_offset", request.from_offset()));
    range.from = request.from_offset();
  }
  range.limit = request.limit();
  range.follow = request.follow();
  SweepFromNowOn();
  Stream<RecordPage> pages = ReadPages(store_, ctx, std::move(range));
  while (RecordPage* page = co_await pages.Next()) co_yield *page;
  co_return pages.status();
}

Task<Status> StreamCalls::GetLatestOffset(RequestContext& ctx,
                                          const GetLatestOffsetRequest& request,
                                          GetLatestOffsetResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const Command latest = store_.CallOf(streams::kLatest, request.stream());
  const Result<Reply> reply = co_await store_.Run(ctx, streams::kLatest, latest);
  if (!reply.ok()) co_return reply.status();
  if (reply->elements.size() != 2) co_return InternalError("the latest offset's script failed");
  const Reply& last = reply->elements[1];
  response.set_found(reply->elements[0].integer > 0);
  if (response.found()) response.set_offset(last.text);
  response.set_next_offset(last.is_null() ? "0-0" : OffsetBehind(last.text));
  co_return OkStatus();
}

}  // namespace prism::redis
