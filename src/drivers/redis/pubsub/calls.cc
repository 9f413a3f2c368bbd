#include "drivers/redis/pubsub/calls.h"

#include "drivers/contract/filter_message.h"
#include "drivers/contract/messages.h"
#include "prism/interfaces/pubsub_ordering.pb.h"
#include "prism/interfaces/pubsub_wildcards.pb.h"

namespace prism::redis {
namespace {

using namespace pubsub::v1;  // NOLINT
using resp::Command;
using resp::Reply;

constexpr int kMaxSubscriptions = 10'000;  // of one worker in one namespace

// How many listen to a channel now.
Task<Result<int64_t>> CountListeners(RequestContext& ctx, const Keyspace& keyspace,
                                     const std::string& channel) {
  const Command count("PUBSUB", "NUMSUB", channel);
  const Result<Reply> reply = co_await keyspace.Call(ctx, count);
  if (!reply.ok()) co_return reply.status();
  co_return reply->elements.size() == 2 ? reply->elements[1].integer : 0;
}

}  // namespace

Task<Status> PubSubCalls::Send(RequestContext& ctx, const std::string& topic, Message message) {
  PRISM_CO_RETURN_IF_ERROR(SplitTopic(topic).status());
  const Command publish("PUBLISH", resp::Joined{prefix_, topic}, message.SerializeAsString());
  const Result<Reply> reply = co_await keyspace_->Call(ctx, publish);
  co_return reply.ok() ? OkStatus() : reply.status();
}

Task<Status> PubSubCalls::Publish(RequestContext& ctx, const PublishRequest& request,
                                  PublishResponse&) {
  Message message;
  message.set_payload(request.payload());
  return Send(ctx, request.topic(), std::move(message));
}

Task<Status> PubSubCalls::PublishWithAttributes(RequestContext& ctx,
                                                const PublishWithAttributesRequest& request,
                                                PublishWithAttributesResponse&) {
  PRISM_CO_RETURN_IF_ERROR(CheckAttributes(request.attributes()));
  Message message;
  message.set_payload(request.payload());
  *message.mutable_attributes() = request.attributes();
  co_return co_await Send(ctx, request.topic(), std::move(message));
}

Task<Status> PubSubCalls::PublishOrdered(RequestContext& ctx, const PublishOrderedRequest& request,
                                         PublishOrderedResponse&) {
  PRISM_CO_RETURN_IF_ERROR(CheckName("key", request.key()));
  Message message;
  message.set_payload(request.payload());
  message.set_key(request.key());
  co_return co_await Send(ctx, request.topic(), std::move(message));
}

Stream<SubscriptionEvent> PubSubCalls::Listen(RequestContext& ctx, std::string topic,
                                              AttributeFilter filter, Status refusal) {
  PRISM_CO_RETURN_IF_ERROR(std::move(refusal));
  if (subscriptions_ >= kMaxSubscriptions) {
    co_return ResourceExhaustedError("the namespace has " + std::to_string(kMaxSubscriptions) +
                                     " subscriptions on this worker, the most it may have");
  }
  struct Counted {
    explicit Counted(int& count) : count(++count) {}
    ~Counted() { --count; }
    int& count;
  } const counted(subscriptions_);
  LiveSubscription subscription(*subscriber_, std::move(topic), std::move(filter));
  PRISM_CO_RETURN_IF_ERROR(co_await subscription.Open(ctx));
  SubscriptionEvent event;
  event.mutable_subscribed()->set_subscription_id(subscription.id());
  co_yield event;
  for (;;) {
    MessagePtr message = co_await subscription.Next(ctx);
    if (!message) co_return Status(subscription.status());
    event.Clear();
    *event.mutable_message() = *message;
    message.reset();
    co_yield event;
  }
}

Stream<SubscriptionEvent> PubSubCalls::Subscribe(RequestContext& ctx,
                                                 const SubscribeRequest& request) {
  return Listen(ctx, request.topic(), {}, SplitTopic(request.topic()).status());
}

Stream<SubscriptionEvent> PubSubCalls::SubscribePattern(RequestContext& ctx,
                                                        const SubscribePatternRequest& request) {
  return Listen(ctx, request.pattern(), {}, SplitPattern(request.pattern()).status());
}

Stream<SubscriptionEvent> PubSubCalls::SubscribeFiltered(RequestContext& ctx,
                                                         const SubscribeFilteredRequest& request) {
  Status refusal = SplitTopic(request.topic()).status();
  AttributeFilter filter;
  if (request.has_filter()) {
    Result<AttributeFilter> read = ToFilter(request.filter());
    if (!read.ok()) {
      refusal = read.status();
    } else {
      filter = *std::move(read);
    }
  }
  return Listen(ctx, request.topic(), std::move(filter), std::move(refusal));
}

// The subscription may be anywhere, so it listens to a channel of its own for this.
Task<Status> PubSubCalls::Unsubscribe(RequestContext& ctx, const UnsubscribeRequest& request,
                                      UnsubscribeResponse& response) {
  const std::string channel = prefix_ + LiveSubscription::EndChannel(request.subscription_id());
  const Command end("PUBLISH", channel, "");
  const Result<Reply> reply = co_await keyspace_->Call(ctx, end);
  if (!reply.ok()) co_return reply.status();
  response.set_found(reply->integer > 0);
  if (!response.found()) co_return OkStatus();
  // Who asks again must not find it.
  for (;;) {
    const Result<int64_t> listeners = co_await CountListeners(ctx, *keyspace_, channel);
    if (!listeners.ok()) co_return listeners.status();
    if (*listeners == 0) co_return OkStatus();
    const TimePoint soon = Clock::now() + std::chrono::milliseconds(1);
    PRISM_CO_RETURN_IF_ERROR(co_await SleepUntil(soon, ctx.cancellation));
  }
}

}  // namespace prism::redis
