#pragma once

#include <memory>
#include <string>

#include "drivers/postgres/queue/handout.h"
#include "drivers/postgres/space.h"
#include "interfaces/backend.h"
#include "interfaces/queue_basic.prism.h"
#include "interfaces/queue_dead_letter.prism.h"
#include "interfaces/queue_delayed.prism.h"
#include "interfaces/queue_priority.prism.h"
#include "interfaces/queue_visibility.prism.h"

namespace prism::postgres {

// The queue contracts on one worker; schema.cc says how queues lie in Postgres.
class QueueCalls final
    : public Provides<QueueBasic, QueueVisibility, QueueDeadLetter, QueuePriority, QueueDelayed> {
 public:
  explicit QueueCalls(std::shared_ptr<Space> space) : space_(std::move(space)) {}

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
  // When a new message becomes ready: at once, later, or at a time.
  struct When {
    std::optional<int64_t> delay_ms{};
    std::optional<int64_t> at_unix_ms{};
  };

  template <class Request>
  Task<Status> Put(RequestContext& ctx, const Request& request, int64_t priority, When when,
                   queue::v1::EnqueueResponse& response);
  // What there is of messages, or what comes until `wait_ms` have passed.
  template <class Request>
  Task<Result<Rows>> Receive(RequestContext& ctx, const Request& request, int64_t lease_ms);
  // Calls that were cancelled may hold messages for a moment.
  Task<Status> AwaitGhosts(RequestContext& ctx, const std::string& queue);
  Task<Result<Rows>> TakeNow(RequestContext& ctx, std::string_view queue, int64_t most,
                             int64_t lease_ms);
  // Runs a statement on the delivery of the request's receipt: whether it was good.
  template <class Request>
  Task<Result<bool>> OnReceipt(RequestContext& ctx, const Statement& statement,
                               const Request& request, std::optional<int64_t> ms);

  const std::shared_ptr<Space> space_;
};

}  // namespace prism::postgres
