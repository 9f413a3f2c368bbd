#include "drivers/memstore/object/calls.h"

#include "drivers/memstore/calls_fixture.h"
#include "prism/interfaces/object_basic.pb.h"

namespace prism::memstore {
namespace {

using namespace object::v1;  // NOLINT

Stream<PutRequest> Parts(std::vector<PutRequest> parts, Status status) {
  for (PutRequest& part : parts) co_yield part;
  co_return status;
}

class ObjectCallsTest : public CallsFixture<ObjectCalls> {
 protected:
  static PutHeader Header(const std::string& key) {
    PutHeader header;
    header.set_key(key);
    return header;
  }
  static std::vector<PutRequest> Requests(const PutHeader& header, const std::string& content,
                                          size_t piece = 100'000) {
    std::vector<PutRequest> parts(1);
    *parts[0].mutable_header() = header;
    for (size_t at = 0; at < content.size(); at += piece) {
      parts.emplace_back().set_piece(content.substr(at, piece));
    }
    return parts;
  }
  Status TryPut(std::vector<PutRequest> parts, PutResponse* response = nullptr,
                Status end = OkStatus()) {
    PutResponse unused;
    Stream<PutRequest> stream = Parts(std::move(parts), std::move(end));
    return Finish(backend_.Put(context_, stream, response ? *response : unused));
  }
  PutResponse Put(const PutHeader& header, const std::string& content, size_t piece = 100'000) {
    PutResponse response;
    const Status status = TryPut(Requests(header, content, piece), &response);
    EXPECT_TRUE(status.ok()) << status.ToString();
    return response;
  }
  PutResponse Put(const std::string& key, const std::string& content) {
    return Put(Header(key), content);
  }
  // The header, and the content of all pieces.
  GetResponse::Header Get(const GetRequest& request, std::string* content = nullptr) {
    const auto parts = Drain(backend_.Get(context_, request));
    EXPECT_TRUE(!parts.empty() && parts[0].has_header());
    for (size_t i = 1; i < parts.size(); ++i) {
      EXPECT_TRUE(parts[i].part_case() == GetResponse::kPiece);
      EXPECT_LE(parts[i].piece().size(), 256u * 1024);
      EXPECT_FALSE(parts[i].piece().empty());
      if (content) *content += parts[i].piece();
    }
    return parts[0].header();
  }
  static GetRequest NewGet(const std::string& key) {
    GetRequest request;
    request.set_key(key);
    return request;
  }
  std::string Content(const GetRequest& request) {
    std::string content;
    const auto header = Get(request, &content);
    EXPECT_EQ(header.length(), content.size());
    return content;
  }
  std::string Content(const std::string& key) { return Content(NewGet(key)); }
  DeleteResponse Delete(const std::string& key, const std::string& etag = "") {
    DeleteRequest request;
    request.set_key(key);
    request.set_if_etag(etag);
    return Ok(&ObjectCalls::Delete, request);
  }
  static ListRequest NewList(const std::string& prefix, const std::string& delimiter) {
    ListRequest request;
    request.set_prefix(prefix);
    request.set_delimiter(delimiter);
    return request;
  }
  std::vector<ListResponse> Pages(const ListRequest& request, Code code = Code::kOk) {
    return Drain(backend_.List(context_, request), code);
  }
  std::string List(const ListRequest& request) {
    std::string rows;
    for (const auto& page : Pages(request)) {
      for (const auto& row : page.rows()) {
        rows += row.has_object() ? row.object().key() : '<' + row.common_prefix() + '>';
        rows += ' ';
      }
    }
    return rows;
  }
  static std::string Bytes(size_t size) {
    std::string bytes(size, '\0');
    for (size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(i * 131 >> 3);
    return bytes;
  }
};

TEST_F(ObjectCallsTest, WhatWasPutComesBack) {
  const std::string content = Bytes(1'000'003);
  PutHeader header = Header("a/b");
  header.set_content_type("text/plain");
  (*header.mutable_metadata())["k"] = "v";
  const PutResponse put = Put(header, content, 77'777);
  EXPECT_TRUE(put.stored());
  EXPECT_EQ(put.size(), content.size());
  EXPECT_FALSE(put.etag().empty());
  std::string got;
  const auto head = Get(NewGet("a/b"), &got);
  EXPECT_EQ(got, content);
  EXPECT_TRUE(head.found() && head.matched());
  EXPECT_EQ(head.offset(), 0u);
  EXPECT_EQ(head.info().etag(), put.etag());
  EXPECT_EQ(head.info().size(), content.size());
  EXPECT_EQ(head.info().content_type(), "text/plain");
  EXPECT_EQ(head.info().metadata().at("k"), "v");
  EXPECT_GT(head.info().stored_unix_ms(), 1'600'000'000'000);
  HeadRequest request;
  request.set_key("a/b");
  const auto described = Ok(&ObjectCalls::Head, request);
  EXPECT_TRUE(described.found());
  EXPECT_EQ(described.info().SerializeAsString(), head.info().SerializeAsString());
}

TEST_F(ObjectCallsTest, AnEmptyObjectIsAnObject) {
  EXPECT_TRUE(Put("a", "").stored());
  EXPECT_TRUE(Get(NewGet("a")).found());
  EXPECT_EQ(Content("a"), "");
}

TEST_F(ObjectCallsTest, AbsenceIsAnAnswer) {
  const auto parts = Drain(backend_.Get(context_, NewGet("a")));
  ASSERT_EQ(parts.size(), 1u);
  EXPECT_FALSE(parts[0].header().found());
  HeadRequest request;
  request.set_key("a");
  EXPECT_FALSE(Ok(&ObjectCalls::Head, request).found());
  EXPECT_FALSE(Delete("a").found());
}

TEST_F(ObjectCallsTest, Ranges) {
  const std::string content = Bytes(600'000);
  Put("a", content);
  const auto range = [&](uint64_t offset, std::optional<uint64_t> length) {
    GetRequest request = NewGet("a");
    request.mutable_range()->set_offset(offset);
    if (length) request.mutable_range()->set_length(*length);
    return Content(request);
  };
  EXPECT_EQ(range(0, 1), content.substr(0, 1));
  EXPECT_EQ(range(262'143, 2), content.substr(262'143, 2));
  EXPECT_EQ(range(100, 500'000), content.substr(100, 500'000));
  EXPECT_EQ(range(262'144, {}), content.substr(262'144));
  EXPECT_EQ(range(599'999, 10), content.substr(599'999));
  EXPECT_EQ(range(600'000, 10), "");
  EXPECT_EQ(range(~uint64_t{0}, ~uint64_t{0}), "");
  EXPECT_EQ(range(5, 0), "");
  GetRequest suffix = NewGet("a");
  suffix.set_suffix(300'000);
  EXPECT_EQ(Content(suffix), content.substr(300'000));
  EXPECT_EQ(Get(suffix).offset(), 300'000u);
  suffix.set_suffix(~uint64_t{0});
  EXPECT_EQ(Content(suffix), content);
  suffix.set_suffix(0);
  EXPECT_EQ(Content(suffix), "");
}

TEST_F(ObjectCallsTest, AGetGoesOnWithItsObject) {
  const std::string content = Bytes(600'000);
  Put("a", content);
  const GetRequest request = NewGet("a");
  Stream<GetResponse> stream = backend_.Get(context_, request);
  std::string got;
  const auto pull = [&]() -> Task<Status> {
    (void)co_await stream.Next();
    Put("a", "other");
    Delete("a");
    while (GetResponse* part = co_await stream.Next()) got += part->piece();
    co_return stream.status();
  };
  EXPECT_TRUE(Finish(pull()).ok());
  EXPECT_EQ(got, content);
}

TEST_F(ObjectCallsTest, APutReplaces) {
  const std::string first = Put("a", "1").etag(), second = Put("a", "2").etag();
  EXPECT_NE(first, second);
  EXPECT_EQ(Content("a"), "2");
}

TEST_F(ObjectCallsTest, ConditionsAreAnswered) {
  PutHeader absent = Header("a");
  absent.set_if_absent(true);
  const PutResponse first = Put(absent, "1");
  EXPECT_TRUE(first.stored());
  const PutResponse refused = Put(absent, "2");
  EXPECT_FALSE(refused.stored());
  EXPECT_EQ(refused.etag(), first.etag());
  PutHeader matching = Header("a");
  matching.set_if_etag(first.etag());
  const PutResponse second = Put(matching, "3");
  EXPECT_TRUE(second.stored());
  EXPECT_FALSE(Put(matching, "4").stored());
  EXPECT_EQ(Content("a"), "3");
  matching.set_key("b");
  const PutResponse nothing = Put(matching, "5");
  EXPECT_FALSE(nothing.stored());
  EXPECT_EQ(nothing.etag(), "");
}

// What changes while the pieces arrive counts.
TEST_F(ObjectCallsTest, ConditionsAreTestedAtTheEnd) {
  PutHeader absent = Header("a");
  absent.set_if_absent(true);
  const auto parts = Requests(absent, "late");
  const auto late = [&]() -> Stream<PutRequest> {
    for (PutRequest part : parts) co_yield part;
    Put("a", "early");
    co_return OkStatus();
  };
  Stream<PutRequest> stream = late();
  PutResponse response;
  EXPECT_TRUE(Finish(backend_.Put(context_, stream, response)).ok());
  EXPECT_FALSE(response.stored());
  EXPECT_EQ(response.etag(), Get(NewGet("a")).info().etag());
  EXPECT_EQ(Content("a"), "early");
}

TEST_F(ObjectCallsTest, GetAndDeleteByEtag) {
  const std::string etag = Put("a", "1").etag();
  GetRequest request = NewGet("a");
  request.set_if_etag("other");
  const auto parts = Drain(backend_.Get(context_, request));
  ASSERT_EQ(parts.size(), 1u);
  EXPECT_TRUE(parts[0].header().found());
  EXPECT_FALSE(parts[0].header().matched());
  request.set_if_etag(etag);
  EXPECT_EQ(Content(request), "1");
  const DeleteResponse refused = Delete("a", "other");
  EXPECT_TRUE(refused.found());
  EXPECT_FALSE(refused.deleted());
  EXPECT_EQ(refused.etag(), etag);
  EXPECT_TRUE(Delete("a", etag).deleted());
  EXPECT_FALSE(Delete("a").found());
  EXPECT_EQ(budget_->used_bytes(), 0);
}

TEST_F(ObjectCallsTest, ChecksWhatWasAnnounced) {
  PutHeader header = Header("a");
  header.set_size(3);
  header.set_crc32c(0x364b3fb7);
  header.set_sha256(
      std::string("\xba\x78\x16\xbf\x8f\x01\xcf\xea\x41\x41\x40\xde\x5d\xae\x22\x23"
                  "\xb0\x03\x61\xa3\x96\x17\x7a\x9c\xb4\x10\xff\x61\xf2\x00\x15\xad",
                  32));
  EXPECT_TRUE(Put(header, "abc", 1).stored());
  header.set_key("b");
  for (const std::string content : {"abd", "ab", "abcd", ""}) {
    EXPECT_EQ(TryPut(Requests(header, content)).code(), Code::kInvalidArgument) << content;
  }
  PutHeader sum = Header("b");
  sum.set_crc32c(1);
  EXPECT_NE(TryPut(Requests(sum, "abc")).message().find("CRC32C"), std::string::npos);
  sum.clear_crc32c();
  sum.set_sha256(std::string(32, 'x'));
  EXPECT_NE(TryPut(Requests(sum, "abc")).message().find("SHA-256"), std::string::npos);
  EXPECT_FALSE(Get(NewGet("b")).found());
}

TEST_F(ObjectCallsTest, AFailedPutStoresNothing) {
  const Status status =
      TryPut(Requests(Header("a"), Bytes(500'000)), nullptr, CancelledError("gone"));
  EXPECT_EQ(status.code(), Code::kCancelled);
  EXPECT_FALSE(Get(NewGet("a")).found());
  EXPECT_EQ(budget_->used_bytes(), 0);
}

TEST_F(ObjectCallsTest, RefusesMisuse) {
  const auto refused = [this](std::vector<PutRequest> parts) {
    EXPECT_EQ(TryPut(std::move(parts)).code(), Code::kInvalidArgument);
  };
  refused({});
  refused({PutRequest()});
  refused(Requests(Header(""), "x"));
  refused(Requests(Header(std::string(4097, 'k')), "x"));
  auto twice = Requests(Header("a"), "x");
  twice.push_back(twice[0]);
  refused(twice);
  PutHeader header = Header("a");
  header.set_sha256("short");
  refused(Requests(header, "x"));
  header = Header("a");
  header.set_content_type(std::string(257, 'x'));
  refused(Requests(header, "x"));
  header = Header("a");
  (*header.mutable_metadata())["k"] = std::string(8192, 'v');
  refused(Requests(header, "x"));
  header = Header("a");
  (*header.mutable_metadata())[""] = "v";
  refused(Requests(header, "x"));
  header = Header("a");
  header.set_if_etag("");
  refused(Requests(header, "x"));
  ExpectRefused(&ObjectCalls::Head, HeadRequest(), "empty");
  EXPECT_TRUE(Pages(NewList("", std::string(17, '/')), Code::kInvalidArgument).empty());
}

TEST_F(ObjectCallsTest, ListsInOrderBelowThePrefix) {
  for (const std::string key : {"b", "a/2", "a/1", "a", "a/b/1", "a0", "\xc3\xa4"}) Put(key, "x");
  EXPECT_EQ(List(NewList("", "")), "a a/1 a/2 a/b/1 a0 b \xc3\xa4 ");
  EXPECT_EQ(List(NewList("a/", "")), "a/1 a/2 a/b/1 ");
  EXPECT_EQ(List(NewList("", "/")), "a <a/> a0 b \xc3\xa4 ");
  EXPECT_EQ(List(NewList("a/", "/")), "a/1 a/2 <a/b/> ");
  EXPECT_EQ(List(NewList("a/b/", "/")), "a/b/1 ");
  EXPECT_EQ(List(NewList("x", "")), "");
}

TEST_F(ObjectCallsTest, ListPagesResume) {
  for (int i = 0; i < 2200; ++i) Put("k" + std::to_string(i) + (i % 2 ? "/x" : ""), "");
  for (const std::string delimiter : {"", "/"}) {
    ListRequest request = NewList("k", delimiter);
    const auto pages = Pages(request);
    ASSERT_EQ(pages.size(), 3u);
    EXPECT_EQ(pages[0].rows_size(), 1000);
    EXPECT_EQ(pages[2].rows_size(), 200);
    EXPECT_TRUE(pages[2].cursor().empty());
    request.set_cursor(pages[1].cursor());
    const auto rest = Pages(request);
    ASSERT_EQ(rest.size(), 1u);
    EXPECT_EQ(rest[0].SerializeAsString(), pages[2].SerializeAsString());
    request.set_prefix("");
    EXPECT_TRUE(Pages(request, Code::kInvalidArgument).empty());
  }
  // One row at a time, so that every kind of row is resumed behind.
  ListRequest one = NewList("k1", "/");
  one.set_limit(1);
  std::string rows;
  do {
    const auto pages = Pages(one);
    ASSERT_EQ(pages.size(), 1u);
    ASSERT_EQ(pages[0].rows_size(), 1);
    const ListRow& row = pages[0].rows(0);
    rows += row.has_object() ? row.object().key() : '<' + row.common_prefix() + '>';
    rows += ' ';
    one.set_cursor(pages[0].cursor());
  } while (!one.cursor().empty());
  EXPECT_EQ(rows, List(NewList("k1", "/")));
}

TEST_F(ObjectCallsTest, ListPagesAreBoundedInBytes) {
  for (int i = 0; i < 300; ++i) Put(std::string(4000, 'k') + std::to_string(i), "");
  const auto pages = Pages(NewList("", ""));
  EXPECT_GT(pages.size(), 1u);
  for (const auto& page : pages) EXPECT_LE(page.ByteSizeLong(), 1024u * 1024);
}

}  // namespace
}  // namespace prism::memstore
