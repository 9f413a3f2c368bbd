#include <cstdio>
#include <random>
#include <utility>
#include <vector>

#include "loop/fan_out.h"
#include "patterns/multicast_registry/multicast_registry.h"
#include "prism/interfaces/pubsub_basic.pb.h"
#include "prism/interfaces/queue_basic.pb.h"

namespace prism::multicast_registry {
namespace {

constexpr int kMaxTargets = 1000;
constexpr size_t kWidth = 64;
constexpr size_t kMaxMessageIdBytes = 128;

// 128 random bits: unique over all gateways without asking anybody.
std::string MakeMessageId() {
  thread_local std::random_device random;
  std::string id;
  for (int i = 0; i < 4; ++i) {
    char word[9];
    std::snprintf(word, sizeof(word), "%08x", static_cast<unsigned>(random()));
    id += word;
  }
  return id;
}

Status CheckRequest(const api::MulticastRequest& request, bool has_durability) {
  if (request.identities_size() > kMaxTargets || request.limit() > kMaxTargets) {
    return InvalidArgumentError("identities and limit must be at most 1000");
  }
  if (request.message_id().size() > kMaxMessageIdBytes) {
    return InvalidArgumentError("message_id must be at most 128 bytes");
  }
  if (request.identities_size() > 0 && (request.has_filter() || !request.cursor().empty())) {
    return InvalidArgumentError("give identities, or a filter with its cursor, not both");
  }
  for (const std::string& identity : request.identities()) {
    PRISM_RETURN_IF_ERROR(CheckIdentity(identity));
  }
  if (request.durable() && !has_durability) {
    return FailedPreconditionError(
               "the namespace keeps no messages: its slot 'durability' is empty")
        .WithHint("fill the slot, or send without 'durable'");
  }
  return OkStatus();
}

void Count(api::MulticastResponse& response) {
  uint64_t counts[4] = {};
  for (const api::Delivery& delivery : response.deliveries()) ++counts[delivery.outcome()];
  response.set_delivered(counts[api::DELIVERED]);
  response.set_queued(counts[api::QUEUED]);
  response.set_failed(counts[api::FAILED]);
}

}  // namespace

Task<Status> MulticastRegistryPattern::Multicast(RequestContext& ctx,
                                                 const api::MulticastRequest& request,
                                                 api::MulticastResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(CheckRequest(request, durability_.has_value()));
  api::StoredMessage message;
  message.set_message_id(request.message_id().empty() ? MakeMessageId() : request.message_id());
  message.set_payload(request.payload());
  *message.mutable_attributes() = request.attributes();
  message.set_sent_at_unix_ms(NowUnixMs());
  response.set_message_id(message.message_id());
  for (const std::string& identity : request.identities()) {
    response.add_deliveries()->set_identity(identity);
  }
  const bool listed = request.identities_size() == 0;
  if (listed) {
    const size_t limit = request.limit() == 0 ? kMaxTargets : request.limit();
    Result<Identities::Page> page =
        co_await identities_.List(ctx, request.filter(), request.cursor(), limit);
    if (!page.ok()) co_return std::move(page).status();
    for (const api::Identity& each : page->identities) {
      response.add_deliveries()->set_identity(each.identity());
    }
    response.set_cursor(page->cursor);
  }
  Sending sending{ctx, message.SerializeAsString(), message.message_id(), request.durable(),
                  listed};
  const auto one = [&](size_t i) {
    return Deliver(sending, *response.mutable_deliveries(static_cast<int>(i)));
  };
  co_await FanOut(static_cast<size_t>(response.deliveries_size()), kWidth, one);
  Count(response);
  co_return OkStatus();
}

Task<void> MulticastRegistryPattern::Deliver(Sending& sending, api::Delivery& delivery) {
  const Status status = co_await DeliverTo(sending, delivery);
  if (status.ok()) co_return;
  delivery.set_outcome(api::FAILED);
  delivery.set_reason(std::string(status.message()));
}

Task<Status> MulticastRegistryPattern::DeliverTo(Sending& sending, api::Delivery& delivery) {
  RequestContext& ctx = sending.ctx;
  const std::string& identity = delivery.identity();
  if (!sending.known) {
    const Result<std::optional<api::Identity>> found = co_await identities_.Get(ctx, identity);
    if (!found.ok()) co_return found.status();
    if (!found->has_value()) co_return NotFoundError("not registered");
  }
  Status failure = FailedPreconditionError("not listening, and the namespace keeps no messages");
  if (!sending.durable) {
    const Result<bool> sent = co_await SendNow(ctx, identity, sending.bytes);
    if (sent.ok() && *sent) {
      delivery.set_outcome(api::DELIVERED);
      co_return OkStatus();
    }
    if (!sent.ok()) failure = sent.status();
  }
  if (!durability_) co_return failure;
  PRISM_CO_RETURN_IF_ERROR(co_await Keep(sending, identity));
  delivery.set_outcome(api::QUEUED);
  co_return OkStatus();
}

Task<Result<bool>> MulticastRegistryPattern::SendNow(RequestContext& ctx,
                                                     const std::string& identity,
                                                     const std::string& bytes) {
  pubsub::v1::PublishRequest request;
  pubsub::v1::PublishResponse response;
  request.set_topic(TopicOf(identity));
  request.set_payload(bytes);
  Status status = co_await messaging_.Publish(ctx, request, response);
  if (!status.ok()) co_return status;
  if (response.has_receivers()) co_return response.receivers() > 0;
  co_return co_await identities_.IsMarked(ctx, identity);
}

// Kept first, then told: a listener that subscribes in between finds the message in its queue, one
// that was there before is woken.
Task<Status> MulticastRegistryPattern::Keep(Sending& sending, const std::string& identity) {
  queue::v1::EnqueueRequest request;
  queue::v1::EnqueueResponse response;
  request.set_queue(QueueOf(identity));
  request.set_payload(sending.bytes);
  request.set_deduplication_id(sending.message_id);
  PRISM_CO_RETURN_IF_ERROR(co_await durability_->queue.Enqueue(sending.ctx, request, response));
  api::StoredMessage wake;
  wake.set_wake(true);
  const std::string bytes = wake.SerializeAsString();
  // It is kept whether or not this arrives.
  (void)co_await SendNow(sending.ctx, identity, bytes);
  co_return OkStatus();
}

}  // namespace prism::multicast_registry
