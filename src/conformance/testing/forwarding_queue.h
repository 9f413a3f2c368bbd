#pragma once

#include "conformance/testing/faults.h"
#include "interfaces/backend.h"
#include "interfaces/queue_basic.prism.h"
#include "interfaces/queue_dead_letter.prism.h"
#include "interfaces/queue_delayed.prism.h"
#include "interfaces/queue_priority.prism.h"
#include "interfaces/queue_visibility.prism.h"
#include "prism/interfaces/queue_basic.pb.h"
#include "prism/interfaces/queue_dead_letter.pb.h"
#include "prism/interfaces/queue_delayed.pb.h"
#include "prism/interfaces/queue_priority.pb.h"
#include "prism/interfaces/queue_visibility.pb.h"

// The queue interfaces as they are: what a faulty one overrides a part of.
namespace prism::conformance::testing {

using namespace queue::v1;  // NOLINT

class ForwardQueueBasic : public QueueBasic {
 public:
  explicit ForwardQueueBasic(Backend& real) : real_(*FindAs<QueueBasic>(real)) {}

  Task<Status> Enqueue(RequestContext& ctx, const EnqueueRequest& request,
                       EnqueueResponse& response) override {
    return real_.Enqueue(ctx, request, response);
  }
  Task<Status> Dequeue(RequestContext& ctx, const DequeueRequest& request,
                       DequeueResponse& response) override {
    return real_.Dequeue(ctx, request, response);
  }
  Task<Status> Peek(RequestContext& ctx, const PeekRequest& request,
                    PeekResponse& response) override {
    return real_.Peek(ctx, request, response);
  }

 protected:
  QueueBasic& real_;
};

class ForwardVisibility : public QueueVisibility {
 public:
  explicit ForwardVisibility(Backend& real) : real_(*FindAs<QueueVisibility>(real)) {}

  Task<Status> DequeueWithTimeout(RequestContext& ctx, const DequeueWithTimeoutRequest& request,
                                  DequeueWithTimeoutResponse& response) override {
    return real_.DequeueWithTimeout(ctx, request, response);
  }
  Task<Status> Ack(RequestContext& ctx, const AckRequest& request, AckResponse& response) override {
    return real_.Ack(ctx, request, response);
  }
  Task<Status> ExtendVisibility(RequestContext& ctx, const ExtendVisibilityRequest& request,
                                ExtendVisibilityResponse& response) override {
    return real_.ExtendVisibility(ctx, request, response);
  }
  Task<Status> Release(RequestContext& ctx, const ReleaseRequest& request,
                       ReleaseResponse& response) override {
    return real_.Release(ctx, request, response);
  }

 protected:
  QueueVisibility& real_;
};

class ForwardDelayed : public QueueDelayed {
 public:
  explicit ForwardDelayed(Backend& real) : real_(*FindAs<QueueDelayed>(real)) {}

  Task<Status> EnqueueDelayed(RequestContext& ctx, const EnqueueDelayedRequest& request,
                              EnqueueResponse& response) override {
    return real_.EnqueueDelayed(ctx, request, response);
  }
  Task<Status> GetScheduledCount(RequestContext& ctx, const GetScheduledCountRequest& request,
                                 GetScheduledCountResponse& response) override {
    return real_.GetScheduledCount(ctx, request, response);
  }

 protected:
  QueueDelayed& real_;
};

class ForwardPriority : public QueuePriority {
 public:
  explicit ForwardPriority(Backend& real) : real_(*FindAs<QueuePriority>(real)) {}

  Task<Status> EnqueueWithPriority(RequestContext& ctx, const EnqueueWithPriorityRequest& request,
                                   EnqueueResponse& response) override {
    return real_.EnqueueWithPriority(ctx, request, response);
  }

 protected:
  QueuePriority& real_;
};

class ForwardDeadLetter : public QueueDeadLetter {
 public:
  explicit ForwardDeadLetter(Backend& real) : real_(*FindAs<QueueDeadLetter>(real)) {}

  Task<Status> ConfigureDeadLetter(RequestContext& ctx, const ConfigureDeadLetterRequest& request,
                                   ConfigureDeadLetterResponse& response) override {
    return real_.ConfigureDeadLetter(ctx, request, response);
  }
  Task<Status> GetDeadLetterQueue(RequestContext& ctx, const GetDeadLetterQueueRequest& request,
                                  GetDeadLetterQueueResponse& response) override {
    return real_.GetDeadLetterQueue(ctx, request, response);
  }
  Task<Status> Redrive(RequestContext& ctx, const RedriveRequest& request,
                       RedriveResponse& response) override {
    return real_.Redrive(ctx, request, response);
  }

 protected:
  QueueDeadLetter& real_;
};

}  // namespace prism::conformance::testing
