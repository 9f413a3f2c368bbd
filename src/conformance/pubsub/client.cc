#include "conformance/pubsub/client.h"

namespace prism::conformance::pubsub_suite {

PublishRequest PublishOf(std::string topic, std::string payload) {
  PublishRequest request;
  request.set_topic(std::move(topic));
  request.set_payload(std::move(payload));
  return request;
}

PublishOrderedRequest OrderedOf(std::string topic, std::string key, std::string payload) {
  PublishOrderedRequest request;
  request.set_topic(std::move(topic));
  request.set_key(std::move(key));
  request.set_payload(std::move(payload));
  return request;
}

PublishWithAttributesRequest AttributedOf(std::string topic, std::string payload,
                                          const Attributes& attributes) {
  PublishWithAttributesRequest request;
  request.set_topic(std::move(topic));
  request.set_payload(std::move(payload));
  request.mutable_attributes()->insert(attributes.begin(), attributes.end());
  return request;
}

SubscribeRequest SubscribeOf(std::string topic) {
  SubscribeRequest request;
  request.set_topic(std::move(topic));
  return request;
}

SubscribePatternRequest PatternOf(std::string pattern) {
  SubscribePatternRequest request;
  request.set_pattern(std::move(pattern));
  return request;
}

SubscribeFilteredRequest FilteredOf(std::string topic, const Filter& filter) {
  SubscribeFilteredRequest request;
  request.set_topic(std::move(topic));
  *request.mutable_filter() = filter;
  return request;
}

UnsubscribeRequest UnsubscribeOf(std::string id) {
  UnsubscribeRequest request;
  request.set_subscription_id(std::move(id));
  return request;
}

std::string TopicOfTokens(const std::string& base, int tokens) {
  std::string topic = base;
  for (int i = 1; i < tokens; ++i) topic += ".x";
  return topic;
}

std::vector<std::string> NeitherTopicsNorPatterns(const std::string& base) {
  return {"",
          std::string(kMaxTopicBytes + 1, 't'),
          TopicOfTokens(base, kMaxTopicTokens + 1),
          ".",
          base + ".",
          "." + base,
          base + "..x"};
}

std::vector<std::string> BadTopics(const std::string& base) {
  std::vector<std::string> topics = NeitherTopicsNorPatterns(base);
  for (const char* wild : {"*", ">"}) topics.emplace_back(wild);
  for (const char* end : {".*", ".>", ".*.x", ".>.x"}) topics.push_back(base + end);
  return topics;
}

std::string Numbered(int publisher, int number) {
  return std::string(1, static_cast<char>('a' + publisher)) + std::to_string(number);
}

void ExpectAllInOrder(CaseContext& c, const std::vector<std::string>& payloads, int publishers,
                      int each, Where where) {
  std::vector<int> next(static_cast<size_t>(publishers), 0);
  for (const std::string& payload : payloads) {
    const int publisher = payload.empty() ? -1 : payload[0] - 'a';
    if (publisher < 0 || publisher >= publishers) {
      return c.Fail("a message that nobody sent: " + Show(payload), where);
    }
    int& number = next[static_cast<size_t>(publisher)];
    if (payload != Numbered(publisher, number)) {
      return c.Fail("expected " + Show(Numbered(publisher, number)) + ", got " + Show(payload),
                    where);
    }
    ++number;
  }
  c.ExpectEq(next, std::vector<int>(static_cast<size_t>(publishers), each), where);
}

Task<PublishResponse> Publisher::Publish(std::string topic, std::string payload, Where where) {
  return caller_.Call(&PubSubBasicStub::Publish, PublishOf(std::move(topic), std::move(payload)),
                      where);
}

Task<void> Publisher::Ordered(std::string topic, std::string key, std::string payload,
                              Where where) {
  (void)co_await caller_.Call(&PubSubOrderingStub::PublishOrdered,
                              OrderedOf(std::move(topic), std::move(key), std::move(payload)),
                              where);
}

Task<void> Publisher::Attributed(std::string topic, std::string payload, Attributes attributes,
                                 Where where) {
  (void)co_await caller_.Call(&PubSubFilteringStub::PublishWithAttributes,
                              AttributedOf(std::move(topic), std::move(payload), attributes),
                              where);
}

Task<bool> Publisher::Unsubscribe(std::string id, Where where) {
  const auto response =
      co_await caller_.Call(&PubSubBasicStub::Unsubscribe, UnsubscribeOf(std::move(id)), where);
  co_return response.found();
}

SubscribeFilteredRequest FilteredListener::Unfiltered(std::string topic) {
  SubscribeFilteredRequest request;
  request.set_topic(std::move(topic));
  return request;
}

}  // namespace prism::conformance::pubsub_suite
