#include "drivers/redis/stream/membership.h"

#include <algorithm>
#include <utility>

#include "base/random_id.h"

namespace prism::redis {
namespace {

using resp::Command;
using resp::Reply;

constexpr Duration kRenewEvery = std::chrono::seconds(5);
// What other members have may become free without a notice.
constexpr Duration kLookAnyway = std::chrono::seconds(2);
constexpr int64_t kLeaseUs = 20'000'000;

Status Ended(std::string_view group) {
  return AbortedError("the group '" + std::string(group) +
                      "' was deleted, or the member has another stream now");
}

}  // namespace

Membership::Page PageOf(Reply& counts, Reply& entries) {
  Membership::Page page;
  const size_t size = std::min(counts.elements.size(), entries.elements.size());
  page.reserve(size);
  for (size_t i = 0; i < size; ++i) {
    page.push_back(
        {static_cast<uint32_t>(counts.elements[i].integer), std::move(entries.elements[i])});
  }
  return page;
}

Task<void> Memberships::Renew() {
  while (true) {
    (void)co_await SleepUntil(Clock::now() + kRenewEvery, never_);
    // Members come and go meanwhile.
    std::vector<Command> calls;
    for (const Membership* each : all_) {
      if (each->group_id_.empty()) continue;
      calls.push_back(store_.CallOf(streams::kRenew, each->stream_, each->group_id_, each->member_,
                                    each->epoch_, kLeaseUs));
    }
    for (const Command& call : calls) {
      RequestContext ctx;
      (void)co_await store_.Run(ctx, streams::kRenew, call);
    }
  }
}

Membership::Membership(Memberships& memberships, std::string stream, std::string group,
                       std::string member)
    : memberships_(memberships),
      store_(memberships.store()),
      stream_(std::move(stream)),
      group_(std::move(group)),
      member_(std::move(member)),
      epoch_(RandomId()),
      waker_(store_, stream_) {
  memberships_.all_.insert(this);
  if (memberships_.renew_.valid()) return;
  memberships_.renew_ = memberships_.Renew();
  memberships_.renew_.Start([](void*) {}, nullptr);
}

Membership::~Membership() {
  memberships_.all_.erase(this);
  if (joining_) store_.Post(streams::kLeave, stream_, group_, member_, epoch_);
}

Task<Status> Membership::Join(RequestContext& ctx, size_t max_pending) {
  PRISM_CO_RETURN_IF_ERROR(co_await waker_.Listen(ctx));
  const Command join =
      store_.CallOf(streams::kJoin, stream_, group_, member_, epoch_, max_pending, kLeaseUs);
  joining_ = true;
  Result<Reply> reply = co_await store_.Run(ctx, streams::kJoin, join);
  if (!reply.ok()) co_return std::move(reply).status();
  if (reply->is_null()) {
    co_return NotFoundError("there is no group '" + group_ + "' of '" + stream_ + "'");
  }
  if (reply->is(Reply::Type::kInteger)) {
    co_return ResourceExhaustedError("the group has " + std::to_string(streams::kMaxMembers) +
                                     " members; there cannot be more");
  }
  group_id_ = std::move(reply->text);
  waker_.set_group(group_id_);
  co_return OkStatus();
}

Task<Result<Membership::Page>> Membership::Take(RequestContext& ctx, TimePoint& due) {
  const Command take = store_.CallOf(streams::kTake, stream_, group_id_, member_, epoch_, kLeaseUs);
  Result<Reply> reply = co_await store_.Run(ctx, streams::kTake, take);
  if (!reply.ok()) co_return std::move(reply).status();
  if (reply->elements.size() != 3) co_return Ended(group_);
  const int64_t wait_ms = reply->elements[0].integer;
  due = wait_ms < 0 ? kNever : Clock::now() + std::chrono::milliseconds(wait_ms);
  co_return PageOf(reply->elements[1], reply->elements[2]);
}

Task<Result<Membership::Page>> Membership::Next(RequestContext& ctx) {
  while (true) {
    PRISM_CO_RETURN_IF_ERROR(ctx.cancellation.reason());
    PRISM_CO_RETURN_IF_ERROR(co_await waker_.Listen(ctx));
    TimePoint due = kNever;
    Result<Page> page = co_await Take(ctx, due);
    if (!page.ok() || !page->empty()) co_return page;
    const TimePoint until = std::min(due, Clock::now() + kLookAnyway);
    (void)co_await waker_.Wait(until, ctx.cancellation);
  }
}

}  // namespace prism::redis
