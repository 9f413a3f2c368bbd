#include "drivers/contract/stream.h"
#include "drivers/memstore/data.h"
#include "drivers/memstore/stream/calls.h"
#include "prism/interfaces/stream_retention.pb.h"

namespace prism::memstore {
namespace {

using namespace stream::v1;  // NOLINT
using std::chrono::milliseconds;

}  // namespace

Task<Status> StreamCalls::SetRetention(RequestContext&, const SetRetentionRequest& request,
                                       SetRetentionResponse&) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const Retention& retention = request.retention();
  LogBounds bounds;
  if (retention.has_max_age_ms()) bounds.max_age = milliseconds(retention.max_age_ms());
  if (retention.has_max_bytes()) bounds.max_bytes = retention.max_bytes();
  if (retention.has_max_records()) bounds.max_records = retention.max_records();
  PRISM_CO_RETURN_IF_ERROR(logs_.SetBounds(request.stream(), bounds));
  collector_.After(logs_.next_due());
  co_return OkStatus();
}

Task<Status> StreamCalls::GetRetention(RequestContext&, const GetRetentionRequest& request,
                                       GetRetentionResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const std::optional<LogBounds> bounds = logs_.GetBounds(request.stream());
  response.set_found(bounds.has_value());
  if (!bounds) co_return OkStatus();
  Retention& retention = *response.mutable_retention();
  if (bounds->max_age != Duration::max()) {
    retention.set_max_age_ms(std::chrono::duration_cast<milliseconds>(bounds->max_age).count());
  }
  if (bounds->max_bytes != LogBounds::kNone) retention.set_max_bytes(bounds->max_bytes);
  if (bounds->max_records != LogBounds::kNone) retention.set_max_records(bounds->max_records);
  co_return OkStatus();
}

Task<Status> StreamCalls::Compact(RequestContext& ctx, const CompactRequest& request,
                                  CompactResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  Logs::Compaction compaction;
  for (;;) {
    const Result<bool> done = logs_.CompactSome(request.stream(), compaction);
    if (!done.ok()) co_return done.status();
    if (*done) break;
    const TimePoint next_turn = Clock::now();
    PRISM_CO_RETURN_IF_ERROR(co_await SleepUntil(next_turn, ctx.cancellation));
  }
  response.set_removed(compaction.removed);
  co_return OkStatus();
}

Task<Status> StreamCalls::DeleteStream(RequestContext& ctx, const DeleteStreamRequest& request,
                                       DeleteStreamResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  std::optional<Log> gone = logs_.Delete(request.stream());
  response.set_found(gone.has_value());
  while (gone && !Logs::FreeSome(*gone)) {
    const TimePoint next_turn = Clock::now();
    PRISM_CO_RETURN_IF_ERROR(co_await SleepUntil(next_turn, ctx.cancellation));
  }
  co_return OkStatus();
}

}  // namespace prism::memstore
