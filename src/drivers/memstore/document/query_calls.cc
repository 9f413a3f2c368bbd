#include <algorithm>
#include <limits>

#include "drivers/contract/page_cursor.h"
#include "drivers/memstore/data.h"
#include "drivers/memstore/document/aggregate.h"
#include "drivers/memstore/document/calls.h"
#include "drivers/memstore/document/find.h"

namespace prism::memstore {
namespace {

using document::v1::AggregateRequest;
using document::v1::AggregateResponse;
using document::v1::FindOneRequest;
using document::v1::FindOneResponse;
using document::v1::FindRequest;
using document::v1::FindResponse;

constexpr uint64_t kPageRows = 1000;
constexpr size_t kFindPageBytes = 1024 * 1024;
constexpr uint64_t kMaxMatches = 10'000;

void WriteDocument(const StoredDocument& stored, std::string json,
                   document::v1::Document& document) {
  document.set_id(stored.id);
  document.set_json(std::move(json));
  document.set_version(stored.version);
}

}  // namespace

Stream<FindResponse> DocumentCalls::Find(RequestContext& ctx, const FindRequest& request) {
  FindQuery query;
  PRISM_CO_RETURN_IF_ERROR(ReadQuery(request, query));
  const std::string scope = ScopeOf(request);
  std::string after;
  if (!request.cursor().empty()) {
    Result<std::string> place = DecodePageCursor(scope, request.cursor());
    if (!place.ok()) co_return std::move(place).status();
    after = *std::move(place);
  }
  DocumentFinder finder(documents_, query, std::move(after));
  uint64_t left = request.limit() ? request.limit() : std::numeric_limits<uint64_t>::max();
  std::vector<DocumentFinder::Match> matches;
  FindResponse page;
  size_t bytes = 0;
  std::string place;
  while (left > 0 && !finder.ended()) {
    PRISM_CO_RETURN_IF_ERROR(co_await finder.Next(ctx, std::min(left, kMaxMatches), matches));
    left -= matches.size();
    for (DocumentFinder::Match& match : matches) {
      std::string json = match.document->json.Text(query.fields);
      const size_t row = match.document->id.size() + json.size();
      const bool full =
          static_cast<uint64_t>(page.documents_size()) == kPageRows || bytes + row > kFindPageBytes;
      if (full && page.documents_size() > 0) {
        page.set_cursor(EncodePageCursor(scope, place));
        co_yield page;
        PRISM_CO_RETURN_IF_ERROR(ctx.cancellation.reason());
        page.Clear();
        bytes = 0;
      }
      bytes += row;
      WriteDocument(*match.document, std::move(json), *page.add_documents());
      place = std::move(match.place);
      match.document.reset();
    }
  }
  if (page.documents_size() == 0) co_return OkStatus();
  if (!finder.ended()) page.set_cursor(EncodePageCursor(scope, place));
  co_yield page;
  co_return OkStatus();
}

Task<Status> DocumentCalls::FindOne(RequestContext& ctx, const FindOneRequest& request,
                                    FindOneResponse& response) {
  FindQuery query;
  PRISM_CO_RETURN_IF_ERROR(ReadQuery(request, query));
  DocumentFinder finder(documents_, query, "");
  std::vector<DocumentFinder::Match> matches;
  PRISM_CO_RETURN_IF_ERROR(co_await finder.Next(ctx, 1, matches));
  if (matches.empty()) co_return OkStatus();
  response.set_found(true);
  const StoredDocument& found = *matches.front().document;
  WriteDocument(found, found.json.Text(query.fields), *response.mutable_document());
  co_return OkStatus();
}

Stream<AggregateResponse> DocumentCalls::Aggregate(RequestContext& ctx,
                                                   const AggregateRequest& request) {
  DocumentAggregate query;
  PRISM_CO_RETURN_IF_ERROR(ReadAggregate(request, query));
  DocumentAggregation aggregation(documents_, query);
  PRISM_CO_RETURN_IF_ERROR(co_await aggregation.Run(ctx));
  AggregateResponse page;
  size_t bytes = 0;
  for (const auto& [key, group] : aggregation.groups()) {
    document::v1::Group& row = *page.add_groups();
    for (const OwnedScalar& value : group.values) WriteValue(value.scalar(), *row.add_values());
    for (size_t i = 0; i < group.results.size(); ++i) {
      WriteValue(aggregation.ResultOf(group, i), *row.add_results());
    }
    bytes += row.ByteSizeLong();
    if (page.groups_size() < static_cast<int>(kPageRows) && bytes < kFindPageBytes) continue;
    co_yield page;
    PRISM_CO_RETURN_IF_ERROR(ctx.cancellation.reason());
    page.Clear();
    bytes = 0;
  }
  if (page.groups_size() > 0) co_yield page;
  co_return OkStatus();
}

}  // namespace prism::memstore
