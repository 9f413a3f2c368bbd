#include "drivers/memstore/document/query_fixture.h"

namespace prism::memstore {
namespace {

using namespace document::v1;  // NOLINT

class DocumentIndexTest : public DocumentQueryFixture {
 protected:
  Status TryInsert(const std::string& id, const std::string& json) {
    InsertRequest request;
    request.set_collection("c");
    request.set_id(id);
    request.set_json(json);
    return Try(&DocumentCalls::Insert, request);
  }
  void Delete(const std::string& id) {
    DeleteRequest request;
    request.set_collection("c");
    request.set_id(id);
    EXPECT_TRUE(Ok(&DocumentCalls::Delete, request).deleted());
  }
  Status Replace(const std::string& id, const std::string& json) {
    UpdateRequest request;
    request.set_collection("c");
    request.set_id(id);
    request.set_replacement_json(json);
    return Try(&DocumentCalls::Update, request);
  }
  bool Drop(const std::string& name) {
    return Ok(&DocumentCalls::DropIndex, Parse<DropIndexRequest>("name: '" + name + "'")).found();
  }
  std::string List() {
    std::string names;
    const auto listed = Ok(&DocumentCalls::ListIndexes, Parse<ListIndexesRequest>(""));
    for (const Index& index : listed.indexes()) {
      names += index.name() + (index.unique() ? "! " : " ");
    }
    return names;
  }
};

TEST_F(DocumentIndexTest, IsListedUntilDropped) {
  EXPECT_EQ(List(), "");
  EXPECT_TRUE(CreateIndex("name: 'b' fields: 'x' unique: true").ok());
  EXPECT_TRUE(CreateIndex("name: 'a' fields: ['x', 'y.z']").ok());
  EXPECT_EQ(List(), "a b! ");
  EXPECT_TRUE(Drop("a"));
  EXPECT_FALSE(Drop("a"));
  EXPECT_EQ(List(), "b! ");
}

TEST_F(DocumentIndexTest, TheSameAgainIsNotCreatedAndAnotherIsRefused) {
  const auto request = Parse<CreateIndexRequest>("index {name: 'a' fields: 'x'}");
  EXPECT_TRUE(Ok(&DocumentCalls::CreateIndex, request).created());
  EXPECT_FALSE(Ok(&DocumentCalls::CreateIndex, request).created());
  EXPECT_EQ(CreateIndex("name: 'a' fields: 'y'").code(), Code::kAlreadyExists);
  EXPECT_EQ(CreateIndex("name: 'a' fields: 'x' unique: true").code(), Code::kAlreadyExists);
}

TEST_F(DocumentIndexTest, UniqueRefusesWritesAndNamesItself) {
  EXPECT_TRUE(CreateIndex("name: 'mail' fields: 'mail' unique: true").ok());
  Insert("a", R"({"mail":"x"})");
  const Status refused = TryInsert("b", R"({"mail":"x"})");
  EXPECT_EQ(refused.code(), Code::kAlreadyExists);
  EXPECT_NE(refused.message().find("'mail'"), std::string::npos);
  Insert("b", R"({"mail":"y"})");
  EXPECT_EQ(Replace("b", R"({"mail":["z","x"]})").code(), Code::kAlreadyExists);
  EXPECT_EQ(Where("path: 'mail' operator: EQUAL value {string_value: 'y'}"), "b ");
  EXPECT_TRUE(Replace("a", R"({"mail":"x","more":1})").ok());
  Delete("a");
  EXPECT_TRUE(Replace("b", R"({"mail":"x"})").ok());
}

TEST_F(DocumentIndexTest, UniqueComparesNumbersAndSparesWhatLacksAField) {
  EXPECT_TRUE(CreateIndex("name: 'u' fields: ['x', 'y'] unique: true").ok());
  Insert("a", R"({"x":1,"y":2})");
  Insert("b", R"({"x":1})");
  Insert("c", R"({"x":1})");
  Insert("d", R"({"x":1,"y":{}})");
  EXPECT_EQ(TryInsert("e", R"({"x":1.0,"y":2})").code(), Code::kAlreadyExists);
  Insert("f", R"({"x":null,"y":null})");
  EXPECT_EQ(TryInsert("g", R"({"x":null,"y":null})").code(), Code::kAlreadyExists);
}

TEST_F(DocumentIndexTest, AViolatedUniqueIndexIsNotMade) {
  Insert("a", R"({"x":1})");
  Insert("b", R"({"x":1})");
  const Status refused = CreateIndex("name: 'u' fields: 'x' unique: true");
  EXPECT_EQ(refused.code(), Code::kAlreadyExists);
  EXPECT_NE(refused.message().find("'u'"), std::string::npos);
  EXPECT_EQ(List(), "");
  Insert("c", R"({"x":1})");
}

TEST_F(DocumentIndexTest, BoundsWhatADocumentPutsIntoIt) {
  EXPECT_TRUE(CreateIndex("name: 'i' fields: ['x', 'y']").ok());
  std::string list = "[0";
  for (int i = 1; i < 40; ++i) list += "," + std::to_string(i);
  list += "]";
  const Status many = TryInsert("a", "{\"x\":" + list + ",\"y\":" + list + "}");
  EXPECT_EQ(many.code(), Code::kInvalidArgument);
  EXPECT_NE(many.message().find("'i'"), std::string::npos);
  EXPECT_TRUE(TryInsert("a", "{\"x\":" + list + ",\"y\":[1,2]}").ok());
  const std::string text(1025, 'x');
  EXPECT_EQ(TryInsert("b", "{\"x\":\"" + text + "\"}").code(), Code::kInvalidArgument);
  Insert("c", "{\"z\":\"" + text + "\"}");
  EXPECT_EQ(CreateIndex("name: 'z' fields: 'z'").code(), Code::kInvalidArgument);
  EXPECT_EQ(List(), "i ");
}

TEST_F(DocumentIndexTest, LimitsIndexesAndFields) {
  for (int i = 0; i < 16; ++i) {
    EXPECT_TRUE(CreateIndex("name: 'i" + std::to_string(i) + "' fields: 'x'").ok());
  }
  EXPECT_EQ(CreateIndex("name: 'more' fields: 'x'").code(), Code::kResourceExhausted);
  EXPECT_EQ(CreateIndex("name: 'none'").code(), Code::kInvalidArgument);
  EXPECT_EQ(CreateIndex("name: 'twice' fields: ['x', 'x']").code(), Code::kInvalidArgument);
  EXPECT_EQ(CreateIndex("fields: 'x'").code(), Code::kInvalidArgument);
}

TEST_F(DocumentIndexTest, GivesBackWhatItOccupied) {
  for (int i = 0; i < 600; ++i) Insert(std::to_string(i), "{\"x\":" + std::to_string(i) + "}");
  const int64_t before = budget_->used_bytes();
  EXPECT_TRUE(CreateIndex("name: 'i' fields: 'x'").ok());
  EXPECT_GT(budget_->used_bytes(), before + 600 * 32);
  EXPECT_TRUE(Drop("i"));
  EXPECT_EQ(budget_->used_bytes(), before);
  EXPECT_TRUE(CreateIndex("name: 'i' fields: 'x'").ok());
  for (int i = 0; i < 600; ++i) Delete(std::to_string(i));
  EXPECT_TRUE(Drop("i"));
  EXPECT_EQ(budget_->used_bytes(), 0);
}

TEST_F(DocumentIndexTest, WithoutRoomNoneIsMade) {
  for (int i = 0; i < 600; ++i) Insert(std::to_string(i), "{\"x\":" + std::to_string(i) + "}");
  const int64_t before = budget_->used_bytes();
  const int64_t taken = budget_->max_bytes() - before - 20'000;
  ASSERT_TRUE(budget_->Charge(taken));
  EXPECT_EQ(CreateIndex("name: 'i' fields: 'x'").code(), Code::kResourceExhausted);
  EXPECT_EQ(budget_->used_bytes(), before + taken);
  EXPECT_EQ(List(), "");
}

}  // namespace
}  // namespace prism::memstore
