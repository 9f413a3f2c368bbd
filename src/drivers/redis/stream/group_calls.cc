#include <algorithm>

#include "base/random_id.h"
#include "drivers/contract/stream.h"
#include "drivers/redis/stream/calls.h"
#include "drivers/redis/stream/offset.h"
#include "drivers/redis/stream/records.h"

namespace prism::redis {
namespace {

using namespace stream::v1;  // NOLINT
using resp::Command;
using resp::Reply;

template <class Response>
void AddDeliveries(Membership::Page& page, Response& response) {
  for (Membership::Delivered& from : page) {
    Delivery& delivery = *response.add_deliveries();
    delivery.set_delivery_count(from.count);
    FillRecord(from.entry, *delivery.mutable_record());
  }
}

void AddMembers(std::vector<Reply>& info, GetConsumerGroupInfoResponse& response) {
  constexpr size_t kFirst = 3;
  for (size_t i = kFirst; i + 2 < info.size(); i += 3) {
    GroupMember& member = *response.add_members();
    member.set_name(std::move(info[i].text));
    member.set_joined(!info[i + 1].text.empty());
    member.set_pending(static_cast<uint64_t>(info[i + 2].integer));
  }
  std::sort(response.mutable_members()->begin(), response.mutable_members()->end(),
            [](const GroupMember& a, const GroupMember& b) { return a.name() < b.name(); });
}

}  // namespace

Task<Status> StreamCalls::CreateConsumerGroup(RequestContext& ctx,
                                              const CreateConsumerGroupRequest& request,
                                              CreateConsumerGroupResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  std::string start = request.start() == NEXT ? "next" : "oldest";
  if (request.start() == OFFSET) {
    PRISM_CO_RETURN_IF_ERROR(CheckOffset("offset", request.offset()));
    start = request.offset();
  }
  const Command create = store_.CallOf(streams::kCreateGroup, request.stream(), request.group(),
                                       RandomId(), start, AckWaitMsOf(request));
  const Result<int64_t> made = co_await Count(ctx, streams::kCreateGroup, create);
  if (!made.ok()) co_return made.status();
  if (*made < 0) {
    co_return ResourceExhaustedError("the stream has " + std::to_string(streams::kMaxGroups) +
                                     " groups; there cannot be more");
  }
  response.set_created(*made == 1);
  co_return OkStatus();
}

Task<Status> StreamCalls::DeleteConsumerGroup(RequestContext& ctx,
                                              const DeleteConsumerGroupRequest& request,
                                              DeleteConsumerGroupResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const Command remove = store_.CallOf(streams::kDeleteGroup, request.stream(), request.group());
  const Result<int64_t> found = co_await Count(ctx, streams::kDeleteGroup, remove);
  if (!found.ok()) co_return found.status();
  response.set_found(*found == 1);
  co_return OkStatus();
}

Stream<DeliveryPage> StreamCalls::JoinConsumerGroup(RequestContext& ctx,
                                                    const JoinConsumerGroupRequest& request) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  SweepFromNowOn();
  Membership membership(memberships_, request.stream(), request.group(), request.member());
  PRISM_CO_RETURN_IF_ERROR(co_await membership.Join(ctx, MaxPendingOf(request)));
  DeliveryPage response;
  co_yield response;
  for (;;) {
    Result<Membership::Page> page = co_await membership.Next(ctx);
    if (!page.ok()) co_return page.status();
    response.Clear();
    AddDeliveries(*page, response);
    page->clear();
    co_yield response;
  }
}

Task<Status> StreamCalls::Ack(RequestContext& ctx, const AckRequest& request,
                              AckResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  Command ack = store_.CallOf(streams::kAck, request.stream(), request.group());
  for (const std::string& offset : request.offsets()) {
    PRISM_CO_RETURN_IF_ERROR(CheckOffset("offsets", offset));
    ack.Add(offset);
  }
  const Result<int64_t> acked = co_await Count(ctx, streams::kAck, ack);
  if (!acked.ok()) co_return acked.status();
  response.set_acked(static_cast<uint64_t>(*acked));
  co_return OkStatus();
}

Task<Status> StreamCalls::ClaimPending(RequestContext& ctx, const ClaimPendingRequest& request,
                                       ClaimPendingResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const Command claim = store_.CallOf(streams::kClaim, request.stream(), request.group(),
                                      request.member(), request.min_idle_ms(), LimitOf(request));
  Result<Reply> reply = co_await store_.Run(ctx, streams::kClaim, claim);
  if (!reply.ok()) co_return std::move(reply).status();
  if (reply->elements.size() != 2) {
    co_return ResourceExhaustedError("the group has " + std::to_string(streams::kMaxMembers) +
                                     " members; there cannot be more");
  }
  Membership::Page page = PageOf(reply->elements[0], reply->elements[1]);
  AddDeliveries(page, response);
  co_return OkStatus();
}

Task<Status> StreamCalls::GetConsumerGroupInfo(RequestContext& ctx,
                                               const GetConsumerGroupInfoRequest& request,
                                               GetConsumerGroupInfoResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const Command ask = store_.CallOf(streams::kInfo, request.stream(), request.group());
  Result<Reply> reply = co_await store_.Run(ctx, streams::kInfo, ask);
  if (!reply.ok()) co_return std::move(reply).status();
  std::vector<Reply>& info = reply->elements;
  if (info.size() < 3) co_return OkStatus();
  response.set_found(true);
  response.set_pending(static_cast<uint64_t>(info[0].integer));
  response.set_lag(static_cast<uint64_t>(info[1].integer));
  GroupPosition& position = *response.add_positions();
  position.set_lag(response.lag());
  position.set_last_delivered_offset(std::move(info[2].text));
  AddMembers(info, response);
  co_return OkStatus();
}

}  // namespace prism::redis
