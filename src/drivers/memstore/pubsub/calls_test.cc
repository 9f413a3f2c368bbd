#include "drivers/memstore/pubsub/calls.h"

#include <gtest/gtest.h>

#include <thread>

#include "drivers/memstore/pubsub/mailbox.h"
#include "drivers/memstore/pubsub/pubsub_fixture.h"

namespace prism::memstore {
namespace {

using namespace pubsub::v1;  // NOLINT
using std::chrono::milliseconds;

class PubSubCallsTest : public PubSubFixture {
 protected:
  // Publishes `count` numbered messages of one key.
  void PublishMany(int publisher, int count) {
    PublishOrderedRequest request;
    request.set_topic("t");
    request.set_key("k");
    for (int i = 0; i < count; ++i) {
      request.set_payload(std::to_string(publisher) + "/" + std::to_string(i));
      Ok(&PubSubCalls::PublishOrdered, request);
    }
  }
};

TEST_F(PubSubCallsTest, ASubscriptionReceivesWhatIsPublishedFromThenOn) {
  EXPECT_EQ(Publish("t", "before"), 0u);
  RunOnWorker([&]() -> Task<void> {
    const auto request = SubscribeTo("t");
    Events events = backend_.Subscribe(context_, request);
    co_await Subscribed(events);
    EXPECT_EQ(Publish("t", "a"), 1u);
    EXPECT_EQ(Publish("other", "x"), 0u);
    EXPECT_EQ(Publish("t", "b"), 1u);
    const Message message = co_await Next(events);
    EXPECT_EQ(message.topic(), "t");
    EXPECT_EQ(message.payload(), "a");
    EXPECT_EQ((co_await Next(events)).payload(), "b");
  });
  EXPECT_EQ(Publish("t", "after"), 0u) << "a subscription that ended is gone";
  EXPECT_EQ(budget_->used_bytes(), 0);
}

TEST_F(PubSubCallsTest, EverySubscriptionGetsEachMessageOnce) {
  RunOnWorker([&]() -> Task<void> {
    const auto request = SubscribeTo("a.b");
    const auto pattern = SubscribeToPattern("a.*");
    Events one = backend_.Subscribe(context_, request);
    Events two = backend_.Subscribe(context_, request);
    Events three = backend_.SubscribePattern(context_, pattern);
    EXPECT_NE(co_await Subscribed(one), co_await Subscribed(two));
    co_await Subscribed(three);
    EXPECT_EQ(Publish("a.b", "x"), 3u);
    EXPECT_EQ(Publish("a.b", "end"), 3u);
    for (Events* events : std::vector<Events*>({&one, &two, &three})) {
      EXPECT_EQ((co_await Next(*events)).payload(), "x");
      EXPECT_EQ((co_await Next(*events)).payload(), "end");
    }
  });
  EXPECT_EQ(budget_->used_bytes(), 0);
}

TEST_F(PubSubCallsTest, UnsubscribeEndsTheStreamWithOk) {
  RunOnWorker([&]() -> Task<void> {
    const auto request = SubscribeTo("t");
    Events events = backend_.Subscribe(context_, request);
    UnsubscribeRequest unsubscribe;
    unsubscribe.set_subscription_id(co_await Subscribed(events));
    std::thread other([&] {
      std::this_thread::sleep_for(milliseconds(2));
      EXPECT_TRUE(Ok(&PubSubCalls::Unsubscribe, unsubscribe).found());
    });
    EXPECT_EQ(co_await events.Next(), nullptr);
    EXPECT_TRUE(events.status().ok());
    other.join();
    EXPECT_FALSE(Ok(&PubSubCalls::Unsubscribe, unsubscribe).found());
  });
}

TEST_F(PubSubCallsTest, AStreamEndsWithItsCall) {
  RunOnWorker([&]() -> Task<void> {
    RequestContext context;
    const auto request = SubscribeTo("t");
    Events events = backend_.Subscribe(context, request);
    co_await Subscribed(events);
    Timer timer(
        [](void* self) { static_cast<Cancellation*>(self)->Cancel(CancelledError("gone")); },
        &context.cancellation);
    timer.Arm(Clock::now() + milliseconds(2));
    EXPECT_EQ(co_await events.Next(), nullptr);
    EXPECT_EQ(events.status().code(), Code::kCancelled);
  });
}

TEST_F(PubSubCallsTest, WhoDoesNotReadIsEndedNotServedWithGaps) {
  RunOnWorker([&]() -> Task<void> {
    const auto request = SubscribeTo("t");
    Events slow = backend_.Subscribe(context_, request);
    Events other = backend_.Subscribe(context_, request);
    co_await Subscribed(slow);
    co_await Subscribed(other);
    for (size_t i = 0; i < Mailbox::kMaxMessages; ++i) EXPECT_EQ(Publish("t", "x"), 2u);
    EXPECT_EQ((co_await Next(other)).payload(), "x");
    EXPECT_EQ(Publish("t", "one too many"), 1u);
    EXPECT_EQ(co_await slow.Next(), nullptr);
    EXPECT_EQ(slow.status().code(), Code::kResourceExhausted);
    for (size_t i = 1; i < Mailbox::kMaxMessages; ++i) co_await Next(other);
    EXPECT_EQ((co_await Next(other)).payload(), "one too many");
  });
  EXPECT_EQ(budget_->used_bytes(), 0);
}

TEST_F(PubSubCallsTest, WaitingMessagesAreBoundedInBytes) {
  RunOnWorker([&]() -> Task<void> {
    const auto request = SubscribeTo("t");
    Events events = backend_.Subscribe(context_, request);
    co_await Subscribed(events);
    const std::string large(10 * 1024 * 1024, 'x');
    EXPECT_EQ(Publish("t", large), 1u);
    EXPECT_EQ(Publish("t", large), 0u);
    EXPECT_EQ(co_await events.Next(), nullptr);
    EXPECT_EQ(events.status().code(), Code::kResourceExhausted);
  });
}

TEST_F(PubSubCallsTest, AMessageWithoutRoomReachesNobody) {
  budget_ = std::make_shared<Budget>("mem", 100'000);
  data_ = std::make_shared<NamespaceData>(budget_, clock_.function());
  RunOnWorker([&]() -> Task<void> {
    PubSubCalls calls(data_);
    const auto request = SubscribeTo("t");
    Events events = calls.Subscribe(context_, request);
    co_await Subscribed(events);
    PublishRequest publish;
    publish.set_topic("t");
    publish.set_payload(std::string(100'000, 'x'));
    PublishResponse response;
    EXPECT_EQ(Finish(calls.Publish(context_, publish, response)).code(), Code::kResourceExhausted);
    publish.set_payload("small");
    EXPECT_TRUE(Finish(calls.Publish(context_, publish, response)).ok());
    EXPECT_EQ((co_await Next(events)).payload(), "small");
  });
}

TEST_F(PubSubCallsTest, RefusesWhatIsNoTopic) {
  std::string deep = "a";
  for (int i = 0; i < 64; ++i) deep += ".a";
  const std::vector<std::string> topics = {
      "", "a..b", ".a", "a.", "a.*", ">", std::string(4097, 'x'), deep};
  for (const std::string& topic : topics) {
    PublishRequest publish;
    publish.set_topic(topic);
    ExpectRefused(&PubSubCalls::Publish, publish, "topic");
    const auto request = SubscribeTo(topic);
    Drain(backend_.Subscribe(context_, request), Code::kInvalidArgument);
  }
  PublishOrderedRequest ordered;
  ordered.set_topic("t");
  ExpectRefused(&PubSubCalls::PublishOrdered, ordered, "key");
}

TEST_F(PubSubCallsTest, AFilterChoosesMessages) {
  RunOnWorker([&]() -> Task<void> {
    SubscribeFilteredRequest request;
    request.set_topic("t");
    request.mutable_filter()->mutable_equals()->set_attribute("kind");
    request.mutable_filter()->mutable_equals()->set_value("alarm");
    Events events = backend_.SubscribeFiltered(context_, request);
    co_await Subscribed(events);
    PublishWithAttributesRequest publish;
    publish.set_topic("t");
    (*publish.mutable_attributes())["kind"] = "news";
    EXPECT_EQ(Ok(&PubSubCalls::PublishWithAttributes, publish).receivers(), 0u);
    (*publish.mutable_attributes())["kind"] = "alarm";
    publish.set_payload("fire");
    EXPECT_EQ(Ok(&PubSubCalls::PublishWithAttributes, publish).receivers(), 1u);
    EXPECT_EQ(Publish("t", "without attributes"), 0u);
    const Message message = co_await Next(events);
    EXPECT_EQ(message.payload(), "fire");
    EXPECT_EQ(message.attributes().at("kind"), "alarm");
  });
  EXPECT_EQ(budget_->used_bytes(), 0);
}

// Two publishers of one key on threads of their own; a topic's and a pattern's subscription.
TEST_F(PubSubCallsTest, AllSubscriptionsSeeAKeyInOneOrder) {
  constexpr int kEach = 400;
  RunOnWorker([&]() -> Task<void> {
    const auto request = SubscribeTo("t");
    const auto all = SubscribeToPattern(">");
    Events one = backend_.Subscribe(context_, request);
    Events two = backend_.SubscribePattern(context_, all);
    co_await Subscribed(one);
    co_await Subscribed(two);
    std::thread first([&] { PublishMany(0, kEach); });
    std::thread second([&] { PublishMany(1, kEach); });
    int next[2] = {0, 0};
    for (int i = 0; i < 2 * kEach; ++i) {
      const Message message = co_await Next(one);
      EXPECT_EQ(message.key(), "k");
      EXPECT_EQ((co_await Next(two)).payload(), message.payload());
      const int publisher = message.payload()[0] - '0';
      EXPECT_EQ(message.payload().substr(2), std::to_string(next[publisher]++));
    }
    first.join();
    second.join();
  });
}

TEST_F(PubSubCallsTest, SubscribingAndPublishingAtOnceLeavesNothingBehind) {
  std::atomic<bool> stop{false};
  std::thread publisher([&] {
    while (!stop) {
      Publish("a.b", "x");
      Publish("a.c", "x");
    }
  });
  std::vector<std::thread> subscribers;
  for (int t = 0; t < 2; ++t) {
    subscribers.emplace_back([&, t] {
      RunOnWorker([&]() -> Task<void> {
        RequestContext context;
        for (int i = 0; i < 300; ++i) {
          const auto request = SubscribeTo("a.b");
          const auto pattern = SubscribeToPattern(t == 0 ? "a.*" : "*.c");
          Events events = backend_.Subscribe(context, request);
          Events matching = backend_.SubscribePattern(context, pattern);
          co_await Subscribed(events);
          co_await Subscribed(matching);
          for (Events* both : std::vector<Events*>({&events, &matching})) {
            const SubscriptionEvent* event = co_await both->Next();
            // The publisher never pauses, so a subscription may well have been too slow.
            EXPECT_TRUE(event ? event->has_message()
                              : both->status().code() == Code::kResourceExhausted);
          }
        }
      });
    });
  }
  for (std::thread& thread : subscribers) thread.join();
  stop = true;
  publisher.join();
  EXPECT_EQ(Publish("a.b", "x"), 0u);
  EXPECT_EQ(budget_->used_bytes(), 0);
}

}  // namespace
}  // namespace prism::memstore
