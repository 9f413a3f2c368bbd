#pragma once

#include <memory>

#include "interfaces/backend.h"
#include "drivers/memstore/collector.h"
#include "drivers/memstore/log/logs.h"
#include "interfaces/pubsub_basic.prism.h"
#include "interfaces/pubsub_filtering.prism.h"
#include "interfaces/pubsub_ordering.prism.h"
#include "interfaces/pubsub_persistent.prism.h"
#include "interfaces/pubsub_wildcards.prism.h"

namespace prism::memstore {

struct NamespaceData;
class Topics;

// The pubsub contracts on one worker.
class PubSubCalls final : public Provides<PubSubBasic, PubSubWildcards, PubSubPersistent,
                                          PubSubFiltering, PubSubOrdering> {
 public:
  explicit PubSubCalls(std::shared_ptr<NamespaceData> data);

  Task<Status> Publish(RequestContext& ctx, const pubsub::v1::PublishRequest& request,
                       pubsub::v1::PublishResponse& response) override;
  Stream<pubsub::v1::SubscriptionEvent> Subscribe(
      RequestContext& ctx, const pubsub::v1::SubscribeRequest& request) override;
  Task<Status> Unsubscribe(RequestContext& ctx, const pubsub::v1::UnsubscribeRequest& request,
                           pubsub::v1::UnsubscribeResponse& response) override;

  Stream<pubsub::v1::SubscriptionEvent> SubscribePattern(
      RequestContext& ctx, const pubsub::v1::SubscribePatternRequest& request) override;

  Task<Status> PublishPersistent(RequestContext& ctx,
                                 const pubsub::v1::PublishPersistentRequest& request,
                                 pubsub::v1::PublishPersistentResponse& response) override;
  Stream<pubsub::v1::DurableEvent> SubscribeDurable(
      RequestContext& ctx, const pubsub::v1::SubscribeDurableRequest& request) override;
  Task<Status> AckMessages(RequestContext& ctx, const pubsub::v1::AckMessagesRequest& request,
                           pubsub::v1::AckMessagesResponse& response) override;
  Task<Status> DeleteDurable(RequestContext& ctx, const pubsub::v1::DeleteDurableRequest& request,
                             pubsub::v1::DeleteDurableResponse& response) override;
  Task<Status> GetLastMessageID(RequestContext& ctx,
                                const pubsub::v1::GetLastMessageIDRequest& request,
                                pubsub::v1::GetLastMessageIDResponse& response) override;

  Task<Status> PublishWithAttributes(RequestContext& ctx,
                                     const pubsub::v1::PublishWithAttributesRequest& request,
                                     pubsub::v1::PublishWithAttributesResponse& response) override;
  Stream<pubsub::v1::SubscriptionEvent> SubscribeFiltered(
      RequestContext& ctx, const pubsub::v1::SubscribeFilteredRequest& request) override;

  Task<Status> PublishOrdered(RequestContext& ctx, const pubsub::v1::PublishOrderedRequest& request,
                              pubsub::v1::PublishOrderedResponse& response) override;

 private:
  const std::shared_ptr<NamespaceData> data_;
  Topics& topics_;
  Logs& logs_;  // of persistent topics
  Collector collector_;
};

}  // namespace prism::memstore
