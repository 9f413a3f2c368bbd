#include "conformance/pubsub/basic_cases.h"
#include "conformance/pubsub/client.h"

namespace prism::conformance::pubsub_suite {

Task<void> EachSubscriptionReceivesOnce(CaseContext& c) {
  Publisher publisher(c);
  const std::string topic = c.Unique("topic");
  TopicListener one(c, topic);
  TopicListener two(c, topic);
  (void)co_await one.Ready(c);
  (void)co_await two.Ready(c);
  co_await publisher.Publish(topic + "1", "of a neighbor");
  co_await publisher.Publish(topic + ".x", "of a topic below");
  co_await publisher.Publish(topic, "first");
  co_await publisher.Publish(topic, "last");
  for (TopicListener* listener : {&one, &two}) {
    c.ExpectEq(co_await listener->Next(c), "first");
    c.ExpectEq(co_await listener->Next(c), "last");
  }
}

Task<void> MessagesCarryTheirTopic(CaseContext& c) {
  const std::string topic = c.Unique("a") + ".b.c";
  TopicListener listener(c, topic);
  (void)co_await listener.Ready(c);
  co_await Publisher(c).Publish(topic, "payload");
  const Message message = co_await listener.NextMessage(c);
  c.ExpectEq(message.topic(), topic);
  c.ExpectEq(message.payload(), "payload");
  c.Expect(message.attributes().empty() && message.key().empty(),
           "Publish sends neither attributes nor a key");
}

Task<void> NothingIsKeptForLaterOnes(CaseContext& c) {
  Publisher publisher(c);
  const std::string topic = c.Unique("topic");
  co_await publisher.Publish(topic, "heard by nobody");
  TopicListener first(c, topic);
  (void)co_await first.Ready(c);
  co_await publisher.Publish(topic, "heard by the first");
  TopicListener second(c, topic);
  (void)co_await second.Ready(c);
  co_await publisher.Publish(topic, "heard by both");
  c.ExpectEq(co_await first.Next(c), "heard by the first");
  c.ExpectEq(co_await first.Next(c), "heard by both");
  c.ExpectEq(co_await second.Next(c), "heard by both");
}

Task<void> RepeatedIsSentAgain(CaseContext& c) {
  Publisher publisher(c);
  const std::string topic = c.Unique("topic");
  TopicListener listener(c, topic);
  (void)co_await listener.Ready(c);
  const std::vector<std::string> sent = {"same", "same", "end"};
  for (const std::string& payload : sent) co_await publisher.Publish(topic, payload);
  c.ExpectEq(co_await listener.Take(c, 3), sent);
}

// Who is told of receivers is told of no more than there are.
Task<void> ReceiversAreNotInvented(CaseContext& c) {
  Publisher publisher(c);
  const std::string topic = c.Unique("topic");
  const PublishResponse to_nobody = co_await publisher.Publish(topic, "heard by nobody");
  c.ExpectEq(to_nobody.receivers(), 0u);
  TopicListener one(c, topic);
  TopicListener two(c, topic);
  (void)co_await one.Ready(c);
  (void)co_await two.Ready(c);
  const PublishResponse to_two = co_await publisher.Publish(topic, "payload");
  c.ExpectLe(to_two.receivers(), uint64_t{2}, "the receivers of a topic with two subscriptions");
  c.ExpectEq(co_await one.Next(c), "payload");
  c.ExpectEq(co_await two.Next(c), "payload");
}

// Several publishers at once: of each, every message comes once and in order.
Task<void> EachPublishersOrderIsKept(CaseContext& c) {
  constexpr int kPublishers = 4;
  constexpr int kEach = 50;
  const std::string topic = c.Unique("topic");
  TopicListener one(c, topic);
  TopicListener two(c, topic);
  (void)co_await one.Ready(c);
  (void)co_await two.Ready(c);
  co_await c.Concurrently(kPublishers + 2, [&](int client) -> Task<void> {
    if (client >= kPublishers) {
      TopicListener& listener = client == kPublishers ? one : two;
      const auto payloads = co_await listener.Take(c, kPublishers * kEach);
      ExpectAllInOrder(c, payloads, kPublishers, kEach);
      co_return;
    }
    Publisher publisher(c);
    for (int i = 0; i < kEach && c.ok(); ++i) {
      co_await publisher.Publish(topic, Numbered(client, i));
    }
  });
}

Task<void> NamespacesNeverMeet(CaseContext& c) {
  const std::string topic = c.Unique("topic");
  TopicListener here(c, topic);
  TopicListener there(c.other(), topic);
  const std::string id = co_await here.Ready(c);
  (void)co_await there.Ready(c);
  c.ExpectEq(co_await Publisher(c.other()).Unsubscribe(id), false);
  co_await Publisher(c).Publish(topic, "here");
  co_await Publisher(c.other()).Publish(topic, "there");
  co_await Publisher(c).Publish(topic, "here again");
  c.ExpectEq(co_await here.Next(c), "here");
  c.ExpectEq(co_await here.Next(c), "here again");
  c.ExpectEq(co_await there.Next(c), "there");
}

}  // namespace prism::conformance::pubsub_suite
