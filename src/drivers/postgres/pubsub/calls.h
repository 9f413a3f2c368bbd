#pragma once

#include <memory>
#include <string>

#include "drivers/postgres/pubsub/endings.h"
#include "drivers/postgres/pubsub/subscriber.h"
#include "interfaces/backend.h"
#include "interfaces/pubsub_basic.prism.h"
#include "interfaces/pubsub_filtering.prism.h"
#include "interfaces/pubsub_ordering.prism.h"
#include "interfaces/pubsub_wildcards.prism.h"

namespace prism::postgres {

// The live pubsub contracts on one worker. A message is a notification, and all that listen get
// notifications in the order of the commits; see schema.cc. Patterns and filters are applied here.
class PubSubCalls final
    : public Provides<PubSubBasic, PubSubWildcards, PubSubFiltering, PubSubOrdering> {
 public:
  explicit PubSubCalls(const std::shared_ptr<Space>& space)
      : space_(space),
        subscriber_(std::make_unique<Subscriber>(space)),
        endings_(std::make_unique<Endings>(space, *subscriber_)) {}

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
  Task<Status> Send(RequestContext& ctx, pubsub::v1::Message message);
  Stream<pubsub::v1::SubscriptionEvent> Listen(RequestContext& ctx, std::string topic,
                                               AttributeFilter filter, Status refusal);

  const std::shared_ptr<Space> space_;
  const std::unique_ptr<Subscriber> subscriber_;
  const std::unique_ptr<Endings> endings_;
  int subscriptions_ = 0;
};

}  // namespace prism::postgres
