#include "conformance/pubsub/basic_cases.h"
#include "conformance/pubsub/client.h"

namespace prism::conformance::pubsub_suite {

Task<void> UnsubscribeEndsTheStream(CaseContext& c) {
  Publisher publisher(c);
  const std::string topic = c.Unique("topic");
  TopicListener ended(c, topic);
  TopicListener stays(c, topic);
  const std::string id = co_await ended.Ready(c);
  const std::string other = co_await stays.Ready(c);
  c.Expect(id != other, "each subscription has an id of its own");
  for (const std::string& unknown : {std::string(), id + "0", std::string(5000, 'x')}) {
    c.ExpectEq(co_await publisher.Unsubscribe(unknown), false);
  }
  c.ExpectEq(co_await publisher.Unsubscribe(id), true);
  const Status status = co_await ended.live().End(c);
  c.ExpectEq(status.code(), Code::kOk);
  c.ExpectEq(co_await publisher.Unsubscribe(id), false);
  co_await publisher.Publish(topic, "for who stays");
  c.ExpectEq(co_await stays.Next(c), "for who stays");
}

// To ask for the subscription with Unsubscribe would end it: where the backend knows its receivers,
// they tell first that it is gone.
Task<void> CallersEndTheirCalls(CaseContext& c) {
  Publisher publisher(c);
  const std::string topic = c.Unique("topic");
  TopicListener listener(c, topic);
  const std::string id = co_await listener.Ready(c);
  listener.live().Cancel();
  const Status status = co_await listener.live().End(c);
  c.ExpectEq(status.code(), Code::kCancelled);
  co_await c.Until("nobody receives the messages", [&]() -> Task<bool> {
    const PublishResponse sent = co_await publisher.Publish(topic, "for nobody");
    co_return sent.receivers() == 0;
  });
  co_await c.Until("the subscription is gone", [&]() -> Task<bool> {
    const bool found = co_await publisher.Unsubscribe(id);
    co_return !found;
  });
}

// As many as every backend holds for who is slow to read.
Task<void> SomeMessagesWaitForTheirReader(CaseContext& c) {
  constexpr int kPublishers = 8;
  constexpr int kEach = 125;
  const std::string topic = c.Unique("topic");
  TopicListener listener(c, topic);
  (void)co_await listener.Ready(c);
  co_await c.Concurrently(kPublishers, [&](int client) -> Task<void> {
    Publisher publisher(c);
    for (int i = 0; i < kEach && c.ok(); ++i) {
      co_await publisher.Publish(topic, Numbered(client, i));
    }
  });
  ExpectAllInOrder(c, co_await listener.Take(c, kPublishers * kEach), kPublishers, kEach);
}

// What comes of a flood that nobody reads has no gaps, whether the backend holds it all or not.
// Behind it more is sent while it is read: else a subscription that lost the end would just wait.
Task<void> SlowReadersSeeNoGaps(CaseContext& c) {
  constexpr int kFlood = 80;
  constexpr size_t kBytes = 512 << 10;
  Publisher publisher(c);
  const std::string topic = c.Unique("topic");
  TopicListener listener(c, topic);
  (void)co_await listener.Ready(c);
  int sent = 0;
  for (; sent < kFlood && c.ok(); ++sent) {
    co_await publisher.Publish(topic, std::to_string(sent) + std::string(kBytes, '.'));
  }
  bool over = false;
  co_await c.Concurrently(2, [&](int client) -> Task<void> {
    for (; client == 0 && !over && c.ok(); ++sent) {
      co_await publisher.Publish(topic, std::to_string(sent) + ".");
    }
    if (client == 0) co_return;
    for (int i = 0; i < kFlood + 1 && c.ok(); ++i) {
      const SubscriptionEvent* event = co_await listener.live().Pull();
      if (!event) {
        c.ExpectEq(listener.live().status().code(), Code::kResourceExhausted);
        break;
      }
      const std::string& payload = event->message().payload();
      c.ExpectEq(payload.substr(0, payload.find('.')), std::to_string(i));
    }
    over = true;
  });
}

}  // namespace prism::conformance::pubsub_suite
