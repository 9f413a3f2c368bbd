#include "drivers/contract/keyvalue.h"
#include "drivers/redis/keyvalue/calls.h"
#include "drivers/redis/keyvalue/scripts.h"

namespace prism::redis {
namespace {

using namespace keyvalue::v1;  // NOLINT
using resp::Command;
using resp::Reply;

}  // namespace

Task<Status> KeyValueCalls::BatchSet(RequestContext& ctx, const BatchSetRequest& request,
                                     BatchSetResponse&) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  if (request.entries().empty()) co_return OkStatus();
  Command set = ScriptCall(kBatchSet, 2, keys_, due_, values_);
  for (const BatchEntry& entry : request.entries()) {
    set.Add(entry.key());
    set.Add(entry.value());
  }
  const Result<Reply> reply = co_await keyspace_->Run(ctx, kBatchSet, set);
  co_return reply.ok() ? OkStatus() : reply.status();
}

Task<Status> KeyValueCalls::BatchGet(RequestContext& ctx, const BatchGetRequest& request,
                                     BatchGetResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  if (request.keys().empty()) co_return OkStatus();
  Command get = ScriptCall(kBatchGet, request.keys_size());
  for (const std::string& key : request.keys()) get.Add(ValueOf(key));
  get.Add(kMaxBatchGetBytes);
  Result<Reply> reply = co_await keyspace_->Run(ctx, kBatchGet, get);
  if (!reply.ok()) co_return std::move(reply).status();
  if (reply->is(Reply::Type::kInteger)) co_return BatchGetTooLarge();
  for (Reply& value : reply->elements) {
    BatchGetResult& result = *response.add_results();
    result.set_found(!value.is_null());
    result.set_value(std::move(value.text));
  }
  co_return OkStatus();
}

Task<Status> KeyValueCalls::BatchDelete(RequestContext& ctx, const BatchDeleteRequest& request,
                                        BatchDeleteResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  if (request.keys().empty()) co_return OkStatus();
  Command remove = ScriptCall(kBatchDelete, 2, keys_, due_, values_);
  for (const std::string& key : request.keys()) remove.Add(key);
  const Result<Reply> reply = co_await keyspace_->Run(ctx, kBatchDelete, remove);
  if (!reply.ok()) co_return reply.status();
  for (const Reply& found : reply->elements) response.add_found(found.integer == 1);
  co_return OkStatus();
}

}  // namespace prism::redis
