#include "conformance/pubsub/basic_cases.h"
#include "conformance/pubsub/client.h"

namespace prism::conformance::pubsub_suite {

Task<void> TopicsOfAllKinds(CaseContext& c) {
  Publisher publisher(c);
  const std::string base = c.Unique("t");
  for (const std::string& topic :
       {base + std::string(kMaxTopicBytes - base.size(), 't'), TopicOfTokens(base, kMaxTopicTokens),
        base + ".a*.>b.**.>>", base + ".\xc3\xa4 /?#%\t" + std::string(1, '\0')}) {
    TopicListener listener(c, topic);
    (void)co_await listener.Ready(c);
    co_await publisher.Publish(topic, "payload");
    const Message message = co_await listener.NextMessage(c);
    c.ExpectEq(message.topic(), topic);
    c.ExpectEq(message.payload(), "payload");
  }
}

Task<void> PayloadsAreAnyBytes(CaseContext& c) {
  Publisher publisher(c);
  const std::string topic = c.Unique("topic");
  std::string bytes;
  for (int i = 0; i < 512; ++i) bytes += static_cast<char>(i % 256);
  const std::vector<std::string> payloads = {"", bytes, std::string(1, '\0'), "\xff\xfe", "end"};
  TopicListener listener(c, topic);
  (void)co_await listener.Ready(c);
  for (const std::string& payload : payloads) co_await publisher.Publish(topic, payload);
  c.ExpectEq(co_await listener.Take(c, static_cast<int>(payloads.size())), payloads);
}

Task<void> BadTopicsAreRefused(CaseContext& c) {
  for (const std::string& topic : BadTopics(c.Unique("t"))) {
    co_await c.Refused(&PubSubBasicStub::Publish, PublishOf(topic, "p"), Code::kInvalidArgument,
                       "topic");
    co_await c.Refused(&PubSubBasicStub::Subscribe, SubscribeOf(topic), Code::kInvalidArgument,
                       "topic");
  }
}

Task<void> TopicsThatAreNoTextAreRefused(CaseContext& c) {
  for (const MethodInfo& method : c.interface().methods) {
    const RawAnswer answer = co_await c.CallRaw(method, "\x0a\x02\xc3\x28");
    c.ExpectEq(answer.status.code(), Code::kInvalidArgument);
  }
}

// What a backend cannot hold it refuses, and then nothing of it arrives.
Task<void> LargestPayloadArrives(CaseContext& c) {
  const std::string topic = c.Unique("topic");
  TopicListener listener(c, topic);
  (void)co_await listener.Ready(c);
  const uint64_t most = c.max_message_bytes() - 256;
  for (const uint64_t size : {uint64_t{1} << 10, uint64_t{1} << 20, most}) {
    if (size > most || !c.ok()) continue;
    const std::string payload(size, static_cast<char>('a' + size % 26));
    const auto sent = co_await c.Try(&PubSubBasicStub::Publish, PublishOf(topic, payload));
    if (sent.status.ok()) {
      const std::string received = co_await listener.Next(c);
      c.Expect(received == payload, "a payload of " + std::to_string(size) + " bytes arrives");
    } else {
      c.ExpectEq(sent.status.code(), Code::kResourceExhausted);
    }
  }
  co_await c.Refused(&PubSubBasicStub::Publish,
                     PublishOf(topic, std::string(c.max_message_bytes() + 1, 'x')),
                     Code::kResourceExhausted, "limit");
  co_await Publisher(c).Publish(topic, "small");
  c.ExpectEq(co_await listener.Next(c), "small");
}

}  // namespace prism::conformance::pubsub_suite
