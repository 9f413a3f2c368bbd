#pragma once

#include "interfaces/backend.h"
#include "interfaces/pubsub_basic.prism.h"
#include "interfaces/pubsub_filtering.prism.h"
#include "interfaces/pubsub_ordering.prism.h"
#include "interfaces/pubsub_persistent.prism.h"
#include "interfaces/pubsub_wildcards.prism.h"
#include "loop/stream.h"
#include "loop/task.h"
#include "prism/interfaces/pubsub_basic.pb.h"
#include "prism/interfaces/pubsub_filtering.pb.h"
#include "prism/interfaces/pubsub_ordering.pb.h"
#include "prism/interfaces/pubsub_persistent.pb.h"
#include "prism/interfaces/pubsub_wildcards.pb.h"

// As forwarding.h, for the pubsub interfaces.
namespace prism::conformance::testing {

using namespace pubsub::v1;  // NOLINT: only tests include this, for its many messages

class ForwardPubSub : public PubSubBasic {
 public:
  explicit ForwardPubSub(Backend& real) : real_(*FindAs<PubSubBasic>(real)) {}

  Task<Status> Publish(RequestContext& ctx, const PublishRequest& request,
                       PublishResponse& response) override {
    return real_.Publish(ctx, request, response);
  }
  Stream<SubscriptionEvent> Subscribe(RequestContext& ctx,
                                      const SubscribeRequest& request) override {
    return real_.Subscribe(ctx, request);
  }
  Task<Status> Unsubscribe(RequestContext& ctx, const UnsubscribeRequest& request,
                           UnsubscribeResponse& response) override {
    return real_.Unsubscribe(ctx, request, response);
  }

 protected:
  PubSubBasic& real_;
};

class ForwardWildcards : public PubSubWildcards {
 public:
  explicit ForwardWildcards(Backend& real) : real_(*FindAs<PubSubWildcards>(real)) {}

  Stream<SubscriptionEvent> SubscribePattern(RequestContext& ctx,
                                             const SubscribePatternRequest& request) override {
    return real_.SubscribePattern(ctx, request);
  }

 protected:
  PubSubWildcards& real_;
};

class ForwardFiltering : public PubSubFiltering {
 public:
  explicit ForwardFiltering(Backend& real) : real_(*FindAs<PubSubFiltering>(real)) {}

  Task<Status> PublishWithAttributes(RequestContext& ctx,
                                     const PublishWithAttributesRequest& request,
                                     PublishWithAttributesResponse& response) override {
    return real_.PublishWithAttributes(ctx, request, response);
  }
  Stream<SubscriptionEvent> SubscribeFiltered(RequestContext& ctx,
                                              const SubscribeFilteredRequest& request) override {
    return real_.SubscribeFiltered(ctx, request);
  }

 protected:
  PubSubFiltering& real_;
};

class ForwardOrdering : public PubSubOrdering {
 public:
  explicit ForwardOrdering(Backend& real) : real_(*FindAs<PubSubOrdering>(real)) {}

  Task<Status> PublishOrdered(RequestContext& ctx, const PublishOrderedRequest& request,
                              PublishOrderedResponse& response) override {
    return real_.PublishOrdered(ctx, request, response);
  }

 protected:
  PubSubOrdering& real_;
};

class ForwardPersistent : public PubSubPersistent {
 public:
  explicit ForwardPersistent(Backend& real) : real_(*FindAs<PubSubPersistent>(real)) {}

  Task<Status> PublishPersistent(RequestContext& ctx, const PublishPersistentRequest& request,
                                 PublishPersistentResponse& response) override {
    return real_.PublishPersistent(ctx, request, response);
  }
  Stream<DurableEvent> SubscribeDurable(RequestContext& ctx,
                                        const SubscribeDurableRequest& request) override {
    return real_.SubscribeDurable(ctx, request);
  }
  Task<Status> AckMessages(RequestContext& ctx, const AckMessagesRequest& request,
                           AckMessagesResponse& response) override {
    return real_.AckMessages(ctx, request, response);
  }
  Task<Status> DeleteDurable(RequestContext& ctx, const DeleteDurableRequest& request,
                             DeleteDurableResponse& response) override {
    return real_.DeleteDurable(ctx, request, response);
  }
  Task<Status> GetLastMessageID(RequestContext& ctx, const GetLastMessageIDRequest& request,
                                GetLastMessageIDResponse& response) override {
    return real_.GetLastMessageID(ctx, request, response);
  }

 protected:
  PubSubPersistent& real_;
};

}  // namespace prism::conformance::testing
