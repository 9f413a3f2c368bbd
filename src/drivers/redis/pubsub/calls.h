#pragma once

#include <memory>
#include <string>

#include "drivers/redis/pubsub/live_subscription.h"
#include "interfaces/backend.h"
#include "interfaces/pubsub_basic.prism.h"
#include "interfaces/pubsub_filtering.prism.h"
#include "interfaces/pubsub_ordering.prism.h"
#include "interfaces/pubsub_wildcards.prism.h"

namespace prism::redis {

// The live pubsub contracts on one worker. A topic is a Redis channel, "p:" and its name; messages
// are serialized pubsub.v1.Message without the topic. Patterns and filters are applied here.
class PubSubCalls final
    : public Provides<PubSubBasic, PubSubWildcards, PubSubFiltering, PubSubOrdering> {
 public:
  explicit PubSubCalls(std::shared_ptr<Keyspace> keyspace)
      : keyspace_(std::move(keyspace)),
        prefix_(keyspace_->Prefix("p")),
        subscriber_(std::make_unique<Subscriber>(*keyspace_, prefix_)) {}

  Task<Status> Publish(RequestContext& ctx, const pubsub::v1::PublishRequest& request,
                       pubsub::v1::PublishResponse& response) override;
  Stream<pubsub::v1::SubscriptionEvent> Subscribe(
      RequestContext& ctx, const pubsub::v1::SubscribeRequest& request) override;
  Task<Status> Unsubscribe(RequestContext& ctx, const pubsub::v1::UnsubscribeRequest& request,
                           pubsub::v1::UnsubscribeResponse& response) override;

  Stream<pubsub::v1::SubscriptionEvent> SubscribePattern(
      RequestContext& ctx, const pubsub::v1::SubscribePatternRequest& request) override;

  Task<Status> PublishWithAttributes(RequestContext& ctx,
                                     const pubsub::v1::PublishWithAttributesRequest& request,
                                     pubsub::v1::PublishWithAttributesResponse& response) override;
  Stream<pubsub::v1::SubscriptionEvent> SubscribeFiltered(
      RequestContext& ctx, const pubsub::v1::SubscribeFilteredRequest& request) override;

  Task<Status> PublishOrdered(RequestContext& ctx, const pubsub::v1::PublishOrderedRequest& request,
                              pubsub::v1::PublishOrderedResponse& response) override;

 private:
  Task<Status> Send(RequestContext& ctx, const std::string& topic, pubsub::v1::Message message);
  Stream<pubsub::v1::SubscriptionEvent> Listen(RequestContext& ctx, std::string topic,
                                               AttributeFilter filter, Status refusal);

  const std::shared_ptr<Keyspace> keyspace_;
  const std::string prefix_;
  const std::unique_ptr<Subscriber> subscriber_;
  int subscriptions_ = 0;
};

}  // namespace prism::redis
