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
#include "interfaces/keyvalue_ttl.prism.h"

namespace prism::postgres {

// The keyvalue contracts on one worker; schema.cc says how the keys lie in Postgres.
class KeyValueCalls final
    : public Provides<KeyValueBasic, KeyValueScan, KeyValueTTL, KeyValueBatch, KeyValueCas> {
 public:
  explicit KeyValueCalls(std::shared_ptr<Space> space) : space_(std::move(space)) {}

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
  // Stores or removes what is wanted if the key has what is expected; a null stands for absence.
  Task<Result<Rows>> Swap(RequestContext& ctx, std::string_view key, const std::string* expected,
                          const std::string* wanted);

  const std::shared_ptr<Space> space_;
};

}  // namespace prism::postgres
