#pragma once

#include <string>
#include <utility>
#include <vector>

#include "conformance/case_context.h"
#include "interfaces/queue_basic.prism.h"
#include "interfaces/queue_delayed.prism.h"
#include "interfaces/queue_priority.prism.h"
#include "interfaces/queue_visibility.prism.h"
#include "prism/interfaces/queue_basic.pb.h"
#include "prism/interfaces/queue_delayed.pb.h"
#include "prism/interfaces/queue_priority.pb.h"
#include "prism/interfaces/queue_visibility.pb.h"

namespace prism::conformance::queues {

using queue::v1::DequeueRequest;
using queue::v1::DequeueResponse;
using queue::v1::DequeueWithTimeoutRequest;
using queue::v1::DequeueWithTimeoutResponse;
using queue::v1::EnqueueDelayedRequest;
using queue::v1::EnqueueRequest;
using queue::v1::EnqueueResponse;
using queue::v1::EnqueueWithPriorityRequest;
using queue::v1::PeekRequest;
using queue::v1::PeekResponse;
using queue::v1::QueueDelivery;
using queue::v1::QueueMessage;
using std::chrono::milliseconds;

inline constexpr size_t kMaxNameBytes = 4096;
inline constexpr size_t kMaxAnswerBytes = size_t{1} << 20;  // unless the first message is larger
inline constexpr uint32_t kMaxMessages = 1000;
// What a backend's clock and ours may disagree by.
inline constexpr milliseconds kClockSlack(100);
// For waits that something ends, and for receipts that must not run out.
inline constexpr int64_t kLongMs = 5'000;
// For a wait in which nothing must come.
inline constexpr int64_t kShortMs = 150;

using Payloads = std::vector<std::string>;

// A request of those whose first field is the queue: all of them.
template <class Request>
Request OfQueue(std::string queue) {
  Request request;
  request.set_queue(std::move(queue));
  return request;
}
EnqueueRequest EnqueueOf(std::string queue, std::string payload, std::string deduplication_id = {});
EnqueueDelayedRequest DelayedOf(std::string queue, std::string payload, int64_t delay_ms);
EnqueueWithPriorityRequest PriorityOf(std::string queue, std::string payload, uint32_t priority);
DequeueRequest DequeueOf(std::string queue, uint32_t max = 1, int64_t wait_ms = 0);
DequeueWithTimeoutRequest ReceiveOf(std::string queue, int64_t timeout_ms, uint32_t max = 1,
                                    int64_t wait_ms = 0);
PeekRequest PeekOf(std::string queue, uint32_t max = 1);

// All of a message as text: equal messages have equal texts.
std::string AsText(const QueueMessage& message);
size_t BytesOf(const QueueMessage& message);
template <class Response>
Payloads PayloadsOf(const Response& response) {
  Payloads payloads;
  for (const QueueMessage& message : response.messages()) payloads.push_back(message.payload());
  return payloads;
}
Payloads PayloadsOf(const std::vector<QueueDelivery>& deliveries);
// "<prefix>0" to "<prefix>n-1".
Payloads Numbered(std::string_view prefix, int n);
int64_t UnixNow();
// On a machine that is busy a case may be too late to see what holds only for a time.
inline bool IsWithin(TimePoint start, int64_t ms) {
  return Clock::now() - start < milliseconds(ms);
}

// The ways into a queue, and queue_basic's way out, as plain functions: all must succeed. Queues
// that are written to are emptied after the case.
class QueueClient {
 public:
  explicit QueueClient(Caller& caller) : caller_(caller) {}

  Task<EnqueueResponse> Put(EnqueueRequest request, Where where = Where::current());
  Task<EnqueueResponse> Put(EnqueueDelayedRequest request, Where where = Where::current());
  Task<EnqueueResponse> Put(EnqueueWithPriorityRequest request, Where where = Where::current());
  // One after the other.
  Task<void> PutAll(std::string queue, Payloads payloads, Where where = Where::current());

  Task<DequeueResponse> Dequeue(DequeueRequest request, Where where = Where::current());
  Task<PeekResponse> Peek(PeekRequest request, Where where = Where::current());
  // The payloads of what is removed or seen, in order.
  Task<Payloads> Take(std::string queue, uint32_t max = 1, int64_t wait_ms = 0,
                      Where where = Where::current());
  Task<Payloads> Look(std::string queue, uint32_t max = kMaxMessages,
                      Where where = Where::current());

 private:
  Caller& caller_;
};

// queue_visibility as plain functions: all must succeed. What is received and not acknowledged is
// removed after the case.
class Receiver {
 public:
  explicit Receiver(Caller& caller) : caller_(caller) {}

  Task<std::vector<QueueDelivery>> Receive(DequeueWithTimeoutRequest request,
                                           Where where = Where::current());
  // Exactly one must come; else a failure and an empty one.
  Task<QueueDelivery> One(std::string queue, int64_t timeout_ms, int64_t wait_ms = 0,
                          Where where = Where::current());
  // Whether the receipt was found.
  Task<bool> Ack(std::string queue, std::string receipt, Where where = Where::current());
  Task<bool> Extend(std::string queue, std::string receipt, int64_t timeout_ms,
                    Where where = Where::current());
  Task<bool> Release(std::string queue, std::string receipt, int64_t delay_ms = 0,
                     Where where = Where::current());

 private:
  Caller& caller_;
};

// Each rpc of the interface must refuse a queue's name that is no UTF-8.
Task<void> RefuseNoText(CaseContext& c, Where where = Where::current());
// The rpc must refuse queues without name and with one that is too long.
template <class Stub, class Request, class Response>
Task<void> RefuseBadNames(CaseContext& c, Rpc<Stub, Request, Response> rpc, Request request,
                          Where where = Where::current()) {
  for (const size_t bytes : {size_t{0}, kMaxNameBytes + 1, 3 * kMaxNameBytes}) {
    request.set_queue(std::string(bytes, 'q'));
    co_await c.Refused(rpc, request, Code::kInvalidArgument, "queue", where);
  }
}
// A way into a queue must refuse attributes and deduplication ids beyond their limits.
template <class Stub, class Request>
Task<void> RefuseBadMessages(CaseContext& c, Rpc<Stub, Request, EnqueueResponse> rpc,
                             const Request good, Where where = Where::current()) {
  constexpr Code kBad = Code::kInvalidArgument;
  Request many = good;
  for (int i = 0; i <= 32; ++i) (*many.mutable_attributes())[std::to_string(i)] = "value";
  co_await c.Refused(rpc, many, kBad, "attributes", where);
  Request nameless = good;
  (*nameless.mutable_attributes())[""] = "value";
  co_await c.Refused(rpc, nameless, kBad, "attribute", where);
  Request named = good;
  (*named.mutable_attributes())[std::string(257, 'n')] = "value";
  co_await c.Refused(rpc, named, kBad, "attribute", where);
  Request large = good;
  (*large.mutable_attributes())["name"] = std::string(4097, 'v');
  co_await c.Refused(rpc, large, kBad, "attribute", where);
  Request remembered = good;
  remembered.set_deduplication_id(std::string(257, 'd'));
  co_await c.Refused(rpc, remembered, kBad, "deduplication_id", where);
}

// Acknowledges what was received, and removes what is ready in the queues that were noted.
Task<void> CleanQueues(CaseContext& c);

}  // namespace prism::conformance::queues
