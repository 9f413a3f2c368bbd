#pragma once

#include <concepts>
#include <string_view>

#include "drivers/contract/index_range.h"
#include "drivers/contract/messages.h"
#include "prism/interfaces/stream_basic.pb.h"
#include "prism/interfaces/stream_consumer_groups.pb.h"
#include "prism/interfaces/stream_retention.pb.h"

namespace prism {

// Whether a request of a stream interface keeps the contract, whatever the backend, but for its
// offsets: OK or INVALID_ARGUMENT naming the field and its limit.
template <class Request>
concept StreamRequest = requires(const Request& request) {
  { request.stream() } -> std::convertible_to<std::string_view>;
};
template <class Request>
concept GroupRequest = StreamRequest<Request> && requires(const Request& request) {
  { request.group() } -> std::convertible_to<std::string_view>;
};

template <StreamRequest Request>
Status Check(const Request& request) {
  return CheckName("stream", request.stream());
}
template <GroupRequest Request>
Status Check(const Request& request) {
  PRISM_RETURN_IF_ERROR(CheckName("stream", request.stream()));
  return CheckName("group", request.group());
}

// Of requests that append: also AppendToPartition's.
template <StreamRequest Request>
Status CheckAppend(const Request& request) {
  PRISM_RETURN_IF_ERROR(CheckName("stream", request.stream()));
  if (!request.key().empty()) PRISM_RETURN_IF_ERROR(CheckName("key", request.key()));
  return CheckAttributes(request.attributes());
}

Status Check(const stream::v1::CreateConsumerGroupRequest& request);
Status Check(const stream::v1::JoinConsumerGroupRequest& request);
Status Check(const stream::v1::AckRequest& request);
Status Check(const stream::v1::ClaimPendingRequest& request);
Status Check(const stream::v1::SetRetentionRequest& request);

// With the defaults that stand for 0.
size_t MaxPendingOf(const stream::v1::JoinConsumerGroupRequest& request);
int64_t AckWaitMsOf(const stream::v1::CreateConsumerGroupRequest& request);
size_t LimitOf(const stream::v1::ClaimPendingRequest& request);

}  // namespace prism
