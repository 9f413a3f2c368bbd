#include "drivers/redis/list/calls.h"

#include <algorithm>

#include "drivers/contract/list.h"

namespace prism::redis {
namespace {

using namespace list::v1;  // NOLINT
using resp::Command;
using resp::Reply;

// Keys: list. Arguments: LPOP or RPOP, index of that end, most values, most bytes.
const Script kPop(R"(
local room = tonumber(ARGV[4])
local taken = {}
for i = 1, tonumber(ARGV[3]) do
  local value = redis.call('LINDEX', KEYS[1], ARGV[2])
  if not value or (i > 1 and #value > room) then break end
  room = room - #value
  taken[i] = redis.call(ARGV[1], KEYS[1])
end
return taken
)");

// Keys: list.
const Script kClear(R"(
local length = redis.call('LLEN', KEYS[1])
redis.call('UNLINK', KEYS[1])
return length
)");

template <class Values>
void MoveTexts(std::vector<Reply>& from, Values& to) {
  for (Reply& each : from) to.Add(std::move(each.text));
}

}  // namespace

Task<Status> ListCalls::Push(RequestContext& ctx, std::string_view verb, const PushRequest& request,
                             PushResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  Command push(verb, KeyOf(request.list()));
  for (const std::string& value : request.values()) push.Add(value);
  const Result<Reply> reply = co_await keyspace_->Call(ctx, push);
  if (!reply.ok()) co_return reply.status();
  response.set_length(static_cast<uint64_t>(reply->integer));
  co_return OkStatus();
}

Task<Status> ListCalls::PushLeft(RequestContext& ctx, const PushRequest& request,
                                 PushResponse& response) {
  return Push(ctx, "LPUSH", request, response);
}

Task<Status> ListCalls::PushRight(RequestContext& ctx, const PushRequest& request,
                                  PushResponse& response) {
  return Push(ctx, "RPUSH", request, response);
}

Task<Status> ListCalls::Pop(RequestContext& ctx, std::string_view verb, const PopRequest& request,
                            PopResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  if (request.count() <= 1) {
    const Command pop(verb, KeyOf(request.list()));
    Result<Reply> reply = co_await keyspace_->Call(ctx, pop);
    if (!reply.ok()) co_return std::move(reply).status();
    if (!reply->is_null()) response.add_values(std::move(reply->text));
    co_return OkStatus();
  }
  const int end = verb == "LPOP" ? 0 : -1;
  const Command pop =
      ScriptCall(kPop, 1, KeyOf(request.list()), verb, end, request.count(), kMaxAnswerBytes);
  Result<Reply> reply = co_await keyspace_->Run(ctx, kPop, pop);
  if (!reply.ok()) co_return std::move(reply).status();
  MoveTexts(reply->elements, *response.mutable_values());
  co_return OkStatus();
}

Task<Status> ListCalls::PopLeft(RequestContext& ctx, const PopRequest& request,
                                PopResponse& response) {
  return Pop(ctx, "LPOP", request, response);
}

Task<Status> ListCalls::PopRight(RequestContext& ctx, const PopRequest& request,
                                 PopResponse& response) {
  return Pop(ctx, "RPOP", request, response);
}

Task<Status> ListCalls::Length(RequestContext& ctx, const LengthRequest& request,
                               LengthResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const Command length("LLEN", KeyOf(request.list()));
  const Result<Reply> reply = co_await keyspace_->Call(ctx, length);
  if (!reply.ok()) co_return reply.status();
  response.set_length(static_cast<uint64_t>(reply->integer));
  co_return OkStatus();
}

Task<Status> ListCalls::Clear(RequestContext& ctx, const ClearRequest& request,
                              ClearResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const Command clear = ScriptCall(kClear, 1, KeyOf(request.list()));
  const Result<Reply> reply = co_await keyspace_->Run(ctx, kClear, clear);
  if (!reply.ok()) co_return reply.status();
  response.set_removed(static_cast<uint64_t>(reply->integer));
  co_return OkStatus();
}

}  // namespace prism::redis
