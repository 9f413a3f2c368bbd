#include <deque>
#include <unordered_set>
#include <utility>

#include "loop/worker.h"
#include "patterns/multicast_registry/multicast_registry.h"
#include "prism/interfaces/pubsub_basic.pb.h"
#include "prism/interfaces/queue_basic.pb.h"
#include "prism/interfaces/queue_dead_letter.pb.h"
#include "prism/interfaces/queue_visibility.pb.h"

namespace prism::multicast_registry {
namespace {

constexpr auto kRefresh = std::chrono::seconds(5);  // of the mark, and of the look for the lease
constexpr uint32_t kKeptPerRead = 16;
constexpr int64_t kVisibilityMs = 60'000;  // for the caller to take them, then another may
constexpr uint32_t kMaxReceives = 16;      // then a message is put aside
constexpr std::string_view kDeadQueue = "undeliverable";
constexpr size_t kRememberedIds = 1024;

// A message that was both kept and sent is handed out once.
class SeenIds {
 public:
  // False if it was added before.
  bool Add(const std::string& id) {
    if (!ids_.insert(id).second) return false;
    order_.push_back(id);
    if (order_.size() > kRememberedIds) {
      ids_.erase(order_.front());
      order_.pop_front();
    }
    return true;
  }

 private:
  std::unordered_set<std::string> ids_;
  std::deque<std::string> order_;
};

}  // namespace

// What runs beside a Listen stream: marks that it is there and ends it with the registration. Its
// context is that of the stream's own calls, cancelled with the caller's.
class MulticastRegistryPattern::Listener {
 public:
  Listener(MulticastRegistryPattern& pattern, RequestContext& caller, const std::string& identity)
      : pattern_(pattern), caller_(caller), identity_(identity) {
    context.name_space = caller.name_space;
    context.deadline = caller.deadline;
    context.incoming = caller.incoming;
    hook_.Hook(
        caller.cancellation,
        [](void* self) {
          auto* listener = static_cast<Listener*>(self);
          listener->context.cancellation.Cancel(listener->caller_.cancellation.reason());
        },
        this);
  }

  Task<Status> CheckRegistered() {
    const Result<std::optional<api::Identity>> found =
        co_await pattern_.identities_.Get(context, identity_);
    if (!found.ok()) co_return found.status();
    if (found->has_value()) co_return OkStatus();
    co_return NotFoundError("the identity is not registered")
        .WithHint("register it, and renew its lease in time");
  }

  void KeepUp() {
    keeper_ = RunKeeper();
    keeper_.Start([](void*) {}, nullptr);
  }

  RequestContext context;
  SeenIds seen;

 private:
  // A backend that is away for a moment does not end the stream: only the lease's end does.
  Task<void> RunKeeper() {
    while (!context.cancelled()) {
      (void)co_await pattern_.identities_.MarkListening(context, identity_);
      const TimePoint next = Clock::now() + kRefresh;
      const Status slept = co_await SleepUntil(next, context.cancellation);
      if (!slept.ok()) break;
      Status status = co_await CheckRegistered();
      if (status.code() == Code::kNotFound) context.cancellation.Cancel(std::move(status));
    }
  }

  MulticastRegistryPattern& pattern_;
  RequestContext& caller_;
  const std::string& identity_;
  CancelHook hook_;
  Task<void> keeper_;
};

namespace {

// False for what is none of ours.
bool ToEvent(const std::string& bytes, bool kept, api::StoredMessage& stored,
             api::ListenEvent& event) {
  if (!stored.ParseFromString(bytes)) return false;
  api::MulticastMessage& message = *event.mutable_message();
  message.set_message_id(stored.message_id());
  message.set_payload(stored.payload());
  *message.mutable_attributes() = stored.attributes();
  message.set_sent_at_unix_ms(stored.sent_at_unix_ms());
  message.set_kept(kept);
  return true;
}

Task<Status> SetDeadLetter(RequestContext& ctx, QueueDeadLetter& dead_letter,
                           const std::string& queue) {
  queue::v1::ConfigureDeadLetterRequest request;
  queue::v1::ConfigureDeadLetterResponse response;
  request.set_queue(queue);
  request.set_max_receives(kMaxReceives);
  request.set_dead_letter_queue(std::string(kDeadQueue));
  co_return co_await dead_letter.ConfigureDeadLetter(ctx, request, response);
}

// The messages that are kept for the identity, each removed when the one after it is asked for.
Stream<api::ListenEvent> ReadKept(RequestContext& ctx, QueueVisibility& visibility,
                                  const std::string& queue) {
  queue::v1::DequeueWithTimeoutRequest request;
  queue::v1::DequeueWithTimeoutResponse response;
  request.set_queue(queue);
  request.set_max_messages(kKeptPerRead);
  request.set_visibility_timeout_ms(kVisibilityMs);
  do {
    response.Clear();
    PRISM_CO_RETURN_IF_ERROR(co_await visibility.DequeueWithTimeout(ctx, request, response));
    for (const queue::v1::QueueDelivery& delivery : response.deliveries()) {
      api::StoredMessage stored;
      api::ListenEvent event;
      if (ToEvent(delivery.message().payload(), true, stored, event)) co_yield event;
      queue::v1::AckRequest ack;
      queue::v1::AckResponse acked;
      ack.set_queue(queue);
      ack.set_receipt(delivery.receipt());
      PRISM_CO_RETURN_IF_ERROR(co_await visibility.Ack(ctx, ack, acked));
    }
  } while (response.deliveries_size() > 0);
  co_return OkStatus();
}

}  // namespace

// Subscribed before the queue is read, so that nothing falls between the two.
Stream<api::ListenEvent> MulticastRegistryPattern::Listen(RequestContext& ctx,
                                                          const api::ListenRequest& request) {
  PRISM_CO_RETURN_IF_ERROR(CheckIdentity(request.identity()));
  PRISM_CO_RETURN_IF_ERROR(ctx.cancellation.reason());
  const std::string& identity = request.identity();
  const std::string queue = QueueOf(identity);
  Listener listener(*this, ctx, identity);
  Status registered = co_await listener.CheckRegistered();
  if (registered.code() == Code::kNotFound) {
    co_return FailedPreconditionError("the identity is not registered")
        .WithHint("register it first");
  }
  if (!registered.ok()) co_return registered;
  if (durability_) {
    PRISM_CO_RETURN_IF_ERROR(
        co_await SetDeadLetter(listener.context, durability_->dead_letter, queue));
  }
  pubsub::v1::SubscribeRequest subscribe;
  subscribe.set_topic(TopicOf(identity));
  Stream<pubsub::v1::SubscriptionEvent> live = messaging_.Subscribe(listener.context, subscribe);
  bool look_for_kept = durability_.has_value();
  while (pubsub::v1::SubscriptionEvent* event = co_await live.Next()) {
    api::ListenEvent out;
    api::StoredMessage stored;
    if (event->has_subscribed()) {
      listener.KeepUp();
      out.mutable_listening();
      co_yield out;
    } else if (ToEvent(event->message().payload(), false, stored, out)) {
      look_for_kept = stored.wake() && durability_;
      if (!stored.wake() && listener.seen.Add(stored.message_id())) co_yield out;
    }
    if (!look_for_kept) continue;
    Stream<api::ListenEvent> kept = ReadKept(listener.context, durability_->visibility, queue);
    while (api::ListenEvent* each = co_await kept.Next()) {
      if (listener.seen.Add(each->message().message_id())) co_yield *each;
    }
    if (!kept.status().ok()) co_return kept.status();
    look_for_kept = false;
  }
  co_return live.status();
}

}  // namespace prism::multicast_registry
