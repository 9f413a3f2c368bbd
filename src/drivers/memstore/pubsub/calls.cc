#include "drivers/memstore/pubsub/calls.h"

#include "drivers/memstore/data.h"
#include "drivers/contract/messages.h"
#include "drivers/memstore/pubsub/events.h"
#include "drivers/contract/filter_message.h"
#include "drivers/memstore/pubsub/topics.h"
#include "prism/interfaces/pubsub_basic.pb.h"
#include "prism/interfaces/pubsub_ordering.pb.h"
#include "prism/interfaces/pubsub_wildcards.pb.h"

namespace prism::memstore {
namespace {

using namespace pubsub::v1;  // NOLINT

// A live subscription's stream; `refusal` is what checking its arguments found.
Stream<SubscriptionEvent> Listen(Topics& topics, RequestContext& ctx, std::string pattern,
                                 AttributeFilter filter, Status refusal) {
  PRISM_CO_RETURN_IF_ERROR(std::move(refusal));
  Subscription subscription(topics, std::move(pattern), std::move(filter));
  PRISM_CO_RETURN_IF_ERROR(subscription.Open());
  Mailbox& mailbox = subscription.mailbox();
  SubscriptionEvent event;
  event.mutable_subscribed()->set_subscription_id(subscription.id());
  co_yield event;
  for (;;) {
    PRISM_CO_RETURN_IF_ERROR(ctx.cancellation.reason());
    bool ended = false;
    LiveMessagePtr message = mailbox.Pop(ended);
    if (!message) {
      if (ended) co_return mailbox.status();
      (void)co_await mailbox.signal().Wait(kNever, ctx.cancellation);
      continue;
    }
    event.Clear();
    FillMessage(message->topic, *message->record, *event.mutable_message());
    message.reset();
    co_yield event;
  }
}

// Publishes to live subscriptions; the answer says how many took it.
template <class Response>
Status PublishLive(Topics& topics, const std::string& topic, std::shared_ptr<LogRecord> record,
                   Response& response) {
  const Result<Tokens> tokens = SplitTopic(topic);
  if (!tokens.ok()) return tokens.status();
  if (topics.Deserted()) {
    response.set_receivers(0);
    return OkStatus();
  }
  const Result<LiveMessagePtr> message = topics.Prepare(topic, std::move(record));
  if (!message.ok()) return message.status();
  response.set_receivers(topics.Publish(*message, *tokens));
  return OkStatus();
}

}  // namespace

PubSubCalls::PubSubCalls(std::shared_ptr<NamespaceData> data)
    : data_(std::move(data)),
      topics_(data_->topics),
      logs_(data_->durable_topics),
      collector_(data_->now, {[this](int max) { return logs_.Collect(max); },
                              [this] { return logs_.next_due(); }}) {}

Task<Status> PubSubCalls::Publish(RequestContext&, const PublishRequest& request,
                                  PublishResponse& response) {
  auto record = std::make_shared<LogRecord>();
  record->payload = request.payload();
  co_return PublishLive(topics_, request.topic(), std::move(record), response);
}

Task<Status> PubSubCalls::PublishWithAttributes(RequestContext&,
                                                const PublishWithAttributesRequest& request,
                                                PublishWithAttributesResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(CheckAttributes(request.attributes()));
  auto record = std::make_shared<LogRecord>();
  record->payload = request.payload();
  record->attributes = ToAttributes(request.attributes());
  co_return PublishLive(topics_, request.topic(), std::move(record), response);
}

Task<Status> PubSubCalls::PublishOrdered(RequestContext&, const PublishOrderedRequest& request,
                                         PublishOrderedResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(CheckName("key", request.key()));
  auto record = std::make_shared<LogRecord>();
  record->payload = request.payload();
  record->key = request.key();
  co_return PublishLive(topics_, request.topic(), std::move(record), response);
}

Stream<SubscriptionEvent> PubSubCalls::Subscribe(RequestContext& ctx,
                                                 const SubscribeRequest& request) {
  return Listen(topics_, ctx, request.topic(), {}, SplitTopic(request.topic()).status());
}

Stream<SubscriptionEvent> PubSubCalls::SubscribePattern(RequestContext& ctx,
                                                        const SubscribePatternRequest& request) {
  return Listen(topics_, ctx, request.pattern(), {}, OkStatus());
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
  return Listen(topics_, ctx, request.topic(), std::move(filter), std::move(refusal));
}

Task<Status> PubSubCalls::Unsubscribe(RequestContext&, const UnsubscribeRequest& request,
                                      UnsubscribeResponse& response) {
  response.set_found(topics_.Unsubscribe(request.subscription_id()));
  co_return OkStatus();
}

}  // namespace prism::memstore
