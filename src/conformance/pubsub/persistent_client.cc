#include "conformance/pubsub/persistent_client.h"

namespace prism::conformance::pubsub_suite {
namespace {

// Between a topic and a name of it, in what is noted; the suite's topics do not have it.
constexpr char kBetween = '\n';

}  // namespace

PublishPersistentRequest PersistentOf(std::string topic, std::string payload) {
  PublishPersistentRequest request;
  request.set_topic(std::move(topic));
  request.set_payload(std::move(payload));
  return request;
}

SubscribeDurableRequest DurableOf(const Reading& reading) {
  SubscribeDurableRequest request;
  request.set_topic(reading.topic);
  request.set_durable_name(reading.name);
  request.set_start(reading.start);
  request.set_ack_wait_ms(reading.ack_wait_ms);
  request.set_max_unacked(reading.max_unacked);
  return request;
}

AckMessagesRequest AcksOf(std::string topic, std::string name, std::vector<std::string> ids) {
  AckMessagesRequest request;
  request.set_topic(std::move(topic));
  request.set_durable_name(std::move(name));
  for (std::string& id : ids) request.add_message_ids(std::move(id));
  return request;
}

DeleteDurableRequest DeleteDurableOf(std::string topic, std::string name) {
  DeleteDurableRequest request;
  request.set_topic(std::move(topic));
  request.set_durable_name(std::move(name));
  return request;
}

GetLastMessageIDRequest LastOf(std::string topic) {
  GetLastMessageIDRequest request;
  request.set_topic(std::move(topic));
  return request;
}

std::vector<std::string> IdsOf(const std::vector<DurableMessage>& messages) {
  std::vector<std::string> ids;
  for (const DurableMessage& message : messages) ids.push_back(message.message_id());
  return ids;
}

std::vector<std::string> PayloadsOf(const std::vector<DurableMessage>& messages) {
  std::vector<std::string> payloads;
  for (const DurableMessage& message : messages) payloads.push_back(message.message().payload());
  return payloads;
}

Task<std::string> Persistent::Publish(std::string topic, std::string payload, Where where) {
  const auto response =
      co_await caller_.Call(&PubSubPersistentStub::PublishPersistent,
                            PersistentOf(std::move(topic), std::move(payload)), where);
  if (response.message_id().empty()) caller_.Fail("the message has no id", where);
  co_return response.message_id();
}

Task<uint64_t> Persistent::Ack(std::string topic, std::string name, std::string id, Where where) {
  std::vector<std::string> ids = {std::move(id)};
  return AckAll(std::move(topic), std::move(name), std::move(ids), where);
}

Task<uint64_t> Persistent::AckAll(std::string topic, std::string name, std::vector<std::string> ids,
                                  Where where) {
  const auto response =
      co_await caller_.Call(&PubSubPersistentStub::AckMessages,
                            AcksOf(std::move(topic), std::move(name), std::move(ids)), where);
  co_return response.acked();
}

Task<bool> Persistent::Delete(std::string topic, std::string name, Where where) {
  const auto response =
      co_await caller_.Call(&PubSubPersistentStub::DeleteDurable,
                            DeleteDurableOf(std::move(topic), std::move(name)), where);
  co_return response.found();
}

Task<std::optional<std::string>> Persistent::LastId(std::string topic, Where where) {
  const auto response = co_await caller_.Call(&PubSubPersistentStub::GetLastMessageID,
                                              LastOf(std::move(topic)), where);
  std::optional<std::string> id;
  if (response.found()) id = response.message_id();
  co_return id;
}

DurableListener::DurableListener(Caller& caller, const Reading& reading)
    : live_(caller, &PubSubPersistentStub::SubscribeDurable, DurableOf(reading)) {
  caller.Note(reading.topic + kBetween + reading.name);
}

Task<bool> DurableListener::Ready(CaseContext& c, Where where) {
  const DurableEvent event = co_await live_.Next(c, where);
  c.Expect(event.has_subscribed(), "the first element is `subscribed`", where);
  co_return event.subscribed().created();
}

Task<DurableMessage> DurableListener::Next(CaseContext& c, Where where) {
  const DurableEvent event = co_await live_.Next(c, where);
  c.Expect(event.has_message(), "the element is a message", where);
  co_return event.message();
}

Task<std::string> DurableListener::Expect(CaseContext& c, std::string payload, uint32_t count,
                                          Where where) {
  const DurableMessage message = co_await Next(c, where);
  c.ExpectEq(message.message().payload(), payload, where);
  c.ExpectEq(message.delivery_count(), count, where);
  co_return message.message_id();
}

Task<std::string> DurableListener::ExpectAny(CaseContext& c, std::string payload, Where where) {
  const DurableMessage message = co_await Next(c, where);
  c.ExpectEq(message.message().payload(), payload, where);
  co_return message.message_id();
}

Task<std::vector<DurableMessage>> DurableListener::Take(CaseContext& c, int n, Where where) {
  std::vector<DurableMessage> messages;
  for (int i = 0; i < n && c.ok(); ++i) messages.push_back(co_await Next(c, where));
  co_return messages;
}

Task<void> DurableListener::Stop() {
  live_.Cancel();
  for (;;) {
    const DurableEvent* event = co_await live_.Pull();
    if (!event) co_return;
  }
}

Task<void> MakeDurable(CaseContext& c, std::string topic, std::string name, Where where) {
  DurableListener listener(
      c, {std::move(topic), std::move(name), pubsub::v1::NEW, kShortAckWaitMs, 1});
  const bool created = co_await listener.Ready(c, where);
  c.Expect(created, "the durable name was made", where);
  co_await listener.Stop();
}

// Whether it succeeds is no promise of the contract that is under test.
Task<void> DeleteNotedDurables(CaseContext& c) {
  constexpr int kLanes = 16;
  size_t next = 0;
  co_await c.Concurrently(kLanes, [&](int) -> Task<void> {
    while (next < c.noted().size()) {
      const Noted& noted = c.noted()[next++];
      const size_t between = noted.name.find(kBetween);
      Caller caller = c.In(noted.name_space);
      (void)co_await caller.Try(
          &PubSubPersistentStub::DeleteDurable,
          DeleteDurableOf(noted.name.substr(0, between), noted.name.substr(between + 1)));
    }
  });
}

}  // namespace prism::conformance::pubsub_suite
