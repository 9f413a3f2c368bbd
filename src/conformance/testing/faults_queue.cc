// Queues that lose, repeat, reorder, and do not wait as they should.

#include <algorithm>
#include <map>

#include "conformance/testing/forwarding_queue.h"
#include "conformance/testing/pause.h"

namespace prism::conformance::testing {
namespace {

// Reads first and removes later.
class HandsOutTwice final : public ForwardQueueBasic {
 public:
  using ForwardQueueBasic::ForwardQueueBasic;
  Task<Status> Dequeue(RequestContext& ctx, const DequeueRequest& request,
                       DequeueResponse& response) override {
    PeekRequest peek;
    peek.set_queue(request.queue());
    peek.set_max_messages(request.max_messages());
    PeekResponse seen;
    {
      Task<Status> read = real_.Peek(ctx, peek, seen);
      const Status status = co_await read;
      if (!status.ok()) co_return status;
    }
    co_await Pause();
    Task<Status> remove = real_.Dequeue(ctx, request, response);
    const Status status = co_await remove;
    if (seen.messages_size() > 0) *response.mutable_messages() = seen.messages();
    co_return status;
  }
};

class HandsOutTheLastFirst final : public ForwardQueueBasic {
 public:
  using ForwardQueueBasic::ForwardQueueBasic;
  Task<Status> Dequeue(RequestContext& ctx, const DequeueRequest& request,
                       DequeueResponse& response) override {
    Task<Status> remove = real_.Dequeue(ctx, request, response);
    const Status status = co_await remove;
    std::reverse(response.mutable_messages()->begin(), response.mutable_messages()->end());
    co_return status;
  }
};

// What is accepted is known to one worker alone.
class RemembersDuplicatesAlone final : public ForwardQueueBasic {
 public:
  using ForwardQueueBasic::ForwardQueueBasic;
  Task<Status> Enqueue(RequestContext& ctx, const EnqueueRequest& request,
                       EnqueueResponse& response) override {
    std::string key = request.queue() + "/" + request.deduplication_id();
    if (!request.deduplication_id().empty() && known_.contains(key)) {
      response.set_id(known_[key]);
      response.set_duplicate(true);
      co_return OkStatus();
    }
    EnqueueRequest plain = request;
    plain.clear_deduplication_id();
    Task<Status> enqueue = real_.Enqueue(ctx, plain, response);
    const Status status = co_await enqueue;
    if (status.ok()) known_[key] = response.id();
    co_return status;
  }

 private:
  std::map<std::string, std::string> known_;
};

class IgnoresTheNumber final : public ForwardQueueBasic {
 public:
  using ForwardQueueBasic::ForwardQueueBasic;
  Task<Status> Dequeue(RequestContext& ctx, const DequeueRequest& request,
                       DequeueResponse& response) override {
    DequeueRequest changed = request;
    if (changed.max_messages() < 1000) changed.set_max_messages(1000);
    Task<Status> remove = real_.Dequeue(ctx, changed, response);
    co_return co_await remove;
  }
};

class IgnoresTheBytes final : public ForwardQueueBasic {
 public:
  using ForwardQueueBasic::ForwardQueueBasic;
  Task<Status> Dequeue(RequestContext& ctx, const DequeueRequest& request,
                       DequeueResponse& response) override {
    for (uint32_t i = 0; i < 2; ++i) {
      DequeueResponse some;
      Task<Status> remove = real_.Dequeue(ctx, request, some);
      const Status status = co_await remove;
      if (!status.ok()) co_return status;
      response.MergeFrom(some);
      if (request.max_messages() < 100) break;
    }
    co_return OkStatus();
  }
};

class DoesNotWait final : public ForwardQueueBasic {
 public:
  using ForwardQueueBasic::ForwardQueueBasic;
  Task<Status> Dequeue(RequestContext& ctx, const DequeueRequest& request,
                       DequeueResponse& response) override {
    DequeueRequest changed = request;
    changed.set_wait_ms(0);
    Task<Status> remove = real_.Dequeue(ctx, changed, response);
    co_return co_await remove;
  }
};

// Looks again and again, so that chance decides who is served.
class WaitsByLooking final : public ForwardQueueBasic {
 public:
  using ForwardQueueBasic::ForwardQueueBasic;
  Task<Status> Dequeue(RequestContext& ctx, const DequeueRequest& request,
                       DequeueResponse& response) override {
    const TimePoint until = Clock::now() + std::chrono::milliseconds(request.wait_ms());
    DequeueRequest changed = request;
    changed.set_wait_ms(0);
    for (;;) {
      Task<Status> remove = real_.Dequeue(ctx, changed, response);
      const Status status = co_await remove;
      const bool done = !status.ok() || response.messages_size() > 0 || Clock::now() >= until;
      if (done || ctx.cancelled()) co_return status;
      co_await Pause();
    }
  }
};

// Goes on when its caller has gone.
class WaitsOnAfterCancellation final : public ForwardQueueBasic {
 public:
  using ForwardQueueBasic::ForwardQueueBasic;
  Task<Status> Dequeue(RequestContext& ctx, const DequeueRequest& request,
                       DequeueResponse& response) override {
    RequestContext own;
    own.name_space = ctx.name_space;
    own.deadline = ctx.deadline;
    DequeueRequest changed = request;
    changed.set_wait_ms(std::min<int64_t>(request.wait_ms(), 1000));
    Task<Status> remove = real_.Dequeue(own, changed, response);
    co_return co_await remove;
  }
};

class PeekRemoves final : public ForwardQueueBasic {
 public:
  using ForwardQueueBasic::ForwardQueueBasic;
  Task<Status> Peek(RequestContext& ctx, const PeekRequest& request,
                    PeekResponse& response) override {
    DequeueRequest dequeue;
    dequeue.set_queue(request.queue());
    dequeue.set_max_messages(request.max_messages());
    DequeueResponse removed;
    Task<Status> remove = real_.Dequeue(ctx, dequeue, removed);
    const Status status = co_await remove;
    *response.mutable_messages() = removed.messages();
    co_return status;
  }
};

class LosesAttributes final : public ForwardQueueBasic {
 public:
  using ForwardQueueBasic::ForwardQueueBasic;
  Task<Status> Enqueue(RequestContext& ctx, const EnqueueRequest& request,
                       EnqueueResponse& response) override {
    EnqueueRequest changed = request;
    changed.mutable_attributes()->erase("empty");
    Task<Status> enqueue = real_.Enqueue(ctx, changed, response);
    co_return co_await enqueue;
  }
};

class IgnoresTheDelay final : public ForwardDelayed {
 public:
  using ForwardDelayed::ForwardDelayed;
  Task<Status> EnqueueDelayed(RequestContext& ctx, const EnqueueDelayedRequest& request,
                              EnqueueResponse& response) override {
    EnqueueDelayedRequest changed = request;
    changed.set_delay_ms(0);
    Task<Status> enqueue = real_.EnqueueDelayed(ctx, changed, response);
    co_return co_await enqueue;
  }
};

class HalvesTheDelay final : public ForwardDelayed {
 public:
  using ForwardDelayed::ForwardDelayed;
  Task<Status> EnqueueDelayed(RequestContext& ctx, const EnqueueDelayedRequest& request,
                              EnqueueResponse& response) override {
    EnqueueDelayedRequest changed = request;
    if (request.has_delay_ms()) changed.set_delay_ms(request.delay_ms() / 2);
    Task<Status> enqueue = real_.EnqueueDelayed(ctx, changed, response);
    co_return co_await enqueue;
  }
};

class RefusesThePast final : public ForwardDelayed {
 public:
  using ForwardDelayed::ForwardDelayed;
  Task<Status> EnqueueDelayed(RequestContext& ctx, const EnqueueDelayedRequest& request,
                              EnqueueResponse& response) override {
    if (request.has_deliver_at_unix_ms() && request.deliver_at_unix_ms() <= 0) {
      co_return InvalidArgumentError("deliver_at_unix_ms is in the past");
    }
    Task<Status> enqueue = real_.EnqueueDelayed(ctx, request, response);
    co_return co_await enqueue;
  }
};

class CountsReadyOnesToo final : public ForwardDelayed {
 public:
  explicit CountsReadyOnesToo(Backend& real)
      : ForwardDelayed(real), basic_(*FindAs<QueueBasic>(real)) {}
  Task<Status> GetScheduledCount(RequestContext& ctx, const GetScheduledCountRequest& request,
                                 GetScheduledCountResponse& response) override {
    PeekRequest peek;
    peek.set_queue(request.queue());
    peek.set_max_messages(1000);
    PeekResponse ready;
    {
      Task<Status> read = basic_.Peek(ctx, peek, ready);
      const Status status = co_await read;
      if (!status.ok()) co_return status;
    }
    Task<Status> count = real_.GetScheduledCount(ctx, request, response);
    const Status status = co_await count;
    response.set_count(response.count() + static_cast<uint64_t>(ready.messages_size()));
    co_return status;
  }

 private:
  QueueBasic& basic_;
};

class HasTwoPriorities final : public ForwardPriority {
 public:
  using ForwardPriority::ForwardPriority;
  Task<Status> EnqueueWithPriority(RequestContext& ctx, const EnqueueWithPriorityRequest& request,
                                   EnqueueResponse& response) override {
    EnqueueWithPriorityRequest changed = request;
    if (request.priority() <= 9) changed.set_priority(request.priority() < 5 ? 0 : 9);
    Task<Status> enqueue = real_.EnqueueWithPriority(ctx, changed, response);
    co_return co_await enqueue;
  }
};

class TakesAnyPriority final : public ForwardPriority {
 public:
  using ForwardPriority::ForwardPriority;
  Task<Status> EnqueueWithPriority(RequestContext& ctx, const EnqueueWithPriorityRequest& request,
                                   EnqueueResponse& response) override {
    EnqueueWithPriorityRequest changed = request;
    changed.set_priority(std::min(request.priority(), 9u));
    Task<Status> enqueue = real_.EnqueueWithPriority(ctx, changed, response);
    co_return co_await enqueue;
  }
};

template <class Fake>
constexpr auto kBasic = &Replace<Fake, QueueBasic>;
template <class Fake>
constexpr auto kDelayed = &Replace<Fake, QueueDelayed>;
template <class Fake>
constexpr auto kPriority = &Replace<Fake, QueuePriority>;

constexpr Fault kFaults[] = {
    {"hands_out_twice", "queue_basic", "each_message_goes_to_one", kBasic<HandsOutTwice>},
    {"hands_out_the_last_first", "queue_basic", "messages_come_in_order",
     kBasic<HandsOutTheLastFirst>},
    {"hands_out_the_lowest_first", "queue_priority", "consumers_see_the_order",
     kBasic<HandsOutTheLastFirst>},
    {"knows_no_older_duplicates", "queue_basic", "duplicates_store_nothing",
     kBasic<RemembersDuplicatesAlone>},
    {"remembers_duplicates_alone", "queue_basic", "one_of_many_duplicates_is_stored",
     kBasic<RemembersDuplicatesAlone>},
    {"ignores_the_number", "queue_basic", "answers_are_bounded", kBasic<IgnoresTheNumber>},
    {"ignores_the_bytes", "queue_basic", "bytes_of_answers_are_bounded", kBasic<IgnoresTheBytes>},
    {"does_not_wait", "queue_basic", "waiting_call_gets_what_comes", kBasic<DoesNotWait>},
    {"ends_waits_early", "queue_basic", "wait_ends_empty", kBasic<DoesNotWait>},
    {"waits_by_looking", "queue_basic", "first_come_first_served", kBasic<WaitsByLooking>},
    {"waits_on_after_cancellation", "queue_basic", "cancelled_wait_removes_nothing",
     kBasic<WaitsOnAfterCancellation>},
    {"peek_removes", "queue_basic", "peek_shows_the_next", kBasic<PeekRemoves>},
    {"loses_attributes", "queue_basic", "messages_come_back", kBasic<LosesAttributes>},
    {"ignores_the_delay", "queue_delayed", "delay_holds_back", kDelayed<IgnoresTheDelay>},
    {"halves_the_delay", "queue_delayed", "none_is_lost_or_early", kDelayed<HalvesTheDelay>},
    {"refuses_the_past", "queue_delayed", "past_times_are_now", kDelayed<RefusesThePast>},
    {"counts_ready_ones_too", "queue_delayed", "ready_ones_are_not_counted",
     kDelayed<CountsReadyOnesToo>},
    {"has_two_priorities", "queue_priority", "higher_comes_first", kPriority<HasTwoPriorities>},
    {"takes_any_priority", "queue_priority", "bad_priorities_are_refused",
     kPriority<TakesAnyPriority>},
};

}  // namespace

std::span<const Fault> QueueFaults() { return kFaults; }

}  // namespace prism::conformance::testing
