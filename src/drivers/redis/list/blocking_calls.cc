#include <algorithm>

#include "drivers/contract/list.h"
#include "drivers/redis/list/calls.h"

namespace prism::redis {
namespace {

using namespace list::v1;  // NOLINT
using resp::Command;
using resp::Reply;

// Keys: lists. Arguments: LPOP or RPOP. Answers as BLPOP does.
const Script kPopFirst(R"(
for _, list in ipairs(KEYS) do
  local value = redis.call(ARGV[1], list)
  if value then return {list, value} end
end
return false
)");

std::string_view NameOf(End end) { return end == LEFT ? "LEFT" : "RIGHT"; }

double Seconds(int64_t ms) { return static_cast<double>(ms) / 1000; }

}  // namespace

void ListCalls::Answer(Reply& reply, BlockingPopResponse& response) const {
  if (reply.elements.size() != 2) return;
  response.set_found(true);
  response.set_list(reply.elements[0].text.substr(prefix_.size()));
  response.set_value(std::move(reply.elements[1].text));
}

// What is there is taken at once: only who has to wait needs a connection for it.
Task<Status> ListCalls::BlockingPop(RequestContext& ctx, std::string_view side,
                                    const BlockingPopRequest& request,
                                    BlockingPopResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const std::string verb = std::string(side) + "POP";
  Command pop = ScriptCall(kPopFirst, request.lists_size());
  for (const std::string& list : request.lists()) pop.Add(KeyOf(list));
  pop.Add(verb);
  Result<Reply> reply = co_await keyspace_->Run(ctx, kPopFirst, pop);
  if (!reply.ok()) co_return std::move(reply).status();
  Answer(*reply, response);
  if (response.found() || request.timeout_ms() == 0) co_return OkStatus();

  Command wait("B" + verb);
  for (const std::string& list : request.lists()) wait.Add(KeyOf(list));
  wait.Add(Seconds(request.timeout_ms()));
  const Status status = co_await keyspace_->Block(ctx, wait, *reply);
  if (status.ok()) Answer(*reply, response);
  if (status.ok() || reply->elements.size() != 2) co_return status;
  // It was meant for a call that has just been cancelled.
  RequestContext own;
  const std::vector<Reply>& taken = reply->elements;
  const Command put_back(std::string(side) + "PUSH", taken[0].text, taken[1].text);
  (void)co_await keyspace_->Call(own, put_back);
  co_return status;
}

Task<Status> ListCalls::BlockingPopLeft(RequestContext& ctx, const BlockingPopRequest& request,
                                        BlockingPopResponse& response) {
  return BlockingPop(ctx, "L", request, response);
}

Task<Status> ListCalls::BlockingPopRight(RequestContext& ctx, const BlockingPopRequest& request,
                                         BlockingPopResponse& response) {
  return BlockingPop(ctx, "R", request, response);
}

Task<Status> ListCalls::BlockingMove(RequestContext& ctx, const BlockingMoveRequest& request,
                                     BlockingMoveResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const Command move("LMOVE", KeyOf(request.source()), KeyOf(request.destination()),
                     NameOf(request.from()), NameOf(request.to()));
  Result<Reply> reply = co_await keyspace_->Call(ctx, move);
  if (!reply.ok()) co_return std::move(reply).status();
  if (reply->is_null() && request.timeout_ms() > 0) {
    const Command wait("BLMOVE", KeyOf(request.source()), KeyOf(request.destination()),
                       NameOf(request.from()), NameOf(request.to()), Seconds(request.timeout_ms()));
    PRISM_CO_RETURN_IF_ERROR(co_await keyspace_->Block(ctx, wait, *reply));
  }
  response.set_found(!reply->is_null());
  response.set_value(std::move(reply->text));
  co_return OkStatus();
}

}  // namespace prism::redis
