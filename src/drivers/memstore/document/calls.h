#pragma once

#include <memory>

#include "drivers/memstore/document/documents.h"
#include "interfaces/backend.h"
#include "interfaces/document_basic.prism.h"
#include "interfaces/document_indexing.prism.h"
#include "interfaces/document_query.prism.h"

namespace prism::memstore {

struct NamespaceData;

// The document contracts on one worker. Queries and the making of indexes work in turns.
class DocumentCalls final : public Provides<DocumentBasic, DocumentQuery, DocumentIndexing> {
 public:
  explicit DocumentCalls(std::shared_ptr<NamespaceData> data);

  Task<Status> Insert(RequestContext& ctx, const document::v1::InsertRequest& request,
                      document::v1::InsertResponse& response) override;
  Task<Status> Get(RequestContext& ctx, const document::v1::GetRequest& request,
                   document::v1::GetResponse& response) override;
  Task<Status> Update(RequestContext& ctx, const document::v1::UpdateRequest& request,
                      document::v1::UpdateResponse& response) override;
  Task<Status> Delete(RequestContext& ctx, const document::v1::DeleteRequest& request,
                      document::v1::DeleteResponse& response) override;

  Stream<document::v1::FindResponse> Find(RequestContext& ctx,
                                          const document::v1::FindRequest& request) override;
  Task<Status> FindOne(RequestContext& ctx, const document::v1::FindOneRequest& request,
                       document::v1::FindOneResponse& response) override;
  Stream<document::v1::AggregateResponse> Aggregate(
      RequestContext& ctx, const document::v1::AggregateRequest& request) override;

  Task<Status> CreateIndex(RequestContext& ctx, const document::v1::CreateIndexRequest& request,
                           document::v1::CreateIndexResponse& response) override;
  Task<Status> DropIndex(RequestContext& ctx, const document::v1::DropIndexRequest& request,
                         document::v1::DropIndexResponse& response) override;
  Task<Status> ListIndexes(RequestContext& ctx, const document::v1::ListIndexesRequest& request,
                           document::v1::ListIndexesResponse& response) override;

 private:
  Task<Status> BuildIndex(RequestContext& ctx, std::string_view collection, const IndexSpec& spec);

  const std::shared_ptr<NamespaceData> data_;
  Documents& documents_;
};

}  // namespace prism::memstore
