#include "conformance/document/client.h"
#include "conformance/document/indexing_cases.h"

namespace prism::conformance::documents {
namespace {

constexpr Code kTaken = Code::kAlreadyExists;

Index Unique(std::vector<std::string> fields) { return IndexOf("once", std::move(fields), true); }

}  // namespace

Task<void> UniqueForbidsCombinationsInCommon(CaseContext& c) {
  Collection documents(c, c.Unique("collection"));
  const std::vector<std::string> fields = {"x", "y.z"};
  co_await documents.CreateIndex(Unique(fields));
  co_await documents.Insert("a", R"({"x":[1,2],"y":[{"z":"p"},{"z":null}]})");
  for (const char* taken : {R"({"x":1,"y":{"z":"p"}})", R"({"x":2.0,"y":{"z":null}})",
                            R"({"x":[7,2],"y":{"z":["p","q"]}})"}) {
    co_await c.Refused(&DocumentBasicStub::Insert, InsertOf(documents.name(), "b", taken), kTaken,
                       "once");
  }
  for (const char* free : {R"({"x":1,"y":{"z":"P"}})", R"({"x":3,"y":{"z":"p"}})",
                           R"({"x":"1","y":{"z":"p"}})", R"({"x":true,"y":{"z":"p"}})"}) {
    const InsertResponse made = co_await documents.Insert("", free);
    c.Expect(made.inserted(), std::string("nothing forbids ") + free);
  }
  // A document is not in its own way.
  const UpdateResponse kept = co_await documents.Merge("a", R"({"x":[2,1,1]})");
  c.Expect(kept.updated(), "the document keeps its combinations");
}

Task<void> UniqueTakesWhatHasNoScalar(CaseContext& c) {
  Collection documents(c, c.Unique("collection"));
  const std::vector<std::string> fields = {"x", "y"};
  co_await documents.CreateIndex(Unique(fields));
  for (const char* text : {R"({"x":1})", R"({"x":1,"y":[]})", R"({"x":1,"y":{}})", "{}"}) {
    for (int i = 0; i < 2; ++i) {
      const InsertResponse made = co_await documents.Insert("", text);
      c.Expect(made.inserted(), std::string("nothing forbids ") + text);
    }
  }
  co_await documents.Insert("null", R"({"x":1,"y":null})");
  co_await c.Refused(&DocumentBasicStub::Insert,
                     InsertOf(documents.name(), "again", R"({"x":1,"y":null})"), kTaken, "once");
}

Task<void> ViolatedIndexIsNotMade(CaseContext& c) {
  Collection documents(c, c.Unique("collection"));
  co_await documents.Insert("a", R"({"x":1})");
  co_await documents.Insert("b", R"({"x":1})");
  const std::vector<std::string> fields = {"x"};
  const CreateIndexRequest request = CreateOf(documents.name(), Unique(fields));
  co_await c.Refused(&DocumentIndexingStub::CreateIndex, request, kTaken, "once");
  const InsertResponse third = co_await documents.Insert("c", R"({"x":1})");
  c.Expect(third.inserted(), "no index remains");
  co_await documents.Delete("b");
  co_await documents.Delete("c");
  co_await documents.CreateIndex(Unique(fields));
  co_await c.Refused(&DocumentBasicStub::Insert, InsertOf(documents.name(), "d", R"({"x":1})"),
                     kTaken, "once");
}

Task<void> OneOfManyWritersHasTheValue(CaseContext& c) {
  Collection documents(c, c.Unique("collection"));
  const std::vector<std::string> fields = {"x"};
  co_await documents.CreateIndex(Unique(fields));
  int written = 0;
  int refused = 0;
  co_await c.Concurrently(8, [&](int client) -> Task<void> {
    for (int value = 0; value < 10 && c.ok(); ++value) {
      const std::string id = std::to_string(client) + "-" + std::to_string(value);
      const InsertRequest insert = InsertOf(documents.name(), id, JsonOf("x", value));
      const auto answer = co_await c.Try(&DocumentBasicStub::Insert, insert);
      written += answer.status.ok();
      refused += answer.status.code() == kTaken;
    }
  });
  c.ExpectEq(written, 10);
  c.ExpectEq(refused, 70);
  co_await c.Concurrently(8, [&](int client) -> Task<void> {
    for (int value = 0; value < 10; ++value) {
      co_await documents.Delete(std::to_string(client) + "-" + std::to_string(value));
    }
  });
}

// Whatever is written while the index is made, no two documents share a value once it is there.
Task<void> NothingSlipsThroughTheMaking(CaseContext& c) {
  for (int round = 0; round < 5 && c.ok(); ++round) {
    Collection documents(c, c.Unique("collection"));
    co_await Fill(c, documents.name(), 100, [](int i) { return JsonOf("x", i); });
    bool made = false;
    int doubles = 0;
    co_await c.Concurrently(4, [&](int client) -> Task<void> {
      const std::vector<std::string> fields = {"x"};
      if (client == 0) {
        NoteIndex(c, documents.name(), "once");
        const auto answer = co_await c.Try(&DocumentIndexingStub::CreateIndex,
                                           CreateOf(documents.name(), Unique(fields)));
        made = answer.value.created();
        const Code code = answer.status.code();
        c.Expect(made || code == kTaken, "it is made or told to be violated");
        co_return;
      }
      for (int i = 0; i < 3 && c.ok(); ++i) {
        const std::string id = "late-" + std::to_string(client) + "-" + std::to_string(i);
        c.Note("d" + documents.name() + '\0' + id);
        const InsertRequest insert = InsertOf(documents.name(), id, JsonOf("x", 97 + i));
        const auto answer = co_await c.Try(&DocumentBasicStub::Insert, insert);
        const Code code = answer.status.code();
        c.Expect(code == Code::kOk || code == kTaken, "it is written or forbidden");
        doubles += answer.status.ok();
      }
    });
    if (made) c.ExpectEq(doubles, 0);
  }
}

}  // namespace prism::conformance::documents
