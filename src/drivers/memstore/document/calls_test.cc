#include "drivers/memstore/document/calls.h"

#include "drivers/memstore/calls_fixture.h"
#include "prism/interfaces/document_basic.pb.h"

namespace prism::memstore {
namespace {

using namespace document::v1;  // NOLINT

class DocumentCallsTest : public CallsFixture<DocumentCalls> {
 protected:
  static InsertRequest NewInsert(const std::string& id, const std::string& json) {
    InsertRequest request;
    request.set_collection("c");
    request.set_id(id);
    request.set_json(json);
    return request;
  }
  InsertResponse Insert(const std::string& id, const std::string& json) {
    return Ok(&DocumentCalls::Insert, NewInsert(id, json));
  }
  GetResponse Get(const std::string& id, const std::string& collection = "c") {
    GetRequest request;
    request.set_collection(collection);
    request.set_id(id);
    return Ok(&DocumentCalls::Get, request);
  }
  static UpdateRequest NewUpdate(const std::string& id) {
    UpdateRequest request;
    request.set_collection("c");
    request.set_id(id);
    return request;
  }
  UpdateResponse Patch(const std::string& id, const std::string& patch) {
    UpdateRequest request = NewUpdate(id);
    request.set_merge_patch_json(patch);
    return Ok(&DocumentCalls::Update, request);
  }
  UpdateResponse Replace(const std::string& id, const std::string& json) {
    UpdateRequest request = NewUpdate(id);
    request.set_replacement_json(json);
    return Ok(&DocumentCalls::Update, request);
  }
  static DeleteRequest NewDelete(const std::string& id) {
    DeleteRequest request;
    request.set_collection("c");
    request.set_id(id);
    return request;
  }
};

TEST_F(DocumentCallsTest, AnInsertedDocumentIsThere) {
  const InsertResponse inserted = Insert("a", R"({"x": 1})");
  EXPECT_TRUE(inserted.inserted());
  EXPECT_EQ(inserted.id(), "a");
  EXPECT_GT(inserted.version(), 0u);
  const GetResponse got = Get("a");
  ASSERT_TRUE(got.found());
  EXPECT_EQ(got.document().id(), "a");
  EXPECT_EQ(got.document().json(), R"({"x":1})");
  EXPECT_EQ(got.document().version(), inserted.version());
  EXPECT_FALSE(Get("a", "other").found());
  EXPECT_FALSE(Get("b").found());
}

TEST_F(DocumentCallsTest, ATakenIdIsAnAnswer) {
  const uint64_t version = Insert("a", R"({"x":1})").version();
  const InsertResponse again = Insert("a", R"({"x":2})");
  EXPECT_FALSE(again.inserted());
  EXPECT_EQ(again.version(), version);
  EXPECT_EQ(Get("a").document().json(), R"({"x":1})");
}

TEST_F(DocumentCallsTest, AnIdIsMadeIfNoneIsGiven) {
  const std::string one = Insert("", "{}").id(), other = Insert("", "{}").id();
  EXPECT_EQ(one.size(), 32u);
  EXPECT_NE(one, other);
  EXPECT_TRUE(Get(one).found());
}

TEST_F(DocumentCallsTest, ReplacesAndPatches) {
  const uint64_t first = Insert("a", R"({"x":1,"y":2})").version();
  const UpdateResponse replaced = Replace("a", R"({"y":3,"z":{"p":1,"q":2}})");
  EXPECT_TRUE(replaced.found() && replaced.updated());
  EXPECT_GT(replaced.version(), first);
  EXPECT_EQ(Get("a").document().json(), R"({"y":3,"z":{"p":1,"q":2}})");
  EXPECT_TRUE(Patch("a", R"({"y":null,"z":{"q":5}})").updated());
  EXPECT_EQ(Get("a").document().json(), R"({"z":{"p":1,"q":5}})");
}

TEST_F(DocumentCallsTest, AnUpdateOfNothingAnswersSo) {
  const UpdateResponse response = Patch("a", "{}");
  EXPECT_FALSE(response.found());
  EXPECT_FALSE(response.updated());
  EXPECT_EQ(response.version(), 0u);
  EXPECT_FALSE(Get("a").found());
}

TEST_F(DocumentCallsTest, UpdatesOnlyTheExpectedVersion) {
  const uint64_t first = Insert("a", R"({"x":1})").version();
  UpdateRequest request = NewUpdate("a");
  request.set_replacement_json(R"({"x":2})");
  request.set_expected_version(first + 100);
  const UpdateResponse refused = Ok(&DocumentCalls::Update, request);
  EXPECT_TRUE(refused.found());
  EXPECT_FALSE(refused.updated());
  EXPECT_EQ(refused.version(), first);
  EXPECT_EQ(Get("a").document().json(), R"({"x":1})");
  request.set_expected_version(first);
  EXPECT_TRUE(Ok(&DocumentCalls::Update, request).updated());
  EXPECT_FALSE(Ok(&DocumentCalls::Update, request).updated());
}

TEST_F(DocumentCallsTest, EveryUpdateMakesANewVersion) {
  const uint64_t first = Insert("a", "{}").version();
  EXPECT_GT(Patch("a", "{}").version(), first);
}

TEST_F(DocumentCallsTest, NoVersionComesTwice) {
  const uint64_t first = Insert("a", "{}").version();
  EXPECT_TRUE(Ok(&DocumentCalls::Delete, NewDelete("a")).deleted());
  EXPECT_GT(Insert("a", "{}").version(), first);
}

TEST_F(DocumentCallsTest, DeletesOnlyTheExpectedVersion) {
  const uint64_t version = Insert("a", "{}").version();
  DeleteRequest request = NewDelete("a");
  request.set_expected_version(version + 1);
  const DeleteResponse refused = Ok(&DocumentCalls::Delete, request);
  EXPECT_TRUE(refused.found());
  EXPECT_FALSE(refused.deleted());
  EXPECT_EQ(refused.version(), version);
  request.set_expected_version(version);
  EXPECT_TRUE(Ok(&DocumentCalls::Delete, request).deleted());
  EXPECT_FALSE(Ok(&DocumentCalls::Delete, request).found());
  EXPECT_FALSE(Get("a").found());
}

TEST_F(DocumentCallsTest, RefusesMisuse) {
  ExpectRefused(&DocumentCalls::Insert, NewInsert("a", "[]"),
                "json: the document is not a JSON object");
  ExpectRefused(&DocumentCalls::Insert, NewInsert("a", "{"), "at byte");
  ExpectRefused(&DocumentCalls::Insert, NewInsert(std::string(4097, 'k'), "{}"), "4096");
  InsertRequest nameless = NewInsert("a", "{}");
  nameless.set_collection("");
  ExpectRefused(&DocumentCalls::Insert, nameless, "collection: a name");
  ExpectRefused(&DocumentCalls::Get, GetRequest(), "collection: a name");
  ExpectRefused(&DocumentCalls::Delete, NewDelete(""), "id: a name");
  ExpectRefused(&DocumentCalls::Update, NewUpdate("a"), "merge_patch_json");
  UpdateRequest patch = NewUpdate("a");
  patch.set_merge_patch_json("null");
  ExpectRefused(&DocumentCalls::Update, patch, "merge_patch_json: the document is not");
}

TEST_F(DocumentCallsTest, ChargesWhatItKeeps) {
  Insert("a", "{\"x\":\"" + std::string(100'000, 'x') + "\"}");
  EXPECT_GT(budget_->used_bytes(), 100'000);
  Replace("a", "{}");
  EXPECT_LT(budget_->used_bytes(), 2000);
  Ok(&DocumentCalls::Delete, NewDelete("a"));
  EXPECT_EQ(budget_->used_bytes(), 0);
}

TEST_F(DocumentCallsTest, WithoutRoomNothingChanges) {
  Insert("a", R"({"x":1})");
  ASSERT_TRUE(budget_->Charge(budget_->max_bytes() - budget_->used_bytes() - 1000));
  UpdateRequest request = NewUpdate("a");
  request.set_merge_patch_json("{\"y\":\"" + std::string(5000, 'x') + "\"}");
  EXPECT_EQ(Try(&DocumentCalls::Update, request).code(), Code::kResourceExhausted);
  EXPECT_EQ(Get("a").document().json(), R"({"x":1})");
}

}  // namespace
}  // namespace prism::memstore
