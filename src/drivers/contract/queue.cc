#include "drivers/contract/queue.h"

#include <algorithm>
#include <string>

namespace prism {
namespace {

using namespace queue::v1;  // NOLINT

constexpr int kMaxAttributes = 32;
constexpr int64_t kMaxAttributeNameBytes = 256;
constexpr int64_t kMaxAttributeValueBytes = 4096;
constexpr int64_t kMaxDeduplicationIdBytes = 256;
constexpr int64_t kMaxWaitMs = 300'000;
constexpr int64_t kMaxDelayMs = 31'622'400'000;   // 366 days
constexpr int64_t kMaxVisibilityMs = 43'200'000;  // 12 hours
constexpr int64_t kMaxReceives = 1000;

int64_t Length(std::string_view text) { return static_cast<int64_t>(text.size()); }

template <class Request>
Status CheckNew(const Request& request) {
  PRISM_RETURN_IF_ERROR(CheckCollectionName("queue", request.queue()));
  PRISM_RETURN_IF_ERROR(
      CheckRange("the number of attributes", request.attributes_size(), 0, kMaxAttributes));
  PRISM_RETURN_IF_ERROR(CheckRange("the length of deduplication_id",
                                   Length(request.deduplication_id()), 0,
                                   kMaxDeduplicationIdBytes));
  for (const auto& [name, value] : request.attributes()) {
    PRISM_RETURN_IF_ERROR(
        CheckRange("the length of an attribute's name", Length(name), 1, kMaxAttributeNameBytes));
    PRISM_RETURN_IF_ERROR(CheckRange("the length of attribute '" + name + "'", Length(value), 0,
                                     kMaxAttributeValueBytes));
  }
  return OkStatus();
}

Status CheckMost(uint32_t max_messages) {
  return CheckRange("max_messages", max_messages, 0, kMaxQueueMessages);
}

Status CheckVisibility(int64_t timeout_ms) {
  return CheckRange("visibility_timeout_ms", timeout_ms, 1, kMaxVisibilityMs);
}

template <class Request>
Status CheckReceive(const Request& request) {
  PRISM_RETURN_IF_ERROR(CheckCollectionName("queue", request.queue()));
  PRISM_RETURN_IF_ERROR(CheckMost(request.max_messages()));
  return CheckRange("wait_ms", request.wait_ms(), 0, kMaxWaitMs);
}

}  // namespace

Status Check(const EnqueueRequest& request) { return CheckNew(request); }

Status Check(const EnqueueWithPriorityRequest& request) {
  PRISM_RETURN_IF_ERROR(CheckRange("priority", request.priority(), 0, kMaxQueuePriority));
  return CheckNew(request);
}

Status Check(const EnqueueDelayedRequest& request, int64_t now_ms) {
  switch (request.when_case()) {
    case EnqueueDelayedRequest::WHEN_NOT_SET:
      return InvalidArgumentError("one of delay_ms and deliver_at_unix_ms is needed");
    case EnqueueDelayedRequest::kDelayMs:
      PRISM_RETURN_IF_ERROR(CheckRange("delay_ms", request.delay_ms(), 0, kMaxDelayMs));
      break;
    case EnqueueDelayedRequest::kDeliverAtUnixMs:
      PRISM_RETURN_IF_ERROR(CheckRange("deliver_at_unix_ms",
                                       std::max<int64_t>(request.deliver_at_unix_ms(), 0), 0,
                                       now_ms + kMaxDelayMs));
      break;
  }
  return CheckNew(request);
}

Status Check(const DequeueRequest& request) { return CheckReceive(request); }

Status Check(const PeekRequest& request) {
  PRISM_RETURN_IF_ERROR(CheckCollectionName("queue", request.queue()));
  return CheckMost(request.max_messages());
}

Status Check(const DequeueWithTimeoutRequest& request) {
  PRISM_RETURN_IF_ERROR(CheckVisibility(request.visibility_timeout_ms()));
  return CheckReceive(request);
}

Status Check(const ExtendVisibilityRequest& request) {
  PRISM_RETURN_IF_ERROR(CheckCollectionName("queue", request.queue()));
  return CheckVisibility(request.visibility_timeout_ms());
}

Status Check(const ReleaseRequest& request) {
  PRISM_RETURN_IF_ERROR(CheckCollectionName("queue", request.queue()));
  return CheckRange("delay_ms", request.delay_ms(), 0, kMaxVisibilityMs);
}

Status Check(const ConfigureDeadLetterRequest& request) {
  PRISM_RETURN_IF_ERROR(CheckCollectionName("queue", request.queue()));
  if (request.max_receives() == 0 && request.dead_letter_queue().empty()) return OkStatus();
  PRISM_RETURN_IF_ERROR(CheckRange("max_receives", request.max_receives(), 1, kMaxReceives));
  PRISM_RETURN_IF_ERROR(CheckCollectionName("dead_letter_queue", request.dead_letter_queue()));
  if (request.dead_letter_queue() != request.queue()) return OkStatus();
  return InvalidArgumentError("dead_letter_queue must be another queue than queue");
}

Status Check(const RedriveRequest& request) {
  PRISM_RETURN_IF_ERROR(CheckCollectionName("queue", request.queue()));
  return CheckRange("max_messages", request.max_messages(), 1, kMaxQueueMessages);
}

uint32_t LimitOf(const GetDeadLetterQueueRequest& request) {
  if (request.limit() == 0) return kMaxQueueMessages;
  return static_cast<uint32_t>(std::min<uint64_t>(request.limit(), kMaxQueueMessages));
}

}  // namespace prism
