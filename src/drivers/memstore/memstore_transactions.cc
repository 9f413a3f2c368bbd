#include "drivers/memstore/checks.h"
#include "drivers/memstore/memstore.h"
#include "prism/interfaces/keyvalue_transactional.pb.h"

namespace prism::memstore {
namespace {

using namespace keyvalue::v1;  // NOLINT
using std::chrono::milliseconds;

constexpr int64_t kDefaultTimeoutMs = 30'000;
constexpr int64_t kMaxTimeoutMs = 600'000;

}  // namespace

Task<Status> MemStoreBackend::BeginTransaction(RequestContext&,
                                               const BeginTransactionRequest& request,
                                               TransactionHandle& response) {
  PRISM_CO_RETURN_IF_ERROR(CheckRange("timeout_ms", request.timeout_ms(), 0, kMaxTimeoutMs));
  const milliseconds timeout(request.timeout_ms() ? request.timeout_ms() : kDefaultTimeoutMs);
  Result<std::string> id = data_->transactions.Begin(timeout);
  if (!id.ok()) co_return std::move(id).status();
  response.set_transaction_id(*std::move(id));
  CollectAfter(store_.Now() + timeout);
  co_return OkStatus();
}

Task<Status> MemStoreBackend::SetInTransaction(RequestContext&,
                                               const SetInTransactionRequest& request,
                                               SetInTransactionResponse&) {
  PRISM_CO_RETURN_IF_ERROR(CheckKey(request.key()));
  co_return data_->transactions.Set(request.transaction_id(), request.key(), request.value());
}

Task<Status> MemStoreBackend::GetInTransaction(RequestContext&,
                                               const GetInTransactionRequest& request,
                                               GetInTransactionResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(CheckKey(request.key()));
  const Result<bool> found =
      data_->transactions.Get(request.transaction_id(), request.key(), response.mutable_value());
  if (!found.ok()) co_return found.status();
  response.set_found(*found);
  co_return OkStatus();
}

Task<Status> MemStoreBackend::DeleteInTransaction(RequestContext&,
                                                  const DeleteInTransactionRequest& request,
                                                  DeleteInTransactionResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(CheckKey(request.key()));
  const Result<bool> found = data_->transactions.Delete(request.transaction_id(), request.key());
  if (!found.ok()) co_return found.status();
  response.set_found(*found);
  co_return OkStatus();
}

Task<Status> MemStoreBackend::Commit(RequestContext&, const CommitRequest& request,
                                     CommitResponse&) {
  co_return data_->transactions.Commit(request.transaction_id());
}

Task<Status> MemStoreBackend::Rollback(RequestContext&, const RollbackRequest& request,
                                       RollbackResponse&) {
  co_return data_->transactions.Rollback(request.transaction_id());
}

}  // namespace prism::memstore
