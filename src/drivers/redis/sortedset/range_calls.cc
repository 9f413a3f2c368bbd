#include <algorithm>

#include "drivers/contract/sortedset.h"
#include "drivers/redis/sortedset/calls.h"
#include "drivers/redis/sortedset/scores.h"

namespace prism::redis {
namespace {

using namespace sortedset::v1;  // NOLINT
using resp::Command;
using resp::Reply;

// Lua's numbers are doubles; no sorted set is larger.
constexpr int64_t kMostIndex = int64_t{1} << 52;

int64_t Clamped(int64_t index) { return std::clamp(index, -kMostIndex, kMostIndex); }

// Keys: sorted set. Arguments: first and last index, "1" to turn the order round, most entries,
// most bytes. Answers 1 if the range goes on behind the entries, then members and scores.
const Script kByIndex(R"(
local size = redis.call('ZCARD', KEYS[1])
local start, stop = tonumber(ARGV[1]), tonumber(ARGV[2])
if start < 0 then start = math.max(start + size, 0) end
if stop < 0 then stop = stop + size end
stop = math.min(stop, size - 1)
if start > stop then return {0} end
local verb = ARGV[3] == '1' and 'ZREVRANGE' or 'ZRANGE'
local last = math.min(stop, start + tonumber(ARGV[4]) - 1)
local entries = redis.call(verb, KEYS[1], start, last, 'WITHSCORES')
local room = tonumber(ARGV[5])
local answer = {last < stop and 1 or 0}
for i = 1, #entries, 2 do
  if i > 1 and #entries[i] > room then
    answer[1] = 1
    return answer
  end
  room = room - #entries[i]
  answer[i + 1], answer[i + 2] = entries[i], entries[i + 1]
end
return answer
)");

// Keys: sorted set. Arguments: ZRANGEBYSCORE, ZRANGEBYLEX or their reverse, its two bounds, entries
// to pass over, most entries, most bytes. As kByIndex; by lex without scores.
const Script kByBounds(R"(
local scores = not string.find(ARGV[1], 'LEX')
local most = tonumber(ARGV[5])
local entries
if scores then
  entries = redis.call(ARGV[1], KEYS[1], ARGV[2], ARGV[3], 'WITHSCORES', 'LIMIT', ARGV[4], most + 1)
else
  entries = redis.call(ARGV[1], KEYS[1], ARGV[2], ARGV[3], 'LIMIT', ARGV[4], most + 1)
end
local step = scores and 2 or 1
local room = tonumber(ARGV[6])
local answer = {0}
for i = 1, #entries, step do
  if i > most * step or (i > 1 and #entries[i] > room) then
    answer[1] = 1
    return answer
  end
  room = room - #entries[i]
  answer[#answer + 1] = entries[i]
  if scores then answer[#answer + 1] = entries[i + 1] end
end
return answer
)");

std::string NumberText(double number) {
  const Command command("", number);  // for its way to write numbers
  const std::string_view bytes = command.bytes().substr(0, command.bytes().size() - 2);
  return std::string(bytes.substr(bytes.rfind('\n') + 1));
}

std::string Bound(bool is_set, const ScoreBound& bound, std::string_view unbounded) {
  if (!is_set) return std::string(unbounded);
  return (bound.exclusive() ? "(" : "") + NumberText(bound.score());
}

std::string Bound(bool is_set, const LexBound& bound, std::string_view unbounded) {
  if (!is_set) return std::string(unbounded);
  return (bound.exclusive() ? "(" : "[") + bound.member();
}

template <class Request>
std::string Min(const Request& request) {
  constexpr bool kLex = std::is_same_v<std::decay_t<decltype(request.min())>, LexBound>;
  return Bound(request.has_min(), request.min(), kLex ? "-" : "-inf");
}

template <class Request>
std::string Max(const Request& request) {
  constexpr bool kLex = std::is_same_v<std::decay_t<decltype(request.max())>, LexBound>;
  return Bound(request.has_max(), request.max(), kLex ? "+" : "+inf");
}

template <class Request>
uint64_t MostEntries(const Request& request) {
  return request.limit() ? std::min<uint64_t>(request.limit(), kMaxAnswerRows) : kMaxAnswerRows;
}

template <class Request>
uint64_t OffsetOf(const Request& request) {
  return std::min<uint64_t>(request.offset(), kMostIndex);
}

Status Fill(Reply& reply, GetRangeResponse& response) {
  std::vector<Reply>& answer = reply.elements;
  if (answer.empty()) return InternalError("the range's script answered nothing");
  response.set_more(answer[0].integer == 1);
  for (size_t i = 1; i + 1 < answer.size(); i += 2) {
    sortedset::v1::Entry& entry = *response.add_entries();
    entry.set_member(std::move(answer[i].text));
    entry.set_score(ScoreOf(answer[i + 1].text));
  }
  return OkStatus();
}

}  // namespace

Task<Status> SortedSetCalls::GetRangeByIndex(RequestContext& ctx,
                                             const GetRangeByIndexRequest& request,
                                             GetRangeResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const Command get = ScriptCall(kByIndex, 1, KeyOf(request.set()), Clamped(request.start()),
                                 Clamped(StopOf(request)), request.reverse() ? 1 : 0,
                                 kMaxAnswerRows, kMaxAnswerBytes);
  Result<Reply> reply = co_await keyspace_->Run(ctx, kByIndex, get);
  if (!reply.ok()) co_return std::move(reply).status();
  co_return Fill(*reply, response);
}

Task<Status> SortedSetCalls::GetRangeByScore(RequestContext& ctx,
                                             const GetRangeByScoreRequest& request,
                                             GetRangeResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const std::string min = Min(request);
  const std::string max = Max(request);
  const bool reverse = request.reverse();
  const std::string_view verb = reverse ? "ZREVRANGEBYSCORE" : "ZRANGEBYSCORE";
  const Command get =
      ScriptCall(kByBounds, 1, KeyOf(request.set()), verb, reverse ? max : min, reverse ? min : max,
                 OffsetOf(request), MostEntries(request), kMaxAnswerBytes);
  Result<Reply> reply = co_await keyspace_->Run(ctx, kByBounds, get);
  if (!reply.ok()) co_return std::move(reply).status();
  co_return Fill(*reply, response);
}

Task<Status> SortedSetCalls::CountByScore(RequestContext& ctx, const CountByScoreRequest& request,
                                          CountResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const Command count("ZCOUNT", KeyOf(request.set()), Min(request), Max(request));
  uint64_t members = 0;
  PRISM_CO_RETURN_IF_ERROR(co_await Count(ctx, count, members));
  response.set_count(members);
  co_return OkStatus();
}

Task<Status> SortedSetCalls::RemoveRangeByIndex(RequestContext& ctx,
                                                const RemoveRangeByIndexRequest& request,
                                                RemoveRangeResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const Command remove("ZREMRANGEBYRANK", KeyOf(request.set()), request.start(), StopOf(request));
  uint64_t removed = 0;
  PRISM_CO_RETURN_IF_ERROR(co_await Count(ctx, remove, removed));
  response.set_removed(removed);
  co_return OkStatus();
}

Task<Status> SortedSetCalls::RemoveRangeByScore(RequestContext& ctx,
                                                const RemoveRangeByScoreRequest& request,
                                                RemoveRangeResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const Command remove("ZREMRANGEBYSCORE", KeyOf(request.set()), Min(request), Max(request));
  uint64_t removed = 0;
  PRISM_CO_RETURN_IF_ERROR(co_await Count(ctx, remove, removed));
  response.set_removed(removed);
  co_return OkStatus();
}

Task<Status> SortedSetCalls::GetRangeByLex(RequestContext& ctx, const GetRangeByLexRequest& request,
                                           GetRangeByLexResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const std::string min = Min(request);
  const std::string max = Max(request);
  const bool reverse = request.reverse();
  const std::string_view verb = reverse ? "ZREVRANGEBYLEX" : "ZRANGEBYLEX";
  const Command get =
      ScriptCall(kByBounds, 1, KeyOf(request.set()), verb, reverse ? max : min, reverse ? min : max,
                 OffsetOf(request), MostEntries(request), kMaxAnswerBytes);
  Result<Reply> reply = co_await keyspace_->Run(ctx, kByBounds, get);
  if (!reply.ok()) co_return std::move(reply).status();
  std::vector<Reply>& answer = reply->elements;
  if (answer.empty()) co_return InternalError("the range's script answered nothing");
  response.set_more(answer[0].integer == 1);
  for (size_t i = 1; i < answer.size(); ++i) response.add_members(std::move(answer[i].text));
  co_return OkStatus();
}

Task<Status> SortedSetCalls::CountByLex(RequestContext& ctx, const CountByLexRequest& request,
                                        CountByLexResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const Command count("ZLEXCOUNT", KeyOf(request.set()), Min(request), Max(request));
  uint64_t members = 0;
  PRISM_CO_RETURN_IF_ERROR(co_await Count(ctx, count, members));
  response.set_count(members);
  co_return OkStatus();
}

Task<Status> SortedSetCalls::RemoveRangeByLex(RequestContext& ctx,
                                              const RemoveRangeByLexRequest& request,
                                              RemoveRangeByLexResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const Command remove("ZREMRANGEBYLEX", KeyOf(request.set()), Min(request), Max(request));
  uint64_t removed = 0;
  PRISM_CO_RETURN_IF_ERROR(co_await Count(ctx, remove, removed));
  response.set_removed(removed);
  co_return OkStatus();
}

}  // namespace prism::redis
