#include "drivers/postgres/queue/calls.h"

#include <chrono>

#include "drivers/contract/queue.h"
#include "drivers/postgres/queue/line.h"
#include "drivers/postgres/queue/statements.h"

namespace prism::postgres {
namespace {

using namespace queue::v1;  // NOLINT

int64_t UnixNowMs() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

void AddMaybe(Arguments& arguments, const std::optional<int64_t>& value) {
  if (value) {
    arguments.Int(*value);
  } else {
    arguments.Null();
  }
}

}  // namespace

template <class Request>
Task<Status> QueueCalls::Put(RequestContext& ctx, const Request& request, int64_t priority,
                             When when, EnqueueResponse& response) {
  const std::string queue = QueueId(*space_, request.queue());
  const std::string attributes = PackAttributes<QueueMessage>(request);
  Arguments arguments;
  arguments.Text(queue).Text(request.payload()).Text(attributes);
  arguments.Int(AnswerBytes(request)).Int(priority);
  if (request.deduplication_id().empty()) {
    arguments.Null();
  } else {
    arguments.Text(request.deduplication_id());
  }
  AddMaybe(arguments, when.delay_ms);
  AddMaybe(arguments, when.at_unix_ms);
  const Result<Rows> rows = co_await space_->Run(ctx, kQueuePut, arguments);
  if (!rows.ok()) co_return rows.status();
  response.set_id(MessageId(rows->Int(0, 0)));
  response.set_duplicate(rows->Bool(0, 1));
  co_return OkStatus();
}

Task<Status> QueueCalls::Enqueue(RequestContext& ctx, const EnqueueRequest& request,
                                 EnqueueResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const When now;
  co_return co_await Put(ctx, request, 0, now, response);
}

Task<Status> QueueCalls::EnqueueWithPriority(RequestContext& ctx,
                                             const EnqueueWithPriorityRequest& request,
                                             EnqueueResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const When now;
  co_return co_await Put(ctx, request, request.priority(), now, response);
}

Task<Status> QueueCalls::EnqueueDelayed(RequestContext& ctx, const EnqueueDelayedRequest& request,
                                        EnqueueResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request, UnixNowMs()));
  When when;
  if (request.has_delay_ms()) {
    when.delay_ms = request.delay_ms();
  } else {
    when.at_unix_ms = std::max<int64_t>(request.deliver_at_unix_ms(), 0);
  }
  co_return co_await Put(ctx, request, 0, when, response);
}

Task<Status> QueueCalls::GetScheduledCount(RequestContext& ctx,
                                           const GetScheduledCountRequest& request,
                                           GetScheduledCountResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const std::string queue = QueueId(*space_, request.queue());
  Arguments arguments;
  arguments.Text(queue);
  const Result<Rows> rows = co_await space_->Run(ctx, kQueueScheduled, arguments);
  if (!rows.ok()) co_return rows.status();
  response.set_count(static_cast<uint64_t>(rows->Int(0, 0)));
  co_return OkStatus();
}

Task<Status> QueueCalls::Peek(RequestContext& ctx, const PeekRequest& request,
                              PeekResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const std::string queue = QueueId(*space_, request.queue());
  Arguments arguments;
  arguments.Text(queue).Int(std::max<int64_t>(request.max_messages(), 1));
  // It overtakes no call on its way into the line, which may take what this would show.
  const QueueArrivals& arrivals = space_->state().queue_arrivals;
  for (const int64_t now = arrivals.Now(); !arrivals.IsNext(queue, now);) {
    PRISM_CO_RETURN_IF_ERROR(co_await SleepUntil(Clock::now() + kQueueTurn, ctx.cancellation));
  }
  PRISM_CO_RETURN_IF_ERROR(co_await AwaitGhosts(ctx, queue));
  const Result<Rows> rows = co_await space_->Run(ctx, kQueuePeek, arguments);
  if (!rows.ok()) co_return rows.status();
  for (int row = 0; row < rows->count(); ++row) {
    FillMessage(*rows, row, 0, *response.add_messages());
  }
  co_return OkStatus();
}

}  // namespace prism::postgres
