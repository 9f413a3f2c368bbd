#include "drivers/contract/stream.h"
#include "drivers/postgres/stream/calls.h"
#include "drivers/postgres/stream/statements.h"

namespace prism::postgres {
namespace {

using namespace stream::v1;  // NOLINT

void AddBound(bool set, int64_t bound, Arguments& arguments) {
  if (set) {
    arguments.Int(bound);
  } else {
    arguments.Null();
  }
}

}  // namespace

Task<Status> StreamCalls::SetRetention(RequestContext& ctx, const SetRetentionRequest& request,
                                       SetRetentionResponse&) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const Retention& bounds = request.retention();
  Arguments set;
  set.Text(space_->name()).Text(request.stream());
  AddBound(bounds.has_max_age_ms(), bounds.max_age_ms(), set);
  AddBound(bounds.has_max_bytes(), bounds.max_bytes(), set);
  AddBound(bounds.has_max_records(), bounds.max_records(), set);
  Result<Rows> more = co_await space_->Run(ctx, kStreamBound, set);
  while (more.ok() && more->Bool(0, 0)) {
    Arguments trim;
    trim.Text(space_->name()).Text(request.stream());
    more = co_await space_->Run(ctx, kStreamTrim, trim);
  }
  co_return more.status();
}

Task<Status> StreamCalls::GetRetention(RequestContext& ctx, const GetRetentionRequest& request,
                                       GetRetentionResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  Arguments arguments;
  arguments.Text(space_->name()).Text(request.stream());
  const Result<Rows> rows = co_await space_->Run(ctx, kStreamBounds, arguments);
  if (!rows.ok()) co_return rows.status();
  if (rows->empty()) co_return OkStatus();
  response.set_found(true);
  Retention& retention = *response.mutable_retention();
  if (!rows->IsNull(0, 0)) retention.set_max_age_ms(rows->Int(0, 0));
  if (!rows->IsNull(0, 1)) retention.set_max_bytes(rows->Int(0, 1));
  if (!rows->IsNull(0, 2)) retention.set_max_records(rows->Int(0, 2));
  co_return OkStatus();
}

// Some records a statement, up to the newest as of now: what comes later stays.
Task<Status> StreamCalls::Compact(RequestContext& ctx, const CompactRequest& request,
                                  CompactResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  Arguments ask;
  ask.Text(space_->name()).Text(request.stream());
  Result<Rows> rows = co_await space_->Run(ctx, kStreamLatest, ask);
  if (!rows.ok()) co_return rows.status();
  if (rows->empty()) co_return OkStatus();
  const int64_t newest = rows->Int(0, 1);
  for (int64_t place = 0; place <= newest;) {
    Arguments arguments;
    arguments.Text(space_->name()).Text(request.stream()).Int(place).Int(newest);
    rows = co_await space_->Run(ctx, kStreamCompact, arguments);
    if (!rows.ok()) co_return rows.status();
    response.set_removed(response.removed() + static_cast<uint64_t>(rows->Int(0, 0)));
    if (rows->IsNull(0, 1)) break;
    place = rows->Int(0, 1);
  }
  if (response.removed() > 0) bell_.Ring(request.stream());  // members may have room
  co_return OkStatus();
}

Task<Status> StreamCalls::DeleteStream(RequestContext& ctx, const DeleteStreamRequest& request,
                                       DeleteStreamResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  Arguments arguments;
  arguments.Text(space_->name()).Text(request.stream());
  const Result<Rows> rows = co_await space_->Run(ctx, kStreamDrop, arguments);
  if (!rows.ok()) co_return rows.status();
  response.set_found(rows->Bool(0, 0));
  if (response.found()) bell_.Ring(request.stream());
  co_return OkStatus();
}

}  // namespace prism::postgres
