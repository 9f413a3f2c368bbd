#include "drivers/postgres/document/calls.h"

#include <limits>

#include "base/random_id.h"
#include "drivers/contract/checks.h"
#include "drivers/postgres/document/at.h"
#include "drivers/postgres/document/path_text.h"
#include "drivers/postgres/document/statements.h"
#include "prism/interfaces/document_basic.pb.h"

namespace prism::postgres {
namespace {

using namespace document::v1;  // NOLINT

enum Outcome : int64_t { kWritten, kKept, kStale, kForbidden };

template <class Request>
Status CheckNames(const Request& request) {
  PRISM_RETURN_IF_ERROR(CheckCollectionName("collection", request.collection()));
  return CheckCollectionName("id", request.id());
}

Result<Json> ParseField(std::string_view field, std::string_view text) {
  Result<Json> parsed = Json::Parse(text);
  if (parsed.ok()) return parsed;
  return InvalidArgumentError(std::string(field) + ": " + std::string(parsed.status().message()));
}

// No document has a version that is no int8.
Arguments& AddVersion(Arguments& arguments, std::optional<uint64_t> version) {
  if (!version) return arguments.Null();
  constexpr auto kMost = static_cast<uint64_t>(std::numeric_limits<int64_t>::max());
  return arguments.Int(*version > kMost ? -1 : static_cast<int64_t>(*version));
}

std::optional<uint64_t> VersionIn(const Rows& rows, int column) {
  if (rows.empty() || rows.IsNull(0, column)) return std::nullopt;
  return static_cast<uint64_t>(rows.Int(0, column));
}

// With what the document is in the indexes: a negative number of an index forbids the key to
// others.
struct Entries {
  std::vector<int64_t> indexes;
  std::vector<std::string> keys;
};
Result<Entries> EntriesOf(const CollectionIndexes& indexes, const Json& json) {
  Entries entries;
  for (const CollectionIndexes::One& one : indexes.all) {
    Result<IndexKeys> found = KeysOf(*one.spec, json);
    if (!found.ok()) return std::move(found).status();
    const bool forbids = one.spec->unique && found->complete;
    for (std::string& key : found->keys) {
      entries.indexes.push_back(forbids ? -one.number : one.number);
      entries.keys.push_back(std::move(key));
    }
  }
  return entries;
}

Status Forbidden(const CollectionIndexes& indexes, int64_t number, std::string_view id) {
  const CollectionIndexes::One* const one = indexes.Find(number);
  return AlreadyExistsError("unique index '" + (one ? one->spec->name : std::string()) +
                            "': another document has the same values as '" + std::string(id) + "'");
}

}  // namespace

Task<Result<DocumentCalls::Written>> DocumentCalls::TryPut(RequestContext& ctx, const Write& write,
                                                           const CollectionIndexes& indexes,
                                                           std::string_view json,
                                                           const std::string* body, bool& stale) {
  const Result<Entries> entries = EntriesOf(indexes, write.json);
  if (!entries.ok()) co_return entries.status();
  const DocumentId id(write.id);
  const std::string numbers = ArrayText(entries->indexes);
  Arguments arguments;
  At(arguments, *space_, write.collection).Int(indexes.generation).Text(id.head).Text(id.more);
  AddVersion(arguments.Text(TextOf(write.fresh)), write.expected).Text(json);
  if (body) {
    arguments.Text(*body);
  } else {
    arguments.Null();
  }
  arguments.Text(numbers).Array(PointersTo(entries->keys));
  const Result<Rows> rows = co_await space_->Run(ctx, kDocumentPut, arguments);
  if (!rows.ok()) co_return rows.status();
  const int64_t outcome = rows->Int(0, 0);
  if (outcome == kForbidden) co_return Forbidden(indexes, rows->Int(0, 2), write.id);
  stale = outcome == kStale;
  Written written;
  written.done = outcome == kWritten;
  written.version = VersionIn(*rows, 1);
  co_return written;
}

Task<Result<DocumentCalls::Written>> DocumentCalls::Put(RequestContext& ctx, const Write& write) {
  const std::string json = write.json.DecimalText();
  if (json.size() > kMaxDocumentBytes) {
    co_return ResourceExhaustedError("with its numbers written out the document has " +
                                     std::to_string(json.size()) + " bytes; Postgres holds " +
                                     std::to_string(kMaxDocumentBytes));
  }
  const std::string text = WithoutNul(json);
  const std::string* const body = text.empty() ? nullptr : &text;
  CollectionIndexesPtr indexes = catalog_.Known(write.collection);
  while (true) {
    bool stale = false;
    Result<Written> written = co_await TryPut(ctx, write, *indexes, json, body, stale);
    const bool refused = written.status().code() == Code::kInvalidArgument;
    if (!stale && !refused) co_return written;
    Result<CollectionIndexesPtr> now = co_await catalog_.Look(ctx, write.collection);
    if (!now.ok()) co_return std::move(now).status();
    // The index that refuses it may have gone.
    const bool same = (*now)->generation == indexes->generation;
    if (refused && same) co_return co_await Refuse(ctx, write, std::move(written).status());
    indexes = *std::move(now);
  }
}

// What an index would not take is no matter where nothing is to be written.
Task<Result<DocumentCalls::Written>> DocumentCalls::Refuse(RequestContext& ctx, const Write& write,
                                                           Status reason) {
  const DocumentId id(write.id);
  Arguments arguments;
  At(arguments, *space_, write.collection).Text(id.head).Text(id.more);
  const Result<Rows> rows = co_await space_->Run(ctx, kDocumentGet, arguments);
  if (!rows.ok()) co_return rows.status();
  Written kept;
  kept.version = VersionIn(*rows, 1);
  const bool expected = !write.expected || write.expected == kept.version;
  const bool would_write = write.fresh ? !kept.version : kept.version && expected;
  if (would_write) co_return reason;
  co_return kept;
}

Task<Status> DocumentCalls::Insert(RequestContext& ctx, const InsertRequest& request,
                                   InsertResponse& response) {
  const std::string id = request.id().empty() ? RandomId() : request.id();
  PRISM_CO_RETURN_IF_ERROR(CheckCollectionName("collection", request.collection()));
  PRISM_CO_RETURN_IF_ERROR(CheckCollectionName("id", id));
  const Result<Json> json = ParseField("json", request.json());
  if (!json.ok()) co_return json.status();
  const Write write{request.collection(), id, *json, true};
  const Result<Written> written = co_await Put(ctx, write);
  if (!written.ok()) co_return written.status();
  response.set_inserted(written->done);
  response.set_id(id);
  response.set_version(written->version.value_or(0));
  co_return OkStatus();
}

Task<Status> DocumentCalls::Get(RequestContext& ctx, const GetRequest& request,
                                GetResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(CheckNames(request));
  const DocumentId id(request.id());
  Arguments arguments;
  At(arguments, *space_, request.collection()).Text(id.head).Text(id.more);
  const Result<Rows> rows = co_await space_->Run(ctx, kDocumentGet, arguments);
  if (!rows.ok()) co_return rows.status();
  if (rows->empty()) co_return OkStatus();
  response.set_found(true);
  Document& document = *response.mutable_document();
  document.set_id(request.id());
  document.set_json(std::string(rows->Text(0, 0)));
  document.set_version(*VersionIn(*rows, 1));
  co_return OkStatus();
}

// Reads, merges and writes what is still as it was read.
Task<Result<DocumentCalls::Written>> DocumentCalls::Merge(RequestContext& ctx,
                                                          const UpdateRequest& request,
                                                          const Json& patch) {
  while (true) {
    GetRequest get;
    get.set_collection(request.collection());
    get.set_id(request.id());
    GetResponse current;
    PRISM_CO_RETURN_IF_ERROR(co_await Get(ctx, get, current));
    Written kept;
    if (!current.found()) co_return kept;
    kept.version = current.document().version();
    if (request.has_expected_version() && request.expected_version() != *kept.version) {
      co_return kept;
    }
    const Result<Json> before = Json::Parse(current.document().json());
    if (!before.ok()) co_return InternalError(std::string(before.status().message()));
    const Result<Json> after = before->Merged(patch);
    if (!after.ok()) co_return after.status();
    const Write write{request.collection(), request.id(), *after, false, kept.version};
    Result<Written> written = co_await Put(ctx, write);
    if (!written.ok() || written->done || !written->version) co_return written;
    PRISM_CO_RETURN_IF_ERROR(ctx.cancellation.reason());
  }
}

Task<Status> DocumentCalls::Update(RequestContext& ctx, const UpdateRequest& request,
                                   UpdateResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(CheckNames(request));
  const bool merge = request.change_case() == UpdateRequest::kMergePatchJson;
  if (request.change_case() == UpdateRequest::CHANGE_NOT_SET) {
    co_return InvalidArgumentError("one of replacement_json and merge_patch_json must be set");
  }
  const Result<Json> given = merge ? ParseField("merge_patch_json", request.merge_patch_json())
                                   : ParseField("replacement_json", request.replacement_json());
  if (!given.ok()) co_return given.status();
  std::optional<uint64_t> expected;
  if (request.has_expected_version()) expected = request.expected_version();
  const Write write{request.collection(), request.id(), *given, false, expected};
  Task<Result<Written>> writing = merge ? Merge(ctx, request, *given) : Put(ctx, write);
  const Result<Written> written = co_await std::move(writing);
  if (!written.ok()) co_return written.status();
  response.set_found(written->version.has_value());
  response.set_updated(written->done);
  response.set_version(written->version.value_or(0));
  co_return OkStatus();
}

Task<Status> DocumentCalls::Delete(RequestContext& ctx, const DeleteRequest& request,
                                   DeleteResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(CheckNames(request));
  const DocumentId id(request.id());
  std::optional<uint64_t> expected;
  if (request.has_expected_version()) expected = request.expected_version();
  Arguments arguments;
  At(arguments, *space_, request.collection()).Text(id.head).Text(id.more);
  AddVersion(arguments, expected);
  const Result<Rows> rows = co_await space_->Run(ctx, kDocumentDelete, arguments);
  if (!rows.ok()) co_return rows.status();
  const std::optional<uint64_t> was = VersionIn(*rows, 1);
  response.set_found(was.has_value());
  response.set_deleted(rows->Bool(0, 0));
  if (was && !response.deleted()) response.set_version(*was);
  co_return OkStatus();
}

}  // namespace prism::postgres
