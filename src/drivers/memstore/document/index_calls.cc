#include "drivers/contract/checks.h"
#include "drivers/memstore/data.h"
#include "drivers/memstore/document/calls.h"
#include "drivers/memstore/turns.h"
#include "prism/interfaces/document_indexing.pb.h"

namespace prism::memstore {
namespace {

using namespace document::v1;  // NOLINT

// Takes an index back that is not finished, also when the call is destroyed while it waits.
class Unfinished {
 public:
  Unfinished(Documents& documents, std::string_view collection, const IndexSpec& spec)
      : documents_(documents), collection_(collection), spec_(spec) {}
  Unfinished(const Unfinished&) = delete;
  ~Unfinished() {
    if (!finished_) documents_.DropIndex(collection_, spec_);
  }
  void Finish() {
    documents_.FinishIndex(collection_, spec_);
    finished_ = true;
  }

 private:
  Documents& documents_;
  const std::string_view collection_;
  const IndexSpec& spec_;
  bool finished_ = false;
};

}  // namespace

Task<Status> DocumentCalls::CreateIndex(RequestContext& ctx, const CreateIndexRequest& request,
                                        CreateIndexResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(CheckCollectionName("collection", request.collection()));
  Result<std::shared_ptr<const IndexSpec>> spec = ReadIndexSpec(request.index());
  if (!spec.ok()) co_return std::move(spec).status();
  const Result<bool> begun = documents_.BeginIndex(request.collection(), *spec);
  if (!begun.ok()) co_return begun.status();
  response.set_created(*begun);
  if (!*begun) co_return OkStatus();
  co_return co_await BuildIndex(ctx, request.collection(), **spec);
}

Task<Status> DocumentCalls::BuildIndex(RequestContext& ctx, std::string_view collection,
                                       const IndexSpec& spec) {
  Unfinished index(documents_, collection, spec);
  Turns turns;
  std::optional<std::string> after;
  while (true) {
    const auto slice = documents_.ScanById(collection, after ? &*after : nullptr);
    if (slice.empty()) break;
    PRISM_CO_RETURN_IF_ERROR(documents_.AddToIndex(collection, spec, slice));
    after = slice.back()->id;
    PRISM_CO_RETURN_IF_ERROR(ctx.cancellation.reason());
    if (turns.Over()) PRISM_CO_RETURN_IF_ERROR(co_await turns.Next(ctx.cancellation));
  }
  index.Finish();
  co_return OkStatus();
}

Task<Status> DocumentCalls::DropIndex(RequestContext& ctx, const DropIndexRequest& request,
                                      DropIndexResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(CheckCollectionName("collection", request.collection()));
  PRISM_CO_RETURN_IF_ERROR(CheckCollectionName("name", request.name()));
  const auto dropped = documents_.DropIndex(request.collection(), request.name());
  response.set_found(dropped != nullptr);
  Turns turns;
  while (dropped && dropped->Shrink(Documents::kSlice)) {
    if (turns.Over()) PRISM_CO_RETURN_IF_ERROR(co_await turns.Next(ctx.cancellation));
  }
  co_return OkStatus();
}

Task<Status> DocumentCalls::ListIndexes(RequestContext&, const ListIndexesRequest& request,
                                        ListIndexesResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(CheckCollectionName("collection", request.collection()));
  for (const auto& usable : documents_.UsableIndexes(request.collection())) {
    Index& index = *response.add_indexes();
    index.set_name(usable.spec->name);
    index.set_unique(usable.spec->unique);
    for (const std::string& field : usable.spec->fields) index.add_fields(field);
  }
  co_return OkStatus();
}

}  // namespace prism::memstore
