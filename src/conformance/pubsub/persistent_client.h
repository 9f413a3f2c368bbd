#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "conformance/live_stream.h"
#include "interfaces/pubsub_persistent.prism.h"
#include "prism/interfaces/pubsub_persistent.pb.h"

namespace prism::conformance::pubsub_suite {

using pubsub::v1::AckMessagesRequest;
using pubsub::v1::DeleteDurableRequest;
using pubsub::v1::DurableEvent;
using pubsub::v1::DurableMessage;
using pubsub::v1::DurableStart;
using pubsub::v1::GetLastMessageIDRequest;
using pubsub::v1::PublishPersistentRequest;
using pubsub::v1::SubscribeDurableRequest;

inline constexpr size_t kMaxDurableNameBytes = 4096;
// The shortest that there is.
inline constexpr int64_t kShortAckWaitMs = 100;

// A durable name and how a stream of it asks to be served.
struct Reading {
  std::string topic;
  std::string name;
  DurableStart start = pubsub::v1::NEW;
  int64_t ack_wait_ms = 0;
  uint32_t max_unacked = 0;
};

PublishPersistentRequest PersistentOf(std::string topic, std::string payload);
SubscribeDurableRequest DurableOf(const Reading& reading);
AckMessagesRequest AcksOf(std::string topic, std::string name, std::vector<std::string> ids);
DeleteDurableRequest DeleteDurableOf(std::string topic, std::string name);
GetLastMessageIDRequest LastOf(std::string topic);
std::vector<std::string> IdsOf(const std::vector<DurableMessage>& messages);
std::vector<std::string> PayloadsOf(const std::vector<DurableMessage>& messages);

// pubsub_persistent as plain functions: all must succeed.
class Persistent {
 public:
  explicit Persistent(Caller& caller) : caller_(caller) {}

  // The message's id.
  Task<std::string> Publish(std::string topic, std::string payload, Where where = Where::current());
  // How many were waiting for it.
  Task<uint64_t> Ack(std::string topic, std::string name, std::string id,
                     Where where = Where::current());
  Task<uint64_t> AckAll(std::string topic, std::string name, std::vector<std::string> ids,
                        Where where = Where::current());
  // Whether there was such a name.
  Task<bool> Delete(std::string topic, std::string name, Where where = Where::current());
  Task<std::optional<std::string>> LastId(std::string topic, Where where = Where::current());

 private:
  Caller& caller_;
};

// A stream of a durable name, which is deleted after the case.
class DurableListener {
 public:
  DurableListener(Caller& caller, const Reading& reading);

  // Its first event; whether the name was made.
  Task<bool> Ready(CaseContext& c, Where where = Where::current());
  // The next event, which must be a message.
  Task<DurableMessage> Next(CaseContext& c, Where where = Where::current());
  // It must be this one, delivered for the `count`-th time.
  Task<std::string> Expect(CaseContext& c, std::string payload, uint32_t count = 1,
                           Where where = Where::current());
  // It must be this one, whichever delivery it is: a stream that was just ended may have taken the
  // first.
  Task<std::string> ExpectAny(CaseContext& c, std::string payload, Where where = Where::current());
  // The next `n`, or fewer after a failure.
  Task<std::vector<DurableMessage>> Take(CaseContext& c, int n, Where where = Where::current());
  // Ends it, whatever is on its way.
  Task<void> Stop();
  LiveStream<PubSubPersistentStub, SubscribeDurableRequest, DurableEvent>& live() { return live_; }

 private:
  LiveStream<PubSubPersistentStub, SubscribeDurableRequest, DurableEvent> live_;
};

// Makes the durable name, with a short ack wait, and leaves it without a stream. Until the backend
// knows that, that stream may still take one message, which others get when its ack wait is over.
Task<void> MakeDurable(CaseContext& c, std::string topic, std::string name,
                       Where where = Where::current());

// Deletes all durable names that were noted.
Task<void> DeleteNotedDurables(CaseContext& c);

}  // namespace prism::conformance::pubsub_suite
