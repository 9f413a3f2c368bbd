#include "drivers/redis/sortedset/calls.h"

#include "drivers/contract/sortedset.h"
#include "drivers/redis/sortedset/scores.h"

namespace prism::redis {
namespace {

using namespace sortedset::v1;  // NOLINT
using resp::Command;
using resp::Reply;

// Keys: sorted set. Arguments: mode, then score and member alternating. Answers how many were added
// and how many changed.
const Script kAdd(R"(
local added, updated = 0, 0
local mode = ARGV[1]
for i = 2, #ARGV, 2 do
  local score, member = ARGV[i], ARGV[i + 1]
  if not redis.call('ZSCORE', KEYS[1], member) then
    if mode ~= 'XX' then
      redis.call('ZADD', KEYS[1], score, member)
      added = added + 1
    end
  elseif mode == 'GT' or mode == 'LT' then
    updated = updated + redis.call('ZADD', KEYS[1], mode, 'CH', score, member)
  elseif mode ~= 'NX' then
    updated = updated + redis.call('ZADD', KEYS[1], 'CH', score, member)
  end
end
return {added, updated}
)");

// Keys: sorted set. Arguments: delta, member. Answers the score, or 0 if it would be NaN.
const Script kIncrement(R"(
local score = redis.pcall('ZINCRBY', KEYS[1], ARGV[1], ARGV[2])
if type(score) == 'table' and score.err then
  if string.find(score.err, 'NaN') then return 0 end
  return score
end
return score
)");

// Keys: sorted set.
const Script kClear(R"(
local size = redis.call('ZCARD', KEYS[1])
redis.call('UNLINK', KEYS[1])
return size
)");

// Keys: sorted set. Arguments: ZRANK or ZREVRANK, member. Answers rank and score, or nothing.
const Script kRank(R"(
local rank = redis.call(ARGV[1], KEYS[1], ARGV[2])
if not rank then return {} end
return {rank, redis.call('ZSCORE', KEYS[1], ARGV[2])}
)");

std::string_view ModeOf(AddMode mode) {
  switch (mode) {
    case ONLY_NEW:
      return "NX";
    case ONLY_EXISTING:
      return "XX";
    case IF_GREATER:
      return "GT";
    case IF_LESS:
      return "LT";
    default:
      return "";
  }
}

}  // namespace

Task<Status> SortedSetCalls::Add(RequestContext& ctx, const AddRequest& request,
                                 AddResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  Command add = ScriptCall(kAdd, 1, KeyOf(request.set()), ModeOf(request.mode()));
  for (const auto& entry : request.entries()) {
    add.Add(entry.score() + 0.0);  // the sum makes 0 of -0
    add.Add(entry.member());
  }
  const Result<Reply> reply = co_await keyspace_->Run(ctx, kAdd, add);
  if (!reply.ok()) co_return reply.status();
  if (reply->elements.size() != 2) co_return InternalError("the script answered another form");
  response.set_added(static_cast<uint64_t>(reply->elements[0].integer));
  response.set_updated(static_cast<uint64_t>(reply->elements[1].integer));
  co_return OkStatus();
}

// The answer of a command that counts.
Task<Status> SortedSetCalls::Count(RequestContext& ctx, const Command& command, uint64_t& count) {
  const Result<Reply> reply = co_await keyspace_->Call(ctx, command);
  if (!reply.ok()) co_return reply.status();
  count = static_cast<uint64_t>(reply->integer);
  co_return OkStatus();
}

Task<Status> SortedSetCalls::Remove(RequestContext& ctx, const RemoveRequest& request,
                                    RemoveResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  Command remove("ZREM", KeyOf(request.set()));
  for (const std::string& member : request.members()) remove.Add(member);
  uint64_t removed = 0;
  PRISM_CO_RETURN_IF_ERROR(co_await Count(ctx, remove, removed));
  response.set_removed(removed);
  co_return OkStatus();
}

Task<Status> SortedSetCalls::GetScore(RequestContext& ctx, const GetScoreRequest& request,
                                      GetScoreResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const Command get("ZSCORE", KeyOf(request.set()), request.member());
  const Result<Reply> reply = co_await keyspace_->Call(ctx, get);
  if (!reply.ok()) co_return reply.status();
  response.set_found(!reply->is_null());
  if (response.found()) response.set_score(ScoreOf(reply->text));
  co_return OkStatus();
}

Task<Status> SortedSetCalls::Increment(RequestContext& ctx, const IncrementRequest& request,
                                       IncrementResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const Command increment =
      ScriptCall(kIncrement, 1, KeyOf(request.set()), request.delta() + 0.0, request.member());
  const Result<Reply> reply = co_await keyspace_->Run(ctx, kIncrement, increment);
  if (!reply.ok()) co_return reply.status();
  if (reply->is(Reply::Type::kInteger)) {
    co_return InvalidArgumentError("delta: the sum of opposite infinities is NaN");
  }
  response.set_score(ScoreOf(reply->text));
  co_return OkStatus();
}

Task<Status> SortedSetCalls::Size(RequestContext& ctx, const SizeRequest& request,
                                  SizeResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const Command count("ZCARD", KeyOf(request.set()));
  uint64_t size = 0;
  PRISM_CO_RETURN_IF_ERROR(co_await Count(ctx, count, size));
  response.set_size(size);
  co_return OkStatus();
}

Task<Status> SortedSetCalls::Clear(RequestContext& ctx, const ClearRequest& request,
                                   ClearResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const Command clear = ScriptCall(kClear, 1, KeyOf(request.set()));
  const Result<Reply> reply = co_await keyspace_->Run(ctx, kClear, clear);
  if (!reply.ok()) co_return reply.status();
  response.set_removed(static_cast<uint64_t>(reply->integer));
  co_return OkStatus();
}

Task<Status> SortedSetCalls::RankOf(RequestContext& ctx, std::string_view verb,
                                    const RankRequest& request, RankResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const Command rank = ScriptCall(kRank, 1, KeyOf(request.set()), verb, request.member());
  const Result<Reply> reply = co_await keyspace_->Run(ctx, kRank, rank);
  if (!reply.ok()) co_return reply.status();
  response.set_found(reply->elements.size() == 2);
  if (!response.found()) co_return OkStatus();
  response.set_rank(static_cast<uint64_t>(reply->elements[0].integer));
  response.set_score(ScoreOf(reply->elements[1].text));
  co_return OkStatus();
}

Task<Status> SortedSetCalls::Rank(RequestContext& ctx, const RankRequest& request,
                                  RankResponse& response) {
  return RankOf(ctx, "ZRANK", request, response);
}

Task<Status> SortedSetCalls::ReverseRank(RequestContext& ctx, const RankRequest& request,
                                         RankResponse& response) {
  return RankOf(ctx, "ZREVRANK", request, response);
}

}  // namespace prism::redis
