#pragma once

#include <string>

#include "drivers/contract/attribute_filter.h"
#include "drivers/contract/topic_name.h"
#include "drivers/contract/waiting_messages.h"
#include "drivers/redis/pubsub/subscriber.h"

namespace prism::redis {

// One live subscription: what it wants, and what waits for its reader.
class LiveSubscription final : public Listener {
 public:
  // `topic` is a topic, or a pattern with `*` or `>` tokens.
  LiveSubscription(Subscriber& subscriber, std::string topic, AttributeFilter filter);
  LiveSubscription(const LiveSubscription&) = delete;
  LiveSubscription& operator=(const LiveSubscription&) = delete;
  ~LiveSubscription() override;

  // For Unsubscribe: whoever knows it may end the subscription, see EndChannel.
  const std::string& id() const { return id_; }
  Task<Status> Open(RequestContext& ctx);

  // The next message, which it waits for; null when the subscription has ended or the call was
  // cancelled: see status().
  Task<MessagePtr> Next(RequestContext& ctx) { return waiting_.Next(ctx); }
  const Status& status() const { return waiting_.status(); }

  void OnMessage(std::string_view name, std::string_view bytes) override;
  void OnLost(const Status& status) override { waiting_.End(status); }

  // The channel that ends the subscription `id` when anything is published to it.
  static std::string EndChannel(std::string_view id);

 private:
  bool Wants(std::string_view topic) const;

  Subscriber& subscriber_;
  const std::string topic_;
  const std::string id_;
  const std::string end_channel_;
  const AttributeFilter filter_;
  bool is_pattern_ = false;
  std::string name_;  // for the subscriber
  Tokens tokens_;
  WaitingMessages waiting_;
};

}  // namespace prism::redis
