#include "drivers/memstore/queue/calls.h"

#include <algorithm>

#include "drivers/contract/queue.h"
#include "drivers/memstore/data.h"
#include "drivers/memstore/queue/mapping.h"
#include "drivers/memstore/wall_clock.h"

namespace prism::memstore {
namespace {

using namespace queue::v1;  // NOLINT
using std::chrono::milliseconds;

// A call's place in a queue's line, which it leaves however it ends.
class Line {
 public:
  Line(Queues& queues, const std::string& queue, QueueTake take)
      : queues_(queues), queue_(queue), waiter_(take) {}
  Line(const Line&) = delete;
  ~Line() { Leave(false); }

  Status Enter() {
    const Status status = queues_.Enter(queue_, waiter_);
    entered_ = status.ok();
    return status;
  }
  // See Queues::Poll; the time is the worker's.
  bool Poll(TimePoint& wake_at) {
    const bool given = queues_.Poll(queue_, waiter_, wake_at);
    if (!given && wake_at != kNever) wake_at = Clock::now() + (wake_at - queues_.Now());
    return given;
  }
  std::vector<QueueHandout> Leave(bool keep) {
    if (std::exchange(entered_, false)) queues_.Leave(queue_, waiter_, keep);
    return std::move(waiter_.given);
  }
  Signal& signal() { return waiter_.signal; }

 private:
  Queues& queues_;
  const std::string& queue_;
  QueueWaiter waiter_;
  bool entered_ = false;
};

}  // namespace

void FillQueueMessage(const QueueHandout& delivery, QueueMessage& message) {
  const QueueContent& content = *delivery.content;
  message.set_id(content.id);
  message.set_payload(content.payload);
  for (const auto& [name, value] : content.attributes) {
    (*message.mutable_attributes())[name] = value;
  }
  message.set_priority(content.priority);
  message.set_enqueued_at_unix_ms(content.enqueued_at_unix_ms);
  message.set_receive_count(delivery.receives);
}

QueueCalls::QueueCalls(std::shared_ptr<NamespaceData> data)
    : data_(std::move(data)),
      queues_(data_->queues),
      collector_(data_->now, {[this](int max) { return queues_.Collect(max); },
                              [this] { return queues_.next_due(); }}) {}

template <class Request>
Status QueueCalls::Put(const Request& request, int priority, Duration delay,
                       EnqueueResponse& response) {
  NewQueueMessage message{request.payload(), {}, priority, request.deduplication_id(), delay};
  message.attributes.assign(request.attributes().begin(), request.attributes().end());
  Queues::Enqueued enqueued;
  PRISM_RETURN_IF_ERROR(queues_.Enqueue(request.queue(), std::move(message), enqueued));
  response.set_id(enqueued.id);
  response.set_duplicate(enqueued.duplicate);
  if (!request.deduplication_id().empty()) {
    collector_.After(queues_.Now() + Queues::kDeduplicationWindow);
  }
  if (delay > Duration::zero()) collector_.After(queues_.Now() + delay);
  return OkStatus();
}

Task<Status> QueueCalls::Enqueue(RequestContext&, const EnqueueRequest& request,
                                 EnqueueResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  co_return Put(request, 0, Duration::zero(), response);
}

Task<Status> QueueCalls::EnqueueWithPriority(RequestContext&,
                                             const EnqueueWithPriorityRequest& request,
                                             EnqueueResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  co_return Put(request, static_cast<int>(request.priority()), Duration::zero(), response);
}

Task<Status> QueueCalls::EnqueueDelayed(RequestContext&, const EnqueueDelayedRequest& request,
                                        EnqueueResponse& response) {
  const int64_t now_us = UnixMicros(queues_.Now());
  PRISM_CO_RETURN_IF_ERROR(Check(request, now_us / 1000));
  if (request.has_delay_ms()) {
    co_return Put(request, 0, milliseconds(request.delay_ms()), response);
  }
  const int64_t delay_us = std::max<int64_t>(request.deliver_at_unix_ms(), 0) * 1000 - now_us;
  co_return Put(request, 0, std::chrono::microseconds(std::max<int64_t>(delay_us, 0)), response);
}

Task<Status> QueueCalls::GetScheduledCount(RequestContext&, const GetScheduledCountRequest& request,
                                           GetScheduledCountResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  response.set_count(queues_.ScheduledCount(request.queue()));
  co_return OkStatus();
}

Task<Status> QueueCalls::Receive(RequestContext& ctx, const std::string& queue, QueueTake take,
                                 int64_t wait_ms, std::vector<QueueHandout>& deliveries) {
  take.max = std::max<size_t>(take.max, 1);
  deliveries = queues_.Take(queue, take);
  if (!deliveries.empty() || wait_ms == 0) co_return OkStatus();
  const TimePoint until = Clock::now() + milliseconds(wait_ms);
  Line line(queues_, queue, take);
  PRISM_CO_RETURN_IF_ERROR(line.Enter());
  TimePoint wake_at = kNever;
  while (!line.Poll(wake_at) && Clock::now() < until && !ctx.cancelled()) {
    (void)co_await line.signal().Wait(std::min(wake_at, until), ctx.cancellation);
  }
  // An answer that nobody will read must not take messages with it.
  PRISM_CO_RETURN_IF_ERROR(ctx.cancellation.reason());
  deliveries = line.Leave(true);
  co_return OkStatus();
}

Task<Status> QueueCalls::Dequeue(RequestContext& ctx, const DequeueRequest& request,
                                 DequeueResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  std::vector<QueueHandout> deliveries;
  const QueueTake take{request.max_messages(), {}};
  PRISM_CO_RETURN_IF_ERROR(
      co_await Receive(ctx, request.queue(), take, request.wait_ms(), deliveries));
  for (const QueueHandout& each : deliveries) FillQueueMessage(each, *response.add_messages());
  co_return OkStatus();
}

Task<Status> QueueCalls::Peek(RequestContext&, const PeekRequest& request, PeekResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const size_t max = std::max<size_t>(request.max_messages(), 1);
  for (const QueueHandout& each : queues_.Peek(request.queue(), max)) {
    FillQueueMessage(each, *response.add_messages());
  }
  co_return OkStatus();
}

}  // namespace prism::memstore
