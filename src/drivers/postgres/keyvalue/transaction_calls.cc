#include <map>

#include "drivers/contract/keyvalue.h"
#include "drivers/postgres/digest.h"
#include "drivers/postgres/keyvalue/at.h"
#include "drivers/postgres/keyvalue/calls.h"
#include "drivers/postgres/keyvalue/statements.h"

namespace prism::postgres {
namespace {

using namespace keyvalue::v1;  // NOLINT

const std::string kWritten;

// All keys of a transaction in their order, so that commits never wait for each other in a circle,
// with what is to be said of each; null for nothing.
struct Touched {
  Places places;
  std::vector<const std::string*> seen;
  std::vector<const std::string*> written;
  std::vector<const std::string*> wanted;  // null to remove
};

// Points into the transaction.
Touched TouchedBy(const Transaction& transaction) {
  struct Key {
    const std::string* seen = nullptr;
    const std::optional<std::string>* write = nullptr;
  };
  std::map<std::string_view, Key> keys;
  for (const auto& [key, seen] : transaction.reads()) keys[key].seen = &seen;
  for (const auto& [key, write] : transaction.writes()) keys[key].write = &write;
  Touched touched;
  for (const auto& [name, key] : keys) {
    touched.places.Add(name);
    touched.seen.push_back(key.seen);
    touched.written.push_back(key.write ? &kWritten : nullptr);
    touched.wanted.push_back(key.write && *key.write ? &**key.write : nullptr);
  }
  return touched;
}

}  // namespace

Task<Status> KeyValueCalls::BeginTransaction(RequestContext&,
                                             const BeginTransactionRequest& request,
                                             TransactionHandle& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const TimePoint now = Clock::now();
  const std::chrono::milliseconds timeout(TransactionTimeoutMs(request));
  Result<std::string> id =
      transactions_.Add(std::make_shared<Transaction>(&Sha256Hex), now, now + timeout);
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
  Arguments arguments;
  At(arguments, *space_, key);
  const Result<Rows> rows = co_await space_->Run(ctx, kKvGet, arguments);
  if (!rows.ok()) co_return rows.status();
  std::optional<std::string> value;
  if (!rows->empty()) value.emplace(rows->Text(0, 0));
  const Status seen = transaction->Saw(key, value ? &*value : nullptr);
  if (seen.code() == Code::kAborted) transactions_.Take(id, Clock::now());
  if (!seen.ok()) co_return seen;
  co_return value;
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
  const Touched touched = TouchedBy(*transaction);
  if (touched.places.keys.empty()) co_return OkStatus();
  Arguments arguments;
  At(arguments, *space_, touched.places);
  arguments.Array(touched.seen).Array(touched.written).Array(touched.wanted);
  const Result<Rows> rows = co_await space_->Run(ctx, kKvCommit, arguments);
  if (rows.status().code() == Code::kAborted) co_return TransactionConflict();
  co_return rows.status();
}

Task<Status> KeyValueCalls::Rollback(RequestContext&, const RollbackRequest& request,
                                     RollbackResponse&) {
  const auto transaction = transactions_.Take(request.transaction_id(), Clock::now());
  co_return transaction && transaction->End() ? OkStatus() : TransactionNotOpen();
}

}  // namespace prism::postgres
