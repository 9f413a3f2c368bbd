#include <chrono>

#include "conformance/pubsub/client.h"
#include "conformance/pubsub/persistent_cases.h"
#include "conformance/pubsub/persistent_client.h"

namespace prism::conformance::pubsub_suite {
namespace {

using pubsub::v1::EARLIEST;
using pubsub::v1::NEW;

// Requests with one value that is not allowed; `part` is in the message of the refusal.
Task<void> ExpectRefused(CaseContext& c, const Reading& reading, std::string part,
                         Where where = Where::current()) {
  co_await c.Refused(&PubSubPersistentStub::SubscribeDurable, DurableOf(reading),
                     Code::kInvalidArgument, part, where);
}

}  // namespace

// One name that acks nothing makes the topic keep all messages.
Task<void> StartSaysWhereANameBegins(CaseContext& c) {
  Persistent persistent(c);
  const std::string topic = c.Unique("topic");
  co_await MakeDurable(c, topic, "keeps all");
  co_await persistent.Publish(topic, "first");
  co_await persistent.Publish(topic, "second");
  DurableListener earliest(c, {topic, "earliest", EARLIEST});
  DurableListener fresh(c, {topic, "new", NEW});
  c.ExpectEq(co_await earliest.Ready(c), true);
  c.ExpectEq(co_await fresh.Ready(c), true);
  co_await persistent.Publish(topic, "third");
  co_await fresh.Expect(c, "third");
  for (const char* payload : {"first", "second", "third"}) {
    co_await earliest.Expect(c, payload);
  }
}

Task<void> ExistingNamesIgnoreStart(CaseContext& c) {
  Persistent persistent(c);
  const std::string topic = c.Unique("topic");
  co_await MakeDurable(c, topic, "keeps all");
  co_await persistent.Publish(topic, "before");
  co_await MakeDurable(c, topic, "reader");
  co_await persistent.Publish(topic, "first");
  {
    DurableListener listener(c, {topic, "reader", EARLIEST});
    c.ExpectEq(co_await listener.Ready(c), false);
    const std::string id = co_await listener.ExpectAny(c, "first");
    c.ExpectEq(co_await persistent.Ack(topic, "reader", id), 1u);
    co_await listener.Stop();
  }
  co_await persistent.Publish(topic, "second");
  DurableListener listener(c, {topic, "reader", NEW});
  c.ExpectEq(co_await listener.Ready(c), false);
  co_await listener.ExpectAny(c, "second");
}

// Of a message that was delivered before, too; and kept when a stream gives none.
Task<void> AckWaitIsReplaced(CaseContext& c) {
  constexpr int64_t kLongMs = 3'600'000;
  constexpr auto kSoon = std::chrono::seconds(10);
  Persistent persistent(c);
  const std::string topic = c.Unique("topic");
  const TimePoint before = Clock::now();
  std::string id;
  for (const int64_t ack_wait_ms : {kLongMs, kShortAckWaitMs, int64_t{0}}) {
    DurableListener listener(c, {topic, "reader", NEW, ack_wait_ms});
    (void)co_await listener.Ready(c);
    if (id.empty()) id = co_await persistent.Publish(topic, "payload");
    const DurableMessage message = co_await listener.Next(c);
    c.ExpectEq(message.message_id(), id);
    if (ack_wait_ms != kLongMs) c.ExpectLe(2u, message.delivery_count(), "its deliveries");
    co_await listener.Stop();
  }
  c.Expect(Clock::now() < before + kSoon, "the short ack wait is that of all streams");
}

Task<void> DeleteForgetsTheName(CaseContext& c) {
  Persistent persistent(c);
  const std::string topic = c.Unique("topic");
  const Reading reading = {topic, "reader"};
  DurableListener one(c, reading);
  DurableListener two(c, reading);
  DurableListener other(c, {topic, "other"});
  (void)co_await one.Ready(c);
  (void)co_await two.Ready(c);
  (void)co_await other.Ready(c);
  c.ExpectEq(co_await persistent.Delete(topic, c.Unique("no-name")), false);
  c.ExpectEq(co_await persistent.Delete(topic, "reader"), true);
  for (DurableListener* ended : {&one, &two}) {
    const Status status = co_await ended->live().End(c);
    c.ExpectEq(status.code(), Code::kAborted);
  }
  c.ExpectEq(co_await persistent.Delete(topic, "reader"), false);
  const std::string id = co_await persistent.Publish(topic, "while it did not exist");
  c.ExpectEq(co_await other.Expect(c, "while it did not exist"), id);
  DurableListener again(c, reading);
  c.ExpectEq(co_await again.Ready(c), true);
  co_await persistent.Publish(topic, "new");
  co_await again.Expect(c, "new");
}

Task<void> LastMessageIdIsTold(CaseContext& c) {
  Persistent persistent(c);
  const std::string topic = c.Unique("topic");
  c.ExpectEq(co_await persistent.LastId(topic), std::nullopt);
  DurableListener listener(c, {topic, "reader"});
  (void)co_await listener.Ready(c);
  c.ExpectEq(co_await persistent.LastId(topic), std::nullopt);
  for (const char* payload : {"first", "second"}) {
    const std::string id = co_await persistent.Publish(topic, payload);
    c.ExpectEq(co_await persistent.LastId(topic), id);
    co_await listener.Expect(c, payload);
    c.ExpectEq(co_await persistent.Ack(topic, "reader", id), 1u);
    c.ExpectEq(co_await persistent.LastId(topic), id);
  }
}

// Made by several callers at the same time.
Task<void> HundredNamesOfATopic(CaseContext& c) {
  constexpr int kNames = 100;
  constexpr int kClients = 8;
  const std::string topic = c.Unique("topic");
  int made = 0;
  const auto name = [](int i) { return "reader-" + std::to_string(i); };
  co_await c.Concurrently(kClients, [&](int) -> Task<void> {
    while (made < kNames && c.ok()) co_await MakeDurable(c, topic, name(made++));
  });
  co_await Persistent(c).Publish(topic, "for all");
  int next = 0;
  co_await c.Concurrently(kClients, [&](int) -> Task<void> {
    while (next < kNames && c.ok()) {
      DurableListener listener(c, {topic, name(next++)});
      c.ExpectEq(co_await listener.Ready(c), false);
      co_await listener.ExpectAny(c, "for all");
    }
  });
}

Task<void> BadPublishingIsRefused(CaseContext& c) {
  const auto publish = &PubSubPersistentStub::PublishPersistent;
  for (const std::string& topic : BadTopics(c.Unique("t"))) {
    co_await c.Refused(publish, PersistentOf(topic, "p"), Code::kInvalidArgument, "topic");
    co_await c.Refused(&PubSubPersistentStub::GetLastMessageID, LastOf(topic),
                       Code::kInvalidArgument, "topic");
  }
  const std::string topic = c.Unique("topic");
  Attributes many;
  for (int i = 0; i < 65; ++i) many.emplace_back(std::to_string(i), "");
  const std::vector<Attributes> bad = {many,
                                       {{"", "value"}},
                                       {{std::string(257, 'n'), "value"}},
                                       {{"name", std::string(4097, 'v')}}};
  for (const Attributes& attributes : bad) {
    PublishPersistentRequest request = PersistentOf(topic, "p");
    request.mutable_attributes()->insert(attributes.begin(), attributes.end());
    co_await c.Refused(publish, request, Code::kInvalidArgument, "attribute");
  }
  c.ExpectEq(co_await Persistent(c).LastId(topic), std::nullopt);
  const std::string id = co_await Persistent(c).Publish(topic, "good");
  c.ExpectEq(co_await Persistent(c).LastId(topic), id);
}

Task<void> BadNamesAreRefused(CaseContext& c) {
  const std::string good = c.Unique("topic");
  std::vector<std::pair<Reading, std::string>> bad;
  for (const std::string& topic : BadTopics(good)) bad.push_back({{topic, "reader"}, "topic"});
  for (const size_t size : {size_t{0}, kMaxDurableNameBytes + 1}) {
    bad.push_back({{good, std::string(size, 'n')}, "durable_name"});
  }
  for (const auto& [reading, part] : bad) {
    co_await ExpectRefused(c, reading, part);
    co_await c.Refused(&PubSubPersistentStub::DeleteDurable,
                       DeleteDurableOf(reading.topic, reading.name), Code::kInvalidArgument, part);
    std::vector<std::string> ids = {"1"};
    co_await c.Refused(&PubSubPersistentStub::AckMessages, AcksOf(reading.topic, reading.name, ids),
                       Code::kInvalidArgument, part);
  }
  for (const std::string& name :
       {std::string("n"), std::string(kMaxDurableNameBytes, 'n'), std::string("a.b *>/\xc3\xa4")}) {
    DurableListener listener(c, {good, name});
    c.ExpectEq(co_await listener.Ready(c), true);
    c.ExpectEq(co_await Persistent(c).Delete(good, name), true);
  }
}

Task<void> BadReadingIsRefused(CaseContext& c) {
  const std::string topic = c.Unique("topic");
  for (const int64_t ack_wait_ms : {int64_t{-1}, int64_t{1}, int64_t{99}, int64_t{43'200'001}}) {
    const Reading reading = {topic, "reader", NEW, ack_wait_ms};
    co_await ExpectRefused(c, reading, "ack_wait_ms");
  }
  for (const uint32_t max_unacked : {1001u, ~0u}) {
    const Reading reading = {topic, "reader", NEW, 0, max_unacked};
    co_await ExpectRefused(c, reading, "max_unacked");
  }
  const Reading unknown_start = {topic, "reader", static_cast<DurableStart>(7)};
  co_await ExpectRefused(c, unknown_start, "start");
  // None of the refused has made the name.
  c.ExpectEq(co_await Persistent(c).Delete(topic, "reader"), false);
  for (const auto& [ack_wait_ms, max_unacked] :
       {std::pair(int64_t{100}, 1u), std::pair(int64_t{43'200'000}, 1000u)}) {
    DurableListener listener(c, {topic, "reader", EARLIEST, ack_wait_ms, max_unacked});
    (void)co_await listener.Ready(c);
  }
}

Task<void> BadAcksAreRefused(CaseContext& c) {
  const auto ack = &PubSubPersistentStub::AckMessages;
  const std::string topic = c.Unique("topic");
  DurableListener listener(c, {topic, "reader"});
  (void)co_await listener.Ready(c);
  const std::string id = co_await Persistent(c).Publish(topic, "payload");
  co_await listener.Expect(c, "payload");
  const std::vector<std::vector<std::string>> bad = {
      {}, {""}, {"no id!"}, {id, "no id!"}, std::vector<std::string>(1001, id)};
  for (const std::vector<std::string>& ids : bad) {
    co_await c.Refused(ack, AcksOf(topic, "reader", ids), Code::kInvalidArgument, "message_ids");
  }
  c.ExpectEq(co_await Persistent(c).Ack(topic, "reader", id), 1u);
}

}  // namespace prism::conformance::pubsub_suite
