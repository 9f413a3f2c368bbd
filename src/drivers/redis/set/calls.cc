#include "drivers/redis/set/calls.h"

#include <algorithm>

#include "drivers/contract/set.h"

namespace prism::redis {
namespace {

using namespace set::v1;  // NOLINT
using resp::Command;
using resp::Reply;

// Keys: set.
const Script kClear(R"(
local size = redis.call('SCARD', KEYS[1])
redis.call('UNLINK', KEYS[1])
return size
)");

// Keys: set. Arguments: number of members, negative for repeats; most bytes.
const Script kDraw(R"(
local room = tonumber(ARGV[2])
local drawn = {}
for i, member in ipairs(redis.call('SRANDMEMBER', KEYS[1], ARGV[1])) do
  if i > 1 and #member > room then break end
  room = room - #member
  drawn[i] = member
end
return drawn
)");

// Keys: set. Arguments: number of members; most bytes.
const Script kPop(R"(
local room = tonumber(ARGV[2])
local taken = {}
for i = 1, tonumber(ARGV[1]) do
  local member = redis.call('SRANDMEMBER', KEYS[1])
  if not member or (i > 1 and #member > room) then break end
  redis.call('SREM', KEYS[1], member)
  room = room - #member
  taken[i] = member
end
return taken
)");

template <class Request>
void AddMembers(const Request& request, Command& command) {
  for (const std::string& member : request.members()) command.Add(member);
}

template <class Response>
void Answer(Reply& reply, Response& response) {
  for (Reply& member : reply.elements) response.add_members(std::move(member.text));
}

}  // namespace

Task<Status> SetCalls::Add(RequestContext& ctx, const AddRequest& request, AddResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  Command add("SADD", KeyOf(request.set()));
  AddMembers(request, add);
  const Result<Reply> reply = co_await keyspace_->Call(ctx, add);
  if (!reply.ok()) co_return reply.status();
  response.set_added(static_cast<uint64_t>(reply->integer));
  co_return OkStatus();
}

Task<Status> SetCalls::Remove(RequestContext& ctx, const RemoveRequest& request,
                              RemoveResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  Command remove("SREM", KeyOf(request.set()));
  AddMembers(request, remove);
  const Result<Reply> reply = co_await keyspace_->Call(ctx, remove);
  if (!reply.ok()) co_return reply.status();
  response.set_removed(static_cast<uint64_t>(reply->integer));
  co_return OkStatus();
}

Task<Status> SetCalls::Contains(RequestContext& ctx, const ContainsRequest& request,
                                ContainsResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  Command contains("SMISMEMBER", KeyOf(request.set()));
  AddMembers(request, contains);
  const Result<Reply> reply = co_await keyspace_->Call(ctx, contains);
  if (!reply.ok()) co_return reply.status();
  for (const Reply& contained : reply->elements) response.add_contained(contained.integer == 1);
  co_return OkStatus();
}

Task<Status> SetCalls::Clear(RequestContext& ctx, const ClearRequest& request,
                             ClearResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const Command clear = ScriptCall(kClear, 1, KeyOf(request.set()));
  const Result<Reply> reply = co_await keyspace_->Run(ctx, kClear, clear);
  if (!reply.ok()) co_return reply.status();
  response.set_removed(static_cast<uint64_t>(reply->integer));
  co_return OkStatus();
}

Task<Status> SetCalls::Size(RequestContext& ctx, const SizeRequest& request,
                            SizeResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const Command size("SCARD", KeyOf(request.set()));
  const Result<Reply> reply = co_await keyspace_->Call(ctx, size);
  if (!reply.ok()) co_return reply.status();
  response.set_size(static_cast<uint64_t>(reply->integer));
  co_return OkStatus();
}

Task<Status> SetCalls::GetRandom(RequestContext& ctx, const GetRandomRequest& request,
                                 GetRandomResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const auto count = static_cast<int64_t>(std::max<uint64_t>(request.count(), 1));
  const Command draw = ScriptCall(kDraw, 1, KeyOf(request.set()),
                                  request.repeats() ? -count : count, kMaxAnswerBytes);
  Result<Reply> reply = co_await keyspace_->Run(ctx, kDraw, draw);
  if (!reply.ok()) co_return std::move(reply).status();
  Answer(*reply, response);
  co_return OkStatus();
}

Task<Status> SetCalls::Pop(RequestContext& ctx, const PopRequest& request, PopResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const uint64_t count = std::max<uint64_t>(request.count(), 1);
  const Command pop = ScriptCall(kPop, 1, KeyOf(request.set()), count, kMaxAnswerBytes);
  Result<Reply> reply = co_await keyspace_->Run(ctx, kPop, pop);
  if (!reply.ok()) co_return std::move(reply).status();
  Answer(*reply, response);
  co_return OkStatus();
}

}  // namespace prism::redis
