#pragma once

#include <string>
#include <vector>

#include "drivers/memstore/calls_fixture.h"
#include "drivers/memstore/log/on_worker.h"
#include "drivers/memstore/pubsub/calls.h"
#include "prism/interfaces/pubsub_basic.pb.h"
#include "prism/interfaces/pubsub_filtering.pb.h"
#include "prism/interfaces/pubsub_ordering.pb.h"
#include "prism/interfaces/pubsub_persistent.pb.h"
#include "prism/interfaces/pubsub_wildcards.pb.h"

namespace prism::memstore {

class PubSubFixture : public CallsFixture<PubSubCalls> {
 protected:
  using Events = Stream<pubsub::v1::SubscriptionEvent>;

  uint64_t Publish(const std::string& topic, const std::string& payload) {
    pubsub::v1::PublishRequest request;
    request.set_topic(topic);
    request.set_payload(payload);
    return Ok(&PubSubCalls::Publish, request).receivers();
  }
  std::string PublishPersistent(const std::string& topic, const std::string& payload) {
    pubsub::v1::PublishPersistentRequest request;
    request.set_topic(topic);
    request.set_payload(payload);
    return Ok(&PubSubCalls::PublishPersistent, request).message_id();
  }
  static pubsub::v1::SubscribeRequest SubscribeTo(const std::string& topic) {
    pubsub::v1::SubscribeRequest request;
    request.set_topic(topic);
    return request;
  }
  static pubsub::v1::SubscribePatternRequest SubscribeToPattern(const std::string& pattern) {
    pubsub::v1::SubscribePatternRequest request;
    request.set_pattern(pattern);
    return request;
  }
  // Takes the first event and returns the subscription's id.
  static Task<std::string> Subscribed(Events& events) {
    const pubsub::v1::SubscriptionEvent* event = co_await events.Next();
    EXPECT_TRUE(event && event->has_subscribed());
    co_return event ? event->subscribed().subscription_id() : "";
  }
  // The next message, which must come.
  static Task<pubsub::v1::Message> Next(Events& events) {
    const pubsub::v1::SubscriptionEvent* event = co_await events.Next();
    EXPECT_TRUE(event && event->has_message()) << events.status().ToString();
    co_return event ? event->message() : pubsub::v1::Message();
  }
};

}  // namespace prism::memstore
