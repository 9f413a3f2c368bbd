#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "drivers/postgres/space.h"
#include "interfaces/backend.h"
#include "interfaces/keyvalue_basic.prism.h"
#include "interfaces/keyvalue_batch.prism.h"
#include "interfaces/keyvalue_cas.prism.h"
#include "interfaces/keyvalue_scan.prism.h"
#include "interfaces/keyvalue_transactional.prism.h"
#include "interfaces/keyvalue_ttl.prism.h"

namespace prism::postgres {

// The keyvalue contracts on one worker; schema.cc says how the keys lie in Postgres.
class KeyValueCalls final : public Provides<KeyValueBasic, KeyValueScan, KeyValueTTL,
                                            KeyValueTransactional, KeyValueBatch, KeyValueCas> {
 public:
  explicit KeyValueCalls(std::shared_ptr<Space> space);

  Task<Status> Set(RequestContext& ctx, const keyvalue::v1::SetRequest& request,
                   keyvalue::v1::SetResponse& response) override;
  Task<Status> Get(RequestContext& ctx, const keyvalue::v1::GetRequest& request,
                   keyvalue::v1::GetResponse& response) override;
  Task<Status> Delete(RequestContext& ctx, const keyvalue::v1::DeleteRequest& request,
                      keyvalue::v1::DeleteResponse& response) override;
  Task<Status> Exists(RequestContext& ctx, const keyvalue::v1::ExistsRequest& request,
                      keyvalue::v1::ExistsResponse& response) override;

  Stream<keyvalue::v1::ScanResponse> Scan(RequestContext& ctx,
                                          const keyvalue::v1::ScanRequest& request) override;
  Stream<keyvalue::v1::KeyResponse> ScanKeys(RequestContext& ctx,
                                             const keyvalue::v1::ScanKeysRequest& request) override;
  Task<Status> Count(RequestContext& ctx, const keyvalue::v1::CountRequest& request,
                     keyvalue::v1::CountResponse& response) override;

  Task<Status> Expire(RequestContext& ctx, const keyvalue::v1::ExpireRequest& request,
                      keyvalue::v1::ExpireResponse& response) override;
  Task<Status> GetTTL(RequestContext& ctx, const keyvalue::v1::GetTTLRequest& request,
                      keyvalue::v1::GetTTLResponse& response) override;
  Task<Status> Persist(RequestContext& ctx, const keyvalue::v1::PersistRequest& request,
                       keyvalue::v1::PersistResponse& response) override;

  Task<Status> BeginTransaction(RequestContext& ctx,
                                const keyvalue::v1::BeginTransactionRequest& request,
                                keyvalue::v1::TransactionHandle& response) override;
  Task<Status> SetInTransaction(RequestContext& ctx,
                                const keyvalue::v1::SetInTransactionRequest& request,
                                keyvalue::v1::SetInTransactionResponse& response) override;
  Task<Status> GetInTransaction(RequestContext& ctx,
                                const keyvalue::v1::GetInTransactionRequest& request,
                                keyvalue::v1::GetInTransactionResponse& response) override;
  Task<Status> DeleteInTransaction(RequestContext& ctx,
                                   const keyvalue::v1::DeleteInTransactionRequest& request,
                                   keyvalue::v1::DeleteInTransactionResponse& response) override;
  Task<Status> Commit(RequestContext& ctx, const keyvalue::v1::CommitRequest& request,
                      keyvalue::v1::CommitResponse& response) override;
  Task<Status> Rollback(RequestContext& ctx, const keyvalue::v1::RollbackRequest& request,
                        keyvalue::v1::RollbackResponse& response) override;

  Task<Status> BatchSet(RequestContext& ctx, const keyvalue::v1::BatchSetRequest& request,
                        keyvalue::v1::BatchSetResponse& response) override;
  Task<Status> BatchGet(RequestContext& ctx, const keyvalue::v1::BatchGetRequest& request,
                        keyvalue::v1::BatchGetResponse& response) override;
  Task<Status> BatchDelete(RequestContext& ctx, const keyvalue::v1::BatchDeleteRequest& request,
                           keyvalue::v1::BatchDeleteResponse& response) override;

  Task<Status> CompareAndSwap(RequestContext& ctx,
                              const keyvalue::v1::CompareAndSwapRequest& request,
                              keyvalue::v1::CompareAndSwapResponse& response) override;
  Task<Status> SetIfAbsent(RequestContext& ctx, const keyvalue::v1::SetIfAbsentRequest& request,
                           keyvalue::v1::SetIfAbsentResponse& response) override;
  Task<Status> CompareAndDelete(RequestContext& ctx,
                                const keyvalue::v1::CompareAndDeleteRequest& request,
                                keyvalue::v1::CompareAndDeleteResponse& response) override;

 private:
  // What the transaction sees of the key; notes it. ABORTED ends the transaction.
  Task<Result<std::optional<std::string>>> See(RequestContext& ctx, const std::string& id,
                                               const std::string& key);
  // Stores or removes what is wanted if the key has what is expected; a null stands for absence.
  Task<Result<Rows>> Swap(RequestContext& ctx, std::string_view key, const std::string* expected,
                          const std::string* wanted);

  const std::shared_ptr<Space> space_;
  Transactions& transactions_;
};

}  // namespace prism::postgres
