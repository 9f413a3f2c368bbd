#include "drivers/postgres/pubsub/calls.h"

#include "drivers/contract/filter_message.h"
#include "drivers/contract/messages.h"
#include "drivers/postgres/notify.h"
#include "drivers/postgres/pubsub/statements.h"
#include "prism/interfaces/pubsub_ordering.pb.h"
#include "prism/interfaces/pubsub_wildcards.pb.h"

namespace prism::postgres {
namespace {

using namespace pubsub::v1;  // NOLINT

constexpr int kMaxSubscriptions = 10'000;  // of one worker in one namespace

}  // namespace

Task<Status> PubSubCalls::Send(RequestContext& ctx, Message message) {
  PRISM_CO_RETURN_IF_ERROR(SplitTopic(message.topic()).status());
  const std::string bytes = message.SerializeAsString();
  const std::string& channel = subscriber_->ChannelOf(message.topic());
  const std::optional<std::string> whole = PayloadOf(bytes);
  const std::string payload = whole ? *whole : PayloadOfLarge(message.topic());
  Arguments arguments;
  arguments.Text(channel).Int(LockOf(channel)).Text(payload);
  if (!whole) arguments.Text(space_->name()).Text(bytes);
  const Statement& statement = whole ? kNotify : kPubSubNotifyLarge;
  const Result<Rows> rows = co_await space_->Run(ctx, statement, arguments);
  co_return rows.ok() ? OkStatus() : rows.status();
}

Task<Status> PubSubCalls::Publish(RequestContext& ctx, const PublishRequest& request,
                                  PublishResponse&) {
  Message message;
  message.set_topic(request.topic());
  message.set_payload(request.payload());
  return Send(ctx, std::move(message));
}

Task<Status> PubSubCalls::PublishWithAttributes(RequestContext& ctx,
                                                const PublishWithAttributesRequest& request,
                                                PublishWithAttributesResponse&) {
  PRISM_CO_RETURN_IF_ERROR(CheckAttributes(request.attributes()));
  Message message;
  message.set_topic(request.topic());
  message.set_payload(request.payload());
  *message.mutable_attributes() = request.attributes();
  co_return co_await Send(ctx, std::move(message));
}

Task<Status> PubSubCalls::PublishOrdered(RequestContext& ctx, const PublishOrderedRequest& request,
                                         PublishOrderedResponse&) {
  PRISM_CO_RETURN_IF_ERROR(CheckName("key", request.key()));
  Message message;
  message.set_topic(request.topic());
  message.set_payload(request.payload());
  message.set_key(request.key());
  co_return co_await Send(ctx, std::move(message));
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
  PRISM_CO_RETURN_IF_ERROR(co_await endings_->Join(ctx));
  Subscription subscription(std::move(topic), std::move(filter));
  struct Close {
    PubSubCalls& calls;
    Subscription& subscription;
    ~Close() {
      calls.subscriber_->Close(subscription);
      calls.endings_->Leave();
    }
  } const close{*this, subscription};
  PRISM_CO_RETURN_IF_ERROR(co_await subscriber_->Open(ctx, subscription));
  SubscriptionEvent event;
  event.mutable_subscribed()->set_subscription_id(endings_->IdOf(subscription));
  co_yield event;
  for (;;) {
    MessagePtr message = co_await subscription.waiting.Next(ctx);
    if (!message) co_return Status(subscription.waiting.status());
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

Task<Status> PubSubCalls::Unsubscribe(RequestContext& ctx, const UnsubscribeRequest& request,
                                      UnsubscribeResponse& response) {
  const Result<bool> found = co_await endings_->End(ctx, request.subscription_id());
  if (!found.ok()) co_return found.status();
  response.set_found(*found);
  co_return OkStatus();
}

}  // namespace prism::postgres
