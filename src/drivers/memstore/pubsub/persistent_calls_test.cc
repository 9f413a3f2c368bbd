#include <gtest/gtest.h>

#include <map>
#include <mutex>
#include <thread>

#include "drivers/memstore/pubsub/pubsub_fixture.h"

namespace prism::memstore {
namespace {

using namespace pubsub::v1;  // NOLINT
using std::chrono::milliseconds;

class PersistentCalls : public PubSubFixture {
 protected:
  using Durable = Stream<DurableEvent>;

  static SubscribeDurableRequest DurableRequest(const std::string& name, uint32_t max_unacked = 0,
                                                DurableStart start = NEW, int64_t ack_wait_ms = 0) {
    SubscribeDurableRequest request;
    request.set_topic("t");
    request.set_durable_name(name);
    request.set_max_unacked(max_unacked);
    request.set_start(start);
    request.set_ack_wait_ms(ack_wait_ms);
    return request;
  }
  // True if the name was made.
  static Task<bool> Subscribed(Durable& events) {
    const DurableEvent* event = co_await events.Next();
    EXPECT_TRUE(event && event->has_subscribed()) << events.status().ToString();
    co_return event && event->subscribed().created();
  }
  static Task<DurableMessage> Next(Durable& events) {
    const DurableEvent* event = co_await events.Next();
    EXPECT_TRUE(event && event->has_message()) << events.status().ToString();
    co_return event ? event->message() : DurableMessage();
  }
  uint64_t Ack(const std::string& name, const std::string& id) {
    AckMessagesRequest request;
    request.set_topic("t");
    request.set_durable_name(name);
    request.add_message_ids(id);
    return Ok(&PubSubCalls::AckMessages, request).acked();
  }
  bool Delete(const std::string& name) {
    DeleteDurableRequest request;
    request.set_topic("t");
    request.set_durable_name(name);
    return Ok(&PubSubCalls::DeleteDurable, request).found();
  }
  GetLastMessageIDResponse Last() {
    GetLastMessageIDRequest request;
    request.set_topic("t");
    return Ok(&PubSubCalls::GetLastMessageID, request);
  }
  size_t Kept() {
    const auto partitions = data_->durable_topics.Partitions("t");
    return partitions.empty() ? 0 : partitions[0].records;
  }
  // Makes a durable name that nobody reads.
  void Make(const std::string& name) {
    const auto body = [&]() -> Task<void> {
      PubSubCalls calls(data_);
      const auto request = DurableRequest(name);
      Durable events = calls.SubscribeDurable(context_, request);
      EXPECT_TRUE(co_await Subscribed(events));
    };
    RunOnWorker(body);
  }
};

TEST_F(PersistentCalls, ADurableNameGetsWhatWasPublishedWhileNobodyRead) {
  PublishPersistent("t", "before");
  Make("d");
  PublishPersistent("t", "a");
  PublishPersistent("t", "b");
  RunOnWorker([&]() -> Task<void> {
    PubSubCalls calls(data_);
    const auto request = DurableRequest("d");
    Durable events = calls.SubscribeDurable(context_, request);
    EXPECT_FALSE(co_await Subscribed(events));
    const DurableMessage message = co_await Next(events);
    EXPECT_EQ(message.message().payload(), "a");
    EXPECT_EQ(message.message().topic(), "t");
    EXPECT_EQ(message.delivery_count(), 1u);
    EXPECT_EQ((co_await Next(events)).message().payload(), "b");
  });
}

TEST_F(PersistentCalls, EarliestBeginsWithWhatIsKept) {
  PublishPersistent("t", "a");
  RunOnWorker([&]() -> Task<void> {
    PubSubCalls calls(data_);
    const auto request = DurableRequest("d", 0, EARLIEST);
    Durable events = calls.SubscribeDurable(context_, request);
    EXPECT_TRUE(co_await Subscribed(events));
    EXPECT_EQ((co_await Next(events)).message().payload(), "a");
  });
}

TEST_F(PersistentCalls, AMessageIsKeptUntilAllNamesAckedIt) {
  Make("d");
  Make("e");
  const std::string id = PublishPersistent("t", "a");
  RunOnWorker([&]() -> Task<void> {
    PubSubCalls calls(data_);
    const auto first = DurableRequest("d");
    const auto second = DurableRequest("e");
    Durable one = calls.SubscribeDurable(context_, first);
    Durable two = calls.SubscribeDurable(context_, second);
    co_await Subscribed(one);
    co_await Subscribed(two);
    EXPECT_EQ(Ack("d", id), 0u) << "not delivered yet";
    EXPECT_EQ((co_await Next(one)).message_id(), id);
    EXPECT_EQ((co_await Next(two)).message_id(), id);
    EXPECT_EQ(Ack("d", id), 1u);
    EXPECT_EQ(Ack("d", id), 0u);
    EXPECT_EQ(Kept(), 1u);
    EXPECT_EQ(Ack("e", id), 1u);
    EXPECT_EQ(Kept(), 0u);
  });
  EXPECT_TRUE(Last().found()) << "also of a message that is gone";
  EXPECT_EQ(Last().message_id(), id);
  EXPECT_TRUE(Delete("d"));
  EXPECT_TRUE(Delete("e"));
  EXPECT_FALSE(Delete("e"));
  EXPECT_FALSE(Last().found());
  EXPECT_EQ(budget_->used_bytes(), 0);
}

TEST_F(PersistentCalls, WhatIsNotAckedComesAgain) {
  RunOnWorker([&]() -> Task<void> {
    PubSubCalls calls(data_);
    const auto request = DurableRequest("d", 0, NEW, 100);
    Durable events = calls.SubscribeDurable(context_, request);
    co_await Subscribed(events);
    const std::string id = PublishPersistent("t", "a");
    EXPECT_EQ((co_await Next(events)).delivery_count(), 1u);
    std::thread other([&] {
      std::this_thread::sleep_for(milliseconds(3));
      PublishPersistent("t", "b");
      std::this_thread::sleep_for(milliseconds(3));
      clock_.Advance(milliseconds(100));
    });
    EXPECT_EQ((co_await Next(events)).message().payload(), "b");
    const DurableMessage again = co_await Next(events);
    other.join();
    EXPECT_EQ(again.message_id(), id);
    EXPECT_EQ(again.delivery_count(), 2u);
    EXPECT_EQ(Ack("d", id), 1u);
  });
}

TEST_F(PersistentCalls, AStreamThatEndsLeavesItsMessagesToTheAckWait) {
  Make("d");
  PublishPersistent("t", "a");
  RunOnWorker([&]() -> Task<void> {
    PubSubCalls calls(data_);
    const auto request = DurableRequest("d");
    {
      Durable first = calls.SubscribeDurable(context_, request);
      co_await Subscribed(first);
      EXPECT_EQ((co_await Next(first)).delivery_count(), 1u);
    }
    Durable second = calls.SubscribeDurable(context_, request);
    co_await Subscribed(second);
    PublishPersistent("t", "b");
    EXPECT_EQ((co_await Next(second)).message().payload(), "b") << "a is not due yet";
    clock_.Advance(milliseconds(30'000));
    PublishPersistent("t", "c");
    const DurableMessage again = co_await Next(second);
    EXPECT_EQ(again.message().payload(), "a") << "before new ones";
    EXPECT_EQ(again.delivery_count(), 2u);
  });
}

TEST_F(PersistentCalls, MaxUnackedHoldsBackUntilAcks) {
  Make("d");
  for (const char* payload : {"a", "b", "c"}) PublishPersistent("t", payload);
  RunOnWorker([&]() -> Task<void> {
    PubSubCalls calls(data_);
    const auto request = DurableRequest("d", 2);
    Durable events = calls.SubscribeDurable(context_, request);
    co_await Subscribed(events);
    const std::string first = (co_await Next(events)).message_id();
    EXPECT_EQ((co_await Next(events)).message().payload(), "b");
    std::thread other([&] {
      std::this_thread::sleep_for(milliseconds(3));
      EXPECT_EQ(data_->durable_topics.Info("t", "d")->pending, 2u);
      EXPECT_EQ(Ack("d", first), 1u);
    });
    EXPECT_EQ((co_await Next(events)).message().payload(), "c");
    other.join();
  });
}

TEST_F(PersistentCalls, DeleteEndsTheStreamsOfTheName) {
  RunOnWorker([&]() -> Task<void> {
    PubSubCalls calls(data_);
    const auto request = DurableRequest("d");
    Durable events = calls.SubscribeDurable(context_, request);
    co_await Subscribed(events);
    std::thread other([&] {
      std::this_thread::sleep_for(milliseconds(2));
      EXPECT_TRUE(Delete("d"));
    });
    EXPECT_EQ(co_await events.Next(), nullptr);
    EXPECT_EQ(events.status().code(), Code::kAborted);
    other.join();
  });
  EXPECT_EQ(budget_->used_bytes(), 0);
}

TEST_F(PersistentCalls, LiveSubscriptionsReceiveThemTooAndDurablesNothingElse) {
  Make("d");
  RunOnWorker([&]() -> Task<void> {
    PubSubCalls calls(data_);
    const auto live = SubscribeTo("t");
    Events events = calls.Subscribe(context_, live);
    co_await PubSubFixture::Subscribed(events);
    Publish("t", "live");
    PublishPersistent("t", "kept");
    EXPECT_EQ((co_await PubSubFixture::Next(events)).payload(), "live");
    EXPECT_EQ((co_await PubSubFixture::Next(events)).payload(), "kept");
    const auto request = DurableRequest("d");
    Durable durable = calls.SubscribeDurable(context_, request);
    co_await Subscribed(durable);
    EXPECT_EQ((co_await Next(durable)).message().payload(), "kept");
  });
}

TEST_F(PersistentCalls, ATopicNobodyReadsForgetsInTime) {
  for (int i = 0; i < 1500; ++i) PublishPersistent("t", "x");
  EXPECT_EQ(Kept(), 1000u);
  clock_.Advance(std::chrono::hours(1));
  while (data_->durable_topics.Collect(256) > 0) {
  }
  EXPECT_EQ(Kept(), 0u);
  EXPECT_EQ(budget_->used_bytes(), 0);
}

TEST_F(PersistentCalls, RefusesBadArguments) {
  auto request = DurableRequest("");
  Drain(backend_.SubscribeDurable(context_, request), Code::kInvalidArgument);
  request = DurableRequest("d", 1001);
  Drain(backend_.SubscribeDurable(context_, request), Code::kInvalidArgument);
  request = DurableRequest("d", 0, NEW, 99);
  Drain(backend_.SubscribeDurable(context_, request), Code::kInvalidArgument);
  AckMessagesRequest ack;
  ack.set_topic("t");
  ack.set_durable_name("d");
  ExpectRefused(&PubSubCalls::AckMessages, ack, "message_ids");
  ack.add_message_ids("01");
  ExpectRefused(&PubSubCalls::AckMessages, ack, "message_ids");
}

// Three streams of one name on workers of their own, while others publish: none is lost, and as
// nothing is late none comes twice.
TEST_F(PersistentCalls, StreamsOfOneNameShareItsMessages) {
  constexpr int kTotal = 2000;
  Make("d");
  std::mutex mutex;
  std::map<std::string, int> seen;
  const auto consume = [&](int index) {
    RunOnWorker(
        [&]() -> Task<void> {
          PubSubCalls calls(data_);
          RequestContext context;
          const auto request = DurableRequest("d", 5);
          Durable events = calls.SubscribeDurable(context, request);
          co_await Subscribed(events);
          while (DurableEvent* event = co_await events.Next()) {
            const std::string id = event->message().message_id();
            size_t count = 0;
            {
              std::lock_guard lock(mutex);
              ++seen[event->message().message().payload()];
              count = seen.size();
            }
            AckMessagesRequest ack;
            ack.set_topic("t");
            ack.set_durable_name("d");
            ack.add_message_ids(id);
            AckMessagesResponse acked;
            EXPECT_TRUE((co_await calls.AckMessages(context, ack, acked)).ok());
            if (count == kTotal) Delete("d");
          }
          EXPECT_EQ(events.status().code(), Code::kAborted);
        },
        index);
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) threads.emplace_back(consume, i);
  for (int i = 0; i < 2; ++i) {
    threads.emplace_back([&, i] {
      for (int k = 0; k < kTotal / 2; ++k) {
        PublishPersistent("t", std::to_string(i) + "/" + std::to_string(k));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(seen.size(), size_t{kTotal});
  for (const auto& [payload, times] : seen) EXPECT_EQ(times, 1) << payload;
}

}  // namespace
}  // namespace prism::memstore
