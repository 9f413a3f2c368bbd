#include <algorithm>

#include "base/request_context.h"
#include "drivers/contract/list.h"
#include "drivers/memstore/list/calls.h"
#include "drivers/memstore/list/list_waiter.h"

namespace prism::memstore {
namespace {

using namespace list::v1;  // NOLINT

End EndOf(list::v1::End end) { return end == LEFT ? End::kLeft : End::kRight; }

}  // namespace

Task<Status> ListCalls::Take(RequestContext& ctx, const Want& want, int64_t timeout_ms,
                             std::optional<Taken>& taken) {
  taken.emplace();
  Result<bool> took = lists_.TryTake(want, *taken);
  if (!took.ok()) co_return std::move(took).status();
  if (*took) co_return OkStatus();
  taken.reset();
  if (timeout_ms == 0) co_return OkStatus();

  const TimePoint until = Clock::now() + std::chrono::milliseconds(timeout_ms);
  ListWaiter waiter(lists_, want);
  took = waiter.Enter(taken.emplace());
  if (!took.ok()) co_return std::move(took).status();
  if (*took) co_return OkStatus();
  for (bool notified = true; notified && !waiter.served();) {
    notified = co_await waiter.Wait(until, ctx.cancellation);
  }
  PRISM_CO_RETURN_IF_ERROR(ctx.cancellation.reason());
  if (!waiter.Leave(*taken)) taken.reset();
  co_return OkStatus();
}

Task<Status> ListCalls::BlockingPop(RequestContext& ctx, End from,
                                    const BlockingPopRequest& request,
                                    BlockingPopResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  Want want;
  want.from = from;
  for (const std::string& name : request.lists()) {
    const auto end = want.lists.end();
    if (std::find(want.lists.begin(), end, name) == end) want.lists.push_back(name);
  }
  std::optional<Taken> taken;
  PRISM_CO_RETURN_IF_ERROR(co_await Take(ctx, want, request.timeout_ms(), taken));
  if (!taken) co_return OkStatus();
  response.set_found(true);
  response.set_list(std::move(taken->list));
  response.set_value(taken->value.view().data(), taken->value.size());
  co_return OkStatus();
}

Task<Status> ListCalls::BlockingPopLeft(RequestContext& ctx, const BlockingPopRequest& request,
                                        BlockingPopResponse& response) {
  return BlockingPop(ctx, End::kLeft, request, response);
}

Task<Status> ListCalls::BlockingPopRight(RequestContext& ctx, const BlockingPopRequest& request,
                                         BlockingPopResponse& response) {
  return BlockingPop(ctx, End::kRight, request, response);
}

Task<Status> ListCalls::BlockingMove(RequestContext& ctx, const BlockingMoveRequest& request,
                                     BlockingMoveResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  Want want;
  want.lists.push_back(request.source());
  want.from = EndOf(request.from());
  want.move.emplace();
  want.move->list = request.destination();
  want.move->to = EndOf(request.to());
  std::optional<Taken> taken;
  PRISM_CO_RETURN_IF_ERROR(co_await Take(ctx, want, request.timeout_ms(), taken));
  if (!taken) co_return OkStatus();
  response.set_found(true);
  response.set_value(taken->value.view().data(), taken->value.size());
  co_return OkStatus();
}

}  // namespace prism::memstore
