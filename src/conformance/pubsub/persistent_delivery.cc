#include <algorithm>
#include <chrono>
#include <deque>
#include <set>

#include "conformance/pubsub/client.h"
#include "conformance/pubsub/persistent_cases.h"
#include "conformance/pubsub/persistent_client.h"

namespace prism::conformance::pubsub_suite {
namespace {

// What the backend's clock and ours may differ by.
constexpr int64_t kSlackMs = 100;

int64_t UnixMs() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

}  // namespace

Task<void> DurablesReceiveMessages(CaseContext& c) {
  const std::string topic = c.Unique("topic");
  DurableListener listener(c, {topic, "reader"});
  c.ExpectEq(co_await listener.Ready(c), true);
  PublishPersistentRequest request = PersistentOf(topic, "with attributes");
  (*request.mutable_attributes())["name"] = "value";
  const int64_t before = UnixMs();
  const auto sent = co_await c.Call(&PubSubPersistentStub::PublishPersistent, request);
  const int64_t after = UnixMs();
  const std::string second = co_await Persistent(c).Publish(topic, "");
  c.Expect(sent.message_id() != second, "each message has an id of its own");
  const DurableMessage message = co_await listener.Next(c);
  c.ExpectEq(message.message_id(), sent.message_id());
  c.ExpectEq(message.delivery_count(), 1u);
  c.ExpectEq(message.message().topic(), topic);
  c.ExpectEq(message.message().payload(), "with attributes");
  c.ExpectEq(message.message().attributes().size(), 1u);
  c.ExpectEq(message.message().attributes().count("name"), 1u);
  c.ExpectLe(before, message.published_unix_ms() + kSlackMs, "the time of publishing");
  c.ExpectLe(message.published_unix_ms(), after + kSlackMs, "the time of publishing");
  c.ExpectEq(co_await listener.Expect(c, ""), second);
}

Task<void> EachNameGetsEveryMessage(CaseContext& c) {
  Persistent persistent(c);
  const std::string topic = c.Unique("topic");
  DurableListener one(c, {topic, "one"});
  DurableListener two(c, {topic, "two"});
  (void)co_await one.Ready(c);
  (void)co_await two.Ready(c);
  co_await persistent.Publish(topic + "1", "of a neighbor");
  const std::string first = co_await persistent.Publish(topic, "same");
  const std::string second = co_await persistent.Publish(topic, "same");
  c.ExpectEq(co_await one.Expect(c, "same"), first);
  c.ExpectEq(co_await persistent.Ack(topic, "one", first), 1u);
  c.ExpectEq(co_await one.Expect(c, "same"), second);
  c.ExpectEq(co_await persistent.Ack(topic, "one", second), 1u);
  c.ExpectEq(co_await two.Expect(c, "same"), first);
  c.ExpectEq(co_await two.Expect(c, "same"), second);
}

Task<void> LiveSubscriptionsReceiveThemToo(CaseContext& c) {
  const std::string topic = c.Unique("topic");
  TopicListener live(c, topic);
  DurableListener durable(c, {topic, "reader"});
  (void)co_await live.Ready(c);
  (void)co_await durable.Ready(c);
  co_await Publisher(c).Publish(topic, "live");
  co_await Persistent(c).Publish(topic, "persistent");
  c.ExpectEq(co_await live.Next(c), "live");
  c.ExpectEq(co_await live.Next(c), "persistent");
  co_await durable.Expect(c, "persistent");
}

Task<void> NamesAreRememberedWhileNobodyReads(CaseContext& c) {
  Persistent persistent(c);
  const std::string topic = c.Unique("topic");
  const Reading reading = {topic, "reader"};
  co_await MakeDurable(c, topic, reading.name);
  std::set<std::string> ids;
  for (const char* payload : {"first", "second", "third"}) {
    ids.insert(co_await persistent.Publish(topic, payload));
  }
  DurableListener listener(c, reading);
  c.ExpectEq(co_await listener.Ready(c), false);
  std::set<std::string> received;
  while (received.size() < 3 && c.ok()) {
    const DurableMessage message = co_await listener.Next(c);
    received.insert(message.message_id());
  }
  c.Expect(received == ids, "all three are received");
}

Task<void> MessagesOfManyPublishersComeInOrder(CaseContext& c) {
  constexpr int kPublishers = 4;
  constexpr int kEach = 25;
  const std::string topic = c.Unique("topic");
  DurableListener listener(c, {topic, "reader"});
  (void)co_await listener.Ready(c);
  std::set<std::string> ids;
  co_await c.Concurrently(kPublishers, [&](int client) -> Task<void> {
    Persistent persistent(c);
    for (int i = 0; i < kEach && c.ok(); ++i) {
      ids.insert(co_await persistent.Publish(topic, Numbered(client, i)));
    }
  });
  c.ExpectEq(ids.size(), static_cast<size_t>(kPublishers * kEach));
  const auto messages = co_await listener.Take(c, kPublishers * kEach);
  ExpectAllInOrder(c, PayloadsOf(messages), kPublishers, kEach);
  for (const std::string& id : IdsOf(messages)) c.Expect(ids.contains(id), "the ids are the same");
}

// Nothing is acked, so each stream is full when it has its share.
Task<void> StreamsOfANameShare(CaseContext& c) {
  constexpr int kStreams = 4;
  constexpr int kShare = 25;
  const std::string topic = c.Unique("topic");
  std::deque<DurableListener> streams;
  for (int i = 0; i < kStreams; ++i) {
    streams.emplace_back(c, Reading{topic, "reader", pubsub::v1::NEW, 0, kShare});
    c.ExpectEq(co_await streams.back().Ready(c), i == 0);
  }
  std::vector<std::string> sent;
  std::vector<std::string> received;
  for (int i = 0; i < kStreams * kShare; ++i) sent.push_back(Numbered(0, 1000 + i));
  size_t next = 0;
  co_await c.Concurrently(2 * kStreams, [&](int client) -> Task<void> {
    Persistent persistent(c);
    while (client < kStreams && next < sent.size()) {
      co_await persistent.Publish(topic, sent[next++]);
    }
    if (client < kStreams) co_return;
    auto& stream = streams[static_cast<size_t>(client - kStreams)];
    const auto messages = co_await stream.Take(c, kShare);
    for (const DurableMessage& message : messages) {
      c.ExpectEq(message.delivery_count(), 1u);
      received.push_back(message.message().payload());
    }
  });
  std::sort(received.begin(), received.end());
  c.ExpectEq(received, sent);
}

// More than a topic without durable names is sure to keep.
Task<void> NothingIsDropped(CaseContext& c) {
  constexpr int kMessages = 1200;
  constexpr size_t kAcksPerCall = 50;
  const std::string topic = c.Unique("topic");
  const Reading reading = {topic, "reader"};
  co_await MakeDurable(c, topic, reading.name);
  int next = 0;
  std::set<std::string> missing;
  co_await c.Concurrently(8, [&](int) -> Task<void> {
    Persistent persistent(c);
    while (next++ < kMessages && c.ok()) {
      missing.insert(co_await persistent.Publish(topic, std::string(2048, '.')));
    }
  });
  c.ExpectEq(missing.size(), static_cast<size_t>(kMessages));
  DurableListener listener(c, reading);
  c.ExpectEq(co_await listener.Ready(c), false);
  std::vector<std::string> acks;
  while (!missing.empty() && c.ok()) {
    const DurableMessage message = co_await listener.Next(c);
    missing.erase(message.message_id());
    acks.push_back(message.message_id());
    if (acks.size() < kAcksPerCall) continue;
    (void)co_await Persistent(c).AckAll(topic, reading.name, acks);
    acks.clear();
  }
}

Task<void> DurablesOfOtherNamespacesDiffer(CaseContext& c) {
  Persistent persistent(c);
  Persistent elsewhere(c.other());
  const std::string topic = c.Unique("topic");
  DurableListener here(c, {topic, "reader"});
  (void)co_await here.Ready(c);
  const std::string id = co_await persistent.Publish(topic, "here");
  co_await here.Expect(c, "here");
  c.ExpectEq(co_await elsewhere.LastId(topic), std::nullopt);
  c.ExpectEq(co_await elsewhere.Ack(topic, "reader", id), 0u);
  c.ExpectEq(co_await elsewhere.Delete(topic, "reader"), false);
  DurableListener there(c.other(), {topic, "reader", pubsub::v1::EARLIEST});
  c.ExpectEq(co_await there.Ready(c), true);
  co_await elsewhere.Publish(topic, "there");
  co_await there.Expect(c, "there");
  c.ExpectEq(co_await persistent.Ack(topic, "reader", id), 1u);
}

}  // namespace prism::conformance::pubsub_suite
