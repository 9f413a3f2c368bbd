#include <set>

#include "conformance/document/basic_cases.h"
#include "conformance/document/client.h"

namespace prism::conformance::documents {
namespace {

Task<void> InsertByMany(CaseContext& c, Collection& documents, std::string id) {
  int inserted = 0;
  std::string winner;
  std::set<uint64_t> versions;
  co_await c.Concurrently(8, [&](int client) -> Task<void> {
    const std::string json = JsonOf("by", client);
    const InsertResponse made = co_await documents.Insert(id, json);
    versions.insert(made.version());
    if (!made.inserted()) co_return;
    ++inserted;
    winner = json;
  });
  c.ExpectEq(inserted, 1);
  c.ExpectEq(versions.size(), size_t{1});
  c.ExpectEq(co_await documents.Content(id), winner);
}

}  // namespace

Task<void> FreshIdsDiffer(CaseContext& c) {
  Collection documents(c, c.Unique("collection"));
  std::set<std::string> ids;
  co_await c.Concurrently(8, [&](int client) -> Task<void> {
    const std::string json = JsonOf("by", client);
    const InsertResponse made = co_await documents.Insert("", json);
    c.Expect(made.inserted() && !made.id().empty(), "a document is inserted under an id");
    c.ExpectEq(co_await documents.Content(made.id()), json);
    ids.insert(made.id());
  });
  c.ExpectEq(ids.size(), size_t{8});
}

Task<void> TakenIdStays(CaseContext& c) {
  Collection documents(c, c.Unique("collection"));
  const InsertResponse first = co_await documents.Insert("id", R"({"a":1})");
  const InsertResponse second = co_await documents.Insert("id", R"({"a":2})");
  c.Expect(first.inserted() && !second.inserted(), "a taken id inserts nothing");
  c.ExpectEq(second.id(), "id");
  c.ExpectEq(second.version(), first.version());
  const GetResponse got = co_await documents.Get("id");
  c.ExpectEq(Canonical(got.document().json()), R"({"a":1})");
  c.ExpectEq(got.document().version(), first.version());
}

Task<void> OneOfManyInsertsSucceeds(CaseContext& c) {
  Collection documents(c, c.Unique("collection"));
  for (int round = 0; round < 10 && c.ok(); ++round) {
    co_await InsertByMany(c, documents, c.Unique("id"));
  }
}

Task<void> ReplacementTakesThePlace(CaseContext& c) {
  Collection documents(c, c.Unique("collection"));
  co_await documents.Insert("id", R"({"a":1,"b":{"c":2}})");
  const UpdateResponse updated = co_await documents.Replace("id", R"({"b":{"d":null}})");
  c.Expect(updated.found() && updated.updated(), "the document is updated");
  const GetResponse got = co_await documents.Get("id");
  c.ExpectEq(Canonical(got.document().json()), R"({"b":{"d":null}})");
  c.ExpectEq(got.document().version(), updated.version());
}

// The examples of RFC 7396 whose patch and target are objects, and more.
Task<void> MergePatchFollowsTheRules(CaseContext& c) {
  struct Example {
    const char* target;
    const char* patch;
    const char* result;
  };
  constexpr Example kExamples[] = {
      {R"({"a":"b"})", R"({"a":"c"})", R"({"a":"c"})"},
      {R"({"a":"b"})", R"({"b":"c"})", R"({"a":"b","b":"c"})"},
      {R"({"a":"b"})", R"({"a":null})", "{}"},
      {R"({"a":"b","b":"c"})", R"({"a":null})", R"({"b":"c"})"},
      {R"({"a":["b"]})", R"({"a":"c"})", R"({"a":"c"})"},
      {R"({"a":"c"})", R"({"a":["b"]})", R"({"a":["b"]})"},
      {R"({"a":{"b":"c"}})", R"({"a":{"b":"d","c":null}})", R"({"a":{"b":"d"}})"},
      {R"({"a":[{"b":"c"}]})", R"({"a":[1]})", R"({"a":[1]})"},
      {R"({"e":null})", R"({"a":1})", R"({"a":1,"e":null})"},
      {"{}", R"({"a":{"bb":{"ccc":null}}})", R"({"a":{"bb":{}}})"},
      {R"({"a":[1,2]})", R"({"a":{"b":1,"c":null}})", R"({"a":{"b":1}})"},
      {R"({"a":1})", R"({"a":[null,{"b":null}]})", R"({"a":[null,{"b":null}]})"},
      {R"({"a":{"b":{"c":1,"d":2}},"x":1})", R"({"a":{"b":{"c":3}}})",
       R"({"a":{"b":{"c":3,"d":2}},"x":1})"},
      {R"({"a":1})", "{}", R"({"a":1})"},
  };
  Collection documents(c, c.Unique("collection"));
  for (const Example& example : kExamples) {
    const std::string id = c.Unique("id");
    co_await documents.Insert(id, example.target);
    const UpdateResponse updated = co_await documents.Merge(id, example.patch);
    c.Expect(updated.found() && updated.updated(), "the patch is applied");
    c.ExpectEq(co_await documents.Content(id), example.result);
  }
}

Task<void> BadChangesAreRefused(CaseContext& c) {
  constexpr Code kBad = Code::kInvalidArgument;
  Collection documents(c, c.Unique("collection"));
  const InsertResponse made = co_await documents.Insert("id", R"({"a":1})");
  co_await c.Refused(&DocumentBasicStub::Update, Of<UpdateRequest>(documents.name(), "id"), kBad,
                     "replacement_json");
  for (const char* bad : {"", "[1]", "null", R"({"a":)", R"({"a":1e999})"}) {
    co_await c.Refused(&DocumentBasicStub::Update, MergeOf(documents.name(), "id", bad), kBad,
                       "merge_patch_json");
    co_await c.Refused(&DocumentBasicStub::Update, ReplaceOf(documents.name(), "id", bad), kBad,
                       "replacement_json");
  }
  const GetResponse kept = co_await documents.Get("id");
  c.ExpectEq(kept.document().version(), made.version());
}

Task<void> ExpectedVersionGuardsUpdates(CaseContext& c) {
  Collection documents(c, c.Unique("collection"));
  const InsertResponse made = co_await documents.Insert("id", R"({"a":1})");
  const UpdateResponse first = co_await documents.Replace("id", R"({"a":2})", made.version());
  c.Expect(first.updated(), "the expected version is updated");
  const UpdateResponse stale = co_await documents.Replace("id", R"({"a":3})", made.version());
  const UpdateResponse merged = co_await documents.Merge("id", R"({"a":3})", first.version() + 1);
  const UpdateResponse never = co_await documents.Merge("id", R"({"a":3})", 0);
  for (const UpdateResponse& refused : {stale, merged, never}) {
    c.Expect(refused.found() && !refused.updated(), "another version is not updated");
    c.ExpectEq(refused.version(), first.version());
  }
  const GetResponse kept = co_await documents.Get("id");
  c.ExpectEq(Canonical(kept.document().json()), R"({"a":2})");
  c.ExpectEq(kept.document().version(), first.version());
}

Task<void> VersionsGrow(CaseContext& c) {
  Collection documents(c, c.Unique("collection"));
  const InsertResponse made = co_await documents.Insert("id", R"({"a":1})");
  std::vector<uint64_t> versions = {0, made.version()};
  const UpdateResponse changed = co_await documents.Replace("id", R"({"a":2})");
  versions.push_back(changed.version());
  const UpdateResponse same = co_await documents.Replace("id", R"({"a":2})");
  versions.push_back(same.version());
  const UpdateResponse merged = co_await documents.Merge("id", "{}");
  versions.push_back(merged.version());
  co_await documents.Delete("id");
  const InsertResponse again = co_await documents.Insert("id", R"({"a":1})");
  versions.push_back(again.version());
  for (size_t i = 1; i < versions.size(); ++i) {
    c.ExpectLe(versions[i - 1] + 1, versions[i], "the versions grow");
  }
}

Task<void> DeleteRemoves(CaseContext& c) {
  Collection documents(c, c.Unique("collection"));
  co_await documents.Insert("id", "{}");
  co_await documents.Insert("other", "{}");
  const DeleteResponse gone = co_await documents.Delete("id");
  c.Expect(gone.found() && gone.deleted() && gone.version() == 0, "the document is deleted");
  c.ExpectEq(co_await documents.Content("id"), "absent");
  c.ExpectEq(co_await documents.Content("other"), "{}");
  const DeleteResponse repeated = co_await documents.Delete("id");
  c.Expect(!repeated.found() && !repeated.deleted(), "there is nothing left to delete");
  const InsertResponse again = co_await documents.Insert("id", "{}");
  c.Expect(again.inserted(), "its id is free again");
}

Task<void> ExpectedVersionGuardsDeletes(CaseContext& c) {
  Collection documents(c, c.Unique("collection"));
  const InsertResponse made = co_await documents.Insert("id", R"({"a":1})");
  const UpdateResponse updated = co_await documents.Replace("id", R"({"a":2})");
  const DeleteResponse stale = co_await documents.Delete("id", made.version());
  c.Expect(stale.found() && !stale.deleted(), "another version is not deleted");
  c.ExpectEq(stale.version(), updated.version());
  c.ExpectEq(co_await documents.Content("id"), R"({"a":2})");
  const DeleteResponse gone = co_await documents.Delete("id", updated.version());
  c.Expect(gone.found() && gone.deleted(), "the expected version is deleted");
  c.ExpectEq(co_await documents.Content("id"), "absent");
}

// Half of the clients write documents whose members agree, the others read them.
Task<void> WritesAreSeenWhole(CaseContext& c) {
  Collection documents(c, c.Unique("collection"));
  const auto text = [](int number) {
    const std::string digits = std::to_string(number);
    return R"({"a":)" + digits + R"(,"b":{"c":)" + digits + R"(},"d":[)" + digits + "]}";
  };
  co_await documents.Insert("id", text(0));
  co_await c.Concurrently(8, [&](int client) -> Task<void> {
    for (int i = 1; i <= 20 && c.ok(); ++i) {
      const int number = client * 100 + i;
      UpdateResponse written;
      if (client < 2) written = co_await documents.Replace("id", text(number));
      if (client == 2 || client == 3) written = co_await documents.Merge("id", text(number));
      const GetResponse got = co_await documents.Get("id");
      const std::string& json = got.document().json();
      const size_t colon = json.find(R"("a":)");
      const int read = colon == std::string::npos ? -1 : std::atoi(json.c_str() + colon + 4);
      c.ExpectEq(Canonical(json), text(read));
      c.ExpectLe(written.version(), got.document().version(), "a read sees the write before it");
    }
  });
}

Task<void> NoUpdateIsLost(CaseContext& c) {
  constexpr int kClients = 8;
  constexpr int kEach = 5;
  Collection documents(c, c.Unique("collection"));
  co_await documents.Insert("id", R"({"n":0})");
  co_await c.Concurrently(kClients, [&](int) -> Task<void> {
    for (int done = 0; done < kEach && c.ok();) {
      const GetResponse now = co_await documents.Get("id");
      const std::string json = Canonical(now.document().json());
      const int n = json.size() > 5 ? std::atoi(json.c_str() + 5) : -1;
      const UpdateResponse updated =
          co_await documents.Replace("id", JsonOf("n", n + 1), now.document().version());
      done += updated.updated();
    }
  });
  c.ExpectEq(co_await documents.Content("id"), JsonOf("n", kClients * kEach));
}

Task<void> NoMergeIsLost(CaseContext& c) {
  Collection documents(c, c.Unique("collection"));
  for (int round = 0; round < 10 && c.ok(); ++round) {
    const std::string id = c.Unique("id");
    co_await documents.Insert(id, "{}");
    std::set<uint64_t> versions;
    co_await c.Concurrently(8, [&](int client) -> Task<void> {
      const std::string patch = JsonOf("m" + std::to_string(client), 1);
      const UpdateResponse updated = co_await documents.Merge(id, patch);
      c.Expect(updated.updated(), "the patch is applied");
      versions.insert(updated.version());
    });
    c.ExpectEq(versions.size(), size_t{8});
    c.ExpectEq(co_await documents.Content(id),
               R"({"m0":1,"m1":1,"m2":1,"m3":1,"m4":1,"m5":1,"m6":1,"m7":1})");
  }
}

Task<void> UniqueIndexForbids(CaseContext& c) {
  constexpr Code kTaken = Code::kAlreadyExists;
  Collection documents(c, c.Unique("collection"));
  const std::vector<std::string> fields = {"mail"};
  co_await documents.CreateIndex(IndexOf("by_mail", fields, true));
  co_await documents.Insert("a", R"({"mail":"a"})");
  co_await documents.Insert("b", R"({"mail":"b"})");
  co_await c.Refused(&DocumentBasicStub::Insert, InsertOf(documents.name(), "c", R"({"mail":"a"})"),
                     kTaken, "by_mail");
  co_await c.Refused(&DocumentBasicStub::Update,
                     ReplaceOf(documents.name(), "b", R"({"mail":"a"})"), kTaken, "by_mail");
  co_await c.Refused(&DocumentBasicStub::Update,
                     MergeOf(documents.name(), "b", R"({"mail":["x","a"]})"), kTaken, "by_mail");
  c.ExpectEq(co_await documents.Content("b"), R"({"mail":"b"})");
  c.ExpectEq(co_await documents.Content("c"), "absent");
  co_await documents.Delete("a");
  const UpdateResponse freed = co_await documents.Merge("b", R"({"mail":"a"})");
  c.Expect(freed.updated(), "what was deleted forbids nothing");
}

}  // namespace prism::conformance::documents
