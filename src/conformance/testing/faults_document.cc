#include "conformance/testing/faults.h"
#include "conformance/testing/forwarding_document.h"

namespace prism::conformance::testing {
namespace documents {
namespace {

// The last writer wins, whatever was there.
class IgnoresExpectedVersions final : public ForwardDocuments {
 public:
  using ForwardDocuments::ForwardDocuments;
  Task<Status> Update(RequestContext& ctx, const UpdateRequest& request,
                      UpdateResponse& response) override {
    UpdateRequest changed = request;
    changed.clear_expected_version();
    Task<Status> update = real_.Update(ctx, changed, response);
    co_return co_await update;
  }
};

class ReplacesInsteadOfMerging final : public ForwardDocuments {
 public:
  using ForwardDocuments::ForwardDocuments;
  Task<Status> Update(RequestContext& ctx, const UpdateRequest& request,
                      UpdateResponse& response) override {
    UpdateRequest changed = request;
    if (request.has_merge_patch_json()) {
      changed.set_replacement_json(request.merge_patch_json());
    }
    Task<Status> update = real_.Update(ctx, changed, response);
    co_return co_await update;
  }
};

class VersionIsAlwaysOne final : public ForwardDocuments {
 public:
  using ForwardDocuments::ForwardDocuments;
  Task<Status> Update(RequestContext& ctx, const UpdateRequest& request,
                      UpdateResponse& response) override {
    Task<Status> update = real_.Update(ctx, request, response);
    Status status = co_await update;
    if (response.found()) response.set_version(1);
    co_return status;
  }
};

class IgnoresTheSort final : public ForwardQueries {
 public:
  using ForwardQueries::ForwardQueries;
  Stream<FindResponse> Find(RequestContext& ctx, const FindRequest& request) override {
    FindRequest changed = request;
    changed.clear_sort();
    Stream<FindResponse> found = real_.Find(ctx, changed);
    while (FindResponse* page = co_await found.Next()) co_yield *page;
    co_return found.status();
  }
};

class IgnoresTheLimit final : public ForwardQueries {
 public:
  using ForwardQueries::ForwardQueries;
  Stream<FindResponse> Find(RequestContext& ctx, const FindRequest& request) override {
    FindRequest changed = request;
    changed.clear_limit();
    Stream<FindResponse> found = real_.Find(ctx, changed);
    while (FindResponse* page = co_await found.Next()) co_yield *page;
    co_return found.status();
  }
};

// As a backend does that sends again what it is not sure to have sent.
class PagesComeTwice final : public ForwardQueries {
 public:
  using ForwardQueries::ForwardQueries;
  Stream<FindResponse> Find(RequestContext& ctx, const FindRequest& request) override {
    Stream<FindResponse> found = real_.Find(ctx, request);
    while (FindResponse* page = co_await found.Next()) {
      co_yield *page;
      co_yield *page;
    }
    co_return found.status();
  }
};

class UniqueMeansNothing final : public ForwardIndexes {
 public:
  using ForwardIndexes::ForwardIndexes;
  Task<Status> CreateIndex(RequestContext& ctx, const CreateIndexRequest& request,
                           CreateIndexResponse& response) override {
    CreateIndexRequest changed = request;
    changed.mutable_index()->set_unique(false);
    Task<Status> create = real_.CreateIndex(ctx, changed, response);
    co_return co_await create;
  }
};

class KeepsDroppedIndexes final : public ForwardIndexes {
 public:
  using ForwardIndexes::ForwardIndexes;
  Task<Status> DropIndex(RequestContext&, const DropIndexRequest&,
                         DropIndexResponse& response) override {
    response.set_found(true);
    co_return OkStatus();
  }
};

constexpr Fault kFaults[] = {
    {"ignores_expected_versions", "document_basic", "no_update_is_lost",
     &Replace<IgnoresExpectedVersions, DocumentBasic>},
    {"replaces_instead_of_merging", "document_basic", "merge_patch_follows_the_rules",
     &Replace<ReplacesInsteadOfMerging, DocumentBasic>},
    {"version_is_always_one", "document_basic", "versions_grow",
     &Replace<VersionIsAlwaysOne, DocumentBasic>},
    {"ignores_the_sort", "document_query", "sort_orders_types_and_values",
     &Replace<IgnoresTheSort, DocumentQuery>},
    {"ignores_the_limit_of_find", "document_query", "cursor_resumes",
     &Replace<IgnoresTheLimit, DocumentQuery>},
    {"pages_of_find_come_twice", "document_query", "find_is_weakly_consistent",
     &Replace<PagesComeTwice, DocumentQuery>},
    {"unique_means_nothing", "document_indexing", "one_of_many_writers_has_the_value",
     &Replace<UniqueMeansNothing, DocumentIndexing>},
    {"keeps_dropped_indexes", "document_indexing", "dropped_index_is_gone",
     &Replace<KeepsDroppedIndexes, DocumentIndexing>},
};

}  // namespace
}  // namespace documents

std::span<const Fault> DocumentFaults() { return documents::kFaults; }

}  // namespace prism::conformance::testing
