#pragma once

#include "interfaces/backend.h"
#include "interfaces/document_basic.prism.h"
#include "interfaces/document_indexing.prism.h"
#include "interfaces/document_query.prism.h"
#include "loop/stream.h"
#include "loop/task.h"
#include "prism/interfaces/document_basic.pb.h"
#include "prism/interfaces/document_indexing.pb.h"
#include "prism/interfaces/document_query.pb.h"

// As forwarding.h, of the documents.
namespace prism::conformance::testing::documents {

using namespace document::v1;  // NOLINT: only tests include this, for its many messages

class ForwardDocuments : public DocumentBasic {
 public:
  explicit ForwardDocuments(Backend& real) : real_(*FindAs<DocumentBasic>(real)) {}

  Task<Status> Insert(RequestContext& ctx, const InsertRequest& request,
                      InsertResponse& response) override {
    return real_.Insert(ctx, request, response);
  }
  Task<Status> Get(RequestContext& ctx, const GetRequest& request, GetResponse& response) override {
    return real_.Get(ctx, request, response);
  }
  Task<Status> Update(RequestContext& ctx, const UpdateRequest& request,
                      UpdateResponse& response) override {
    return real_.Update(ctx, request, response);
  }
  Task<Status> Delete(RequestContext& ctx, const DeleteRequest& request,
                      DeleteResponse& response) override {
    return real_.Delete(ctx, request, response);
  }

 protected:
  DocumentBasic& real_;
};

class ForwardQueries : public DocumentQuery {
 public:
  explicit ForwardQueries(Backend& real) : real_(*FindAs<DocumentQuery>(real)) {}

  Stream<FindResponse> Find(RequestContext& ctx, const FindRequest& request) override {
    return real_.Find(ctx, request);
  }
  Task<Status> FindOne(RequestContext& ctx, const FindOneRequest& request,
                       FindOneResponse& response) override {
    return real_.FindOne(ctx, request, response);
  }
  Stream<AggregateResponse> Aggregate(RequestContext& ctx,
                                      const AggregateRequest& request) override {
    return real_.Aggregate(ctx, request);
  }

 protected:
  DocumentQuery& real_;
};

class ForwardIndexes : public DocumentIndexing {
 public:
  explicit ForwardIndexes(Backend& real) : real_(*FindAs<DocumentIndexing>(real)) {}

  Task<Status> CreateIndex(RequestContext& ctx, const CreateIndexRequest& request,
                           CreateIndexResponse& response) override {
    return real_.CreateIndex(ctx, request, response);
  }
  Task<Status> DropIndex(RequestContext& ctx, const DropIndexRequest& request,
                         DropIndexResponse& response) override {
    return real_.DropIndex(ctx, request, response);
  }
  Task<Status> ListIndexes(RequestContext& ctx, const ListIndexesRequest& request,
                           ListIndexesResponse& response) override {
    return real_.ListIndexes(ctx, request, response);
  }

 protected:
  DocumentIndexing& real_;
};

}  // namespace prism::conformance::testing::documents
