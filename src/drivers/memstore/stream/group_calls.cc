#include <algorithm>

#include "drivers/contract/stream.h"
#include "drivers/memstore/data.h"
#include "drivers/memstore/stream/calls.h"
#include "drivers/memstore/stream/messages.h"
#include "drivers/memstore/stream/offset.h"
#include "prism/interfaces/stream_consumer_groups.pb.h"
#include "prism/interfaces/stream_replay.pb.h"

namespace prism::memstore {
namespace {

using namespace stream::v1;  // NOLINT
using std::chrono::milliseconds;

Result<Logs::Start> StartOf(const CreateConsumerGroupRequest& request) {
  switch (request.start()) {
    case OLDEST:
      return Logs::Start{Logs::Start::kOldest, {}};
    case NEXT:
      return Logs::Start{Logs::Start::kNext, {}};
    default:
      break;
  }
  const Result<Place> place = DecodeOffset("offset", request.offset());
  if (!place.ok()) return place.status();
  return Logs::Start{Logs::Start::kPlace, *place};
}

}  // namespace

Task<Status> StreamCalls::CreateConsumerGroup(RequestContext&,
                                              const CreateConsumerGroupRequest& request,
                                              CreateConsumerGroupResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const Result<Logs::Start> start = StartOf(request);
  if (!start.ok()) co_return start.status();
  const Result<bool> created = logs_.CreateGroup(request.stream(), request.group(), *start,
                                                 milliseconds(AckWaitMsOf(request)));
  if (!created.ok()) co_return created.status();
  response.set_created(*created);
  co_return OkStatus();
}

Task<Status> StreamCalls::DeleteConsumerGroup(RequestContext&,
                                              const DeleteConsumerGroupRequest& request,
                                              DeleteConsumerGroupResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  response.set_found(logs_.DeleteGroup(request.stream(), request.group()));
  co_return OkStatus();
}

Stream<DeliveryPage> StreamCalls::JoinConsumerGroup(RequestContext& ctx,
                                                    const JoinConsumerGroupRequest& request) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  Membership membership(logs_, request.stream(), request.group());
  PRISM_CO_RETURN_IF_ERROR(membership.Join(request.member(), MaxPendingOf(request)));
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
  PRISM_CO_RETURN_IF_ERROR(Check(request));
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
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const Result<std::vector<Delivered>> page =
      logs_.Claim(request.stream(), request.group(), request.member(),
                  milliseconds(request.min_idle_ms()), LimitOf(request));
  if (!page.ok()) co_return page.status();
  collector_.After(logs_.next_due());
  for (const Delivered& delivered : *page) FillDelivery(delivered, *response.add_deliveries());
  co_return OkStatus();
}

Task<Status> StreamCalls::GetConsumerGroupInfo(RequestContext&,
                                               const GetConsumerGroupInfoRequest& request,
                                               GetConsumerGroupInfoResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
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
  PRISM_CO_RETURN_IF_ERROR(Check(request));
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
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  response.set_found(
      logs_.SeekToTime(request.stream(), request.group(), request.timestamp_unix_ms()));
  co_return OkStatus();
}

}  // namespace prism::memstore
