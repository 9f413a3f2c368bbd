#include "drivers/contract/keyvalue.h"
#include "drivers/memstore/data.h"
#include "drivers/memstore/keyvalue/calls.h"

namespace prism::memstore {
namespace {

using namespace keyvalue::v1;  // NOLINT
using std::chrono::milliseconds;

}  // namespace

Task<Status> KeyValueCalls::BeginTransaction(RequestContext&,
                                             const BeginTransactionRequest& request,
                                             TransactionHandle& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const milliseconds timeout(TransactionTimeoutMs(request));
  Result<std::string> id = transactions_.Begin(timeout);
  if (!id.ok()) co_return std::move(id).status();
  response.set_transaction_id(*std::move(id));
  collector_.After(store_.Now() + timeout);
  co_return OkStatus();
}

Task<Status> KeyValueCalls::SetInTransaction(RequestContext&,
                                             const SetInTransactionRequest& request,
                                             SetInTransactionResponse&) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  co_return transactions_.Set(request.transaction_id(), request.key(), request.value());
}

Task<Status> KeyValueCalls::GetInTransaction(RequestContext&,
                                             const GetInTransactionRequest& request,
                                             GetInTransactionResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const Result<bool> found =
      transactions_.Get(request.transaction_id(), request.key(), response.mutable_value());
  if (!found.ok()) co_return found.status();
  response.set_found(*found);
  co_return OkStatus();
}

Task<Status> KeyValueCalls::DeleteInTransaction(RequestContext&,
                                                const DeleteInTransactionRequest& request,
                                                DeleteInTransactionResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const Result<bool> found = transactions_.Delete(request.transaction_id(), request.key());
  if (!found.ok()) co_return found.status();
  response.set_found(*found);
  co_return OkStatus();
}

Task<Status> KeyValueCalls::Commit(RequestContext&, const CommitRequest& request, CommitResponse&) {
  co_return transactions_.Commit(request.transaction_id());
}

Task<Status> KeyValueCalls::Rollback(RequestContext&, const RollbackRequest& request,
                                     RollbackResponse&) {
  co_return transactions_.Rollback(request.transaction_id());
}

}  // namespace prism::memstore
