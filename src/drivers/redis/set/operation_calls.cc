#include "drivers/contract/set.h"
#include "drivers/redis/set/calls.h"
#include "drivers/redis/temporary.h"

namespace prism::redis {
namespace {

using namespace set::v1;  // NOLINT
using resp::Command;
using resp::Reply;

constexpr int kMaxOperationMembers = 250'000;
constexpr int kPerStep = 500;

// Keys: the sets, then a temporary one. Arguments: SUNION or the like, most members, seconds to
// keep the temporary set. A small result is answered at once, a large one is put in the temporary
// set and answered as 0; with too many members the answer is their number.
const Script kCombine(R"(
local sources = {}
local members = 0
for i = 1, #KEYS - 1 do
  sources[i] = KEYS[i]
  members = members + redis.call('SCARD', KEYS[i])
end
if members > tonumber(ARGV[2]) then return members end
if members <= 1000 then return redis.call(ARGV[1], unpack(sources)) end
if redis.call(ARGV[1] .. 'STORE', KEYS[#KEYS], unpack(sources)) == 0 then return {} end
redis.call('EXPIRE', KEYS[#KEYS], ARGV[3])
return 0
)");

// Keys: destination, the sets. Arguments: SUNIONSTORE or the like, most members. Answers the size
// of the result, or with too many members their number, negative.
const Script kStore(R"(
local members = 0
for _, set in ipairs(KEYS) do members = members + redis.call('SCARD', set) end
if members > tonumber(ARGV[2]) then return -members end
return redis.call(ARGV[1], unpack(KEYS))
)");

// Keys: the sets. Arguments: limit, most members of the smallest.
const Script kIntersectionSize(R"(
local least = redis.call('SCARD', KEYS[1])
for _, set in ipairs(KEYS) do least = math.min(least, redis.call('SCARD', set)) end
if least > tonumber(ARGV[2]) then return -least end
local command = {'SINTERCARD', #KEYS}
for _, set in ipairs(KEYS) do command[#command + 1] = set end
command[#command + 1] = 'LIMIT'
command[#command + 1] = ARGV[1]
return redis.call(unpack(command))
)");

// Keys: a temporary set. Arguments: cursor, members, seconds to keep it from now on. Answers false
// if it is gone.
const Script kStep(R"(
if redis.call('EXPIRE', KEYS[1], ARGV[3]) == 0 then return false end
return redis.call('SSCAN', KEYS[1], ARGV[1], 'COUNT', ARGV[2])
)");

Status TooMany(int64_t members) {
  return ResourceExhaustedError("the sets have " + std::to_string(members) + " members; at most " +
                                std::to_string(kMaxOperationMembers) + " are allowed");
}

// Moves what fits in a page from `left`.
OperationResponse NextPage(std::vector<Reply>& left) {
  OperationResponse page;
  AnswerRoom room;
  while (!left.empty() && static_cast<size_t>(page.members_size()) < kMaxAnswerRows &&
         room.Take(left.back().text.size())) {
    page.add_members(std::move(left.back().text));
    left.pop_back();
  }
  return page;
}

}  // namespace

Stream<OperationResponse> SetCalls::Combine(std::string_view verb, RequestContext& ctx,
                                            const OperationRequest& request) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  Temporary temporary(*keyspace_);
  Command combine = ScriptCall(kCombine, request.sets_size() + 1);
  for (const std::string& set : request.sets()) combine.Add(KeyOf(set));
  combine.Add(temporary.name());
  combine.Add(verb);
  combine.Add(kMaxOperationMembers);
  combine.Add(kTemporarySeconds);
  Result<Reply> reply = co_await keyspace_->Run(ctx, kCombine, combine);
  if (!reply.ok()) co_return std::move(reply).status();
  if (reply->integer > 0) co_return TooMany(reply->integer);
  const bool in_steps = reply->is(Reply::Type::kInteger);
  if (in_steps) temporary.set_used();
  std::string cursor = "0";
  std::vector<Reply> members = std::move(reply->elements);
  do {
    if (in_steps) {
      const Command step =
          ScriptCall(kStep, 1, temporary.name(), cursor, kPerStep, kTemporarySeconds);
      reply = co_await keyspace_->Run(ctx, kStep, step);
      if (!reply.ok()) co_return std::move(reply).status();
      if (reply->elements.size() != 2) co_return TemporaryExpired();
      cursor = reply->elements[0].text;
      members = std::move(reply->elements[1].elements);
    }
    while (!members.empty()) {
      OperationResponse page = NextPage(members);
      co_yield page;
    }
  } while (cursor != "0");
  co_return OkStatus();
}

Task<Status> SetCalls::Store(std::string_view verb, RequestContext& ctx,
                             const StoreRequest& request, StoreResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  Command store = ScriptCall(kStore, request.sets_size() + 1, KeyOf(request.destination()));
  for (const std::string& set : request.sets()) store.Add(KeyOf(set));
  store.Add(verb);
  store.Add(kMaxOperationMembers);
  const Result<Reply> reply = co_await keyspace_->Run(ctx, kStore, store);
  if (!reply.ok()) co_return reply.status();
  if (reply->integer < 0) co_return TooMany(-reply->integer);
  response.set_size(static_cast<uint64_t>(reply->integer));
  co_return OkStatus();
}

Stream<OperationResponse> SetCalls::Union(RequestContext& ctx, const OperationRequest& request) {
  return Combine("SUNION", ctx, request);
}

Stream<OperationResponse> SetCalls::Intersection(RequestContext& ctx,
                                                 const OperationRequest& request) {
  return Combine("SINTER", ctx, request);
}

Stream<OperationResponse> SetCalls::Difference(RequestContext& ctx,
                                               const OperationRequest& request) {
  return Combine("SDIFF", ctx, request);
}

Task<Status> SetCalls::UnionStore(RequestContext& ctx, const StoreRequest& request,
                                  StoreResponse& response) {
  return Store("SUNIONSTORE", ctx, request, response);
}

Task<Status> SetCalls::IntersectionStore(RequestContext& ctx, const StoreRequest& request,
                                         StoreResponse& response) {
  return Store("SINTERSTORE", ctx, request, response);
}

Task<Status> SetCalls::DifferenceStore(RequestContext& ctx, const StoreRequest& request,
                                       StoreResponse& response) {
  return Store("SDIFFSTORE", ctx, request, response);
}

Task<Status> SetCalls::IntersectionSize(RequestContext& ctx, const IntersectionSizeRequest& request,
                                        SizeResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  Command count = ScriptCall(kIntersectionSize, request.sets_size());
  for (const std::string& set : request.sets()) count.Add(KeyOf(set));
  // No intersection can have more.
  count.Add(std::min<uint64_t>(request.limit(), kMaxOperationMembers));
  count.Add(kMaxOperationMembers);
  const Result<Reply> reply = co_await keyspace_->Run(ctx, kIntersectionSize, count);
  if (!reply.ok()) co_return reply.status();
  if (reply->integer < 0) co_return TooMany(-reply->integer);
  response.set_size(static_cast<uint64_t>(reply->integer));
  co_return OkStatus();
}

}  // namespace prism::redis
