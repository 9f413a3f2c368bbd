#include "drivers/contract/keyvalue.h"
#include "drivers/redis/keyvalue/calls.h"
#include "drivers/redis/keyvalue/scripts.h"
#include "drivers/redis/sha1.h"

namespace prism::redis {
namespace {

using namespace keyvalue::v1;  // NOLINT
using resp::Command;
using resp::Reply;

}  // namespace

Task<Status> KeyValueCalls::BeginTransaction(RequestContext&,
                                             const BeginTransactionRequest& request,
                                             TransactionHandle& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const TimePoint now = Clock::now();
  const std::chrono::milliseconds timeout(TransactionTimeoutMs(request));
  Result<std::string> id =
      transactions_.Add(std::make_shared<Transaction>(&Sha1Hex), now, now + timeout);
  if (!id.ok()) co_return std::move(id).status();
  response.set_transaction_id(*std::move(id));
  co_return OkStatus();
}

Task<Status> KeyValueCalls::SetInTransaction(RequestContext&,
                                             const SetInTransactionRequest& request,
                                             SetInTransactionResponse&) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const auto transaction = transactions_.Find(request.transaction_id(), Clock::now());
  if (!transaction) co_return TransactionNotOpen();
  co_return transaction->Write(request.key(), request.value());
}

Task<Result<std::optional<std::string>>> KeyValueCalls::See(RequestContext& ctx,
                                                            const std::string& id,
                                                            const std::string& key) {
  const auto transaction = transactions_.Find(id, Clock::now());
  if (!transaction) co_return TransactionNotOpen();
  std::optional<std::optional<std::string>> own = transaction->Own(key);
  if (own) co_return *std::move(own);
  Result<Reply> reply = co_await Read(ctx, key);
  if (!reply.ok()) co_return std::move(reply).status();
  const Status seen = transaction->Saw(key, reply->is_null() ? nullptr : &reply->text);
  if (seen.code() == Code::kAborted) transactions_.Take(id, Clock::now());
  if (!seen.ok()) co_return seen;
  if (reply->is_null()) co_return std::optional<std::string>();
  co_return std::optional<std::string>(std::move(reply->text));
}

Task<Status> KeyValueCalls::GetInTransaction(RequestContext& ctx,
                                             const GetInTransactionRequest& request,
                                             GetInTransactionResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  Result<std::optional<std::string>> value =
      co_await See(ctx, request.transaction_id(), request.key());
  if (!value.ok()) co_return std::move(value).status();
  response.set_found(value->has_value());
  if (*value) response.set_value(*std::move(*value));
  co_return OkStatus();
}

Task<Status> KeyValueCalls::DeleteInTransaction(RequestContext& ctx,
                                                const DeleteInTransactionRequest& request,
                                                DeleteInTransactionResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const Result<std::optional<std::string>> value =
      co_await See(ctx, request.transaction_id(), request.key());
  if (!value.ok()) co_return value.status();
  response.set_found(value->has_value());
  const auto transaction = transactions_.Find(request.transaction_id(), Clock::now());
  if (!transaction) co_return TransactionNotOpen();
  co_return transaction->Write(request.key(), std::nullopt);
}

Task<Status> KeyValueCalls::Commit(RequestContext& ctx, const CommitRequest& request,
                                   CommitResponse&) {
  const auto transaction = transactions_.Take(request.transaction_id(), Clock::now());
  if (!transaction || !transaction->End()) co_return TransactionNotOpen();
  Command commit = ScriptCall(kCommit, 2, keys_, due_, values_, transaction->reads().size());
  for (const auto& [key, seen] : transaction->reads()) {
    commit.Add(key);
    commit.Add(seen);
  }
  for (const auto& [key, value] : transaction->writes()) {
    commit.Add(key);
    if (value) {
      commit.Add(resp::Joined{"+", *value});
    } else {
      commit.Add("-");
    }
  }
  const Result<Reply> reply = co_await keyspace_->Run(ctx, kCommit, commit);
  if (!reply.ok()) co_return reply.status();
  co_return reply->integer == 1 ? OkStatus() : TransactionConflict();
}

Task<Status> KeyValueCalls::Rollback(RequestContext&, const RollbackRequest& request,
                                     RollbackResponse&) {
  const auto transaction = transactions_.Take(request.transaction_id(), Clock::now());
  co_return transaction && transaction->End() ? OkStatus() : TransactionNotOpen();
}

}  // namespace prism::redis
