#include "drivers/contract/stream.h"
#include "drivers/postgres/stream/calls.h"
#include "drivers/postgres/stream/offset.h"
#include "drivers/postgres/stream/records.h"
#include "drivers/postgres/stream/statements.h"

namespace prism::postgres {
namespace {

using namespace stream::v1;  // NOLINT

// All but the last row, which is of none.
template <class Response>
void AddDeliveries(const Rows& rows, Response& response) {
  for (int row = 0; row + 1 < rows.count(); ++row) {
    Delivery& delivery = *response.add_deliveries();
    delivery.set_delivery_count(static_cast<uint32_t>(rows.Int(row, delivered::kCount)));
    FillRecord(rows, row, delivered::kRecord, *delivery.mutable_record());
  }
}

void FillInfo(const Rows& rows, GetConsumerGroupInfoResponse& response) {
  enum Column { kGroup, kWake, kPending, kLag, kDelivered, kMember, kJoined, kHolds };
  response.set_found(true);
  response.set_pending(static_cast<uint64_t>(rows.Int(0, kPending)));
  response.set_lag(static_cast<uint64_t>(rows.Int(0, kLag)));
  GroupPosition& position = *response.add_positions();
  position.set_lag(response.lag());
  if (!rows.IsNull(0, kDelivered)) {
    position.set_last_delivered_offset(OffsetOf(rows.Int(0, kDelivered)));
  }
  for (int row = 0; row < rows.count() && !rows.IsNull(row, kMember); ++row) {
    GroupMember& member = *response.add_members();
    member.set_name(std::string(rows.Text(row, kMember)));
    member.set_joined(rows.Bool(row, kJoined));
    member.set_pending(static_cast<uint64_t>(rows.Int(row, kHolds)));
  }
}

}  // namespace

Task<Status> StreamCalls::CreateConsumerGroup(RequestContext& ctx,
                                              const CreateConsumerGroupRequest& request,
                                              CreateConsumerGroupResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const Result<int64_t> start = PlaceOrOldest("offset", request.offset());
  if (!start.ok()) co_return start.status();
  Arguments arguments;
  arguments.Text(space_->name()).Text(request.stream()).Text(request.group());
  if (request.start() == NEXT) {
    arguments.Null();
  } else {
    arguments.Int(*start);
  }
  arguments.Int(AckWaitMsOf(request)).Int(kMaxGroups);
  const Result<Rows> rows = co_await space_->Run(ctx, kStreamMakeGroup, arguments);
  if (!rows.ok()) co_return rows.status();
  if (rows->Int(0, 0) < 0) {
    co_return ResourceExhaustedError("the stream has " + std::to_string(kMaxGroups) +
                                     " groups; there cannot be more");
  }
  response.set_created(rows->Int(0, 0) == 1);
  co_return OkStatus();
}

Task<Status> StreamCalls::DeleteConsumerGroup(RequestContext& ctx,
                                              const DeleteConsumerGroupRequest& request,
                                              DeleteConsumerGroupResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  Arguments arguments;
  arguments.Text(space_->name()).Text(request.stream()).Text(request.group());
  const Result<Rows> rows = co_await space_->Run(ctx, kStreamDropGroup, arguments);
  if (!rows.ok()) co_return rows.status();
  response.set_found(!rows->IsNull(0, 0));
  if (response.found()) bell_.Ring(request.stream(), std::to_string(rows->Int(0, 0)));
  co_return OkStatus();
}

Stream<DeliveryPage> StreamCalls::JoinConsumerGroup(RequestContext& ctx,
                                                    const JoinConsumerGroupRequest& request) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  Membership membership(*memberships_, request.stream(), request.group(), request.member());
  PRISM_CO_RETURN_IF_ERROR(co_await membership.Join(ctx, MaxPendingOf(request)));
  DeliveryPage page;
  co_yield page;
  for (;;) {
    page.Clear();
    {
      const Result<Rows> rows = co_await membership.Next(ctx);
      if (!rows.ok()) co_return rows.status();
      AddDeliveries(*rows, page);
    }
    co_yield page;
  }
}

Task<Status> StreamCalls::Ack(RequestContext& ctx, const AckRequest& request,
                              AckResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  std::vector<int64_t> numbers;
  for (const std::string& offset : request.offsets()) {
    const Result<int64_t> number = NumberOf("offsets", offset);
    if (!number.ok()) co_return number.status();
    numbers.push_back(*number);
  }
  Arguments arguments;
  arguments.Text(space_->name()).Text(request.stream()).Text(request.group());
  arguments.Array(std::span<const int64_t>(numbers));
  const Result<Rows> rows = co_await space_->Run(ctx, kStreamAck, arguments);
  if (!rows.ok()) co_return rows.status();
  response.set_acked(static_cast<uint64_t>(rows->Int(0, 0)));
  if (rows->Bool(0, 2)) bell_.Ring(request.stream(), std::to_string(rows->Int(0, 1)));
  co_return OkStatus();
}

Task<Status> StreamCalls::ClaimPending(RequestContext& ctx, const ClaimPendingRequest& request,
                                       ClaimPendingResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  Arguments arguments;
  arguments.Text(space_->name()).Text(request.stream()).Text(request.group());
  arguments.Text(request.member()).Int(request.min_idle_ms());
  arguments.Int(static_cast<int64_t>(LimitOf(request))).Int(kMaxMembers);
  const Result<Rows> rows = co_await space_->Run(ctx, kStreamClaim, arguments);
  if (!rows.ok()) co_return rows.status();
  const int last = rows->count() - 1;
  if (!rows->Bool(last, delivered::kJoined)) co_return TooManyMembers();
  AddDeliveries(*rows, response);
  if (rows->Bool(last, delivered::kWake)) {
    bell_.Ring(request.stream(), std::to_string(rows->Int(last, delivered::kGroup)));
  }
  co_return OkStatus();
}

Task<Status> StreamCalls::GetConsumerGroupInfo(RequestContext& ctx,
                                               const GetConsumerGroupInfoRequest& request,
                                               GetConsumerGroupInfoResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  Arguments arguments;
  arguments.Text(space_->name()).Text(request.stream()).Text(request.group());
  const Result<Rows> rows = co_await space_->Run(ctx, kStreamInfo, arguments);
  if (!rows.ok()) co_return rows.status();
  if (rows->empty()) co_return OkStatus();
  FillInfo(*rows, response);
  if (rows->Bool(0, 1)) bell_.Ring(request.stream(), std::to_string(rows->Int(0, 0)));
  co_return OkStatus();
}

}  // namespace prism::postgres
