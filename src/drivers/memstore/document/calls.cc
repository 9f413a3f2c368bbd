#include "drivers/memstore/document/calls.h"

#include <optional>

#include "base/random_id.h"
#include "drivers/contract/checks.h"
#include "drivers/memstore/data.h"
#include "prism/interfaces/document_basic.pb.h"

namespace prism::memstore {
namespace {

using namespace document::v1;  // NOLINT

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

DocumentChange Put(Json json) { return {DocumentChange::kPut, std::move(json)}; }

}  // namespace

DocumentCalls::DocumentCalls(std::shared_ptr<NamespaceData> data)
    : data_(std::move(data)), documents_(data_->documents) {}

Task<Status> DocumentCalls::Insert(RequestContext&, const InsertRequest& request,
                                   InsertResponse& response) {
  const std::string id = request.id().empty() ? RandomId() : request.id();
  PRISM_CO_RETURN_IF_ERROR(CheckCollectionName("collection", request.collection()));
  PRISM_CO_RETURN_IF_ERROR(CheckCollectionName("id", id));
  const Result<Json> given = ParseField("json", request.json());
  if (!given.ok()) co_return given.status();
  const auto decide = [&](const StoredDocument* current) -> Result<DocumentChange> {
    response.set_inserted(!current);
    if (current) return DocumentChange();
    return Put(given->Copy());
  };
  Result<DocumentPtr> written = documents_.Write(request.collection(), id, decide);
  if (!written.ok()) co_return std::move(written).status();
  response.set_id(id);
  response.set_version((*written)->version);
  co_return OkStatus();
}

Task<Status> DocumentCalls::Get(RequestContext&, const GetRequest& request, GetResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(CheckNames(request));
  const DocumentPtr found = documents_.Get(request.collection(), request.id());
  if (!found) co_return OkStatus();
  response.set_found(true);
  Document& document = *response.mutable_document();
  document.set_id(found->id);
  document.set_json(found->json.Text());
  document.set_version(found->version);
  co_return OkStatus();
}

Task<Status> DocumentCalls::Update(RequestContext&, const UpdateRequest& request,
                                   UpdateResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(CheckNames(request));
  const bool merge = request.change_case() == UpdateRequest::kMergePatchJson;
  if (request.change_case() == UpdateRequest::CHANGE_NOT_SET) {
    co_return InvalidArgumentError("one of replacement_json and merge_patch_json must be set");
  }
  Result<Json> given = merge ? ParseField("merge_patch_json", request.merge_patch_json())
                             : ParseField("replacement_json", request.replacement_json());
  if (!given.ok()) co_return std::move(given).status();
  // A patch is used again when somebody else wrote meanwhile; so must a replacement be.
  const auto decide = [&](const StoredDocument* current) -> Result<DocumentChange> {
    response.set_found(current != nullptr);
    response.set_updated(current && (!request.has_expected_version() ||
                                     request.expected_version() == current->version));
    if (!response.updated()) return DocumentChange();
    Result<Json> after = merge ? current->json.Merged(*given) : given->Copy();
    if (!after.ok()) return std::move(after).status();
    return Put(*std::move(after));
  };
  Result<DocumentPtr> written = documents_.Write(request.collection(), request.id(), decide);
  if (!written.ok()) co_return std::move(written).status();
  if (*written) response.set_version((*written)->version);
  co_return OkStatus();
}

Task<Status> DocumentCalls::Delete(RequestContext&, const DeleteRequest& request,
                                   DeleteResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(CheckNames(request));
  const auto decide = [&](const StoredDocument* current) -> Result<DocumentChange> {
    response.set_found(current != nullptr);
    response.set_deleted(current && (!request.has_expected_version() ||
                                     request.expected_version() == current->version));
    DocumentChange change;
    if (response.deleted()) change.kind = DocumentChange::kErase;
    return change;
  };
  Result<DocumentPtr> written = documents_.Write(request.collection(), request.id(), decide);
  if (!written.ok()) co_return std::move(written).status();
  if (*written) response.set_version((*written)->version);
  co_return OkStatus();
}

}  // namespace prism::memstore
