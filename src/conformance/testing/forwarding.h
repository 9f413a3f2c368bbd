#pragma once

#include "interfaces/backend.h"
#include "interfaces/keyvalue_basic.prism.h"
#include "interfaces/keyvalue_batch.prism.h"
#include "interfaces/keyvalue_cas.prism.h"
#include "interfaces/keyvalue_scan.prism.h"
#include "interfaces/keyvalue_transactional.prism.h"
#include "interfaces/keyvalue_ttl.prism.h"
#include "loop/stream.h"
#include "loop/task.h"
#include "prism/interfaces/keyvalue_basic.pb.h"
#include "prism/interfaces/keyvalue_batch.pb.h"
#include "prism/interfaces/keyvalue_cas.pb.h"
#include "prism/interfaces/keyvalue_scan.pb.h"
#include "prism/interfaces/keyvalue_transactional.pb.h"
#include "prism/interfaces/keyvalue_ttl.pb.h"

// Each passes its calls on to the real one: the base of fakes that spoil a single method.
namespace prism::conformance::testing {

using namespace keyvalue::v1;  // NOLINT: only tests include this, for its many messages

class ForwardBasic : public KeyValueBasic {
 public:
  explicit ForwardBasic(Backend& real) : real_(*FindAs<KeyValueBasic>(real)) {}

  Task<Status> Set(RequestContext& ctx, const SetRequest& request, SetResponse& response) override {
    return real_.Set(ctx, request, response);
  }
  Task<Status> Get(RequestContext& ctx, const GetRequest& request, GetResponse& response) override {
    return real_.Get(ctx, request, response);
  }
  Task<Status> Delete(RequestContext& ctx, const DeleteRequest& request,
                      DeleteResponse& response) override {
    return real_.Delete(ctx, request, response);
  }
  Task<Status> Exists(RequestContext& ctx, const ExistsRequest& request,
                      ExistsResponse& response) override {
    return real_.Exists(ctx, request, response);
  }

 protected:
  KeyValueBasic& real_;
};

class ForwardTTL : public KeyValueTTL {
 public:
  explicit ForwardTTL(Backend& real) : real_(*FindAs<KeyValueTTL>(real)) {}

  Task<Status> Expire(RequestContext& ctx, const ExpireRequest& request,
                      ExpireResponse& response) override {
    return real_.Expire(ctx, request, response);
  }
  Task<Status> GetTTL(RequestContext& ctx, const GetTTLRequest& request,
                      GetTTLResponse& response) override {
    return real_.GetTTL(ctx, request, response);
  }
  Task<Status> Persist(RequestContext& ctx, const PersistRequest& request,
                       PersistResponse& response) override {
    return real_.Persist(ctx, request, response);
  }

 protected:
  KeyValueTTL& real_;
};

class ForwardCas : public KeyValueCas {
 public:
  explicit ForwardCas(Backend& real) : real_(*FindAs<KeyValueCas>(real)) {}

  Task<Status> CompareAndSwap(RequestContext& ctx, const CompareAndSwapRequest& request,
                              CompareAndSwapResponse& response) override {
    return real_.CompareAndSwap(ctx, request, response);
  }
  Task<Status> SetIfAbsent(RequestContext& ctx, const SetIfAbsentRequest& request,
                           SetIfAbsentResponse& response) override {
    return real_.SetIfAbsent(ctx, request, response);
  }
  Task<Status> CompareAndDelete(RequestContext& ctx, const CompareAndDeleteRequest& request,
                                CompareAndDeleteResponse& response) override {
    return real_.CompareAndDelete(ctx, request, response);
  }

 protected:
  KeyValueCas& real_;
};

class ForwardBatch : public KeyValueBatch {
 public:
  explicit ForwardBatch(Backend& real) : real_(*FindAs<KeyValueBatch>(real)) {}

  Task<Status> BatchSet(RequestContext& ctx, const BatchSetRequest& request,
                        BatchSetResponse& response) override {
    return real_.BatchSet(ctx, request, response);
  }
  Task<Status> BatchGet(RequestContext& ctx, const BatchGetRequest& request,
                        BatchGetResponse& response) override {
    return real_.BatchGet(ctx, request, response);
  }
  Task<Status> BatchDelete(RequestContext& ctx, const BatchDeleteRequest& request,
                           BatchDeleteResponse& response) override {
    return real_.BatchDelete(ctx, request, response);
  }

 protected:
  KeyValueBatch& real_;
};

class ForwardTransactional : public KeyValueTransactional {
 public:
  explicit ForwardTransactional(Backend& real) : real_(*FindAs<KeyValueTransactional>(real)) {}

  Task<Status> BeginTransaction(RequestContext& ctx, const BeginTransactionRequest& request,
                                TransactionHandle& response) override {
    return real_.BeginTransaction(ctx, request, response);
  }
  Task<Status> SetInTransaction(RequestContext& ctx, const SetInTransactionRequest& request,
                                SetInTransactionResponse& response) override {
    return real_.SetInTransaction(ctx, request, response);
  }
  Task<Status> GetInTransaction(RequestContext& ctx, const GetInTransactionRequest& request,
                                GetInTransactionResponse& response) override {
    return real_.GetInTransaction(ctx, request, response);
  }
  Task<Status> DeleteInTransaction(RequestContext& ctx, const DeleteInTransactionRequest& request,
                                   DeleteInTransactionResponse& response) override {
    return real_.DeleteInTransaction(ctx, request, response);
  }
  Task<Status> Commit(RequestContext& ctx, const CommitRequest& request,
                      CommitResponse& response) override {
    return real_.Commit(ctx, request, response);
  }
  Task<Status> Rollback(RequestContext& ctx, const RollbackRequest& request,
                        RollbackResponse& response) override {
    return real_.Rollback(ctx, request, response);
  }

 protected:
  KeyValueTransactional& real_;
};

class ForwardScan : public KeyValueScan {
 public:
  explicit ForwardScan(Backend& real) : real_(*FindAs<KeyValueScan>(real)) {}

  Task<Status> Count(RequestContext& ctx, const CountRequest& request,
                     CountResponse& response) override {
    return real_.Count(ctx, request, response);
  }
  Stream<ScanResponse> Scan(RequestContext& ctx, const ScanRequest& request) override {
    return real_.Scan(ctx, request);
  }
  Stream<KeyResponse> ScanKeys(RequestContext& ctx, const ScanKeysRequest& request) override {
    return real_.ScanKeys(ctx, request);
  }

 protected:
  KeyValueScan& real_;
};

}  // namespace prism::conformance::testing
