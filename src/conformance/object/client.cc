#include "conformance/object/client.h"

#include <set>

namespace prism::conformance::object_basic {
namespace {

constexpr int kLanes = 16;

}  // namespace

std::vector<std::string> BadKeys() {
  return {"", std::string(kMaxObjectKeyBytes + 1, 'k'), std::string(3 * kMaxObjectKeyBytes, 'k')};
}

std::string Pattern(size_t bytes) {
  std::string content(bytes, '\0');
  for (size_t i = 0; i < bytes; ++i) content[i] = static_cast<char>((i * 7 + i / 256) % 256);
  return content;
}

PutHeader HeaderOf(std::string key) {
  PutHeader header;
  header.set_key(std::move(key));
  return header;
}

GetRequest GetOf(std::string key, std::string if_etag) {
  GetRequest request;
  request.set_key(std::move(key));
  request.set_if_etag(std::move(if_etag));
  return request;
}

HeadRequest HeadOf(std::string key) {
  HeadRequest request;
  request.set_key(std::move(key));
  return request;
}

DeleteRequest DeleteOf(std::string key, std::string if_etag) {
  DeleteRequest request;
  request.set_key(std::move(key));
  request.set_if_etag(std::move(if_etag));
  return request;
}

Stream<PutRequest> PartsOf(PutHeader header, std::string content, size_t piece_bytes, Status end) {
  PutRequest part;
  *part.mutable_header() = std::move(header);
  co_yield part;
  for (size_t at = 0; at < content.size(); at += piece_bytes) {
    part.set_piece(content.substr(at, piece_bytes));
    co_yield part;
  }
  co_return end;
}

Stream<PutRequest> PartsOf(std::vector<PutRequest> parts) {
  for (PutRequest& part : parts) co_yield part;
  co_return OkStatus();
}

Task<Answer<PutResponse>> TryPut(Caller& caller, Stream<PutRequest> parts) {
  RequestContext context;
  caller.Prepare(context);
  ObjectBasicStub stub(caller.channel());
  Answer<PutResponse> answer;
  Task<Status> put = stub.Put(context, parts, answer.value);
  answer.status = co_await put;
  co_return answer;
}

Task<void> PutRefused(Caller& caller, Stream<PutRequest> parts, std::string_view part,
                      Where where) {
  const Answer<PutResponse> answer = co_await TryPut(caller, std::move(parts));
  caller.CheckRefused(answer.status, Code::kInvalidArgument, part, where);
}

Task<PutResponse> ObjectClient::Put(PutHeader header, std::string content, size_t piece_bytes,
                                    Where where) {
  caller_.Note(header.key());
  Stream<PutRequest> parts = PartsOf(std::move(header), std::move(content), piece_bytes);
  Answer<PutResponse> answer = co_await TryPut(caller_, std::move(parts));
  if (!answer.status.ok()) caller_.Fail("the Put failed: " + Show(answer.status), where);
  co_return answer.value;
}

Task<std::string> ObjectClient::Store(std::string key, std::string content, Where where) {
  const size_t bytes = content.size();
  const PutResponse put =
      co_await Put(HeaderOf(std::move(key)), std::move(content), 100'000, where);
  if (!put.stored()) caller_.Fail("a Put without a condition is stored", where);
  if (put.etag().empty()) caller_.Fail("an object has an etag", where);
  if (put.size() != bytes) caller_.Fail("the size is " + Show(put.size()), where);
  co_return put.etag();
}

Task<Download> ObjectClient::Get(GetRequest request, Where where) {
  const auto parts = co_await caller_.CallAll(&ObjectBasicStub::Get, std::move(request), where);
  Download got;
  if (parts.empty() || !parts[0].has_header()) {
    caller_.Fail("a Get returns a header first", where);
    co_return got;
  }
  got.header = parts[0].header();
  for (size_t i = 1; i < parts.size(); ++i) {
    if (parts[i].part_case() != GetResponse::kPiece) caller_.Fail("it is no piece", where);
    if (parts[i].piece().size() > kMaxPieceBytes) caller_.Fail("the piece is too large", where);
    got.content += parts[i].piece();
  }
  if (got.header.length() != got.content.size()) {
    caller_.Fail("the header tells " + Show(got.header.length()) + " bytes, " +
                     Show(got.content.size()) + " came",
                 where);
  }
  co_return got;
}

Task<Download> ObjectClient::Get(std::string key, Where where) {
  return Get(GetOf(std::move(key)), where);
}

Task<std::string> ObjectClient::Content(std::string key, Where where) {
  Download got = co_await Get(GetOf(std::move(key)), where);
  if (!got.header.found() || !got.header.matched()) caller_.Fail("the object is absent", where);
  if (got.header.info().size() != got.content.size()) {
    caller_.Fail("a Get of the whole object returns all of it", where);
  }
  co_return got.content;
}

Task<HeadResponse> ObjectClient::Head(std::string key, Where where) {
  return caller_.Call(&ObjectBasicStub::Head, HeadOf(std::move(key)), where);
}

Task<bool> ObjectClient::Exists(std::string key, Where where) {
  const HeadResponse head = co_await Head(std::move(key), where);
  co_return head.found();
}

Task<DeleteResponse> ObjectClient::Delete(std::string key, std::string if_etag, Where where) {
  return caller_.Call(&ObjectBasicStub::Delete, DeleteOf(std::move(key), std::move(if_etag)),
                      where);
}

Task<void> StoreAll(CaseContext& c, std::vector<std::string> keys) {
  size_t next = 0;
  co_await c.Concurrently(kLanes, [&](int) -> Task<void> {
    ObjectClient objects(c);
    while (next < keys.size()) {
      const std::string& key = keys[next++];
      co_await objects.Store(key, "tiny");
    }
  });
}

// Whether it succeeds is no promise that the case is about.
Task<void> DeleteNotedObjects(CaseContext& c) {
  const std::set<Noted> keys(c.noted().begin(), c.noted().end());
  auto next = keys.begin();
  co_await c.Concurrently(kLanes, [&](int) -> Task<void> {
    while (next != keys.end()) {
      const Noted& noted = *next++;
      Caller caller = c.In(noted.name_space);
      (void)co_await caller.Try(&ObjectBasicStub::Delete, DeleteOf(noted.name));
    }
  });
}

}  // namespace prism::conformance::object_basic
