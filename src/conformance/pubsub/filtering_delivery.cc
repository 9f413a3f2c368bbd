#include <deque>
#include <limits>

#include "conformance/pubsub/filtering_cases.h"
#include "conformance/pubsub/filters.h"

namespace prism::conformance::pubsub_suite {
namespace {

constexpr int kMaxFilterNodes = 64;
constexpr int kMaxFilterDepth = 8;
constexpr int kMaxAttributes = 64;
constexpr size_t kMaxNameBytes = 256;
constexpr size_t kMaxValueBytes = 4096;
constexpr double kNoNumber = std::numeric_limits<double>::quiet_NaN();

// A list of so many nodes with itself.
Filter OfNodes(int nodes) {
  return AnyOf(std::vector<Filter>(static_cast<size_t>(nodes - 1), Exists("a")));
}

// Nested so deep, and accepting who has an attribute "a".
Filter OfDepth(int depth) {
  Filter filter = Exists("a");
  for (int i = 1; i < depth; ++i) filter = i % 2 == 0 ? AnyOf({filter}) : AllOf({filter});
  return filter;
}

Attributes OfCount(int count) {
  Attributes attributes;
  for (int i = 0; i < count; ++i) {
    attributes.emplace_back("name-" + std::to_string(i), std::to_string(i));
  }
  return attributes;
}

void ExpectAttributes(CaseContext& c, const Message& message, const Attributes& expected,
                      Where where = Where::current()) {
  c.ExpectEq(message.attributes().size(), expected.size(), where);
  for (const auto& [name, value] : expected) {
    const auto found = message.attributes().find(name);
    c.Expect(found != message.attributes().end() && found->second == value,
             "the attribute " + Show(name) + " is " + Show(value), where);
  }
}

}  // namespace

Task<void> AttributesCome(CaseContext& c) {
  Publisher publisher(c);
  const std::string topic = c.Unique("topic");
  FilteredListener filtered(c, topic, Exists("name"));
  TopicListener plain(c, topic);
  (void)co_await filtered.Ready(c);
  (void)co_await plain.Ready(c);
  const Attributes attributes = {{"name", "value"}, {"\xc3\xa4 /.*", ""}, {"n", "\xc3\xb6\n"}};
  const Attributes none;
  co_await publisher.Attributed(topic, "payload", attributes);
  co_await publisher.Attributed(topic, "", none);
  const Message received = co_await filtered.NextMessage(c);
  c.ExpectEq(received.topic(), topic);
  c.ExpectEq(received.payload(), "payload");
  ExpectAttributes(c, received, attributes);
  ExpectAttributes(c, co_await plain.NextMessage(c), attributes);
  const Message bare = co_await plain.NextMessage(c);
  c.ExpectEq(bare.payload(), "");
  ExpectAttributes(c, bare, none);
}

Task<void> WithoutFilterAllCome(CaseContext& c) {
  Publisher publisher(c);
  const std::string topic = c.Unique("topic");
  FilteredListener listener(c, topic);
  (void)co_await listener.Ready(c);
  const Attributes none;
  const Attributes some = {{"name", "value"}};
  co_await publisher.Attributed(topic + "1", "of a neighbor", some);
  co_await publisher.Attributed(topic, "without", none);
  co_await publisher.Attributed(topic, "with", some);
  c.ExpectEq(co_await listener.Next(c), "without");
  c.ExpectEq(co_await listener.Next(c), "with");
}

// Messages of Publish have no attributes.
Task<void> PlainMessagesAreFilteredToo(CaseContext& c) {
  Publisher publisher(c);
  const std::string topic = c.Unique("topic");
  FilteredListener with(c, topic, Exists("name"));
  FilteredListener without(c, topic, Not(Exists("name")));
  const std::string id = co_await with.Ready(c);
  (void)co_await without.Ready(c);
  const Attributes attributes = {{"name", "value"}};
  co_await publisher.Publish(topic, "plain");
  co_await publisher.Attributed(topic, "attributed", attributes);
  co_await publisher.Publish(topic, "plain again");
  c.ExpectEq(co_await with.Next(c), "attributed");
  c.ExpectEq(co_await without.Next(c), "plain");
  c.ExpectEq(co_await without.Next(c), "plain again");
  c.ExpectEq(co_await publisher.Unsubscribe(id), true);
  const Status status = co_await with.live().End(c);
  c.ExpectEq(status.code(), Code::kOk);
}

// More than backends are sure to hold for a subscription that nobody reads, but for another one.
Task<void> OnlyMatchingMessagesWait(CaseContext& c) {
  constexpr int kUnwanted = 1500;
  const std::string topic = c.Unique("topic");
  FilteredListener listener(c, topic, Equals("wanted", "yes"));
  (void)co_await listener.Ready(c);
  const Attributes unwanted = {{"wanted", "no"}};
  const Attributes wanted = {{"wanted", "yes"}};
  Publisher setup(c);
  co_await setup.Attributed(topic, "first", wanted);
  int sent = 0;
  co_await c.Concurrently(8, [&](int) -> Task<void> {
    Publisher publisher(c);
    while (sent++ < kUnwanted && c.ok()) {
      co_await publisher.Attributed(topic, std::string(2048, '.'), unwanted);
    }
  });
  co_await setup.Attributed(topic, "last", wanted);
  c.ExpectEq(co_await listener.Next(c), "first");
  c.ExpectEq(co_await listener.Next(c), "last");
}

// Several callers publish to one topic for several filters.
Task<void> EachFilterReceivesItsOwn(CaseContext& c) {
  constexpr int kPublishers = 4;
  constexpr int kEach = 40;
  const std::string topic = c.Unique("topic");
  std::deque<FilteredListener> own;
  for (int i = 0; i < kPublishers; ++i) {
    own.emplace_back(c, topic, Equals("by", std::to_string(i)));
    (void)co_await own.back().Ready(c);
  }
  FilteredListener all(c, topic);
  (void)co_await all.Ready(c);
  co_await c.Concurrently(kPublishers, [&](int client) -> Task<void> {
    Publisher publisher(c);
    const Attributes by = {{"by", std::to_string(client)}};
    for (int i = 0; i < kEach && c.ok(); ++i) {
      co_await publisher.Attributed(topic, Numbered(client, i), by);
    }
  });
  for (int i = 0; i < kPublishers; ++i) {
    std::vector<std::string> expected;
    for (int n = 0; n < kEach; ++n) expected.push_back(Numbered(i, n));
    c.ExpectEq(co_await own[static_cast<size_t>(i)].Take(c, kEach), expected);
  }
  ExpectAllInOrder(c, co_await all.Take(c, kPublishers * kEach), kPublishers, kEach);
}

Task<void> RepeatedAttributesAreSentAgain(CaseContext& c) {
  const std::string topic = c.Unique("topic");
  FilteredListener listener(c, topic, Exists("name"));
  (void)co_await listener.Ready(c);
  const Attributes attributes = {{"name", "value"}};
  const std::vector<std::string> sent = {"same", "same", "end"};
  for (const std::string& payload : sent) {
    co_await Publisher(c).Attributed(topic, payload, attributes);
  }
  c.ExpectEq(co_await listener.Take(c, 3), sent);
}

Task<void> LargestFiltersAreTaken(CaseContext& c) {
  const std::string topic = c.Unique("topic");
  const std::string longest_name(kMaxNameBytes, 'n');
  const std::string longest_value(kMaxValueBytes, 'v');
  const std::vector<Filter> filters = {OfNodes(kMaxFilterNodes), OfDepth(kMaxFilterDepth),
                                       Not(Not(OfDepth(kMaxFilterDepth - 2))),
                                       AllOf({Exists("a"), Not(Exists(longest_name))}),
                                       AllOf({Exists("a"), Not(Equals("a", longest_value))})};
  const Attributes none;
  const Attributes some = {{"a", "1"}};
  for (const Filter& filter : filters) {
    FilteredListener listener(c, topic, filter);
    (void)co_await listener.Ready(c);
    co_await Publisher(c).Attributed(topic, "does not match", none);
    co_await Publisher(c).Attributed(topic, "matches", some);
    c.ExpectEq(co_await listener.Next(c), "matches");
  }
}

Task<void> BadFiltersAreRefused(CaseContext& c) {
  const std::string topic = c.Unique("topic");
  const std::vector<Filter> bad = {OfNodes(kMaxFilterNodes + 1),
                                   OfDepth(kMaxFilterDepth + 1),
                                   Not(OfDepth(kMaxFilterDepth)),
                                   AllOf(std::vector<Filter>(2, OfNodes(kMaxFilterNodes / 2))),
                                   Filter(),
                                   Not(Filter()),
                                   AllOf({Exists("a"), Filter()}),
                                   AnyOf({Exists("a"), AllOf({Filter()})}),
                                   Exists(""),
                                   Equals("", "x"),
                                   Prefix(std::string(kMaxNameBytes + 1, 'n'), "x"),
                                   Equals("a", std::string(kMaxValueBytes + 1, 'v')),
                                   Range("", 1, 2),
                                   Range("a", kNoNumber, {}),
                                   Not(Range("a", {}, kNoNumber))};
  for (const Filter& filter : bad) {
    co_await c.Refused(&PubSubFilteringStub::SubscribeFiltered, FilteredOf(topic, filter),
                       Code::kInvalidArgument, "filter");
  }
}

Task<void> LargestAttributesAreTaken(CaseContext& c) {
  const std::string topic = c.Unique("topic");
  FilteredListener listener(c, topic);
  (void)co_await listener.Ready(c);
  Attributes largest = OfCount(kMaxAttributes - 1);
  largest.emplace_back(std::string(kMaxNameBytes, 'n'), std::string(kMaxValueBytes, 'v'));
  const Attributes smallest = {{"n", ""}};
  for (const Attributes& attributes : {largest, smallest}) {
    co_await Publisher(c).Attributed(topic, "payload", attributes);
    ExpectAttributes(c, co_await listener.NextMessage(c), attributes);
  }
}

// Nothing of the refused is sent.
Task<void> BadAttributesAreRefused(CaseContext& c) {
  const std::string topic = c.Unique("topic");
  FilteredListener listener(c, topic);
  (void)co_await listener.Ready(c);
  const std::vector<Attributes> bad = {OfCount(kMaxAttributes + 1),
                                       {{"", "value"}},
                                       {{std::string(kMaxNameBytes + 1, 'n'), ""}},
                                       {{"name", std::string(kMaxValueBytes + 1, 'v')}}};
  for (const Attributes& attributes : bad) {
    co_await c.Refused(&PubSubFilteringStub::PublishWithAttributes,
                       AttributedOf(topic, "bad", attributes), Code::kInvalidArgument, "attribute");
  }
  const Attributes none;
  co_await Publisher(c).Attributed(topic, "good", none);
  c.ExpectEq(co_await listener.Next(c), "good");
}

Task<void> BadFilteringTopicsAreRefused(CaseContext& c) {
  const Attributes none;
  for (const std::string& topic : BadTopics(c.Unique("t"))) {
    co_await c.Refused(&PubSubFilteringStub::PublishWithAttributes, AttributedOf(topic, "p", none),
                       Code::kInvalidArgument, "topic");
    co_await c.Refused(&PubSubFilteringStub::SubscribeFiltered, FilteredOf(topic, Exists("a")),
                       Code::kInvalidArgument, "topic");
  }
}

Task<void> FilteringNamespacesNeverMeet(CaseContext& c) {
  const std::string topic = c.Unique("topic");
  FilteredListener here(c, topic, Exists("name"));
  FilteredListener there(c.other(), topic, Exists("name"));
  (void)co_await here.Ready(c);
  (void)co_await there.Ready(c);
  const Attributes attributes = {{"name", "value"}};
  co_await Publisher(c).Attributed(topic, "here", attributes);
  co_await Publisher(c.other()).Attributed(topic, "there", attributes);
  co_await Publisher(c).Attributed(topic, "here again", attributes);
  c.ExpectEq(co_await here.Next(c), "here");
  c.ExpectEq(co_await here.Next(c), "here again");
  c.ExpectEq(co_await there.Next(c), "there");
}

}  // namespace prism::conformance::pubsub_suite
