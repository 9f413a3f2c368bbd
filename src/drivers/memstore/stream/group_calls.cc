#include <algorithm>

#include "drivers/contract/checks.h"
#include "drivers/memstore/data.h"
#include "drivers/contract/messages.h"
#include "drivers/memstore/stream/calls.h"
#include "drivers/memstore/stream/messages.h"
#include "drivers/memstore/stream/offset.h"
#include "prism/interfaces/stream_consumer_groups.pb.h"
#include "prism/interfaces/stream_replay.pb.h"

namespace prism::memstore {
namespace {

using namespace stream::v1;  // NOLINT
using std::chrono::milliseconds;

constexpr int64_t kMaxPending = 1000;
constexpr int64_t kDefaultPending = 100;

template <class Request>
Status CheckGroup(const Request& request) {
  PRISM_RETURN_IF_ERROR(CheckName("stream", request.stream()));
  return CheckName("group", request.group());
}

Result<Logs::Start> StartOf(const CreateConsumerGroupRequest& request) {
  switch (request.start()) {
    case OLDEST:
      return Logs::Start{Logs::Start::kOldest, {}};
    case NEXT:
      return Logs::Start{Logs::Start::kNext, {}};
    case OFFSET: {
      const Result<Place> place = DecodeOffset("offset", request.offset());
      if (!place.ok()) return place.status();
      return Logs::Start{Logs::Start::kPlace, *place};
    }
    default:
      return InvalidArgumentError("start must be OLDEST, NEXT or OFFSET");
  }
}

}  // namespace

Task<Status> StreamCalls::CreateConsumerGroup(RequestContext&,
                                              const CreateConsumerGroupRequest& request,
                                              CreateConsumerGroupResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(CheckGroup(request));
  PRISM_CO_RETURN_IF_ERROR(CheckAckWait(request.ack_wait_ms()));
  if (request.start() != OFFSET && !request.offset().empty()) {
    co_return InvalidArgumentError("offset goes with start OFFSET only");
  }
  const Result<Logs::Start> start = StartOf(request);
  if (!start.ok()) co_return start.status();
  const int64_t ack_wait_ms = request.ack_wait_ms() ? request.ack_wait_ms() : kDefaultAckWaitMs;
  const Result<bool> created =
      logs_.CreateGroup(request.stream(), request.group(), *start, milliseconds(ack_wait_ms));
  if (!created.ok()) co_return created.status();
  response.set_created(*created);
  co_return OkStatus();
}

Task<Status> StreamCalls::DeleteConsumerGroup(RequestContext&,
                                              const DeleteConsumerGroupRequest& request,
                                              DeleteConsumerGroupResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(CheckGroup(request));
  response.set_found(logs_.DeleteGroup(request.stream(), request.group()));
  co_return OkStatus();
}

Stream<DeliveryPage> StreamCalls::JoinConsumerGroup(RequestContext& ctx,
                                                    const JoinConsumerGroupRequest& request) {
  PRISM_CO_RETURN_IF_ERROR(CheckGroup(request));
  PRISM_CO_RETURN_IF_ERROR(CheckName("member", request.member()));
  PRISM_CO_RETURN_IF_ERROR(CheckRange("max_pending", request.max_pending(), 0, kMaxPending));
  Membership membership(logs_, request.stream(), request.group());
  const auto max_pending =
      static_cast<size_t>(request.max_pending() ? request.max_pending() : kDefaultPending);
  PRISM_CO_RETURN_IF_ERROR(membership.Join(request.member(), max_pending));
  DeliveryPage response;
  co_yield response;
  for (;;) {
    PRISM_CO_RETURN_IF_ERROR(ctx.cancellation.reason());
    Result<std::vector<Delivered>> page = membership.Take();
    if (!page.ok()) co_return page.status();
    if (page->empty()) {
      (void)co_await membership.signal().Wait(kNever, ctx.cancellation);
      continue;
    }
    collector_.After(logs_.next_due());
    response.Clear();
    for (const Delivered& delivered : *page) FillDelivery(delivered, *response.add_deliveries());
    page->clear();
    co_yield response;
  }
}

Task<Status> StreamCalls::Ack(RequestContext&, const AckRequest& request, AckResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(CheckGroup(request));
  PRISM_CO_RETURN_IF_ERROR(CheckAcks("offsets", request.offsets_size()));
  std::vector<Place> places;
  for (const std::string& offset : request.offsets()) {
    const Result<Place> place = DecodeOffset("offsets", offset);
    if (!place.ok()) co_return place.status();
    places.push_back(*place);
  }
  response.set_acked(logs_.Ack(request.stream(), request.group(), places));
  co_return OkStatus();
}

Task<Status> StreamCalls::ClaimPending(RequestContext&, const ClaimPendingRequest& request,
                                       ClaimPendingResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(CheckGroup(request));
  PRISM_CO_RETURN_IF_ERROR(CheckName("member", request.member()));
  PRISM_CO_RETURN_IF_ERROR(CheckRange("min_idle_ms", request.min_idle_ms(), 0, kMaxAckWaitMs));
  PRISM_CO_RETURN_IF_ERROR(CheckRange("limit", request.limit(), 0, kPageRecords));
  const Result<std::vector<Delivered>> page = logs_.Claim(
      request.stream(), request.group(), request.member(), milliseconds(request.min_idle_ms()),
      request.limit() ? request.limit() : kPageRecords);
  if (!page.ok()) co_return page.status();
  collector_.After(logs_.next_due());
  for (const Delivered& delivered : *page) FillDelivery(delivered, *response.add_deliveries());
  co_return OkStatus();
}

Task<Status> StreamCalls::GetConsumerGroupInfo(RequestContext&,
                                               const GetConsumerGroupInfoRequest& request,
                                               GetConsumerGroupInfoResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(CheckGroup(request));
  const std::optional<Logs::GroupInfo> info = logs_.Info(request.stream(), request.group());
  response.set_found(info.has_value());
  if (!info) co_return OkStatus();
  response.set_pending(info->pending);
  for (const LogGroup::MemberInfo& from : info->members) {
    GroupMember& member = *response.add_members();
    member.set_name(from.name);
    member.set_joined(from.joined);
    member.set_pending(from.pending);
  }
  for (const Logs::GroupInfo::Position& from : info->positions) {
    const auto partition = static_cast<uint32_t>(response.positions_size());
    GroupPosition& position = *response.add_positions();
    position.set_partition(partition);
    position.set_lag(from.lag);
    response.set_lag(response.lag() + from.lag);
    if (from.last_delivered == 0) continue;
    position.set_last_delivered_offset(EncodeOffset({partition, from.last_delivered}));
  }
  co_return OkStatus();
}

Task<Status> StreamCalls::SeekToOffset(RequestContext&, const SeekToOffsetRequest& request,
                                       SeekToOffsetResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(CheckGroup(request));
  std::optional<Place> place;
  if (!request.offset().empty()) {
    const Result<Place> decoded = DecodeOffset("offset", request.offset());
    if (!decoded.ok()) co_return decoded.status();
    place = *decoded;
  }
  const Result<bool> found = logs_.Seek(request.stream(), request.group(), place);
  if (!found.ok()) co_return found.status();
  response.set_found(*found);
  co_return OkStatus();
}

Task<Status> StreamCalls::SeekToTimestamp(RequestContext&, const SeekToTimestampRequest& request,
                                          SeekToTimestampResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(CheckGroup(request));
  response.set_found(
      logs_.SeekToTime(request.stream(), request.group(), request.timestamp_unix_ms()));
  co_return OkStatus();
}

}  // namespace prism::memstore
