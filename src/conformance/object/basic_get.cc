#include <optional>

#include "conformance/object/basic_cases.h"
#include "conformance/object/client.h"

namespace prism::conformance::object_basic {
namespace {

GetRequest RangeOf(std::string key, uint64_t offset, std::optional<uint64_t> length) {
  GetRequest request = GetOf(std::move(key));
  request.mutable_range()->set_offset(offset);
  if (length) request.mutable_range()->set_length(*length);
  return request;
}

GetRequest SuffixOf(std::string key, uint64_t bytes) {
  GetRequest request = GetOf(std::move(key));
  request.set_suffix(bytes);
  return request;
}

// The part of the object must begin at `offset` and be `expected`; the header is about all of it.
Task<void> ExpectPart(CaseContext& c, GetRequest request, std::string_view expected, uint64_t whole,
                      Where where = Where::current()) {
  ObjectClient objects(c);
  const Download got = co_await objects.Get(std::move(request), where);
  c.Expect(got.header.found() && got.header.matched(), "the object is there", where);
  c.ExpectEq(got.header.info().size(), whole, where);
  c.ExpectEq(got.content.size(), expected.size(), where);
  c.Expect(got.content == expected, "the bytes are those of the range", where);
}

}  // namespace

Task<void> AbsenceIsAnAnswer(CaseContext& c) {
  ObjectClient objects(c);
  const std::string key = c.Unique("object");
  const auto parts = co_await c.CallAll(&ObjectBasicStub::Get, GetOf(key));
  c.ExpectEq(parts.size(), size_t{1});
  if (parts.empty()) co_return;
  c.Expect(parts[0].has_header(), "there is a header");
  c.Expect(!parts[0].header().found() && !parts[0].header().matched() &&
               !parts[0].header().has_info() && parts[0].header().length() == 0,
           "the header says that there is no object, and nothing else");
  const Download conditional = co_await objects.Get(GetOf(key, "some etag"));
  c.Expect(!conditional.header.found(), "nor is there one with an etag");
  const HeadResponse head = co_await objects.Head(key);
  c.Expect(!head.found() && !head.has_info(), "Head tells of nothing");
  const DeleteResponse removed = co_await objects.Delete(key);
  c.Expect(!removed.found() && !removed.deleted() && removed.etag().empty(),
           "there was nothing to delete");
}

Task<void> RangesAreCutOut(CaseContext& c) {
  ObjectClient objects(c);
  const std::string key = c.Unique("object");
  const std::string content = Pattern(700'001);
  const std::string_view all = content;
  co_await objects.Store(key, content);
  const std::pair<uint64_t, uint64_t> cuts[] = {{0, 1},
                                                {0, 700'001},
                                                {1, 10},
                                                {kMaxPieceBytes - 1, 2},
                                                {kMaxPieceBytes, kMaxPieceBytes},
                                                {100, 600'000},
                                                {700'000, 1},
                                                {5, 0}};
  for (const auto& [offset, length] : cuts) {
    co_await ExpectPart(c, RangeOf(key, offset, length), all.substr(offset, length), all.size());
  }
  const Download got = co_await objects.Get(RangeOf(key, 1'000, 10));
  c.ExpectEq(got.header.offset(), uint64_t{1'000});
  co_await ExpectPart(c, RangeOf(key, 300'000, std::nullopt), all.substr(300'000), all.size());
  co_await ExpectPart(c, RangeOf(key, 0, std::nullopt), all, all.size());
  co_await ExpectPart(c, RangeOf(key, 699'990, 1'000), all.substr(699'990), all.size());
  co_await ExpectPart(c, RangeOf(key, 1, UINT64_MAX), all.substr(1), all.size());
  for (const uint64_t beyond : {uint64_t{700'001}, uint64_t{700'002}, UINT64_MAX}) {
    co_await ExpectPart(c, RangeOf(key, beyond, std::nullopt), "", all.size());
    co_await ExpectPart(c, RangeOf(key, beyond, 10), "", all.size());
  }
}

Task<void> SuffixesAreTheLastBytes(CaseContext& c) {
  ObjectClient objects(c);
  const std::string key = c.Unique("object");
  const std::string content = Pattern(400'000);
  const std::string_view all = content;
  co_await objects.Store(key, content);
  for (const uint64_t bytes : {0, 1, 10, 300'000, 400'000}) {
    co_await ExpectPart(c, SuffixOf(key, bytes), all.substr(all.size() - bytes), all.size());
  }
  for (const uint64_t bytes : {uint64_t{400'001}, UINT64_MAX}) {
    co_await ExpectPart(c, SuffixOf(key, bytes), all, all.size());
  }
  const Download got = co_await objects.Get(SuffixOf(key, 7));
  c.ExpectEq(got.header.offset(), uint64_t{399'993});
  const std::string empty = c.Unique("object");
  co_await objects.Store(empty, "");
  co_await ExpectPart(c, SuffixOf(empty, 7), "", 0);
}

Task<void> GetWithAnEtag(CaseContext& c) {
  ObjectClient objects(c);
  const std::string key = c.Unique("object");
  const std::string old = co_await objects.Store(key, "old");
  const std::string now = co_await objects.Store(key, "new");
  const Download matched = co_await objects.Get(GetOf(key, now));
  c.Expect(matched.header.found() && matched.header.matched(), "the etag matches");
  c.ExpectEq(matched.content, "new");
  for (const std::string& other : {old, now + "x", std::string("no etag")}) {
    const auto parts = co_await c.CallAll(&ObjectBasicStub::Get, GetOf(key, other));
    c.ExpectEq(parts.size(), size_t{1});
    if (parts.empty()) co_return;
    c.Expect(parts[0].header().found() && !parts[0].header().matched(),
             "there is an object of another etag");
    c.ExpectEq(parts[0].header().info().etag(), now);
    c.ExpectEq(parts[0].header().length(), uint64_t{0});
  }
}

Task<void> HeadDescribes(CaseContext& c) {
  ObjectClient objects(c);
  PutHeader header = HeaderOf(c.Unique("object"));
  header.set_content_type("image/png");
  (*header.mutable_metadata())["name"] = "value";
  const PutResponse put = co_await objects.Put(header, Pattern(12'345));
  const HeadResponse head = co_await objects.Head(header.key());
  c.Expect(head.found(), "the object is found");
  c.ExpectEq(head.info().key(), header.key());
  c.ExpectEq(head.info().size(), uint64_t{12'345});
  c.ExpectEq(head.info().etag(), put.etag());
  c.ExpectEq(head.info().content_type(), "image/png");
  c.Expect(head.info().metadata().size() == 1 && head.info().metadata().contains("name"),
           "the metadata are told");
  c.ExpectLe(int64_t{1'500'000'000'000}, head.info().stored_unix_ms(), "a time that is past");
  co_await objects.Delete(header.key());
  const HeadResponse gone = co_await objects.Head(header.key());
  c.Expect(!gone.found() && !gone.has_info(), "what was deleted is not found");
}

Task<void> DeleteRemoves(CaseContext& c) {
  ObjectClient objects(c);
  const std::string key = c.Unique("object");
  const std::string beside = key + "-beside";
  co_await objects.Store(key, "content");
  co_await objects.Store(beside, "stays");
  const DeleteResponse first = co_await objects.Delete(key);
  c.Expect(first.found() && first.deleted() && first.etag().empty(), "it was there, and is gone");
  c.ExpectEq(co_await objects.Exists(key), false);
  const DeleteResponse second = co_await objects.Delete(key);
  c.Expect(!second.found() && !second.deleted(), "a repetition finds nothing");
  c.ExpectEq(co_await objects.Content(beside), "stays");
}

Task<void> DeleteWithAnEtag(CaseContext& c) {
  ObjectClient objects(c);
  const std::string key = c.Unique("object");
  const std::string old = co_await objects.Store(key, "old");
  const std::string now = co_await objects.Store(key, "new");
  const DeleteResponse kept = co_await objects.Delete(key, old);
  c.Expect(kept.found() && !kept.deleted(), "an object of another etag stays");
  c.ExpectEq(kept.etag(), now);
  c.ExpectEq(co_await objects.Content(key), "new");
  int deleted = 0;
  co_await c.Concurrently(8, [&](int) -> Task<void> {
    ObjectClient client(c);
    const DeleteResponse answer = co_await client.Delete(key, now);
    deleted += answer.deleted();
  });
  c.ExpectEq(deleted, 1);
  const DeleteResponse none = co_await objects.Delete(key, now);
  c.Expect(!none.found() && !none.deleted(), "nothing is left");
}

// Each call goes over another connection than the one before.
Task<void> ReadsSeeAnsweredWrites(CaseContext& c) {
  ObjectClient objects(c);
  const std::string key = c.Unique("object");
  ListRequest list;
  list.set_prefix(key);
  for (int i = 0; i < 30 && c.ok(); ++i) {
    const std::string content = "content " + std::to_string(i);
    co_await objects.Store(key, content);
    c.ExpectEq(co_await objects.Content(key), content);
    const auto there = co_await c.CallAll(&ObjectBasicStub::List, list);
    c.ExpectEq(there.size(), size_t{1});
    if (i % 2 == 0) continue;
    co_await objects.Delete(key);
    c.ExpectEq(co_await objects.Exists(key), false);
    const auto none = co_await c.CallAll(&ObjectBasicStub::List, list);
    c.Expect(none.empty(), "the list is empty");
  }
}

}  // namespace prism::conformance::object_basic
