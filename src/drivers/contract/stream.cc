#include "drivers/contract/stream.h"

#include <limits>

#include "drivers/contract/checks.h"

namespace prism {
namespace {

using namespace stream::v1;  // NOLINT

constexpr int64_t kMaxPending = 1000;
constexpr size_t kDefaultPending = 100;
constexpr int64_t kMaxAgeMs = 3'155'760'000'000;  // 100 years
constexpr int64_t kMost = std::numeric_limits<int64_t>::max();

template <class Request>
Status CheckMember(const Request& request) {
  PRISM_RETURN_IF_ERROR(CheckName("stream", request.stream()));
  PRISM_RETURN_IF_ERROR(CheckName("group", request.group()));
  return CheckName("member", request.member());
}

}  // namespace

Status Check(const CreateConsumerGroupRequest& request) {
  PRISM_RETURN_IF_ERROR(CheckName("stream", request.stream()));
  PRISM_RETURN_IF_ERROR(CheckName("group", request.group()));
  PRISM_RETURN_IF_ERROR(CheckAckWait(request.ack_wait_ms()));
  if (request.start() != OLDEST && request.start() != NEXT && request.start() != OFFSET) {
    return InvalidArgumentError("start must be OLDEST, NEXT or OFFSET");
  }
  if ((request.start() == OFFSET) == !request.offset().empty()) return OkStatus();
  return InvalidArgumentError("offset goes with start OFFSET, which needs one, and only then");
}

Status Check(const JoinConsumerGroupRequest& request) {
  PRISM_RETURN_IF_ERROR(CheckMember(request));
  return CheckRange("max_pending", request.max_pending(), 0, kMaxPending);
}

Status Check(const AckRequest& request) {
  PRISM_RETURN_IF_ERROR(CheckName("stream", request.stream()));
  PRISM_RETURN_IF_ERROR(CheckName("group", request.group()));
  return CheckAcks("offsets", request.offsets_size());
}

Status Check(const ClaimPendingRequest& request) {
  PRISM_RETURN_IF_ERROR(CheckMember(request));
  PRISM_RETURN_IF_ERROR(CheckRange("min_idle_ms", request.min_idle_ms(), 0, kMaxAckWaitMs));
  return CheckRange("limit", request.limit(), 0, kMaxAnswerRows);
}

Status Check(const SetRetentionRequest& request) {
  PRISM_RETURN_IF_ERROR(CheckName("stream", request.stream()));
  const Retention& retention = request.retention();
  if (retention.has_max_age_ms()) {
    PRISM_RETURN_IF_ERROR(CheckRange("max_age_ms", retention.max_age_ms(), 1, kMaxAgeMs));
  }
  if (retention.has_max_bytes()) {
    PRISM_RETURN_IF_ERROR(CheckRange("max_bytes", retention.max_bytes(), 1, kMost));
  }
  if (!retention.has_max_records()) return OkStatus();
  return CheckRange("max_records", retention.max_records(), 1, kMost);
}

size_t MaxPendingOf(const JoinConsumerGroupRequest& request) {
  return request.max_pending() > 0 ? request.max_pending() : kDefaultPending;
}

int64_t AckWaitMsOf(const CreateConsumerGroupRequest& request) {
  return request.ack_wait_ms() > 0 ? request.ack_wait_ms() : kDefaultAckWaitMs;
}

size_t LimitOf(const ClaimPendingRequest& request) {
  return request.limit() > 0 ? request.limit() : kMaxAnswerRows;
}

}  // namespace prism
