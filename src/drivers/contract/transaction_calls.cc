#include "drivers/contract/transaction_calls.h"

#include "drivers/contract/keyvalue.h"

namespace prism {

using namespace keyvalue::v1;  // NOLINT

Task<Status> OptimisticTransactionCalls::BeginTransaction(RequestContext&,
                                                          const BeginTransactionRequest& request,
                                                          TransactionHandle& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const TimePoint now = Clock::now();
  const std::chrono::milliseconds timeout(TransactionTimeoutMs(request));
  Result<std::string> id =
      transactions_.Add(std::make_shared<Transaction>(digest_), now, now + timeout);
  if (!id.ok()) co_return std::move(id).status();
  response.set_transaction_id(*std::move(id));
  co_return OkStatus();
}

Task<Status> OptimisticTransactionCalls::SetInTransaction(RequestContext&,
                                                          const SetInTransactionRequest& request,
                                                          SetInTransactionResponse&) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const auto transaction = transactions_.Find(request.transaction_id(), Clock::now());
  if (!transaction) co_return TransactionNotOpen();
  co_return transaction->Write(request.key(), request.value());
}

Task<Result<OptimisticTransactionCalls::Value>> OptimisticTransactionCalls::See(
    RequestContext& ctx, const std::string& id, const std::string& key) {
  const auto transaction = transactions_.Find(id, Clock::now());
  if (!transaction) co_return TransactionNotOpen();
  std::optional<Value> own = transaction->Own(key);
  if (own) co_return *std::move(own);
  Result<Value> value = co_await ReadNow(ctx, key);
  if (!value.ok()) co_return std::move(value);
  const Status seen = transaction->Saw(key, *value ? &**value : nullptr);
  if (seen.code() == Code::kAborted) transactions_.Take(id, Clock::now());
  if (!seen.ok()) co_return seen;
  co_return std::move(value);
}

Task<Status> OptimisticTransactionCalls::GetInTransaction(RequestContext& ctx,
                                                          const GetInTransactionRequest& request,
                                                          GetInTransactionResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  Result<Value> value = co_await See(ctx, request.transaction_id(), request.key());
  if (!value.ok()) co_return std::move(value).status();
  response.set_found(value->has_value());
  if (*value) response.set_value(*std::move(*value));
  co_return OkStatus();
}

Task<Status> OptimisticTransactionCalls::DeleteInTransaction(
    RequestContext& ctx, const DeleteInTransactionRequest& request,
    DeleteInTransactionResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const Result<Value> value = co_await See(ctx, request.transaction_id(), request.key());
  if (!value.ok()) co_return value.status();
  response.set_found(value->has_value());
  const auto transaction = transactions_.Find(request.transaction_id(), Clock::now());
  if (!transaction) co_return TransactionNotOpen();
  co_return transaction->Write(request.key(), std::nullopt);
}

Task<Status> OptimisticTransactionCalls::Commit(RequestContext& ctx, const CommitRequest& request,
                                                CommitResponse&) {
  const auto transaction = transactions_.Take(request.transaction_id(), Clock::now());
  if (!transaction || !transaction->End()) co_return TransactionNotOpen();
  if (transaction->reads().empty() && transaction->writes().empty()) co_return OkStatus();
  co_return co_await Apply(ctx, *transaction);
}

Task<Status> OptimisticTransactionCalls::Rollback(RequestContext&, const RollbackRequest& request,
                                                  RollbackResponse&) {
  const auto transaction = transactions_.Take(request.transaction_id(), Clock::now());
  co_return transaction && transaction->End() ? OkStatus() : TransactionNotOpen();
}

}  // namespace prism
