#include "drivers/postgres/stream/membership.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "drivers/postgres/stream/statements.h"

namespace prism::postgres {
namespace {

using std::chrono::milliseconds;

constexpr Duration kRenewEvery = std::chrono::seconds(5);
// What other members have may become free without a notice.
constexpr Duration kLookAnyway = std::chrono::seconds(2);
constexpr int64_t kLeaseMs = 20'000;

Status Ended(std::string_view group) {
  return AbortedError("the group '" + std::string(group) +
                      "' was deleted, or the member has another stream now");
}

}  // namespace

Status TooManyMembers() {
  return ResourceExhaustedError("the group has " + std::to_string(kMaxMembers) +
                                " members; there cannot be more");
}

Task<void> Memberships::Renew() {
  while (true) {
    (void)co_await SleepUntil(Clock::now() + kRenewEvery, never_);
    std::vector<int64_t> ids;
    for (const Membership* each : all_) {
      if (each->member_id_ != 0) ids.push_back(each->member_id_);
    }
    if (ids.empty()) continue;
    RequestContext own;
    Arguments arguments;
    arguments.Array(std::span<const int64_t>(ids)).Int(kLeaseMs);
    (void)co_await space_->Run(own, kStreamRenew, arguments);
  }
}

Membership::Membership(Memberships& memberships, std::string stream, std::string group,
                       std::string member)
    : memberships_(memberships),
      space_(memberships.space_),
      stream_(std::move(stream)),
      group_(std::move(group)),
      member_(std::move(member)),
      waiter_(*space_, stream_) {
  memberships_.all_.insert(this);
  if (memberships_.renew_.valid()) return;
  memberships_.renew_ = memberships_.Renew();
  memberships_.renew_.Start([](void*) {}, nullptr);
}

Membership::~Membership() {
  memberships_.all_.erase(this);
  if (member_id_ != 0) Spawn(Part(space_, memberships_.bell_, stream_, group_id_, member_id_));
}

// If it fails, its lease runs out.
Task<void> Membership::Part(std::shared_ptr<Space> space, StreamBell bell, std::string stream,
                            int64_t group, int64_t member) {
  RequestContext own;
  Arguments arguments;
  arguments.Int(group).Int(member);
  const Result<Rows> rows = co_await space->Run(own, kStreamPart, arguments);
  if (rows.ok() && rows->Bool(0, 0)) bell.Ring(stream, std::to_string(group));
}

Membership::Joining::Joining(const Membership& its, int64_t most)
    : space(its.space_),
      bell(its.memberships_.bell_),
      stream(its.stream_),
      group(its.group_),
      member(its.member_),
      max_pending(most) {}

Task<void> Membership::Run(std::shared_ptr<Joining> joining) {
  RequestContext own;
  Arguments arguments;
  arguments.Text(joining->space->name()).Text(joining->stream).Text(joining->group);
  arguments.Text(joining->member).Int(joining->max_pending).Int(kLeaseMs).Int(kMaxMembers);
  Result<Rows> rows = co_await joining->space->Run(own, kStreamJoin, arguments);
  const bool joined = rows.ok() && !rows->IsNull(0, 1);
  if (joining->abandoned && joined) {
    co_await Part(joining->space, joining->bell, joining->stream, rows->Int(0, 0), rows->Int(0, 1));
  }
  joining->rows.emplace(std::move(rows));
  joining->done.Set();
}

Task<Result<Rows>> Membership::AskToJoin(RequestContext& ctx, size_t max_pending) {
  PRISM_CO_RETURN_IF_ERROR(ctx.cancellation.reason());
  const auto joining = std::make_shared<Joining>(*this, static_cast<int64_t>(max_pending));
  Spawn(Run(joining));
  (void)co_await joining->done.Wait(ctx.cancellation);
  if (joining->rows) co_return *std::move(joining->rows);
  joining->abandoned = true;
  co_return ctx.cancellation.reason();
}

Task<Status> Membership::Join(RequestContext& ctx, size_t max_pending) {
  PRISM_CO_RETURN_IF_ERROR(co_await waiter_.Listen(ctx));
  const Result<Rows> rows = co_await AskToJoin(ctx, max_pending);
  if (!rows.ok()) co_return rows.status();
  if (rows->IsNull(0, 0)) {
    co_return NotFoundError("there is no group '" + group_ + "' of '" + stream_ + "'");
  }
  if (rows->IsNull(0, 1)) co_return TooManyMembers();
  group_id_ = rows->Int(0, 0);
  member_id_ = rows->Int(0, 1);
  waiter_.set_group(std::to_string(group_id_));
  if (rows->Bool(0, 2)) memberships_.bell_.Ring(stream_, std::to_string(group_id_));
  co_return OkStatus();
}

Task<Result<Rows>> Membership::Take(RequestContext& ctx) {
  Arguments arguments;
  arguments.Int(group_id_).Int(member_id_);
  Result<Rows> rows = co_await space_->Run(ctx, kStreamTake, arguments);
  if (!rows.ok()) co_return std::move(rows);
  const int last = rows->count() - 1;
  if (rows->Bool(last, delivered::kWake)) {
    memberships_.bell_.Ring(stream_, std::to_string(group_id_));
  }
  if (rows->Bool(last, delivered::kJoined)) co_return std::move(rows);
  member_id_ = 0;
  co_return Ended(group_);
}

Task<Result<Rows>> Membership::Next(RequestContext& ctx) {
  while (true) {
    PRISM_CO_RETURN_IF_ERROR(ctx.cancellation.reason());
    Result<Rows> rows = co_await Take(ctx);
    if (!rows.ok() || rows->count() > 1) co_return std::move(rows);
    TimePoint until = Clock::now() + kLookAnyway;
    if (!rows->IsNull(0, delivered::kWaitMs)) {
      const milliseconds due(std::max<int64_t>(rows->Int(0, delivered::kWaitMs), 1));
      until = std::min<TimePoint>(until, Clock::now() + due);
    }
    rows = Rows();
    (void)co_await waiter_.Wait(until, ctx.cancellation);
  }
}

}  // namespace prism::postgres
