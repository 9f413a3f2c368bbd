#include <algorithm>
#include <limits>

#include "drivers/contract/list.h"
#include "drivers/redis/list/calls.h"

namespace prism::redis {
namespace {

using namespace list::v1;  // NOLINT
using resp::Command;
using resp::Reply;

// Lua's numbers are doubles; no list is longer.
constexpr int64_t kMostIndex = int64_t{1} << 52;

int64_t Clamped(int64_t index) { return std::clamp(index, -kMostIndex, kMostIndex); }

// Keys: list. Arguments: index, value. Answers 1, or 0 without such an index.
const Script kSet(R"(
if not redis.call('LINDEX', KEYS[1], ARGV[1]) then return 0 end
redis.call('LSET', KEYS[1], ARGV[1], ARGV[2])
return 1
)");

// Keys: list. Arguments: first and last index, most values, most bytes. Answers where the values
// begin, 1 if the range goes on behind them, and the values. They are read a few at a time, because
// each may be large.
const Script kGetRange(R"(
local length = redis.call('LLEN', KEYS[1])
local start, stop = tonumber(ARGV[1]), tonumber(ARGV[2])
if start < 0 then start = math.max(start + length, 0) end
if stop < 0 then stop = stop + length end
stop = math.min(stop, length - 1)
local last = math.min(stop, start + tonumber(ARGV[3]) - 1)
local room = tonumber(ARGV[4])
local answer = {start, 0}
local at = start
while at <= last do
  local few = redis.call('LRANGE', KEYS[1], at, math.min(at + 15, last))
  for _, value in ipairs(few) do
    if #answer > 2 and #value > room then
      answer[2] = 1
      return answer
    end
    room = room - #value
    answer[#answer + 1] = value
  end
  at = at + 16
end
if last < stop then answer[2] = 1 end
return answer
)");

// Keys: list. Arguments: first and last index. Answers the length after it.
const Script kTrim(R"(
redis.call('LTRIM', KEYS[1], ARGV[1], ARGV[2])
return redis.call('LLEN', KEYS[1])
)");

}  // namespace

Task<Status> ListCalls::Get(RequestContext& ctx, const GetRequest& request, GetResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const Command get("LINDEX", KeyOf(request.list()), request.index());
  Result<Reply> reply = co_await keyspace_->Call(ctx, get);
  if (!reply.ok()) co_return std::move(reply).status();
  response.set_found(!reply->is_null());
  response.set_value(std::move(reply->text));
  co_return OkStatus();
}

Task<Status> ListCalls::Set(RequestContext& ctx, const SetRequest& request, SetResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const Command set = ScriptCall(kSet, 1, KeyOf(request.list()), request.index(), request.value());
  const Result<Reply> reply = co_await keyspace_->Run(ctx, kSet, set);
  if (!reply.ok()) co_return reply.status();
  response.set_found(reply->integer == 1);
  co_return OkStatus();
}

Task<Status> ListCalls::Insert(RequestContext& ctx, const InsertRequest& request,
                               InsertResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const std::string_view place = request.position() == AFTER ? "AFTER" : "BEFORE";
  const Command insert("LINSERT", KeyOf(request.list()), place, request.pivot(), request.value());
  const Result<Reply> reply = co_await keyspace_->Call(ctx, insert);
  if (!reply.ok()) co_return reply.status();
  response.set_found(reply->integer > 0);
  if (response.found()) response.set_length(static_cast<uint64_t>(reply->integer));
  co_return OkStatus();
}

Task<Status> ListCalls::Remove(RequestContext& ctx, const RemoveRequest& request,
                               RemoveResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const Command remove("LREM", KeyOf(request.list()), Clamped(request.count()), request.value());
  const Result<Reply> reply = co_await keyspace_->Call(ctx, remove);
  if (!reply.ok()) co_return reply.status();
  response.set_removed(static_cast<uint64_t>(reply->integer));
  co_return OkStatus();
}

Task<Status> ListCalls::GetRange(RequestContext& ctx, const GetRangeRequest& request,
                                 GetRangeResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const Command get = ScriptCall(kGetRange, 1, KeyOf(request.list()), Clamped(request.start()),
                                 Clamped(StopOf(request)), kMaxAnswerRows, kMaxAnswerBytes);
  Result<Reply> reply = co_await keyspace_->Run(ctx, kGetRange, get);
  if (!reply.ok()) co_return std::move(reply).status();
  std::vector<Reply>& answer = reply->elements;
  if (answer.size() < 2) co_return InternalError("the range's script answered nothing");
  for (size_t i = 2; i < answer.size(); ++i) response.add_values(std::move(answer[i].text));
  response.set_more(answer[1].integer == 1);
  if (response.more()) {
    response.set_next_start(static_cast<uint64_t>(answer[0].integer) + answer.size() - 2);
  }
  co_return OkStatus();
}

Task<Status> ListCalls::Trim(RequestContext& ctx, const TrimRequest& request,
                             TrimResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const Command trim =
      ScriptCall(kTrim, 1, KeyOf(request.list()), request.start(), StopOf(request));
  const Result<Reply> reply = co_await keyspace_->Run(ctx, kTrim, trim);
  if (!reply.ok()) co_return reply.status();
  response.set_length(static_cast<uint64_t>(reply->integer));
  co_return OkStatus();
}

}  // namespace prism::redis
