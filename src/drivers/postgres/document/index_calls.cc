#include "drivers/contract/checks.h"
#include "drivers/postgres/document/at.h"
#include "drivers/postgres/document/calls.h"
#include "drivers/postgres/document/find.h"
#include "drivers/postgres/document/statements.h"
#include "prism/interfaces/document_indexing.pb.h"

namespace prism::postgres {
namespace {

using namespace document::v1;  // NOLINT

Status Begun(int64_t outcome, const std::string& name) {
  enum : int64_t { kBegun, kThere, kAnother, kInTheMaking };
  switch (outcome) {
    case kBegun:
    case kThere:
      return OkStatus();
    case kAnother:
      return AlreadyExistsError("index '" + name + "' exists with other fields");
    case kInTheMaking:
      return AbortedError("index '" + name + "' is being built by another call");
    default:
      return ResourceExhaustedError("the collection has " + std::to_string(kMaxDocumentIndexes) +
                                    " indexes; more are not allowed");
  }
}

Status Added(int64_t outcome, const std::string& name) {
  enum : int64_t { kAdded, kGone };
  if (outcome == kAdded) return OkStatus();
  if (outcome == kGone) return AbortedError("index '" + name + "' was dropped while it was built");
  return AlreadyExistsError("unique index '" + name + "': documents have the same values");
}

// Documents of a page with their keys in an index. The owner of a key is the number of its document
// in the page, negative if the key is forbidden to others.
struct PageEntries {
  std::vector<std::string> ids, mores;
  std::vector<int64_t> versions;
  std::vector<int64_t> owners;
  std::vector<std::string> keys;

  Status Add(const Rows& page, int row, const IndexSpec& spec) {
    const Result<Json> json = Json::Parse(page.Text(row, 4));
    if (!json.ok()) return InternalError(std::string(json.status().message()));
    Result<IndexKeys> found = KeysOf(spec, *json);
    if (!found.ok()) return std::move(found).status();
    ids.emplace_back(page.Text(row, 1));
    mores.emplace_back(page.Text(row, 2));
    versions.push_back(page.Int(row, 3));
    const auto number = static_cast<int64_t>(ids.size());
    for (std::string& key : found->keys) {
      owners.push_back(spec.unique && found->complete ? -number : number);
      keys.push_back(std::move(key));
    }
    return OkStatus();
  }
};

}  // namespace

Task<Status> DocumentCalls::CreateIndex(RequestContext& ctx, const CreateIndexRequest& request,
                                        CreateIndexResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(CheckCollectionName("collection", request.collection()));
  const Result<std::shared_ptr<const IndexSpec>> spec = ReadIndexSpec(request.index());
  if (!spec.ok()) co_return spec.status();
  Arguments arguments;
  At(arguments, *space_, request.collection()).Text((*spec)->name);
  arguments.Array(PointersTo((*spec)->fields)).Text(TextOf((*spec)->unique));
  const Result<Rows> begun = co_await space_->Run(ctx, kDocumentBeginIndex, arguments);
  if (!begun.ok()) co_return begun.status();
  PRISM_CO_RETURN_IF_ERROR(Begun(begun->Int(0, 0), (*spec)->name));
  response.set_created(begun->Int(0, 0) == 0);
  if (!response.created()) co_return OkStatus();
  const int64_t number = begun->Int(0, 1);
  Status built = co_await BuildIndex(ctx, request.collection(), **spec, number);
  if (built.ok()) co_return OkStatus();
  response.set_created(false);
  // Also when the caller has gone. Where this fails the index goes when its lease is over.
  RequestContext dropping;
  Arguments which;
  At(which, *space_, request.collection()).Int(number).Null();
  (void)co_await space_->Run(dropping, kDocumentDropIndex, which);
  co_return built;
}

Task<Status> DocumentCalls::AddPage(RequestContext& ctx, std::string_view collection,
                                    const IndexSpec& spec, int64_t number, const Rows& page) {
  PageEntries entries;
  for (int row = 0; row + 1 < page.count(); ++row) {
    PRISM_CO_RETURN_IF_ERROR(entries.Add(page, row, spec));
  }
  const std::string versions = ArrayText(entries.versions);
  const std::string owners = ArrayText(entries.owners);
  Arguments arguments;
  At(arguments, *space_, collection).Int(number);
  arguments.Array(PointersTo(entries.ids)).Array(PointersTo(entries.mores)).Text(versions);
  arguments.Text(owners).Array(PointersTo(entries.keys));
  const Result<Rows> added = co_await space_->Run(ctx, kDocumentAdd, arguments);
  if (!added.ok()) co_return added.status();
  co_return Added(added->Int(0, 0), spec.name);
}

// Adds what was there before, page by page. Writers add their own documents since it has begun.
Task<Status> DocumentCalls::BuildIndex(RequestContext& ctx, std::string_view collection,
                                       const IndexSpec& spec, int64_t number) {
  constexpr int64_t kWhateverGeneration = -1;
  std::string id, more;
  bool ended = false;
  while (!ended) {
    Arguments arguments;
    At(arguments, *space_, collection).Int(kWhateverGeneration).Null().Text(id).Text(more);
    arguments.Null().Null().Int(kDocumentPageRows).Int(kDocumentPageBytes);
    const Result<Rows> page = co_await space_->Run(ctx, kDocumentScan, arguments);
    if (!page.ok()) co_return page.status();
    PRISM_CO_RETURN_IF_ERROR(co_await AddPage(ctx, collection, spec, number, *page));
    const int last = page->count() - 1;
    id = page->Text(last, 1);
    more = page->Text(last, 2);
    ended = page->Int(last, 0) == kEnd;
  }
  Arguments arguments;
  At(arguments, *space_, collection).Int(number);
  const Result<Rows> finished = co_await space_->Run(ctx, kDocumentFinishIndex, arguments);
  if (!finished.ok()) co_return finished.status();
  constexpr int64_t kGone = 1;
  co_return finished->Bool(0, 0) ? OkStatus() : Added(kGone, spec.name);
}

Task<Status> DocumentCalls::DropIndex(RequestContext& ctx, const DropIndexRequest& request,
                                      DropIndexResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(CheckCollectionName("collection", request.collection()));
  PRISM_CO_RETURN_IF_ERROR(CheckCollectionName("name", request.name()));
  Arguments arguments;
  At(arguments, *space_, request.collection()).Null().Text(request.name());
  const Result<Rows> dropped = co_await space_->Run(ctx, kDocumentDropIndex, arguments);
  if (!dropped.ok()) co_return dropped.status();
  response.set_found(dropped->Bool(0, 0));
  co_return OkStatus();
}

Task<Status> DocumentCalls::ListIndexes(RequestContext& ctx, const ListIndexesRequest& request,
                                        ListIndexesResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(CheckCollectionName("collection", request.collection()));
  const Result<CollectionIndexesPtr> indexes = co_await catalog_.Look(ctx, request.collection());
  if (!indexes.ok()) co_return indexes.status();
  for (const CollectionIndexes::One& one : (*indexes)->all) {
    if (!one.ready) continue;
    Index& index = *response.add_indexes();
    index.set_name(one.spec->name);
    index.set_unique(one.spec->unique);
    for (const std::string& field : one.spec->fields) index.add_fields(field);
  }
  co_return OkStatus();
}

}  // namespace prism::postgres
