#include <algorithm>

#include "drivers/contract/queue.h"
#include "drivers/postgres/queue/calls.h"
#include "drivers/postgres/queue/line.h"
#include "drivers/postgres/queue/statements.h"

namespace prism::postgres {
namespace {

using namespace queue::v1;  // NOLINT
using std::chrono::milliseconds;

// Messages that others hold just now may yet be given back: only what nobody gives back in this
// time is gone.
constexpr int64_t kBusyMs = 2;
constexpr int kBusyTries = 3;

}  // namespace

Task<Status> QueueCalls::AwaitGhosts(RequestContext& ctx, const std::string& queue) {
  while (space_->state().queue_arrivals.HasGhosts(queue)) {
    PRISM_CO_RETURN_IF_ERROR(co_await SleepUntil(Clock::now() + kQueueTurn, ctx.cancellation));
  }
  co_return OkStatus();
}

Task<Result<Rows>> QueueCalls::TakeNow(RequestContext& ctx, std::string_view queue, int64_t most,
                                       int64_t lease_ms) {
  const std::string id = QueueId(*space_, queue);
  PRISM_CO_RETURN_IF_ERROR(co_await AwaitGhosts(ctx, id));
  for (int busy = 0; true;) {
    Arguments arguments;
    arguments.Text(id).Int(most).Int(lease_ms).Null().Null();
    Result<Rows> rows = co_await space_->Run(ctx, kQueueTake, arguments);
    if (!rows.ok() || MessagesIn(*rows) > 0) co_return std::move(rows);
    const std::optional<int64_t> wake_ms = WakeMs(*rows);
    if (!wake_ms || *wake_ms > kBusyMs) co_return std::move(rows);
    if (*wake_ms == 0) continue;
    if (++busy > kBusyTries) co_return std::move(rows);
    const TimePoint then = Clock::now() + milliseconds(*wake_ms);
    PRISM_CO_RETURN_IF_ERROR(co_await SleepUntil(then, ctx.cancellation));
  }
}

template <class Request>
Task<Result<Rows>> QueueCalls::Receive(RequestContext& ctx, const Request& request,
                                       int64_t lease_ms) {
  const auto most = std::max<int64_t>(request.max_messages(), 1);
  if (request.wait_ms() == 0) {
    Result<Rows> rows = co_await TakeNow(ctx, request.queue(), most, lease_ms);
    co_return std::move(rows);
  }
  const TimePoint until = Clock::now() + milliseconds(request.wait_ms());
  QueueWant want;
  want.queue = QueueId(*space_, request.queue());
  want.channel = space_->Channel("queue", request.queue());
  want.most = most;
  want.lease_ms = lease_ms;
  QueueLine line(space_, std::move(want));
  Result<Rows> rows = co_await line.Take(ctx, until);
  co_return std::move(rows);
}

Task<Status> QueueCalls::Dequeue(RequestContext& ctx, const DequeueRequest& request,
                                 DequeueResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const Result<Rows> rows = co_await Receive(ctx, request, 0);
  if (!rows.ok()) co_return rows.status();
  for (int row = 0; row < MessagesIn(*rows); ++row) {
    FillMessage(*rows, row, 0, *response.add_messages());
  }
  co_return OkStatus();
}

Task<Status> QueueCalls::DequeueWithTimeout(RequestContext& ctx,
                                            const DequeueWithTimeoutRequest& request,
                                            DequeueWithTimeoutResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const Result<Rows> rows = co_await Receive(ctx, request, request.visibility_timeout_ms());
  if (!rows.ok()) co_return rows.status();
  for (int row = 0; row < MessagesIn(*rows); ++row) {
    QueueDelivery& delivery = *response.add_deliveries();
    FillMessage(*rows, row, 0, *delivery.mutable_message());
    const Delivery nth{rows->Int(row, handout::kId), rows->Int(row, handout::kDelivery)};
    delivery.set_receipt(ReceiptOf(nth));
  }
  co_return OkStatus();
}

template <class Request>
Task<Result<bool>> QueueCalls::OnReceipt(RequestContext& ctx, const Statement& statement,
                                         const Request& request, std::optional<int64_t> ms) {
  const std::string queue = QueueId(*space_, request.queue());
  const Delivery delivery = DeliveryOf(request.receipt());
  Arguments arguments;
  arguments.Text(queue).Int(delivery.number).Int(delivery.nth);
  if (ms) arguments.Int(*ms);
  const Result<Rows> rows = co_await space_->Run(ctx, statement, arguments);
  if (!rows.ok()) co_return rows.status();
  co_return !rows->empty() && rows->Bool(0, 0);
}

Task<Status> QueueCalls::Ack(RequestContext& ctx, const AckRequest& request,
                             AckResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const Result<bool> found = co_await OnReceipt(ctx, kQueueAck, request, std::nullopt);
  if (!found.ok()) co_return found.status();
  response.set_found(*found);
  co_return OkStatus();
}

Task<Status> QueueCalls::ExtendVisibility(RequestContext& ctx,
                                          const ExtendVisibilityRequest& request,
                                          ExtendVisibilityResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const Result<bool> found =
      co_await OnReceipt(ctx, kQueueExtend, request, request.visibility_timeout_ms());
  if (!found.ok()) co_return found.status();
  response.set_found(*found);
  co_return OkStatus();
}

Task<Status> QueueCalls::Release(RequestContext& ctx, const ReleaseRequest& request,
                                 ReleaseResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const Result<bool> found = co_await OnReceipt(ctx, kQueueRelease, request, request.delay_ms());
  if (!found.ok()) co_return found.status();
  response.set_found(*found);
  co_return OkStatus();
}

}  // namespace prism::postgres
