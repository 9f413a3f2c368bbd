#include "conformance/queue/client.h"

#include <set>

namespace prism::conformance::queues {
namespace {

constexpr int kLanes = 16;
// Between a queue's name and a receipt in what is noted.
constexpr char kReceiptFollows = '\0';

std::string NoteOf(const std::string& queue, const std::string& receipt) {
  return queue + kReceiptFollows + receipt;
}

Task<void> AckNoted(CaseContext& c, const Noted& noted, size_t cut) {
  queue::v1::AckRequest request = OfQueue<queue::v1::AckRequest>(noted.name.substr(0, cut));
  request.set_receipt(noted.name.substr(cut + 1));
  Caller caller = c.In(noted.name_space);
  (void)co_await caller.Try(&QueueVisibilityStub::Ack, request);
}

Task<void> Empty(CaseContext& c, const Noted& noted) {
  Caller caller = c.In(noted.name_space);
  for (bool more = true; more;) {
    const auto answer =
        co_await caller.Try(&QueueBasicStub::Dequeue, DequeueOf(noted.name, kMaxMessages));
    more = answer.status.ok() && answer.value.messages_size() > 0;
  }
}

}  // namespace

EnqueueRequest EnqueueOf(std::string queue, std::string payload, std::string deduplication_id) {
  EnqueueRequest request = OfQueue<EnqueueRequest>(std::move(queue));
  request.set_payload(std::move(payload));
  request.set_deduplication_id(std::move(deduplication_id));
  return request;
}

EnqueueDelayedRequest DelayedOf(std::string queue, std::string payload, int64_t delay_ms) {
  EnqueueDelayedRequest request = OfQueue<EnqueueDelayedRequest>(std::move(queue));
  request.set_payload(std::move(payload));
  request.set_delay_ms(delay_ms);
  return request;
}

EnqueueWithPriorityRequest PriorityOf(std::string queue, std::string payload, uint32_t priority) {
  EnqueueWithPriorityRequest request = OfQueue<EnqueueWithPriorityRequest>(std::move(queue));
  request.set_payload(std::move(payload));
  request.set_priority(priority);
  return request;
}

DequeueRequest DequeueOf(std::string queue, uint32_t max, int64_t wait_ms) {
  DequeueRequest request = OfQueue<DequeueRequest>(std::move(queue));
  request.set_max_messages(max);
  request.set_wait_ms(wait_ms);
  return request;
}

DequeueWithTimeoutRequest ReceiveOf(std::string queue, int64_t timeout_ms, uint32_t max,
                                    int64_t wait_ms) {
  DequeueWithTimeoutRequest request = OfQueue<DequeueWithTimeoutRequest>(std::move(queue));
  request.set_visibility_timeout_ms(timeout_ms);
  request.set_max_messages(max);
  request.set_wait_ms(wait_ms);
  return request;
}

PeekRequest PeekOf(std::string queue, uint32_t max) {
  PeekRequest request = OfQueue<PeekRequest>(std::move(queue));
  request.set_max_messages(max);
  return request;
}

std::string AsText(const QueueMessage& message) { return message.ShortDebugString(); }

size_t BytesOf(const QueueMessage& message) {
  size_t bytes = message.payload().size();
  for (const auto& [name, value] : message.attributes()) bytes += name.size() + value.size();
  return bytes;
}

Payloads PayloadsOf(const std::vector<QueueDelivery>& deliveries) {
  Payloads payloads;
  for (const QueueDelivery& each : deliveries) payloads.push_back(each.message().payload());
  return payloads;
}

Payloads Numbered(std::string_view prefix, int n) {
  Payloads payloads;
  for (int i = 0; i < n; ++i) payloads.push_back(std::string(prefix) + std::to_string(i));
  return payloads;
}

int64_t UnixNow() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<milliseconds>(now).count();
}

Task<EnqueueResponse> QueueClient::Put(EnqueueRequest request, Where where) {
  caller_.Note(request.queue());
  return caller_.Call(&QueueBasicStub::Enqueue, std::move(request), where);
}

Task<EnqueueResponse> QueueClient::Put(EnqueueDelayedRequest request, Where where) {
  caller_.Note(request.queue());
  return caller_.Call(&QueueDelayedStub::EnqueueDelayed, std::move(request), where);
}

Task<EnqueueResponse> QueueClient::Put(EnqueueWithPriorityRequest request, Where where) {
  caller_.Note(request.queue());
  return caller_.Call(&QueuePriorityStub::EnqueueWithPriority, std::move(request), where);
}

Task<void> QueueClient::PutAll(std::string queue, Payloads payloads, Where where) {
  for (const std::string& payload : payloads) co_await Put(EnqueueOf(queue, payload), where);
}

Task<DequeueResponse> QueueClient::Dequeue(DequeueRequest request, Where where) {
  return caller_.Call(&QueueBasicStub::Dequeue, std::move(request), where);
}

Task<PeekResponse> QueueClient::Peek(PeekRequest request, Where where) {
  return caller_.Call(&QueueBasicStub::Peek, std::move(request), where);
}

Task<Payloads> QueueClient::Take(std::string queue, uint32_t max, int64_t wait_ms, Where where) {
  const auto response = co_await Dequeue(DequeueOf(std::move(queue), max, wait_ms), where);
  co_return PayloadsOf(response);
}

Task<Payloads> QueueClient::Look(std::string queue, uint32_t max, Where where) {
  const auto response = co_await Peek(PeekOf(std::move(queue), max), where);
  co_return PayloadsOf(response);
}

Task<std::vector<QueueDelivery>> Receiver::Receive(DequeueWithTimeoutRequest request, Where where) {
  const auto response =
      co_await caller_.Call(&QueueVisibilityStub::DequeueWithTimeout, request, where);
  std::vector<QueueDelivery> deliveries(response.deliveries().begin(), response.deliveries().end());
  for (const QueueDelivery& each : deliveries) {
    if (each.receipt().empty()) caller_.Fail("a delivery has no receipt", where);
    caller_.Note(NoteOf(request.queue(), each.receipt()));
  }
  co_return deliveries;
}

Task<QueueDelivery> Receiver::One(std::string queue, int64_t timeout_ms, int64_t wait_ms,
                                  Where where) {
  const auto deliveries =
      co_await Receive(ReceiveOf(std::move(queue), timeout_ms, 1, wait_ms), where);
  if (deliveries.size() == 1) co_return deliveries[0];
  caller_.Fail("expected one delivery, got " + std::to_string(deliveries.size()), where);
  co_return QueueDelivery();
}

Task<bool> Receiver::Ack(std::string queue, std::string receipt, Where where) {
  auto request = OfQueue<queue::v1::AckRequest>(std::move(queue));
  request.set_receipt(std::move(receipt));
  const auto response = co_await caller_.Call(&QueueVisibilityStub::Ack, request, where);
  co_return response.found();
}

Task<bool> Receiver::Extend(std::string queue, std::string receipt, int64_t timeout_ms,
                            Where where) {
  auto request = OfQueue<queue::v1::ExtendVisibilityRequest>(std::move(queue));
  request.set_receipt(std::move(receipt));
  request.set_visibility_timeout_ms(timeout_ms);
  const auto response =
      co_await caller_.Call(&QueueVisibilityStub::ExtendVisibility, request, where);
  co_return response.found();
}

Task<bool> Receiver::Release(std::string queue, std::string receipt, int64_t delay_ms,
                             Where where) {
  auto request = OfQueue<queue::v1::ReleaseRequest>(std::move(queue));
  request.set_receipt(std::move(receipt));
  request.set_delay_ms(delay_ms);
  const auto response = co_await caller_.Call(&QueueVisibilityStub::Release, request, where);
  co_return response.found();
}

// Field 1, two bytes that are no UTF-8: the stubs of most languages would not send it.
Task<void> RefuseNoText(CaseContext& c, Where where) {
  for (const MethodInfo& method : c.interface().methods) {
    const RawAnswer answer = co_await c.CallRaw(method, "\x0a\x02\xc3\x28");
    c.ExpectEq(answer.status.code(), Code::kInvalidArgument, where);
  }
}

// Whether it succeeds is no promise of the contract that is under test.
Task<void> CleanQueues(CaseContext& c) {
  std::set<Noted> queues;
  std::set<Noted> receipts;
  for (const Noted& noted : c.noted()) {
    const bool receipt = noted.name.find(kReceiptFollows) != std::string::npos;
    (receipt ? receipts : queues).insert(noted);
  }
  auto next = receipts.begin();
  co_await c.Concurrently(kLanes, [&](int) -> Task<void> {
    while (next != receipts.end()) {
      const Noted& noted = *next++;
      co_await AckNoted(c, noted, noted.name.find(kReceiptFollows));
    }
  });
  if (!c.claims(QueueBasic::Info())) co_return;
  for (const Noted& queue : queues) co_await Empty(c, queue);
}

}  // namespace prism::conformance::queues
