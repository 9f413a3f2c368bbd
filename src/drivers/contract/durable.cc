#include "drivers/contract/durable.h"

#include "drivers/contract/checks.h"

namespace prism {
namespace {

using namespace pubsub::v1;  // NOLINT

constexpr int64_t kMaxUnacked = 1000;
constexpr size_t kDefaultUnacked = 100;

template <class Request>
Status CheckDurable(const Request& request) {
  PRISM_RETURN_IF_ERROR(SplitTopic(request.topic()).status());
  return CheckName("durable_name", request.durable_name());
}

}  // namespace

Status Check(const PublishPersistentRequest& request) {
  PRISM_RETURN_IF_ERROR(SplitTopic(request.topic()).status());
  return CheckAttributes(request.attributes());
}

Status Check(const SubscribeDurableRequest& request) {
  PRISM_RETURN_IF_ERROR(CheckDurable(request));
  PRISM_RETURN_IF_ERROR(CheckAckWait(request.ack_wait_ms()));
  PRISM_RETURN_IF_ERROR(CheckRange("max_unacked", request.max_unacked(), 0, kMaxUnacked));
  if (request.start() == NEW || request.start() == EARLIEST) return OkStatus();
  return InvalidArgumentError("start must be NEW or EARLIEST");
}

Status Check(const AckMessagesRequest& request) {
  PRISM_RETURN_IF_ERROR(CheckDurable(request));
  return CheckAcks("message_ids", request.message_ids_size());
}

Status Check(const DeleteDurableRequest& request) { return CheckDurable(request); }

Status Check(const GetLastMessageIDRequest& request) {
  return SplitTopic(request.topic()).status();
}

size_t MaxUnackedOf(const SubscribeDurableRequest& request) {
  return request.max_unacked() > 0 ? request.max_unacked() : kDefaultUnacked;
}

int64_t AckWaitMsOf(const SubscribeDurableRequest& request) {
  return request.ack_wait_ms() > 0 ? request.ack_wait_ms() : kDefaultAckWaitMs;
}

}  // namespace prism
