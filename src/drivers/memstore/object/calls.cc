#include "drivers/memstore/object/calls.h"

#include <algorithm>
#include <limits>

#include "drivers/contract/checks.h"
#include "drivers/contract/page_cursor.h"
#include "drivers/memstore/data.h"
#include "drivers/memstore/turns.h"
#include "prism/interfaces/object_basic.pb.h"

namespace prism::memstore {
namespace {

using namespace object::v1;  // NOLINT

constexpr size_t kMaxContentTypeBytes = 256;
constexpr size_t kMaxMetadataBytes = 8 * 1024;
constexpr size_t kMaxDelimiterBytes = 16;
constexpr uint64_t kPageRows = 1000;
constexpr size_t kListPageBytes = 1024 * 1024;

Status CheckHeader(const PutHeader& header) {
  PRISM_RETURN_IF_ERROR(CheckKey(header.key()));
  if (header.content_type().size() > kMaxContentTypeBytes) {
    return InvalidArgumentError("content_type has more than " +
                                std::to_string(kMaxContentTypeBytes) + " bytes");
  }
  size_t bytes = 0;
  for (const auto& [name, value] : header.metadata()) {
    if (name.empty()) return InvalidArgumentError("metadata has an empty name");
    bytes += name.size() + value.size();
  }
  if (bytes > kMaxMetadataBytes) {
    return InvalidArgumentError("metadata has more than " + std::to_string(kMaxMetadataBytes) +
                                " bytes");
  }
  if (!header.sha256().empty() && header.sha256().size() != 32) {
    return InvalidArgumentError("sha256 has 32 bytes, not " +
                                std::to_string(header.sha256().size()));
  }
  if (header.has_if_etag() && header.if_etag().empty()) {
    return InvalidArgumentError("if_etag is empty; if_absent asks for no object");
  }
  return OkStatus();
}

StoredObject ObjectOf(const PutHeader& header) {
  StoredObject object;
  object.key = header.key();
  object.content_type = header.content_type();
  object.metadata.insert(header.metadata().begin(), header.metadata().end());
  return object;
}

ObjectExpectation ExpectationOf(const PutHeader& header) {
  ObjectExpectation expected;
  if (header.has_size()) expected.size = header.size();
  expected.sha256 = header.sha256();
  if (header.has_crc32c()) expected.crc32c = header.crc32c();
  return expected;
}

void WriteInfo(const StoredObject& object, bool with_metadata, ObjectInfo& info) {
  info.set_key(object.key);
  info.set_size(object.size);
  info.set_etag(object.etag);
  info.set_content_type(object.content_type);
  info.set_stored_unix_ms(object.stored_unix_ms);
  if (with_metadata) {
    info.mutable_metadata()->insert(object.metadata.begin(), object.metadata.end());
  }
}

struct Extent {
  uint64_t offset = 0;
  uint64_t length = 0;
};
Extent ExtentOf(const GetRequest& request, uint64_t size) {
  if (request.has_range()) {
    const uint64_t offset = std::min(request.range().offset(), size);
    const uint64_t rest = size - offset;
    return {offset, request.range().has_length() ? std::min(request.range().length(), rest) : rest};
  }
  if (request.part_case() == GetRequest::kSuffix) {
    const uint64_t length = std::min(request.suffix(), size);
    return {size - length, length};
  }
  return {0, size};
}

std::string ScopeOf(const ListRequest& request) {
  return std::to_string(request.prefix().size()) + ':' + request.prefix() + request.delimiter();
}

}  // namespace

ObjectCalls::ObjectCalls(std::shared_ptr<NamespaceData> data)
    : data_(std::move(data)), objects_(data_->objects) {}

Task<Status> ObjectCalls::Put(RequestContext& ctx, Stream<PutRequest>& parts,
                              PutResponse& response) {
  PutRequest* first = co_await parts.Next();
  if (!first) {
    PRISM_CO_RETURN_IF_ERROR(parts.status());
    co_return InvalidArgumentError("a Put begins with its header, and nothing came");
  }
  if (!first->has_header()) co_return InvalidArgumentError("a Put begins with its header");
  const PutHeader header = std::move(*first->mutable_header());
  PRISM_CO_RETURN_IF_ERROR(CheckHeader(header));
  const ObjectCondition condition{header.if_absent(), header.if_etag()};
  ObjectPtr current = objects_.Find(header.key());
  // An upload that will come to nothing need not be taken in.
  if (!condition.Holds(current)) {
    if (current) response.set_etag(current->etag);
    co_return OkStatus();
  }
  ObjectUpload upload(objects_.budget(), ObjectOf(header), ExpectationOf(header));
  PRISM_CO_RETURN_IF_ERROR(co_await Receive(ctx, parts, upload));
  const Result<ObjectPtr> object = upload.Finish();
  if (!object.ok()) co_return object.status();
  response.set_stored(objects_.Put(*object, condition, current));
  if (response.stored()) {
    response.set_etag((*object)->etag);
    response.set_size((*object)->size);
  } else if (current) {
    response.set_etag(current->etag);
  }
  co_return OkStatus();
}

Task<Status> ObjectCalls::Receive(RequestContext& ctx, Stream<PutRequest>& parts,
                                  ObjectUpload& upload) {
  Turns turns;
  while (PutRequest* part = co_await parts.Next()) {
    if (part->part_case() != PutRequest::kPiece) {
      co_return InvalidArgumentError("behind the header a Put has pieces and nothing else");
    }
    std::string_view piece = part->piece();
    while (!piece.empty()) {
      const std::string_view step = piece.substr(0, kObjectChunkBytes);
      PRISM_CO_RETURN_IF_ERROR(upload.Add(step));
      piece.remove_prefix(step.size());
      if (turns.Over()) PRISM_CO_RETURN_IF_ERROR(co_await turns.Next(ctx.cancellation));
    }
  }
  PRISM_CO_RETURN_IF_ERROR(parts.status());
  co_return ctx.cancellation.reason();
}

Stream<GetResponse> ObjectCalls::Get(RequestContext& ctx, const GetRequest& request) {
  PRISM_CO_RETURN_IF_ERROR(CheckKey(request.key()));
  const ObjectPtr object = objects_.Find(request.key());
  const ObjectCondition condition{false, request.if_etag()};
  GetResponse response;
  GetResponse::Header& header = *response.mutable_header();
  Extent extent;
  header.set_found(object != nullptr);
  if (object) WriteInfo(*object, true, *header.mutable_info());
  if (object && condition.Holds(object)) {
    extent = ExtentOf(request, object->size);
    header.set_matched(true);
    header.set_offset(extent.offset);
    header.set_length(extent.length);
  }
  co_yield response;
  while (extent.length > 0) {
    PRISM_CO_RETURN_IF_ERROR(ctx.cancellation.reason());
    const std::string_view chunk = object->chunks[extent.offset / kObjectChunkBytes];
    const std::string_view piece = chunk.substr(extent.offset % kObjectChunkBytes,
                                                std::min<uint64_t>(extent.length, chunk.size()));
    response.set_piece(piece.data(), piece.size());
    extent.offset += piece.size();
    extent.length -= piece.size();
    co_yield response;
  }
  co_return OkStatus();
}

Task<Status> ObjectCalls::Head(RequestContext&, const HeadRequest& request,
                               HeadResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(CheckKey(request.key()));
  const ObjectPtr object = objects_.Find(request.key());
  response.set_found(object != nullptr);
  if (object) WriteInfo(*object, true, *response.mutable_info());
  co_return OkStatus();
}

Task<Status> ObjectCalls::Delete(RequestContext&, const DeleteRequest& request,
                                 DeleteResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(CheckKey(request.key()));
  const ObjectCondition condition{false, request.if_etag()};
  ObjectPtr current;
  response.set_deleted(objects_.Delete(request.key(), condition, current));
  response.set_found(current != nullptr);
  if (current && !response.deleted()) response.set_etag(current->etag);
  co_return OkStatus();
}

Stream<ListResponse> ObjectCalls::List(RequestContext& ctx, const ListRequest& request) {
  PRISM_CO_RETURN_IF_ERROR(CheckPrefix(request.prefix()));
  if (request.delimiter().size() > kMaxDelimiterBytes) {
    co_return InvalidArgumentError("delimiter has more than " + std::to_string(kMaxDelimiterBytes) +
                                   " bytes");
  }
  const std::string scope = ScopeOf(request);
  Objects::Row last;
  bool resumed = !request.cursor().empty();
  if (resumed) {
    // The kind of the last row, then its name.
    Result<std::string> place = DecodePageCursor(scope, request.cursor());
    if (!place.ok()) co_return std::move(place).status();
    last.name = place->substr(1);
    if (place->front() == 'o') last.object = std::make_shared<StoredObject>();
  }
  uint64_t left = request.limit() ? request.limit() : std::numeric_limits<uint64_t>::max();
  bool more = true;
  ListResponse response;
  while (left > 0 && more) {
    PRISM_CO_RETURN_IF_ERROR(ctx.cancellation.reason());
    Objects::Page page =
        objects_.List(request.prefix(), request.delimiter(), resumed ? &last : nullptr,
                      std::min(left, kPageRows), kListPageBytes);
    if (page.rows.empty()) break;
    left -= page.rows.size();
    more = page.more;
    resumed = true;
    response.Clear();
    for (const Objects::Row& row : page.rows) {
      ListRow& written = *response.add_rows();
      if (row.object) {
        WriteInfo(*row.object, false, *written.mutable_object());
      } else {
        written.set_common_prefix(row.name);
      }
    }
    last = std::move(page.rows.back());
    if (more) response.set_cursor(EncodePageCursor(scope, (last.object ? 'o' : 'p') + last.name));
    page = {};
    co_yield response;
  }
  co_return OkStatus();
}

}  // namespace prism::memstore
