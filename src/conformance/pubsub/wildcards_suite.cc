#include <algorithm>

#include "conformance/pubsub/client.h"
#include "conformance/pubsub/suites.h"
#include "interfaces/pubsub_persistent.prism.h"
#include "prism/interfaces/pubsub_persistent.pb.h"

namespace prism::conformance {
namespace {

using namespace pubsub_suite;  // NOLINT: its client

using Topics = std::vector<std::string>;

// Patterns, and which topics they match.
using Table = std::vector<std::pair<std::string, Topics>>;

// Publishes to all of `topics` after `pattern` was subscribed to; of them it must receive exactly
// `matching`. Between topics there is no order. A last message shows that no others came.
Task<void> ExpectMatch(CaseContext& c, std::string pattern, const Topics& topics, Topics matching,
                       Where where = Where::current()) {
  Publisher publisher(c);
  PatternListener listener(c, pattern);
  (void)co_await listener.Ready(c, where);
  for (const std::string& topic : topics) co_await publisher.Publish(topic, topic, where);
  Topics received;
  for (size_t i = 0; i < matching.size() && c.ok(); ++i) {
    const Message message = co_await listener.NextMessage(c, where);
    c.ExpectEq(message.payload(), message.topic(), where);
    received.push_back(message.topic());
  }
  std::sort(received.begin(), received.end());
  std::sort(matching.begin(), matching.end());
  c.ExpectEq(received, matching, where);
  if (!matching.empty()) {
    co_await publisher.Publish(matching[0], "the end", where);
    c.ExpectEq(co_await listener.Next(c, where), "the end", where);
  }
}

Task<void> ExpectMatches(CaseContext& c, const Topics& topics, const Table& table,
                         Where where = Where::current()) {
  for (const auto& [pattern, matching] : table) {
    co_await ExpectMatch(c, pattern, topics, matching, where);
  }
}

Task<void> StarIsOneToken(CaseContext& c) {
  const std::string a = c.Unique("a");
  const Topics topics = {a, a + ".b", a + ".c", a + ".b.c", a + "b.c", a + "b"};
  const Table table = {
      {a + ".*", {a + ".b", a + ".c"}}, {a + ".*.*", {a + ".b.c"}}, {a + ".*.c", {a + ".b.c"}}};
  co_await ExpectMatches(c, topics, table);
}

Task<void> StarStandsAnywhere(CaseContext& c) {
  const std::string a = c.Unique("a");
  const Topics topics = {"x." + a, "y." + a, "x." + a + ".z", a, "x.y." + a, "x." + a + "a"};
  const Table table = {{"*." + a, {"x." + a, "y." + a}},
                       {"*." + a + ".*", {"x." + a + ".z"}},
                       {"*.*." + a, {"x.y." + a}}};
  co_await ExpectMatches(c, topics, table);
}

Task<void> EndIsOneTokenOrMore(CaseContext& c) {
  const std::string a = c.Unique("a");
  const std::string deep = TopicOfTokens(a, kMaxTopicTokens);
  const Topics topics = {a, a + ".b", a + ".b.c", a + ".d.c", a + "b.c", deep};
  const Table table = {{a + ".>", {a + ".b", a + ".b.c", a + ".d.c", deep}},
                       {a + ".b.>", {a + ".b.c"}},
                       {a + ".*.>", {a + ".b.c", a + ".d.c", deep}}};
  co_await ExpectMatches(c, topics, table);
}

// The namespace's other messages come too: when they are too many for us, we begin anew.
Task<bool> ReceivesAmongAll(CaseContext& c, std::string topic) {
  PatternListener listener(c, ">");
  (void)co_await listener.Ready(c);
  co_await Publisher(c).Publish(topic, topic);
  while (c.ok()) {
    const SubscriptionEvent* event = co_await listener.live().Pull();
    if (event && event->message().topic() == topic) co_return true;
    if (event) continue;
    c.ExpectEq(listener.live().status().code(), Code::kResourceExhausted);
    co_return false;
  }
  co_return false;
}

Task<void> EndAloneMatchesEveryTopic(CaseContext& c) {
  const std::string a = c.Unique("a");
  for (const std::string& topic : {a, a + ".b", TopicOfTokens(a, kMaxTopicTokens)}) {
    co_await c.Until("`>` receives the message",
                     [&]() -> Task<bool> { return ReceivesAmongAll(c, topic); });
  }
}

Task<void> TokensWithStarsAreOrdinary(CaseContext& c) {
  const std::string a = c.Unique("a");
  const Topics topics = {a + ".b*", a + ".bc", a + ".b", a + ".>>", a + ".**", a + ".c.d"};
  const Table table = {
      {a + ".b*", {a + ".b*"}}, {a + ".**", {a + ".**"}}, {a + ".>>", {a + ".>>"}}};
  co_await ExpectMatches(c, topics, table);
}

Task<void> PlainPatternIsATopic(CaseContext& c) {
  const std::string a = c.Unique("a");
  const Topics topics = {a, a + ".b", a + ".b.c", a + ".c", "x." + a + ".b"};
  const Table table = {{a + ".b", {a + ".b"}}};
  co_await ExpectMatches(c, topics, table);
}

Task<void> LaterTopicsMatchToo(CaseContext& c) {
  Publisher publisher(c);
  const std::string a = c.Unique("a");
  co_await publisher.Publish(a + ".early", "heard by nobody");
  PatternListener listener(c, a + ".*");
  (void)co_await listener.Ready(c);
  for (int i = 0; i < 20 && c.ok(); ++i) {
    const std::string topic = a + "." + c.Unique("later");
    co_await publisher.Publish(topic, "payload");
    const Message message = co_await listener.NextMessage(c);
    c.ExpectEq(message.topic(), topic);
  }
}

// Patterns that overlap, and a plain topic, each with its own copy.
Task<void> OncePerSubscription(CaseContext& c) {
  Publisher publisher(c);
  const std::string a = c.Unique("a");
  TopicListener plain(c, a + ".b.c");
  PatternListener star(c, a + ".*.c");
  PatternListener twin(c, a + ".*.c");
  PatternListener end(c, a + ".>");
  (void)co_await plain.Ready(c);
  for (PatternListener* listener : {&star, &twin, &end}) (void)co_await listener->Ready(c);
  const std::vector<std::string> sent = {"first", "second", "last"};
  for (const std::string& payload : sent) co_await publisher.Publish(a + ".b.c", payload);
  c.ExpectEq(co_await plain.Take(c, 3), sent);
  for (PatternListener* listener : {&star, &twin, &end}) {
    c.ExpectEq(co_await listener->Take(c, 3), sent);
  }
}

// Each publisher has a topic of his own, and one that all use.
Task<void> EachPublishersOrderIsKept(CaseContext& c) {
  constexpr int kPublishers = 4;
  constexpr int kEach = 40;
  const std::string a = c.Unique("a");
  PatternListener listener(c, a + ".*");
  (void)co_await listener.Ready(c);
  std::vector<std::string> own;
  std::vector<std::string> common;
  co_await c.Concurrently(kPublishers + 1, [&](int client) -> Task<void> {
    Publisher publisher(c);
    for (int i = 0; client < kPublishers && i < kEach && c.ok(); ++i) {
      co_await publisher.Publish(a + "." + std::to_string(client), Numbered(client, i));
      co_await publisher.Publish(a + ".common", Numbered(client, i));
    }
    for (int i = 0; client == kPublishers && i < 2 * kPublishers * kEach && c.ok(); ++i) {
      const Message message = co_await listener.NextMessage(c);
      (message.topic() == a + ".common" ? common : own).push_back(message.payload());
    }
  });
  ExpectAllInOrder(c, own, kPublishers, kEach);
  ExpectAllInOrder(c, common, kPublishers, kEach);
}

Task<void> MessagesOfEveryRpcCome(CaseContext& c) {
  Publisher publisher(c);
  const std::string a = c.Unique("a");
  PatternListener listener(c, a + ".*");
  (void)co_await listener.Ready(c);
  co_await publisher.Publish(a + ".b", "plain");
  c.ExpectEq(co_await listener.Next(c), "plain");
  const Attributes attributes = {{"name", "value"}};
  co_await publisher.Attributed(a + ".b", "attributed", attributes);
  const Message attributed = co_await listener.NextMessage(c);
  c.ExpectEq(attributed.payload(), "attributed");
  c.ExpectEq(attributed.attributes().count("name"), 1u);
  co_await publisher.Ordered(a + ".b", "key", "ordered");
  const Message ordered = co_await listener.NextMessage(c);
  c.ExpectEq(ordered.payload(), "ordered");
  c.ExpectEq(ordered.key(), "key");
  pubsub::v1::PublishPersistentRequest persistent;
  persistent.set_topic(a + ".b");
  persistent.set_payload("persistent");
  (void)co_await c.Call(&PubSubPersistentStub::PublishPersistent, persistent);
  c.ExpectEq(co_await listener.Next(c), "persistent");
}

Task<void> UnsubscribeEndsTheStream(CaseContext& c) {
  Publisher publisher(c);
  const std::string a = c.Unique("a");
  PatternListener ended(c, a + ".*");
  PatternListener stays(c, a + ".*");
  const std::string id = co_await ended.Ready(c);
  (void)co_await stays.Ready(c);
  c.ExpectEq(co_await publisher.Unsubscribe(id), true);
  const Status status = co_await ended.live().End(c);
  c.ExpectEq(status.code(), Code::kOk);
  c.ExpectEq(co_await publisher.Unsubscribe(id), false);
  co_await publisher.Publish(a + ".b", "for who stays");
  c.ExpectEq(co_await stays.Next(c), "for who stays");
}

Task<void> BadPatternsAreRefused(CaseContext& c) {
  const std::string a = c.Unique("a");
  Topics patterns = NeitherTopicsNorPatterns(a);
  for (const char* end : {".>.b", ".>.>", ".>.*", "..*", "..>", ".*."}) {
    patterns.push_back(a + end);
  }
  patterns.push_back(">." + a);
  patterns.push_back(TopicOfTokens("*", kMaxTopicTokens) + ".>");
  for (const std::string& pattern : patterns) {
    co_await c.Refused(&PubSubWildcardsStub::SubscribePattern, PatternOf(pattern),
                       Code::kInvalidArgument, "pattern");
  }
}

Task<void> LongPatternsAreTaken(CaseContext& c) {
  const std::string a = c.Unique("a");
  const std::string deep = TopicOfTokens(a, kMaxTopicTokens);
  std::string stars = a;
  for (int i = 1; i < kMaxTopicTokens; ++i) stars += ".*";
  const Topics topics0 = {a + ".x", deep};
  const Table table0 = {{stars, {deep}}};
  co_await ExpectMatches(c, topics0, table0);
  const std::string token(kMaxTopicBytes - a.size() - 3, 't');
  const Topics topics1 = {a + ".x." + token, a + ".x.t"};
  const Table table1 = {{a + ".*." + token, {a + ".x." + token}}};
  co_await ExpectMatches(c, topics1, table1);
}

Task<void> OtherNamespacesDoNotMatch(CaseContext& c) {
  const std::string a = c.Unique("a");
  PatternListener here(c, a + ".>");
  PatternListener there(c.other(), a + ".>");
  (void)co_await here.Ready(c);
  (void)co_await there.Ready(c);
  co_await Publisher(c).Publish(a + ".b", "here");
  co_await Publisher(c.other()).Publish(a + ".b", "there");
  co_await Publisher(c).Publish(a + ".b", "here again");
  c.ExpectEq(co_await here.Next(c), "here");
  c.ExpectEq(co_await here.Next(c), "here again");
  c.ExpectEq(co_await there.Next(c), "there");
}

constexpr std::string_view kWritten =
    "A pattern is written like a topic, but a token may be `*`, which matches exactly one token, "
    "and the last may be `>`, which matches one token or more: `a.*` matches `a.b`, not `a` nor "
    "`a.b.c`; `a.>` matches `a.b` and `a.b.c`, not `a`; `>` matches every topic.";
constexpr std::string_view kBasic = "Limits, delivery and order are those of pubsub_basic.";
constexpr std::string_view kReceives =
    "Receives the messages of all topics that match the pattern, also of topics that first appear "
    "later.";

constexpr Case kCases[] = {
    {"star_is_one_token", {kWritten, kReceives}, &StarIsOneToken, {&PubSubBasic::Info()}},
    {"star_stands_anywhere", {kWritten}, &StarStandsAnywhere, {&PubSubBasic::Info()}},
    {"end_is_one_token_or_more", {kWritten}, &EndIsOneTokenOrMore, {&PubSubBasic::Info()}},
    {"end_alone_matches_every_topic",
     {kWritten},
     &EndAloneMatchesEveryTopic,
     {&PubSubBasic::Info()}},
    {"tokens_with_stars_are_ordinary",
     {"Both stand for whole tokens only: `a*` is an ordinary token."},
     &TokensWithStarsAreOrdinary,
     {&PubSubBasic::Info()}},
    {"plain_pattern_is_a_topic",
     {"A pattern without either is a plain topic."},
     &PlainPatternIsATopic,
     {&PubSubBasic::Info()}},
    {"later_topics_match_too",
     {"Live subscriptions to many topics at once.", kReceives},
     &LaterTopicsMatchToo,
     {&PubSubBasic::Info()}},
    {"once_per_subscription",
     {"A message comes once per subscription, with its topic."},
     &OncePerSubscription,
     {&PubSubBasic::Info()}},
    {"each_publishers_order_is_kept",
     {kBasic,
      "Order: messages of one publisher to one topic that were published one after the other, each "
      "after the answer to the one before, arrive in that order."},
     &EachPublishersOrderIsKept,
     {&PubSubBasic::Info()}},
    {"messages_of_every_rpc_come",
     {"There is one set of topics: a live subscription (Subscribe, SubscribePattern, "
      "SubscribeFiltered) receives every message of its topics, by whichever rpc it was "
      "published."},
     &MessagesOfEveryRpcCome,
     {&PubSubBasic::Info(), &PubSubFiltering::Info(), &PubSubOrdering::Info(),
      &PubSubPersistent::Info()}},
    {"unsubscribe_ends_the_stream",
     {kBasic, "Ends the stream of a live subscription with OK;"},
     &UnsubscribeEndsTheStream,
     {&PubSubBasic::Info()}},
    {"bad_patterns_are_refused",
     {"`>` anywhere but at the end is INVALID_ARGUMENT.", kWritten, kBasic},
     &BadPatternsAreRefused},
    {"long_patterns_are_taken", {kWritten, kBasic}, &LongPatternsAreTaken, {&PubSubBasic::Info()}},
    {"other_namespaces_do_not_match",
     {"Topics of different namespaces never meet."},
     &OtherNamespacesDoNotMatch,
     {&PubSubBasic::Info()},
     true},
};

constexpr Suite kSuite = {&PubSubWildcards::Info(), kCases, {}};

}  // namespace

const Suite& PubSubWildcardsSuite() { return kSuite; }

}  // namespace prism::conformance
