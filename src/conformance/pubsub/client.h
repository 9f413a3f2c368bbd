#pragma once

#include <string>
#include <utility>
#include <vector>

#include "conformance/live_stream.h"
#include "interfaces/pubsub_basic.prism.h"
#include "interfaces/pubsub_filtering.prism.h"
#include "interfaces/pubsub_ordering.prism.h"
#include "interfaces/pubsub_wildcards.prism.h"
#include "prism/interfaces/pubsub_basic.pb.h"
#include "prism/interfaces/pubsub_filtering.pb.h"
#include "prism/interfaces/pubsub_ordering.pb.h"
#include "prism/interfaces/pubsub_wildcards.pb.h"

namespace prism::conformance::pubsub_suite {

using pubsub::v1::Filter;
using pubsub::v1::Message;
using pubsub::v1::PublishOrderedRequest;
using pubsub::v1::PublishRequest;
using pubsub::v1::PublishResponse;
using pubsub::v1::PublishWithAttributesRequest;
using pubsub::v1::SubscribeFilteredRequest;
using pubsub::v1::SubscribePatternRequest;
using pubsub::v1::SubscribeRequest;
using pubsub::v1::SubscriptionEvent;
using pubsub::v1::UnsubscribeRequest;

using Attributes = std::vector<std::pair<std::string, std::string>>;

inline constexpr size_t kMaxTopicBytes = 4096;
inline constexpr int kMaxTopicTokens = 64;

PublishRequest PublishOf(std::string topic, std::string payload);
PublishOrderedRequest OrderedOf(std::string topic, std::string key, std::string payload);
PublishWithAttributesRequest AttributedOf(std::string topic, std::string payload,
                                          const Attributes& attributes);
SubscribeRequest SubscribeOf(std::string topic);
SubscribePatternRequest PatternOf(std::string pattern);
SubscribeFilteredRequest FilteredOf(std::string topic, const Filter& filter);
UnsubscribeRequest UnsubscribeOf(std::string id);

// "<base>.x.x", of so many tokens.
std::string TopicOfTokens(const std::string& base, int tokens);
// What is neither a topic nor a pattern; no topic are also those with a token `*` or `>`.
std::vector<std::string> NeitherTopicsNorPatterns(const std::string& base);
std::vector<std::string> BadTopics(const std::string& base);

// Payloads of several publishers that tell who sent them and as which of his: "b17".
std::string Numbered(int publisher, int number);
// Expects each publisher's messages each once and in order, whatever is between them.
void ExpectAllInOrder(CaseContext& c, const std::vector<std::string>& payloads, int publishers,
                      int each, Where where = Where::current());

// Publishing as plain functions: all must succeed.
class Publisher {
 public:
  explicit Publisher(Caller& caller) : caller_(caller) {}

  Task<PublishResponse> Publish(std::string topic, std::string payload,
                                Where where = Where::current());
  Task<void> Ordered(std::string topic, std::string key, std::string payload,
                     Where where = Where::current());
  Task<void> Attributed(std::string topic, std::string payload, Attributes attributes,
                        Where where = Where::current());
  // Whether there was such a subscription.
  Task<bool> Unsubscribe(std::string id, Where where = Where::current());

 private:
  Caller& caller_;
};

// A live subscription.
template <class Stub, class Request>
class Listener {
 public:
  Listener(Caller& caller, StreamRpc<Stub, Request, SubscriptionEvent> rpc, Request request)
      : live_(caller, rpc, std::move(request)) {}

  // Its first event; the id of the subscription, which is there from now on.
  Task<std::string> Ready(CaseContext& c, Where where = Where::current()) {
    const SubscriptionEvent event = co_await live_.Next(c, where);
    c.Expect(event.has_subscribed(), "the first element is `subscribed`", where);
    c.Expect(!event.subscribed().subscription_id().empty(), "the subscription has an id", where);
    co_return event.subscribed().subscription_id();
  }
  // The next event, which must be a message.
  Task<Message> NextMessage(CaseContext& c, Where where = Where::current()) {
    const SubscriptionEvent event = co_await live_.Next(c, where);
    c.Expect(event.has_message(), "the element is a message", where);
    co_return event.message();
  }
  // Its payload.
  Task<std::string> Next(CaseContext& c, Where where = Where::current()) {
    const Message message = co_await NextMessage(c, where);
    co_return message.payload();
  }
  // The next `n`, or fewer after a failure.
  Task<std::vector<Message>> TakeMessages(CaseContext& c, int n, Where where = Where::current()) {
    std::vector<Message> messages;
    for (int i = 0; i < n && c.ok(); ++i) messages.push_back(co_await NextMessage(c, where));
    co_return messages;
  }
  // Their payloads.
  Task<std::vector<std::string>> Take(CaseContext& c, int n, Where where = Where::current()) {
    std::vector<std::string> payloads;
    for (int i = 0; i < n && c.ok(); ++i) payloads.push_back(co_await Next(c, where));
    co_return payloads;
  }
  LiveStream<Stub, Request, SubscriptionEvent>& live() { return live_; }

 private:
  LiveStream<Stub, Request, SubscriptionEvent> live_;
};

class TopicListener : public Listener<PubSubBasicStub, SubscribeRequest> {
 public:
  TopicListener(Caller& caller, std::string topic)
      : Listener(caller, &PubSubBasicStub::Subscribe, SubscribeOf(std::move(topic))) {}
};

class PatternListener : public Listener<PubSubWildcardsStub, SubscribePatternRequest> {
 public:
  PatternListener(Caller& caller, std::string pattern)
      : Listener(caller, &PubSubWildcardsStub::SubscribePattern, PatternOf(std::move(pattern))) {}
};

class FilteredListener : public Listener<PubSubFilteringStub, SubscribeFilteredRequest> {
 public:
  FilteredListener(Caller& caller, std::string topic)
      : Listener(caller, &PubSubFilteringStub::SubscribeFiltered, Unfiltered(std::move(topic))) {}
  FilteredListener(Caller& caller, std::string topic, const Filter& filter)
      : Listener(caller, &PubSubFilteringStub::SubscribeFiltered,
                 FilteredOf(std::move(topic), filter)) {}

 private:
  static SubscribeFilteredRequest Unfiltered(std::string topic);
};

}  // namespace prism::conformance::pubsub_suite
