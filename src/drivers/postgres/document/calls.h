#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "drivers/contract/document/query.h"
#include "drivers/postgres/document/catalog.h"
#include "interfaces/backend.h"
#include "interfaces/document_basic.prism.h"
#include "interfaces/document_indexing.prism.h"
#include "interfaces/document_query.prism.h"

namespace prism::postgres {

// The document contracts on one worker; schema.cc says how documents lie in Postgres.
class DocumentCalls final : public Provides<DocumentBasic, DocumentQuery, DocumentIndexing> {
 public:
  explicit DocumentCalls(std::shared_ptr<Space> space)
      : space_(std::move(space)), catalog_(*space_) {}

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
  // A document that is to be written.
  struct Write {
    std::string_view collection;
    std::string_view id;
    const Json& json;
    bool fresh;                          // insert it; else it must be there
    std::optional<uint64_t> expected{};  // the version that it must have
  };
  struct Written {
    bool done = false;
    std::optional<uint64_t> version{};  // that the document has now; none if it is absent
  };
  Task<Result<Written>> Put(RequestContext& ctx, const Write& write);
  Task<Result<Written>> TryPut(RequestContext& ctx, const Write& write,
                               const CollectionIndexes& indexes, std::string_view json,
                               const std::string* body, bool& stale);
  Task<Result<Written>> Refuse(RequestContext& ctx, const Write& write, Status reason);
  Task<Result<Written>> Merge(RequestContext& ctx, const document::v1::UpdateRequest& request,
                              const Json& patch);

  Task<Result<Rows>> Tally(RequestContext& ctx, const DocumentAggregate& query,
                           const std::string& predicate);

  Task<Status> BuildIndex(RequestContext& ctx, std::string_view collection, const IndexSpec& spec,
                          int64_t number);
  Task<Status> AddPage(RequestContext& ctx, std::string_view collection, const IndexSpec& spec,
                       int64_t number, const Rows& page);

  const std::shared_ptr<Space> space_;
  DocumentCatalog catalog_;
};

}  // namespace prism::postgres
