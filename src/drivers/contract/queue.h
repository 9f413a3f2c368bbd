#pragma once

#include <concepts>
#include <string_view>

#include "base/result.h"
#include "drivers/contract/checks.h"
#include "prism/interfaces/queue_basic.pb.h"
#include "prism/interfaces/queue_dead_letter.pb.h"
#include "prism/interfaces/queue_delayed.pb.h"
#include "prism/interfaces/queue_priority.pb.h"
#include "prism/interfaces/queue_visibility.pb.h"

namespace prism {

inline constexpr uint32_t kMaxQueueMessages = 1000;  // of an answer
inline constexpr uint32_t kMaxQueuePriority = 9;

// Whether a request of a queue interface keeps the contract, whatever the backend: OK or
// INVALID_ARGUMENT naming the field and its limit.
template <class Request>
concept QueueRequest = requires(const Request& request) {
  { request.queue() } -> std::convertible_to<std::string_view>;
};
template <QueueRequest Request>
Status Check(const Request& request) {
  return CheckCollectionName("queue", request.queue());
}
Status Check(const queue::v1::EnqueueRequest& request);
Status Check(const queue::v1::EnqueueWithPriorityRequest& request);
// `now_ms` is the server's clock, which bounds deliver_at_unix_ms.
Status Check(const queue::v1::EnqueueDelayedRequest& request, int64_t now_ms);
Status Check(const queue::v1::DequeueRequest& request);
Status Check(const queue::v1::PeekRequest& request);
Status Check(const queue::v1::DequeueWithTimeoutRequest& request);
Status Check(const queue::v1::ExtendVisibilityRequest& request);
Status Check(const queue::v1::ReleaseRequest& request);
Status Check(const queue::v1::ConfigureDeadLetterRequest& request);
Status Check(const queue::v1::RedriveRequest& request);

// How many messages a page of dead letters has at most.
uint32_t LimitOf(const queue::v1::GetDeadLetterQueueRequest& request);

}  // namespace prism
