#include <charconv>

#include "drivers/contract/page_cursor.h"
#include "drivers/contract/queue.h"
#include "drivers/memstore/data.h"
#include "drivers/memstore/queue/calls.h"
#include "drivers/memstore/queue/mapping.h"

namespace prism::memstore {
namespace {

using namespace queue::v1;  // NOLINT
using std::chrono::milliseconds;

// The place behind which a page begins.
Result<uint64_t> PlaceOf(const GetDeadLetterQueueRequest& request) {
  if (request.cursor().empty()) return uint64_t{0};
  Result<std::string> place = DecodePageCursor(request.queue(), request.cursor());
  if (!place.ok()) return std::move(place).status();
  uint64_t number = 0;
  std::from_chars(place->data(), place->data() + place->size(), number);
  return number;
}

}  // namespace

Task<Status> QueueCalls::DequeueWithTimeout(RequestContext& ctx,
                                            const DequeueWithTimeoutRequest& request,
                                            DequeueWithTimeoutResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const milliseconds timeout(request.visibility_timeout_ms());
  std::vector<QueueHandout> deliveries;
  const QueueTake take{request.max_messages(), timeout};
  PRISM_CO_RETURN_IF_ERROR(
      co_await Receive(ctx, request.queue(), take, request.wait_ms(), deliveries));
  for (const QueueHandout& each : deliveries) {
    QueueDelivery& delivery = *response.add_deliveries();
    FillQueueMessage(each, *delivery.mutable_message());
    delivery.set_receipt(queues_.ReceiptOf(each));
  }
  if (!deliveries.empty()) collector_.After(queues_.Now() + timeout);
  co_return OkStatus();
}

Task<Status> QueueCalls::Ack(RequestContext&, const AckRequest& request, AckResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  response.set_found(queues_.Ack(request.queue(), request.receipt()));
  co_return OkStatus();
}

Task<Status> QueueCalls::ExtendVisibility(RequestContext&, const ExtendVisibilityRequest& request,
                                          ExtendVisibilityResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const milliseconds timeout(request.visibility_timeout_ms());
  response.set_found(queues_.Extend(request.queue(), request.receipt(), timeout));
  if (response.found()) collector_.After(queues_.Now() + timeout);
  co_return OkStatus();
}

Task<Status> QueueCalls::Release(RequestContext&, const ReleaseRequest& request,
                                 ReleaseResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const milliseconds delay(request.delay_ms());
  response.set_found(queues_.Release(request.queue(), request.receipt(), delay));
  if (response.found() && delay.count() > 0) collector_.After(queues_.Now() + delay);
  co_return OkStatus();
}

Task<Status> QueueCalls::ConfigureDeadLetter(RequestContext&,
                                             const ConfigureDeadLetterRequest& request,
                                             ConfigureDeadLetterResponse&) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  if (request.max_receives() == 0 && request.dead_letter_queue().empty()) {
    co_return queues_.Configure(request.queue(), std::nullopt);
  }
  co_return queues_.Configure(
      request.queue(), Queue::DeadLetters{request.max_receives(), request.dead_letter_queue()});
}

Task<Status> QueueCalls::GetDeadLetterQueue(RequestContext&,
                                            const GetDeadLetterQueueRequest& request,
                                            GetDeadLetterQueueResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const Result<uint64_t> after = PlaceOf(request);
  if (!after.ok()) co_return after.status();
  const Queues::DeadPage page = queues_.PeekDead(request.queue(), *after, LimitOf(request));
  response.set_found(page.config.has_value());
  if (!page.config) co_return OkStatus();
  response.set_max_receives(static_cast<uint32_t>(page.config->max_receives));
  response.set_dead_letter_queue(page.config->queue);
  response.set_ready_count(page.ready);
  for (const DeadHandout& each : page.messages) {
    DeadMessage& dead = *response.add_messages();
    FillQueueMessage(each.delivery, *dead.mutable_message());
    dead.set_source_queue(request.queue());
    dead.set_reason(each.death.timed_out ? TIMED_OUT : RELEASED);
    dead.set_source_receive_count(each.death.receives);
    dead.set_dead_at_unix_ms(each.death.at_unix_ms);
  }
  if (page.more) {
    const std::string last = std::to_string(page.messages.back().place);
    response.set_cursor(EncodePageCursor(request.queue(), last));
  }
  co_return OkStatus();
}

Task<Status> QueueCalls::Redrive(RequestContext&, const RedriveRequest& request,
                                 RedriveResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  response.set_moved(queues_.Redrive(request.queue(), request.max_messages()));
  co_return OkStatus();
}

}  // namespace prism::memstore
