#include <limits>

#include "drivers/contract/page_cursor.h"
#include "drivers/postgres/document/calls.h"
#include "drivers/postgres/document/find.h"
#include "drivers/postgres/document/path_text.h"

namespace prism::postgres {
namespace {

using namespace document::v1;  // NOLINT

// What the filter is for the server; empty if there is none.
template <class Request>
Result<std::string> PredicateIn(const Request& request, const DocumentFilter& filter) {
  if (!request.has_filter()) return std::string();
  return PredicateOf(filter);
}

// Of a document that was found; only the fields that are asked for.
Status WriteDocument(const DocumentPages& pages, int row, const FindQuery& query,
                     Document& document) {
  document.set_id(pages.Id(row));
  document.set_version(pages.Version(row));
  if (query.fields.empty()) {
    document.set_json(std::string(pages.Text(row)));
    return OkStatus();
  }
  const Result<Json> json = Json::Parse(pages.Text(row));
  if (!json.ok()) return InternalError(std::string(json.status().message()));
  document.set_json(json->Text(query.fields));
  return OkStatus();
}

}  // namespace

Stream<FindResponse> DocumentCalls::Find(RequestContext& ctx, const FindRequest& request) {
  FindQuery query;
  PRISM_CO_RETURN_IF_ERROR(ReadQuery(request, query));
  Result<std::string> predicate = PredicateIn(request, query.filter);
  if (!predicate.ok()) co_return std::move(predicate).status();
  const std::string scope = ScopeOf(request);
  DocumentPlace after;
  if (!request.cursor().empty()) {
    const Result<std::string> place = DecodePageCursor(scope, request.cursor());
    if (!place.ok()) co_return place.status();
    Result<DocumentPlace> decoded = DocumentPlace::Decoded(*place);
    if (!decoded.ok()) co_return std::move(decoded).status();
    after = *std::move(decoded);
  }
  DocumentPages pages(*space_, catalog_, query, *std::move(predicate), std::move(after));
  uint64_t left = request.limit() ? request.limit() : std::numeric_limits<uint64_t>::max();
  while (left > 0 && !pages.ended()) {
    PRISM_CO_RETURN_IF_ERROR(co_await pages.Next(ctx, left));
    if (pages.count() == 0) break;
    FindResponse page;
    for (int row = 0; row < pages.count(); ++row) {
      PRISM_CO_RETURN_IF_ERROR(WriteDocument(pages, row, query, *page.add_documents()));
    }
    left -= static_cast<uint64_t>(pages.count());
    const DocumentPlace last = pages.At(pages.count() - 1);
    if (!pages.ended()) page.set_cursor(EncodePageCursor(scope, last.Encoded()));
    pages.Drop();
    co_yield page;
  }
  co_return OkStatus();
}

Task<Status> DocumentCalls::FindOne(RequestContext& ctx, const FindOneRequest& request,
                                    FindOneResponse& response) {
  FindQuery query;
  PRISM_CO_RETURN_IF_ERROR(ReadQuery(request, query));
  Result<std::string> predicate = PredicateIn(request, query.filter);
  if (!predicate.ok()) co_return std::move(predicate).status();
  DocumentPages pages(*space_, catalog_, query, *std::move(predicate), DocumentPlace());
  PRISM_CO_RETURN_IF_ERROR(co_await pages.Next(ctx, 1));
  if (pages.count() == 0) co_return OkStatus();
  response.set_found(true);
  co_return WriteDocument(pages, 0, query, *response.mutable_document());
}

}  // namespace prism::postgres
