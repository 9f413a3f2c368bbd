#include "drivers/contract/sortedset.h"
#include "drivers/redis/sortedset/calls.h"
#include "drivers/redis/sortedset/scores.h"
#include "drivers/redis/temporary.h"

namespace prism::redis {
namespace {

using namespace sortedset::v1;  // NOLINT
using resp::Command;
using resp::Reply;

constexpr int kMaxOperationMembers = 100'000;

// Keys: destination, the sources. Arguments: ZUNIONSTORE or the like, most members, seconds to keep
// the destination if it is a temporary one, else 0, then what the command takes behind its keys.
// Answers the size of the result, or with too many members their number, negative.
const Script kCombine(R"(
local members = 0
local command = {ARGV[1], KEYS[1], #KEYS - 1}
for i, set in ipairs(KEYS) do
  if i > 1 or ARGV[3] == '0' then members = members + redis.call('ZCARD', set) end
  if i > 1 then command[#command + 1] = set end
end
if members > tonumber(ARGV[2]) then return -members end
for i = 4, #ARGV do command[#command + 1] = ARGV[i] end
local size = redis.call(unpack(command))
if size > 0 and ARGV[3] ~= '0' then redis.call('EXPIRE', KEYS[1], ARGV[3]) end
return size
)");

// Keys: a temporary sorted set. Arguments: index to begin with, most entries, most bytes, seconds
// to keep it from now on. Answers members and scores; nothing if it is gone.
const Script kPage(R"(
redis.call('EXPIRE', KEYS[1], ARGV[4])
local entries = redis.call('ZRANGE', KEYS[1], ARGV[1], ARGV[1] + ARGV[2] - 1, 'WITHSCORES')
local room = tonumber(ARGV[3])
local answer = {}
for i = 1, #entries, 2 do
  if i > 1 and #entries[i] > room then break end
  room = room - #entries[i]
  answer[i], answer[i + 1] = entries[i], entries[i + 1]
end
return answer
)");

Status TooMany(int64_t members) {
  return ResourceExhaustedError("the sorted sets have " + std::to_string(members) +
                                " members; at most " + std::to_string(kMaxOperationMembers) +
                                " are allowed");
}

bool IsDifference(std::string_view verb) { return verb == "ZDIFFSTORE"; }

std::string_view NameOf(Aggregate aggregate) {
  if (aggregate == MIN) return "MIN";
  return aggregate == MAX ? "MAX" : "SUM";
}

// The arguments behind the keys.
template <class Request>
void AddRest(std::string_view verb, int seconds, const Request& request, Command& command) {
  command.Add(verb);
  command.Add(kMaxOperationMembers);
  command.Add(seconds);
  if (IsDifference(verb)) return;
  command.Add("WEIGHTS");
  for (const Source& source : request.sources()) {
    command.Add(source.has_weight() ? source.weight() : 1.0);
  }
  command.Add("AGGREGATE");
  command.Add(NameOf(request.aggregate()));
}

}  // namespace

// The result is kept in the server and read page by page, so neither side holds it twice.
Stream<OperationResponse> SortedSetCalls::Combine(std::string_view verb, RequestContext& ctx,
                                                  const OperationRequest& request) {
  PRISM_CO_RETURN_IF_ERROR(Check(request, IsDifference(verb)));
  Temporary temporary(*keyspace_);
  Command combine = ScriptCall(kCombine, request.sources_size() + 1, temporary.name());
  for (const Source& source : request.sources()) combine.Add(KeyOf(source.set()));
  AddRest(verb, kTemporarySeconds, request, combine);
  Result<Reply> reply = co_await keyspace_->Run(ctx, kCombine, combine);
  if (!reply.ok()) co_return std::move(reply).status();
  if (reply->integer < 0) co_return TooMany(-reply->integer);
  const auto size = static_cast<size_t>(reply->integer);
  if (size > 0) temporary.set_used();
  OperationResponse response;
  for (size_t at = 0; at < size;) {
    const Command page = ScriptCall(kPage, 1, temporary.name(), at, kMaxAnswerRows, kMaxAnswerBytes,
                                    kTemporarySeconds);
    reply = co_await keyspace_->Run(ctx, kPage, page);
    if (!reply.ok()) co_return std::move(reply).status();
    std::vector<Reply>& entries = reply->elements;
    if (entries.empty()) co_return TemporaryExpired();
    response.Clear();
    for (size_t i = 0; i + 1 < entries.size(); i += 2, ++at) {
      sortedset::v1::Entry& entry = *response.add_entries();
      entry.set_member(std::move(entries[i].text));
      entry.set_score(ScoreOf(entries[i + 1].text));
    }
    co_yield response;
  }
  co_return OkStatus();
}

Task<Status> SortedSetCalls::Store(std::string_view verb, RequestContext& ctx,
                                   const StoreRequest& request, StoreResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request, IsDifference(verb)));
  Command store = ScriptCall(kCombine, request.sources_size() + 1, KeyOf(request.destination()));
  for (const Source& source : request.sources()) store.Add(KeyOf(source.set()));
  AddRest(verb, 0, request, store);
  const Result<Reply> reply = co_await keyspace_->Run(ctx, kCombine, store);
  if (!reply.ok()) co_return reply.status();
  if (reply->integer < 0) co_return TooMany(-reply->integer);
  response.set_size(static_cast<uint64_t>(reply->integer));
  co_return OkStatus();
}

Stream<OperationResponse> SortedSetCalls::Union(RequestContext& ctx,
                                                const OperationRequest& request) {
  return Combine("ZUNIONSTORE", ctx, request);
}

Stream<OperationResponse> SortedSetCalls::Intersection(RequestContext& ctx,
                                                       const OperationRequest& request) {
  return Combine("ZINTERSTORE", ctx, request);
}

Stream<OperationResponse> SortedSetCalls::Difference(RequestContext& ctx,
                                                     const OperationRequest& request) {
  return Combine("ZDIFFSTORE", ctx, request);
}

Task<Status> SortedSetCalls::UnionStore(RequestContext& ctx, const StoreRequest& request,
                                        StoreResponse& response) {
  return Store("ZUNIONSTORE", ctx, request, response);
}

Task<Status> SortedSetCalls::IntersectionStore(RequestContext& ctx, const StoreRequest& request,
                                               StoreResponse& response) {
  return Store("ZINTERSTORE", ctx, request, response);
}

Task<Status> SortedSetCalls::DifferenceStore(RequestContext& ctx, const StoreRequest& request,
                                             StoreResponse& response) {
  return Store("ZDIFFSTORE", ctx, request, response);
}

}  // namespace prism::redis
