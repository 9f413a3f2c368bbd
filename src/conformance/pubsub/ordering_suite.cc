#include <deque>
#include <map>

#include "conformance/pubsub/client.h"
#include "conformance/pubsub/suites.h"

namespace prism::conformance {
namespace {

using namespace pubsub_suite;  // NOLINT: its client

constexpr size_t kMaxOrderingKeyBytes = 4096;
constexpr int kPublishers = 6;
constexpr int kEach = 40;
constexpr int kAll = kPublishers * kEach;

// Several callers at the same time, each his Numbered messages one after the other, and one key
// after the other. They are fewer than wait for every subscription.
Task<void> PublishAll(CaseContext& c, std::string topic, const std::vector<std::string>& keys) {
  co_await c.Concurrently(kPublishers, [&](int client) -> Task<void> {
    Publisher publisher(c);
    for (int i = 0; i < kEach && c.ok(); ++i) {
      const std::string& key = keys[static_cast<size_t>(i) % keys.size()];
      co_await publisher.Ordered(topic, key, Numbered(client, i));
    }
  });
}

// The payloads of each key, in the order in which they came.
std::map<std::string, std::vector<std::string>> ByKey(const std::vector<Message>& messages) {
  std::map<std::string, std::vector<std::string>> by_key;
  for (const Message& message : messages) by_key[message.key()].push_back(message.payload());
  return by_key;
}

Task<void> MessagesCarryTheirKey(CaseContext& c) {
  const std::string topic = c.Unique("a") + ".b";
  TopicListener listener(c, topic);
  (void)co_await listener.Ready(c);
  co_await Publisher(c).Ordered(topic + "1", "key", "of a neighbor");
  co_await Publisher(c).Ordered(topic, "key", "payload");
  const Message message = co_await listener.NextMessage(c);
  c.ExpectEq(message.topic(), topic);
  c.ExpectEq(message.key(), "key");
  c.ExpectEq(message.payload(), "payload");
  c.Expect(message.attributes().empty(), "the message has no attributes");
}

// Two callers take turns, over connections of their own: each waits for the other's answer.
Task<void> LaterCallsComeBehind(CaseContext& c) {
  constexpr int kTurns = 60;
  const std::string topic = c.Unique("topic");
  TopicListener listener(c, topic);
  (void)co_await listener.Ready(c);
  std::vector<std::string> sent;
  for (int i = 0; i < kTurns && c.ok(); ++i) {
    sent.push_back(Numbered(i % 2, i));
    co_await Publisher(c).Ordered(topic, "key", sent.back());
  }
  c.ExpectEq(co_await listener.Take(c, kTurns), sent);
}

Task<void> AllSeeOneOrder(CaseContext& c) {
  const std::string topic = c.Unique("topic");
  std::deque<TopicListener> listeners;
  for (int i = 0; i < 4; ++i) {
    listeners.emplace_back(c, topic);
    (void)co_await listeners.back().Ready(c);
  }
  const std::vector<std::string> keys = {"key"};
  co_await PublishAll(c, topic, keys);
  std::vector<std::string> order;
  for (TopicListener& listener : listeners) {
    const std::vector<std::string> payloads = co_await listener.Take(c, kAll);
    ExpectAllInOrder(c, payloads, kPublishers, kEach);
    if (order.empty()) order = payloads;
    c.ExpectEq(payloads, order);
  }
}

Task<void> EachKeyHasAnOrder(CaseContext& c) {
  const std::string topic = c.Unique("topic");
  TopicListener one(c, topic);
  TopicListener two(c, topic);
  (void)co_await one.Ready(c);
  (void)co_await two.Ready(c);
  const std::vector<std::string> keys = {"a", "b", "c"};
  co_await PublishAll(c, topic, keys);
  const auto first = ByKey(co_await one.TakeMessages(c, kAll));
  const auto second = ByKey(co_await two.TakeMessages(c, kAll));
  c.ExpectEq(first.size(), keys.size());
  size_t count = 0;
  for (const auto& [key, payloads] : first) {
    count += payloads.size();
    const auto same = second.find(key);
    c.Expect(same != second.end() && same->second == payloads, "both see the order of " + key);
  }
  c.ExpectEq(count, static_cast<size_t>(kAll));
}

Task<void> AllKindsSeeOneOrder(CaseContext& c) {
  const std::string topic = c.Unique("topic") + ".x";
  TopicListener plain(c, topic);
  PatternListener pattern(c, topic.substr(0, topic.size() - 1) + "*");
  FilteredListener filtered(c, topic);
  (void)co_await plain.Ready(c);
  (void)co_await pattern.Ready(c);
  (void)co_await filtered.Ready(c);
  const std::vector<std::string> keys = {"key"};
  co_await PublishAll(c, topic, keys);
  const std::vector<std::string> order = co_await plain.Take(c, kAll);
  ExpectAllInOrder(c, order, kPublishers, kEach);
  c.ExpectEq(co_await pattern.Take(c, kAll), order);
  c.ExpectEq(co_await filtered.Take(c, kAll), order);
}

Task<void> NothingIsKeptForLaterOnes(CaseContext& c) {
  Publisher publisher(c);
  const std::string topic = c.Unique("topic");
  co_await publisher.Ordered(topic, "key", "heard by nobody");
  TopicListener listener(c, topic);
  (void)co_await listener.Ready(c);
  co_await publisher.Ordered(topic, "key", "heard");
  c.ExpectEq(co_await listener.Next(c), "heard");
}

Task<void> RepeatedIsSentAgain(CaseContext& c) {
  const std::string topic = c.Unique("topic");
  TopicListener listener(c, topic);
  (void)co_await listener.Ready(c);
  const std::vector<std::string> sent = {"same", "same", "end"};
  for (const std::string& payload : sent) co_await Publisher(c).Ordered(topic, "key", payload);
  c.ExpectEq(co_await listener.Take(c, 3), sent);
}

Task<void> KeysAndPayloadsOfAllKinds(CaseContext& c) {
  const std::string topic = c.Unique("topic");
  TopicListener listener(c, topic);
  (void)co_await listener.Ready(c);
  const std::string bytes("\0\xff\x80 bytes", 9);
  for (const std::string& key : {std::string("k"), std::string(kMaxOrderingKeyBytes, 'k'),
                                 std::string("a.*.> /\xc3\xa4"), std::string(1, '\0')}) {
    for (const std::string& payload : {bytes, std::string()}) {
      co_await Publisher(c).Ordered(topic, key, payload);
      const Message message = co_await listener.NextMessage(c);
      c.ExpectEq(message.key(), key);
      c.ExpectEq(message.payload(), payload);
    }
  }
}

// Nothing of the refused is sent.
Task<void> BadKeysAreRefused(CaseContext& c) {
  const std::string topic = c.Unique("topic");
  TopicListener listener(c, topic);
  (void)co_await listener.Ready(c);
  for (const size_t size : {size_t{0}, kMaxOrderingKeyBytes + 1, 4 * kMaxOrderingKeyBytes}) {
    co_await c.Refused(&PubSubOrderingStub::PublishOrdered,
                       OrderedOf(topic, std::string(size, 'k'), "p"), Code::kInvalidArgument,
                       "key");
  }
  const RawAnswer no_text =
      co_await c.CallRaw(c.interface().methods[0], "\x0a\x01t\x12\x02\xc3\x28");
  c.ExpectEq(no_text.status.code(), Code::kInvalidArgument);
  co_await Publisher(c).Ordered(topic, "key", "good");
  c.ExpectEq(co_await listener.Next(c), "good");
}

Task<void> BadTopicsAreRefused(CaseContext& c) {
  for (const std::string& topic : BadTopics(c.Unique("t"))) {
    co_await c.Refused(&PubSubOrderingStub::PublishOrdered, OrderedOf(topic, "key", "p"),
                       Code::kInvalidArgument, "topic");
  }
  co_await c.Refused(&PubSubOrderingStub::PublishOrdered,
                     OrderedOf("t", "key", std::string(c.max_message_bytes() + 1, 'x')),
                     Code::kResourceExhausted, "limit");
}

Task<void> NamespacesNeverMeet(CaseContext& c) {
  const std::string topic = c.Unique("topic");
  TopicListener here(c, topic);
  TopicListener there(c.other(), topic);
  (void)co_await here.Ready(c);
  (void)co_await there.Ready(c);
  co_await Publisher(c).Ordered(topic, "key", "here");
  co_await Publisher(c.other()).Ordered(topic, "key", "there");
  co_await Publisher(c).Ordered(topic, "key", "here again");
  c.ExpectEq(co_await here.Next(c), "here");
  c.ExpectEq(co_await here.Next(c), "here again");
  c.ExpectEq(co_await there.Next(c), "there");
}

constexpr std::string_view kOneOrder =
    "All of them receive the messages of one topic and key in one and the same order, also when "
    "several callers publish at the same time; a call that begins after another was answered comes "
    "behind it.";
constexpr std::string_view kBasic =
    "Limits and delivery are those of pubsub_basic, whose subscriptions receive them.";
constexpr std::string_view kSends = "Sends the message to the live subscriptions of the topic.";
constexpr std::string_view kKey =
    "A key is 1 to 4096 bytes of UTF-8; any other is INVALID_ARGUMENT.";

constexpr Case kCases[] = {
    {"messages_carry_their_key", {kSends, kBasic}, &MessagesCarryTheirKey, {&PubSubBasic::Info()}},
    {"later_calls_come_behind",
     {kOneOrder, "Messages whose order matters within a key, whoever publishes them."},
     &LaterCallsComeBehind,
     {&PubSubBasic::Info()}},
    {"all_see_one_order",
     {kOneOrder, "Messages whose order matters within a key, whoever publishes them."},
     &AllSeeOneOrder,
     {&PubSubBasic::Info()}},
    {"each_key_has_an_order", {kOneOrder}, &EachKeyHasAnOrder, {&PubSubBasic::Info()}},
    {"all_kinds_see_one_order",
     {kOneOrder, kSends},
     &AllKindsSeeOneOrder,
     {&PubSubBasic::Info(), &PubSubWildcards::Info(), &PubSubFiltering::Info()}},
    {"nothing_is_kept_for_later_ones",
     {kBasic,
      "At most once: a message reaches each subscription that was there when Publish was called "
      "and is still there, once, and is not kept for others."},
     &NothingIsKeptForLaterOnes,
     {&PubSubBasic::Info()}},
    {"repeated_is_sent_again",
     {"Repeated, it sends again."},
     &RepeatedIsSentAgain,
     {&PubSubBasic::Info()}},
    {"keys_and_payloads_of_all_kinds",
     {kKey, kBasic},
     &KeysAndPayloadsOfAllKinds,
     {&PubSubBasic::Info()}},
    {"bad_keys_are_refused", {kKey}, &BadKeysAreRefused, {&PubSubBasic::Info()}},
    {"bad_topics_are_refused",
     {kBasic, "Anything else is INVALID_ARGUMENT."},
     &BadTopicsAreRefused},
    {"namespaces_never_meet",
     {"Topics of different namespaces never meet."},
     &NamespacesNeverMeet,
     {&PubSubBasic::Info()},
     true},
};

constexpr Unproven kUnproven[] = {
    {"Between keys there is no order.", "it permits any order"},
};

constexpr Suite kSuite = {&PubSubOrdering::Info(), kCases, kUnproven};

}  // namespace

const Suite& PubSubOrderingSuite() { return kSuite; }

}  // namespace prism::conformance
