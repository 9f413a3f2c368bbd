#include "conformance/document/indexing_cases.h"
#include "conformance/document/query_client.h"

namespace prism::conformance::documents {
namespace {

constexpr Code kBad = Code::kInvalidArgument;

CreateIndexRequest Making(const std::string& collection, std::string_view index) {
  CreateIndexRequest request;
  request.set_collection(collection);
  Parse(index, *request.mutable_index());
  return request;
}

DropIndexRequest Dropping(const std::string& collection, const std::string& name) {
  DropIndexRequest request;
  request.set_collection(collection);
  request.set_name(name);
  return request;
}

// All that is told of the indexes, one a line.
Task<std::string> List(Caller& caller, std::string collection, Where where = Where::current()) {
  ListIndexesRequest request;
  request.set_collection(std::move(collection));
  const auto response = co_await caller.Call(&DocumentIndexingStub::ListIndexes, request, where);
  std::string all;
  for (const Index& index : response.indexes()) all += index.ShortDebugString() + "\n";
  co_return all;
}

Task<bool> Make(Caller& caller, CreateIndexRequest request, Where where = Where::current()) {
  NoteIndex(caller, request.collection(), request.index().name());
  const auto made =
      co_await caller.Call(&DocumentIndexingStub::CreateIndex, std::move(request), where);
  co_return made.created();
}

Task<bool> Drop(Caller& caller, std::string collection, std::string name,
                Where where = Where::current()) {
  const auto dropped =
      co_await caller.Call(&DocumentIndexingStub::DropIndex, Dropping(collection, name), where);
  co_return dropped.found();
}

}  // namespace

Task<void> IndexesAreListed(CaseContext& c) {
  const std::string name = c.Unique("collection");
  c.ExpectEq(co_await List(c, name), "");
  c.ExpectEq(co_await Make(c, Making(name, "name: 'b' fields: ['y', 'x.z']")), true);
  c.ExpectEq(co_await Make(c, Making(name, "name: 'a' fields: 'x' unique: true")), true);
  c.ExpectEq(co_await Make(c, Making(name, "name: 'C' fields: 'x'")), true);
  c.ExpectEq(co_await List(c, name),
             "name: \"C\" fields: \"x\"\nname: \"a\" fields: \"x\" unique: true\n"
             "name: \"b\" fields: \"y\" fields: \"x.z\"\n");
}

Task<void> SameIndexIsNotMadeAgain(CaseContext& c) {
  const std::string name = c.Unique("collection");
  const std::string index = "name: 'i' fields: ['x', 'y']";
  c.ExpectEq(co_await Make(c, Making(name, index)), true);
  c.ExpectEq(co_await Make(c, Making(name, index)), false);
  for (const char* other : {"name: 'i' fields: ['y', 'x']", "name: 'i' fields: 'x'",
                            "name: 'i' fields: ['x', 'y'] unique: true"}) {
    co_await c.Refused(&DocumentIndexingStub::CreateIndex, Making(name, other),
                       Code::kAlreadyExists, "i");
  }
  c.ExpectEq(co_await List(c, name), "name: \"i\" fields: \"x\" fields: \"y\"\n");
}

Task<void> DroppedIndexIsGone(CaseContext& c) {
  Collection documents(c, c.Unique("collection"));
  const std::string& name = documents.name();
  co_await documents.Insert("a", R"({"x":1})");
  c.ExpectEq(co_await Make(c, Making(name, "name: 'i' fields: 'x' unique: true")), true);
  c.ExpectEq(co_await Make(c, Making(name, "name: 'j' fields: 'y'")), true);
  c.ExpectEq(co_await Drop(c, name, "i"), true);
  c.ExpectEq(co_await Drop(c, name, "i"), false);
  c.ExpectEq(co_await List(c, name), "name: \"j\" fields: \"y\"\n");
  c.ExpectEq(co_await documents.Content("a"), R"({"x":1})");
  const InsertResponse made = co_await documents.Insert("b", R"({"x":1})");
  c.Expect(made.inserted(), "it forbids nothing any more");
  c.ExpectEq(co_await Make(c, Making(name, "name: 'i' fields: 'z'")), true);
}

// Some documents are there before the index and some come, change and go behind it.
Task<void> AnswersStayTheSame(CaseContext& c) {
  for (const char* index : {"name: 'i' fields: 'v'", "name: 'i' fields: ['v', 'w']",
                            "name: 'i' fields: ['w', 'v'] unique: true"}) {
    Collection documents(c, c.Unique("collection"));
    co_await InsertOneOfEachType(documents);
    co_await documents.Delete("two");
    co_await documents.Replace("half", R"({"v":9})");
    c.ExpectEq(co_await Make(c, Making(documents.name(), index)), true);
    co_await documents.Insert("two", R"({"v":2,"w":7})");
    co_await documents.Merge("half", R"({"v":2.5})");
    co_await documents.Insert("gone", R"({"v":[1,2,"five",null],"w":8})");
    co_await documents.Delete("gone");
    co_await CheckConditions(c, documents.name());
  }
}

Task<void> IndexesAreLimited(CaseContext& c) {
  constexpr int kMaxIndexes = 16;
  const std::string name = c.Unique("collection");
  for (int i = 0; i < kMaxIndexes; ++i) {
    const std::string index = "name: 'i" + std::to_string(i) + "' fields: 'x'";
    c.ExpectEq(co_await Make(c, Making(name, index)), true);
  }
  co_await c.Refused(&DocumentIndexingStub::CreateIndex, Making(name, "name: 'more' fields: 'x'"),
                     Code::kResourceExhausted, "16");
  c.ExpectEq(co_await Drop(c, name, "i3"), true);
  const std::string longest(kMaxNameBytes, 'n');
  CreateIndexRequest most =
      Making(name, "fields: ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h.i.j'] unique: true");
  most.mutable_index()->set_name(longest);
  c.ExpectEq(co_await Make(c, most), true);
  c.ExpectEq(co_await Drop(c, name, longest), true);
}

Task<void> BadIndexesAreRefused(CaseContext& c) {
  const std::string name = c.Unique("collection");
  for (const char* bad : {"name: 'i'", "name: 'i' fields: ''", "name: 'i' fields: 'a..b'",
                          "name: 'i' fields: ['x', 'y', 'x']",
                          "name: 'i' fields: ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'j']"}) {
    co_await c.Refused(&DocumentIndexingStub::CreateIndex, Making(name, bad), kBad, "fields");
  }
  for (const std::string& bad : BadNames()) {
    CreateIndexRequest making = Making(name, "fields: 'x'");
    making.mutable_index()->set_name(bad);
    co_await c.Refused(&DocumentIndexingStub::CreateIndex, making, kBad, "name");
    co_await c.Refused(&DocumentIndexingStub::CreateIndex, Making(bad, "name: 'i' fields: 'x'"),
                       kBad, "collection");
    co_await c.Refused(&DocumentIndexingStub::DropIndex, Dropping(name, bad), kBad, "name");
    co_await c.Refused(&DocumentIndexingStub::DropIndex, Dropping(bad, "i"), kBad, "collection");
    ListIndexesRequest list;
    list.set_collection(bad);
    co_await c.Refused(&DocumentIndexingStub::ListIndexes, list, kBad, "collection");
  }
  c.ExpectEq(co_await List(c, name), "");
  c.ExpectEq(co_await Make(c, Making(name, "name: 'i' fields: 'x'")), true);
}

Task<void> WhatDoesNotFitIsRefused(CaseContext& c) {
  Collection documents(c, c.Unique("collection"));
  const std::string& name = documents.name();
  std::string list = "0";
  for (int i = 1; i < 32; ++i) list += "," + std::to_string(i);
  const std::string many = "{\"x\":[" + list + "],\"y\":[" + list + "]}";  // 1024 combinations
  const std::string large = "{\"x\":\"" + std::string(1025, 'x') + "\",\"y\":1}";
  const std::string index = "name: 'by_both' fields: ['x', 'y']";
  for (const std::string& text : {many, large}) {
    co_await documents.Insert("early", text);
    co_await c.Refused(&DocumentIndexingStub::CreateIndex, Making(name, index), kBad, "by_both");
    c.ExpectEq(co_await List(c, name), "");
    co_await documents.Delete("early");
    c.ExpectEq(co_await Make(c, Making(name, index)), true);
    co_await c.Refused(&DocumentBasicStub::Insert, InsertOf(name, "late", text), kBad, "by_both");
    c.ExpectEq(co_await documents.Content("late"), "absent");
    c.ExpectEq(co_await Drop(c, name, "by_both"), true);
  }
  c.ExpectEq(co_await Make(c, Making(name, index)), true);
  const std::string most = "{\"x\":\"" + std::string(1024, 'x') + "\",\"y\":[" + list + "]}";
  const InsertResponse made = co_await documents.Insert("most", most);
  c.Expect(made.inserted(), "as much as is allowed fits");
}

Task<void> OtherCollectionsHaveTheirOwn(CaseContext& c) {
  const std::string name = c.Unique("collection");
  c.ExpectEq(co_await Make(c, Making(name, "name: 'i' fields: 'x'")), true);
  c.ExpectEq(co_await List(c, name + "2"), "");
  c.ExpectEq(co_await List(c.other(), name), "");
  c.ExpectEq(co_await Make(c.other(), Making(name, "name: 'i' fields: 'y'")), true);
  c.ExpectEq(co_await Make(c, Making(name + "2", "name: 'i' fields: 'z'")), true);
  c.ExpectEq(co_await List(c, name), "name: \"i\" fields: \"x\"\n");
}

// Those who do not make it either find it there or in the making.
Task<void> OneOfManyMakersMakesIt(CaseContext& c) {
  const std::string name = c.Unique("collection");
  co_await Fill(c, name, 200, [](int i) { return JsonOf("x", i); });
  NoteIndex(c, name, "i");
  int made = 0;
  co_await c.Concurrently(8, [&](int) -> Task<void> {
    const auto answer = co_await c.Try(&DocumentIndexingStub::CreateIndex,
                                       Making(name, "name: 'i' fields: 'x' unique: true"));
    const Code code = answer.status.code();
    c.Expect(code == Code::kOk || code == Code::kAborted, "it is made, there or in the making");
    made += answer.value.created();
  });
  c.ExpectEq(made, 1);
  c.ExpectEq(co_await List(c, name), "name: \"i\" fields: \"x\" unique: true\n");
}

}  // namespace prism::conformance::documents
