#include <algorithm>

#include "conformance/object/basic_cases.h"
#include "conformance/object/client.h"

namespace prism::conformance::object_basic {
namespace {

// Content whose checksums are known.
struct Known {
  std::string content;
  uint32_t crc32c;
  std::string_view sha256;
};

std::vector<Known> KnownContents() {
  return {{"123456789", 0xe3069283,
           "\x15\xe2\xb0\xd3\xc3\x38\x91\xeb\xb0\xf1\xef\x60\x9e\xc4\x19\x42"
           "\x0c\x20\xe3\x20\xce\x94\xc6\x5f\xbc\x8c\x33\x12\x44\x8e\xb2\x25"},
          {"", 0,
           "\xe3\xb0\xc4\x42\x98\xfc\x1c\x14\x9a\xfb\xf4\xc8\x99\x6f\xb9\x24"
           "\x27\xae\x41\xe4\x64\x9b\x93\x4c\xa4\x95\x99\x1b\x78\x52\xb8\x55"},
          {Pattern(300'001), 0x22bb8f19,
           "\x21\xc9\xfb\x94\xa1\x5d\xde\xb6\x43\x4e\xe2\x5b\x39\xf3\x5e\xb8"
           "\x98\xd5\xc7\xed\x3f\x54\xef\x20\xfb\x93\x9a\x11\xf8\x06\x2f\x09"}};
}

PutRequest HeaderPart(const PutHeader& header) {
  PutRequest part;
  *part.mutable_header() = header;
  return part;
}

PutRequest PiecePart(std::string bytes) {
  PutRequest part;
  part.set_piece(std::move(bytes));
  return part;
}

}  // namespace

Task<void> ObjectsComeBack(CaseContext& c) {
  ObjectClient objects(c);
  const std::string key = c.Unique("object") + "/name";
  const std::string content = Pattern(700'001);
  PutHeader header = HeaderOf(key);
  header.set_content_type("text/plain; charset=utf-8");
  (*header.mutable_metadata())["color"] = "gr\xc3\xbcn";
  (*header.mutable_metadata())["empty"] = "";
  const PutResponse put = co_await objects.Put(header, content);
  c.Expect(put.stored() && !put.etag().empty(), "the object is stored and has an etag");
  c.ExpectEq(put.size(), content.size());
  const Download got = co_await objects.Get(key);
  c.Expect(got.header.found() && got.header.matched(), "the object is there");
  c.Expect(got.content == content, "the content comes back");
  c.ExpectEq(got.header.offset(), uint64_t{0});
  const object::v1::ObjectInfo& info = got.header.info();
  c.ExpectEq(info.key(), key);
  c.ExpectEq(info.size(), content.size());
  c.ExpectEq(info.etag(), put.etag());
  c.ExpectEq(info.content_type(), header.content_type());
  c.ExpectEq(info.metadata().size(), size_t{2});
  c.Expect(info.metadata().contains("empty") && info.metadata().contains("color") &&
               info.metadata().at("color") == "gr\xc3\xbcn",
           "the metadata come back");
}

Task<void> AnyBytesInAnyPieces(CaseContext& c) {
  ObjectClient objects(c);
  const size_t large = std::min<uint64_t>(3'000'000, c.max_message_bytes() / 2);
  const std::pair<size_t, size_t> sizes[] = {{0, 1},
                                             {1, 1},
                                             {300, 1},
                                             {kMaxPieceBytes, kMaxPieceBytes},
                                             {kMaxPieceBytes + 1, 77'777},
                                             {large, large}};
  for (const auto& [bytes, piece] : sizes) {
    const std::string key = c.Unique("object");
    const std::string content = Pattern(bytes);
    const PutResponse put = co_await objects.Put(HeaderOf(key), content, piece);
    c.Expect(put.stored(), "it is stored");
    c.ExpectEq(put.size(), bytes);
    const std::string got = co_await objects.Content(key);
    c.Expect(got == content, "all " + std::to_string(bytes) + " bytes come back");
  }
}

Task<void> PutReplaces(CaseContext& c) {
  ObjectClient objects(c);
  const std::string key = c.Unique("object");
  PutHeader first = HeaderOf(key);
  first.set_content_type("text/old");
  (*first.mutable_metadata())["old"] = "yes";
  co_await objects.Put(first, Pattern(300'000));
  const std::string etag = co_await objects.Store(key, "short");
  const Download got = co_await objects.Get(key);
  c.ExpectEq(got.content, "short");
  c.ExpectEq(got.header.info().etag(), etag);
  c.ExpectEq(got.header.info().size(), uint64_t{5});
  c.ExpectEq(got.header.info().content_type(), "");
  c.Expect(got.header.info().metadata().empty(), "nothing of the old object is left");
}

// Equal bytes may have equal etags; others must not, whatever is done between.
Task<void> EtagsNameContents(CaseContext& c) {
  ObjectClient objects(c);
  const std::string key = c.Unique("object");
  std::vector<std::string> etags;
  for (const std::string& content : {std::string("one"), std::string("two"), std::string(),
                                     Pattern(300'000), Pattern(300'001)}) {
    etags.push_back(co_await objects.Store(key, content));
    const HeadResponse head = co_await objects.Head(key);
    c.ExpectEq(head.info().etag(), etags.back());
    const Download got = co_await objects.Get(key);
    c.ExpectEq(got.header.info().etag(), etags.back());
    co_await objects.Delete(key);
  }
  std::sort(etags.begin(), etags.end());
  c.Expect(std::adjacent_find(etags.begin(), etags.end()) == etags.end(),
           "other contents have other etags");
}

Task<void> AnnouncedContentIsChecked(CaseContext& c) {
  ObjectClient objects(c);
  for (const Known& known : KnownContents()) {
    PutHeader header = HeaderOf(c.Unique("object"));
    header.set_size(known.content.size());
    header.set_crc32c(known.crc32c);
    header.set_sha256(std::string(known.sha256));
    const PutResponse put = co_await objects.Put(header, known.content, 100'000);
    c.Expect(put.stored(), "right content is stored");
    const std::string got = co_await objects.Content(header.key());
    c.Expect(got == known.content, "the content comes back");
  }
}

Task<void> WrongContentIsRefused(CaseContext& c) {
  ObjectClient objects(c);
  for (const Known& known : KnownContents()) {
    PutHeader size = HeaderOf(c.Unique("object"));
    size.set_size(known.content.size() + 1);
    PutHeader crc32c = HeaderOf(c.Unique("object"));
    crc32c.set_crc32c(known.crc32c ^ 1);
    PutHeader sha256 = HeaderOf(c.Unique("object"));
    sha256.set_sha256(std::string(31, 'x') + std::string(known.sha256.substr(31)));
    const std::string old = co_await objects.Store(size.key(), "old");
    co_await PutRefused(c, PartsOf(size, known.content), "size");
    co_await PutRefused(c, PartsOf(crc32c, known.content), "CRC32C");
    co_await PutRefused(c, PartsOf(sha256, known.content), "SHA-256");
    c.ExpectEq(co_await objects.Content(size.key()), "old");
    c.ExpectEq(co_await objects.Exists(crc32c.key()), false);
    c.ExpectEq(co_await objects.Exists(sha256.key()), false);
  }
  PutHeader too_small = HeaderOf(c.Unique("object"));
  too_small.set_size(8);
  co_await PutRefused(c, PartsOf(too_small, "123456789"), "size");
  c.ExpectEq(co_await objects.Exists(too_small.key()), false);
}

Task<void> PartsHaveAnOrder(CaseContext& c) {
  ObjectClient objects(c);
  const std::string key = c.Unique("object");
  const PutRequest header = HeaderPart(HeaderOf(key));
  const PutRequest piece = PiecePart("bytes");
  const PutRequest empty;
  const std::vector<std::vector<PutRequest>> wrong = {
      {},      {piece},         {piece, header},        {empty, header},
      {empty}, {header, empty}, {header, piece, empty}, {header, piece, header, piece}};
  for (const std::vector<PutRequest>& parts : wrong) {
    co_await PutRefused(c, PartsOf(parts), "");
    c.ExpectEq(co_await objects.Exists(key), false);
  }
  c.Note(key);
  const std::vector<PutRequest> right = {header, piece, PiecePart(""), piece};
  const Answer<PutResponse> put = co_await TryPut(c, PartsOf(right));
  c.Expect(put.status.ok() && put.value.stored(), "header and pieces are stored");
  c.ExpectEq(co_await objects.Content(key), "bytesbytes");
}

Task<void> HeadersHaveLimits(CaseContext& c) {
  ObjectClient objects(c);
  PutHeader header = HeaderOf(c.Unique("object"));
  header.set_content_type(std::string(256, 't'));
  (*header.mutable_metadata())[std::string(100, 'n')] = std::string(8'092, 'v');
  const PutResponse put = co_await objects.Put(header, "content");
  c.Expect(put.stored(), "what is at the limits is stored");
  const HeadResponse head = co_await objects.Head(header.key());
  c.ExpectEq(head.info().content_type(), header.content_type());
  c.Expect(
      head.info().metadata().size() == 1 && head.info().metadata().begin()->second.size() == 8'092,
      "the metadata come back whole");
  PutHeader type = HeaderOf(c.Unique("object"));
  type.set_content_type(std::string(257, 't'));
  co_await PutRefused(c, PartsOf(type, "content"), "content_type");
  PutHeader metadata = HeaderOf(type.key());
  (*metadata.mutable_metadata())["n"] = std::string(8'192, 'v');
  co_await PutRefused(c, PartsOf(metadata, "content"), "metadata");
  PutHeader nameless = HeaderOf(type.key());
  (*nameless.mutable_metadata())[""] = "value";
  co_await PutRefused(c, PartsOf(nameless, "content"), "metadata");
  PutHeader digest = HeaderOf(type.key());
  digest.set_sha256("short");
  co_await PutRefused(c, PartsOf(digest, "content"), "sha256");
  c.ExpectEq(co_await objects.Exists(type.key()), false);
}

// The client gives up behind the last piece, before it said that there are no more.
Task<void> CancelledPutStoresNothing(CaseContext& c) {
  ObjectClient objects(c);
  const std::string fresh = c.Unique("object");
  const std::string there = c.Unique("object");
  c.Note(fresh);
  co_await objects.Store(there, "old");
  for (const std::string& key : {fresh, there}) {
    PutHeader header = HeaderOf(key);
    Stream<PutRequest> parts =
        PartsOf(header, Pattern(300'000), 100'000, CancelledError("the case gives up"));
    const Answer<PutResponse> put = co_await TryPut(c, std::move(parts));
    c.ExpectEq(put.status.code(), Code::kCancelled);
  }
  for (int i = 0; i < 10; ++i) {
    c.ExpectEq(co_await objects.Exists(fresh), false);
    c.ExpectEq(co_await objects.Content(there), "old");
  }
}

Task<void> LongKeysAreTaken(CaseContext& c) {
  ObjectClient objects(c);
  std::string longest = c.Unique("object");
  longest.resize(kMaxObjectKeyBytes, 'k');
  std::string other = longest;
  other.back() = 'o';
  const std::string unusual = c.Unique("object") + " \xc3\xa9\xf0\x9f\x94\x91?#%2F\\\n";
  for (const std::string& key : {longest, other, unusual}) {
    const std::string content = "content of the key that ends with " + key.substr(key.size() - 1);
    co_await objects.Store(key, content);
    c.ExpectEq(co_await objects.Content(key), content);
  }
}

Task<void> BadKeysAreRefused(CaseContext& c) {
  for (const std::string& key : BadKeys()) {
    co_await PutRefused(c, PartsOf(HeaderOf(key), "content"), "key");
    co_await c.Refused(&ObjectBasicStub::Get, GetOf(key), Code::kInvalidArgument, "key");
    co_await c.Refused(&ObjectBasicStub::Head, HeadOf(key), Code::kInvalidArgument, "key");
    co_await c.Refused(&ObjectBasicStub::Delete, DeleteOf(key), Code::kInvalidArgument, "key");
  }
  for (const MethodInfo& method : c.interface().methods) {  // a key or prefix that is no UTF-8
    const bool put = method.kind == MethodInfo::Kind::kClientStream;
    const RawAnswer answer =
        co_await c.CallRaw(method, put ? "\x0a\x04\x0a\x02\xc3\x28" : "\x0a\x02\xc3\x28");
    c.ExpectEq(answer.status.code(), Code::kInvalidArgument);
  }
}

Task<void> SlashesHaveNoMeaning(CaseContext& c) {
  ObjectClient objects(c);
  const std::string base = c.Unique("object");
  std::vector<std::string> keys;
  for (const char* tail :
       {"", "/", "//", "/a", "//a", "/a/", "/a/b", "/a/../b", "/./a", "/.", "/.."}) {
    keys.push_back(base + tail);
  }
  keys.push_back("/" + base);
  keys.push_back("../" + base);
  for (const std::string& key : keys) co_await objects.Store(key, "content of " + key);
  for (const std::string& key : keys) {
    c.ExpectEq(co_await objects.Content(key), "content of " + key);
  }
  co_await objects.Delete(base + "/a");
  c.ExpectEq(co_await objects.Exists(base + "/a/b"), true);
  c.ExpectEq(co_await objects.Exists(base + "/a/"), true);
}

Task<void> NamespacesNeverMeet(CaseContext& c) {
  ObjectClient here(c);
  ObjectClient there(c.other());
  const std::string key = c.Unique("object");
  co_await here.Store(key, "ours");
  c.ExpectEq(co_await there.Exists(key), false);
  co_await there.Store(key, "theirs");
  c.ExpectEq(co_await here.Content(key), "ours");
  const DeleteResponse deleted = co_await there.Delete(key);
  c.Expect(deleted.deleted(), "theirs is deleted");
  c.ExpectEq(co_await here.Content(key), "ours");
}

}  // namespace prism::conformance::object_basic
