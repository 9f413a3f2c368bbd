#include "drivers/redis/keyvalue/calls.h"

#include <algorithm>

#include "drivers/contract/keyvalue.h"
#include "drivers/redis/keyvalue/scripts.h"

namespace prism::redis {
namespace {

using namespace keyvalue::v1;  // NOLINT
using resp::Command;
using resp::Reply;

constexpr Duration kBetweenSweeps = std::chrono::seconds(10);

}  // namespace

KeyValueCalls::KeyValueCalls(std::shared_ptr<Keyspace> keyspace)
    : keyspace_(std::move(keyspace)),
      values_(keyspace_->Prefix("k")),
      keys_(keyspace_->Prefix("keys")),
      due_(keyspace_->Prefix("due")) {}

Task<Status> KeyValueCalls::Set(RequestContext& ctx, const SetRequest& request, SetResponse&) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  // A key that exists is in the order of keys already, so its value may be replaced alone.
  const Command replace("SET", ValueOf(request.key()), request.value(), "XX");
  Result<Reply> reply = co_await keyspace_->Call(ctx, replace);
  if (!reply.ok() || !reply->is_null()) co_return reply.ok() ? OkStatus() : reply.status();
  const Command set =
      ScriptCall(kSet, 3, ValueOf(request.key()), keys_, due_, request.key(), request.value());
  reply = co_await keyspace_->Run(ctx, kSet, set);
  co_return reply.ok() ? OkStatus() : reply.status();
}

Task<Status> KeyValueCalls::Get(RequestContext& ctx, const GetRequest& request,
                                GetResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const Command get("GET", ValueOf(request.key()));
  Result<Reply> reply = co_await keyspace_->Call(ctx, get);
  if (!reply.ok()) co_return std::move(reply).status();
  response.set_found(!reply->is_null());
  response.set_value(std::move(reply->text));
  co_return OkStatus();
}

Task<Status> KeyValueCalls::Delete(RequestContext& ctx, const DeleteRequest& request,
                                   DeleteResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const Command remove = ScriptCall(kDelete, 3, ValueOf(request.key()), keys_, due_, request.key());
  const Result<Reply> reply = co_await keyspace_->Run(ctx, kDelete, remove);
  if (!reply.ok()) co_return reply.status();
  response.set_found(reply->integer == 1);
  co_return OkStatus();
}

Task<Status> KeyValueCalls::Exists(RequestContext& ctx, const ExistsRequest& request,
                                   ExistsResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const Command exists("EXISTS", ValueOf(request.key()));
  const Result<Reply> reply = co_await keyspace_->Call(ctx, exists);
  if (!reply.ok()) co_return reply.status();
  response.set_found(reply->integer == 1);
  co_return OkStatus();
}

Task<Status> KeyValueCalls::Expire(RequestContext& ctx, const ExpireRequest& request,
                                   ExpireResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const Command expire =
      ScriptCall(kExpire, 2, ValueOf(request.key()), due_, request.key(), request.ttl_ms());
  const Result<Reply> reply = co_await keyspace_->Run(ctx, kExpire, expire);
  if (!reply.ok()) co_return reply.status();
  response.set_found(reply->integer == 1);
  if (!sweep_.valid()) {
    sweep_ = Sweep();
    sweep_.Start([](void*) {}, nullptr);
  }
  co_return OkStatus();
}

// Forgets what has expired in the order of keys, which Redis does not do by itself.
Task<void> KeyValueCalls::Sweep() {
  bool more = false;
  while (true) {
    if (!more) (void)co_await SleepUntil(Clock::now() + kBetweenSweeps, never_);
    RequestContext ctx;
    const Command sweep = ScriptCall(kSweep, 2, keys_, due_, values_);
    const Result<Reply> reply = co_await keyspace_->Run(ctx, kSweep, sweep);
    more = reply.ok() && reply->integer == 1;
  }
}

Task<Status> KeyValueCalls::GetTTL(RequestContext& ctx, const GetTTLRequest& request,
                                   GetTTLResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const Command pttl("PTTL", ValueOf(request.key()));
  const Result<Reply> reply = co_await keyspace_->Call(ctx, pttl);
  if (!reply.ok()) co_return reply.status();
  constexpr int64_t kAbsent = -2;
  response.set_found(reply->integer != kAbsent);
  response.set_has_ttl(reply->integer >= 0);
  // Redis rounds down, so its last millisecond is 0.
  if (response.has_ttl()) response.set_ttl_ms(std::max<int64_t>(reply->integer, 1));
  co_return OkStatus();
}

Task<Status> KeyValueCalls::Persist(RequestContext& ctx, const PersistRequest& request,
                                    PersistResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const Command persist = ScriptCall(kPersist, 1, ValueOf(request.key()));
  const Result<Reply> reply = co_await keyspace_->Run(ctx, kPersist, persist);
  if (!reply.ok()) co_return reply.status();
  response.set_found(reply->integer > 0);
  response.set_removed(reply->integer == 2);
  co_return OkStatus();
}

Task<Status> KeyValueCalls::CompareAndSwap(RequestContext& ctx,
                                           const CompareAndSwapRequest& request,
                                           CompareAndSwapResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  Command swap = ScriptCall(kCompareAndSwap, 3, ValueOf(request.key()), keys_, due_, request.key(),
                            request.value());
  if (request.has_expected()) swap.Add(request.expected());
  Result<Reply> reply = co_await keyspace_->Run(ctx, kCompareAndSwap, swap);
  if (!reply.ok()) co_return std::move(reply).status();
  response.set_swapped(reply->is(Reply::Type::kInteger));
  response.set_found(reply->is(Reply::Type::kString));
  response.set_actual(std::move(reply->text));
  co_return OkStatus();
}

Task<Status> KeyValueCalls::SetIfAbsent(RequestContext& ctx, const SetIfAbsentRequest& request,
                                        SetIfAbsentResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const Command swap = ScriptCall(kCompareAndSwap, 3, ValueOf(request.key()), keys_, due_,
                                  request.key(), request.value());
  Result<Reply> reply = co_await keyspace_->Run(ctx, kCompareAndSwap, swap);
  if (!reply.ok()) co_return std::move(reply).status();
  response.set_stored(reply->is(Reply::Type::kInteger));
  response.set_actual(std::move(reply->text));
  co_return OkStatus();
}

Task<Status> KeyValueCalls::CompareAndDelete(RequestContext& ctx,
                                             const CompareAndDeleteRequest& request,
                                             CompareAndDeleteResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const Command remove = ScriptCall(kCompareAndDelete, 3, ValueOf(request.key()), keys_, due_,
                                    request.key(), request.expected());
  Result<Reply> reply = co_await keyspace_->Run(ctx, kCompareAndDelete, remove);
  if (!reply.ok()) co_return std::move(reply).status();
  response.set_deleted(reply->is(Reply::Type::kInteger));
  response.set_found(reply->is(Reply::Type::kString));
  response.set_actual(std::move(reply->text));
  co_return OkStatus();
}

}  // namespace prism::redis
