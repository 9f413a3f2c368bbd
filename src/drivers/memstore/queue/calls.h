#pragma once

#include <memory>
#include <string>
#include <vector>

#include "interfaces/backend.h"
#include "drivers/memstore/collector.h"
#include "drivers/memstore/queue/queues.h"
#include "interfaces/queue_basic.prism.h"
#include "interfaces/queue_dead_letter.prism.h"
#include "interfaces/queue_delayed.prism.h"
#include "interfaces/queue_priority.prism.h"
#include "interfaces/queue_visibility.prism.h"

namespace prism::memstore {

struct NamespaceData;

// The queue contracts on one worker. Only the two Dequeues suspend, and only to wait.
class QueueCalls final
    : public Provides<QueueBasic, QueueVisibility, QueueDeadLetter, QueuePriority, QueueDelayed> {
 public:
  explicit QueueCalls(std::shared_ptr<NamespaceData> data);

  Task<Status> Enqueue(RequestContext& ctx, const queue::v1::EnqueueRequest& request,
                       queue::v1::EnqueueResponse& response) override;
  Task<Status> Dequeue(RequestContext& ctx, const queue::v1::DequeueRequest& request,
                       queue::v1::DequeueResponse& response) override;
  Task<Status> Peek(RequestContext& ctx, const queue::v1::PeekRequest& request,
                    queue::v1::PeekResponse& response) override;

  Task<Status> DequeueWithTimeout(RequestContext& ctx,
                                  const queue::v1::DequeueWithTimeoutRequest& request,
                                  queue::v1::DequeueWithTimeoutResponse& response) override;
  Task<Status> Ack(RequestContext& ctx, const queue::v1::AckRequest& request,
                   queue::v1::AckResponse& response) override;
  Task<Status> ExtendVisibility(RequestContext& ctx,
                                const queue::v1::ExtendVisibilityRequest& request,
                                queue::v1::ExtendVisibilityResponse& response) override;
  Task<Status> Release(RequestContext& ctx, const queue::v1::ReleaseRequest& request,
                       queue::v1::ReleaseResponse& response) override;

  Task<Status> ConfigureDeadLetter(RequestContext& ctx,
                                   const queue::v1::ConfigureDeadLetterRequest& request,
                                   queue::v1::ConfigureDeadLetterResponse& response) override;
  Task<Status> GetDeadLetterQueue(RequestContext& ctx,
                                  const queue::v1::GetDeadLetterQueueRequest& request,
                                  queue::v1::GetDeadLetterQueueResponse& response) override;
  Task<Status> Redrive(RequestContext& ctx, const queue::v1::RedriveRequest& request,
                       queue::v1::RedriveResponse& response) override;

  Task<Status> EnqueueWithPriority(RequestContext& ctx,
                                   const queue::v1::EnqueueWithPriorityRequest& request,
                                   queue::v1::EnqueueResponse& response) override;

  Task<Status> EnqueueDelayed(RequestContext& ctx, const queue::v1::EnqueueDelayedRequest& request,
                              queue::v1::EnqueueResponse& response) override;
  Task<Status> GetScheduledCount(RequestContext& ctx,
                                 const queue::v1::GetScheduledCountRequest& request,
                                 queue::v1::GetScheduledCountResponse& response) override;

 private:
  template <class Request>
  Status Put(const Request& request, int priority, Duration delay,
             queue::v1::EnqueueResponse& response);
  // Takes what is there, or waits for it.
  Task<Status> Receive(RequestContext& ctx, const std::string& queue, QueueTake take,
                       int64_t wait_ms, std::vector<QueueHandout>& deliveries);

  const std::shared_ptr<NamespaceData> data_;
  Queues& queues_;
  Collector collector_;
};

}  // namespace prism::memstore
