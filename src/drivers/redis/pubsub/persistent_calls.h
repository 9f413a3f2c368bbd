#pragma once

#include <memory>
#include <string>

#include "drivers/redis/stream/membership.h"
#include "interfaces/backend.h"
#include "interfaces/pubsub_persistent.prism.h"

namespace prism::redis {

// The contract of persistent topics on one worker. A topic is a stream (see stream/scripts.h) of
// serialized pubsub.v1.Message without the topic, a durable name is a group of it, and each of the
// name's streams a member by a name of its own.
class DurableCalls final : public Provides<PubSubPersistent> {
 public:
  explicit DurableCalls(std::shared_ptr<Keyspace> keyspace)
      : live_(keyspace->Prefix("p")),
        store_(std::move(keyspace), StreamStore::Kind::kTopics),
        memberships_(store_) {}

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

 private:
  // Makes the durable name if there is none; false if there was.
  Task<Result<bool>> Make(RequestContext& ctx, const pubsub::v1::SubscribeDurableRequest& request);

  const std::string live_;  // what the channels of live subscriptions begin with
  const StreamStore store_;
  Memberships memberships_;
};

}  // namespace prism::redis
