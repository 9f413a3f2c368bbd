#include "drivers/contract/checks.h"
#include "drivers/memstore/data.h"
#include "drivers/contract/messages.h"
#include "drivers/memstore/stream/calls.h"
#include "prism/interfaces/stream_retention.pb.h"

namespace prism::memstore {
namespace {

using namespace stream::v1;  // NOLINT
using std::chrono::milliseconds;

constexpr int64_t kMaxAgeMs = 3'155'760'000'000;  // 100 years

Status CheckRetention(const Retention& retention) {
  if (retention.has_max_age_ms()) {
    PRISM_RETURN_IF_ERROR(CheckRange("max_age_ms", retention.max_age_ms(), 1, kMaxAgeMs));
  }
  if (retention.has_max_bytes()) {
    PRISM_RETURN_IF_ERROR(CheckRange("max_bytes", retention.max_bytes(), 1, LogBounds::kNone));
  }
  if (retention.has_max_records()) {
    PRISM_RETURN_IF_ERROR(CheckRange("max_records", retention.max_records(), 1, LogBounds::kNone));
  }
  return OkStatus();
}

}  // namespace

Task<Status> StreamCalls::SetRetention(RequestContext&, const SetRetentionRequest& request,
                                       SetRetentionResponse&) {
  PRISM_CO_RETURN_IF_ERROR(CheckName("stream", request.stream()));
  const Retention& retention = request.retention();
  PRISM_CO_RETURN_IF_ERROR(CheckRetention(retention));
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
  PRISM_CO_RETURN_IF_ERROR(CheckName("stream", request.stream()));
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
  PRISM_CO_RETURN_IF_ERROR(CheckName("stream", request.stream()));
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
  PRISM_CO_RETURN_IF_ERROR(CheckName("stream", request.stream()));
  std::optional<Log> gone = logs_.Delete(request.stream());
  response.set_found(gone.has_value());
  while (gone && !Logs::FreeSome(*gone)) {
    const TimePoint next_turn = Clock::now();
    PRISM_CO_RETURN_IF_ERROR(co_await SleepUntil(next_turn, ctx.cancellation));
  }
  co_return OkStatus();
}

}  // namespace prism::memstore
