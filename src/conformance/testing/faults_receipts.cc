// Receipts that are not kept, and dead letters that go astray.

#include <algorithm>

#include "conformance/testing/forwarding_queue.h"

namespace prism::conformance::testing {
namespace {

// At most once: what was received is gone.
class RemovesOnReceipt final : public ForwardVisibility {
 public:
  using ForwardVisibility::ForwardVisibility;
  Task<Status> DequeueWithTimeout(RequestContext& ctx, const DequeueWithTimeoutRequest& request,
                                  DequeueWithTimeoutResponse& response) override {
    Task<Status> receive = real_.DequeueWithTimeout(ctx, request, response);
    Status status = co_await receive;
    for (const QueueDelivery& each : response.deliveries()) {
      AckRequest ack;
      ack.set_queue(request.queue());
      ack.set_receipt(each.receipt());
      AckResponse unused;
      Task<Status> remove = real_.Ack(ctx, ack, unused);
      status = co_await remove;
    }
    co_return status;
  }
  // So that consumers believe that they were the ones.
  Task<Status> Ack(RequestContext&, const AckRequest&, AckResponse& response) override {
    response.set_found(true);
    co_return OkStatus();
  }
};

class AckOnlyHides final : public ForwardVisibility {
 public:
  using ForwardVisibility::ForwardVisibility;
  Task<Status> Ack(RequestContext& ctx, const AckRequest& request, AckResponse& response) override {
    ExtendVisibilityRequest extend;
    extend.set_queue(request.queue());
    extend.set_receipt(request.receipt());
    extend.set_visibility_timeout_ms(20);
    ExtendVisibilityResponse extended;
    Task<Status> hide = real_.ExtendVisibility(ctx, extend, extended);
    const Status status = co_await hide;
    response.set_found(extended.found());
    co_return status;
  }
};

class NeverTimesOut final : public ForwardVisibility {
 public:
  using ForwardVisibility::ForwardVisibility;
  Task<Status> DequeueWithTimeout(RequestContext& ctx, const DequeueWithTimeoutRequest& request,
                                  DequeueWithTimeoutResponse& response) override {
    DequeueWithTimeoutRequest changed = request;
    if (request.visibility_timeout_ms() > 0) changed.set_visibility_timeout_ms(43'200'000);
    Task<Status> receive = real_.DequeueWithTimeout(ctx, changed, response);
    co_return co_await receive;
  }
};

class DoesNotExtend final : public ForwardVisibility {
 public:
  using ForwardVisibility::ForwardVisibility;
  Task<Status> ExtendVisibility(RequestContext&, const ExtendVisibilityRequest&,
                                ExtendVisibilityResponse& response) override {
    response.set_found(true);
    co_return OkStatus();
  }
};

class ReleasesAtOnce final : public ForwardVisibility {
 public:
  using ForwardVisibility::ForwardVisibility;
  Task<Status> Release(RequestContext& ctx, const ReleaseRequest& request,
                       ReleaseResponse& response) override {
    ReleaseRequest changed = request;
    changed.set_delay_ms(0);
    Task<Status> release = real_.Release(ctx, changed, response);
    co_return co_await release;
  }
};

class VoidReceiptsAreErrors final : public ForwardVisibility {
 public:
  using ForwardVisibility::ForwardVisibility;
  Task<Status> Ack(RequestContext& ctx, const AckRequest& request, AckResponse& response) override {
    Task<Status> ack = real_.Ack(ctx, request, response);
    const Status status = co_await ack;
    if (status.ok() && !response.found()) co_return NotFoundError("no such receipt");
    co_return status;
  }
};

class DoesNotCount final : public ForwardVisibility {
 public:
  using ForwardVisibility::ForwardVisibility;
  Task<Status> DequeueWithTimeout(RequestContext& ctx, const DequeueWithTimeoutRequest& request,
                                  DequeueWithTimeoutResponse& response) override {
    Task<Status> receive = real_.DequeueWithTimeout(ctx, request, response);
    const Status status = co_await receive;
    for (QueueDelivery& each : *response.mutable_deliveries()) {
      each.mutable_message()->set_receive_count(1);
    }
    co_return status;
  }
};

class GivesOneReceiveMore final : public ForwardDeadLetter {
 public:
  using ForwardDeadLetter::ForwardDeadLetter;
  Task<Status> ConfigureDeadLetter(RequestContext& ctx, const ConfigureDeadLetterRequest& request,
                                   ConfigureDeadLetterResponse& response) override {
    ConfigureDeadLetterRequest changed = request;
    const uint32_t max = request.max_receives();
    if (max > 0 && max < 1000) changed.set_max_receives(max + 1);
    Task<Status> configure = real_.ConfigureDeadLetter(ctx, changed, response);
    co_return co_await configure;
  }
};

class ListsBackwards final : public ForwardDeadLetter {
 public:
  using ForwardDeadLetter::ForwardDeadLetter;
  Task<Status> GetDeadLetterQueue(RequestContext& ctx, const GetDeadLetterQueueRequest& request,
                                  GetDeadLetterQueueResponse& response) override {
    Task<Status> get = real_.GetDeadLetterQueue(ctx, request, response);
    const Status status = co_await get;
    std::reverse(response.mutable_messages()->begin(), response.mutable_messages()->end());
    co_return status;
  }
};

class BeginsAnew final : public ForwardDeadLetter {
 public:
  using ForwardDeadLetter::ForwardDeadLetter;
  Task<Status> GetDeadLetterQueue(RequestContext& ctx, const GetDeadLetterQueueRequest& request,
                                  GetDeadLetterQueueResponse& response) override {
    GetDeadLetterQueueRequest changed = request;
    changed.clear_cursor();
    Task<Status> get = real_.GetDeadLetterQueue(ctx, changed, response);
    co_return co_await get;
  }
};

class RedrivesAll final : public ForwardDeadLetter {
 public:
  using ForwardDeadLetter::ForwardDeadLetter;
  Task<Status> Redrive(RequestContext& ctx, const RedriveRequest& request,
                       RedriveResponse& response) override {
    RedriveRequest changed = request;
    if (request.max_messages() > 0)
      changed.set_max_messages(std::max(request.max_messages(), 1000u));
    Task<Status> redrive = real_.Redrive(ctx, changed, response);
    co_return co_await redrive;
  }
};

// Copies, and leaves what it has copied.
class RedrivesCopies final : public ForwardDeadLetter {
 public:
  explicit RedrivesCopies(Backend& real)
      : ForwardDeadLetter(real), basic_(*FindAs<QueueBasic>(real)) {}
  Task<Status> Redrive(RequestContext& ctx, const RedriveRequest& request,
                       RedriveResponse& response) override {
    GetDeadLetterQueueRequest get;
    get.set_queue(request.queue());
    get.set_limit(std::max(request.max_messages(), 1u));
    GetDeadLetterQueueResponse page;
    {
      Task<Status> read = real_.GetDeadLetterQueue(ctx, get, page);
      const Status status = co_await read;
      if (!status.ok()) co_return status;
    }
    for (const DeadMessage& each : page.messages()) {
      EnqueueRequest copy;
      copy.set_queue(request.queue());
      copy.set_payload(each.message().payload());
      EnqueueResponse unused;
      Task<Status> enqueue = basic_.Enqueue(ctx, copy, unused);
      const Status status = co_await enqueue;
      if (!status.ok()) co_return status;
    }
    response.set_moved(static_cast<uint64_t>(page.messages_size()));
    co_return OkStatus();
  }

 private:
  QueueBasic& basic_;
};

template <class Fake>
constexpr auto kVisibility = &Replace<Fake, QueueVisibility>;
template <class Fake>
constexpr auto kDeadLetter = &Replace<Fake, QueueDeadLetter>;

constexpr Fault kFaults[] = {
    {"removes_on_receipt", "queue_visibility", "nothing_is_lost", kVisibility<RemovesOnReceipt>},
    {"ack_only_hides", "queue_visibility", "acked_is_gone", kVisibility<AckOnlyHides>},
    {"acks_are_found_twice", "queue_visibility", "one_of_many_acks_is_found",
     kVisibility<AckOnlyHides>},
    {"receipts_never_end", "queue_visibility", "timeout_makes_it_ready",
     kVisibility<NeverTimesOut>},
    {"does_not_extend", "queue_visibility", "extended_later", kVisibility<DoesNotExtend>},
    {"does_not_shorten", "queue_visibility", "extended_sooner", kVisibility<DoesNotExtend>},
    {"releases_at_once", "queue_visibility", "release_for_later", kVisibility<ReleasesAtOnce>},
    {"counts_no_release", "queue_delayed", "released_for_later_are_counted",
     kVisibility<ReleasesAtOnce>},
    {"void_receipts_are_errors", "queue_visibility", "void_receipts_change_nothing",
     kVisibility<VoidReceiptsAreErrors>},
    {"does_not_count", "queue_visibility", "release_gives_back", kVisibility<DoesNotCount>},
    {"gives_one_receive_more", "queue_dead_letter", "released_message_moves",
     kDeadLetter<GivesOneReceiveMore>},
    {"lists_backwards", "queue_dead_letter", "order_is_that_of_arrival",
     kDeadLetter<ListsBackwards>},
    {"begins_anew", "queue_dead_letter", "cursor_resumes", kDeadLetter<BeginsAnew>},
    {"takes_damaged_dead_cursors", "queue_dead_letter", "damaged_cursors_are_refused",
     kDeadLetter<BeginsAnew>},
    {"redrives_all", "queue_dead_letter", "redrive_takes_the_first", kDeadLetter<RedrivesAll>},
    {"redrives_copies", "queue_dead_letter", "redrive_moves_back", kDeadLetter<RedrivesCopies>},
    {"redrives_twice", "queue_dead_letter", "concurrent_redrives_move_each_once",
     kDeadLetter<RedrivesCopies>},
};

}  // namespace

std::span<const Fault> ReceiptFaults() { return kFaults; }

}  // namespace prism::conformance::testing
