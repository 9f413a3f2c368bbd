#include <map>

#include "conformance/document/query_cases.h"
#include "conformance/document/query_client.h"

namespace prism::conformance::documents {
namespace {

constexpr int kStable = 1100;  // more than a page

// How often each document came; all of them must match.
std::map<std::string, int> CountMatching(CaseContext& c, const std::vector<FindResponse>& pages) {
  std::map<std::string, int> times;
  for (const FindResponse& page : pages) {
    for (const auto& document : page.documents()) {
      ++times[document.id()];
      c.Expect(Canonical(document.json()).find("\"s\":1") != std::string::npos,
               "a document matches as it comes");
    }
  }
  return times;
}

Task<void> FindWhileOthersWrite(CaseContext& c, std::string collection) {
  Finder finder(c, collection);
  const std::string query = Where1("path: 's' operator: EQUAL value {int64_value: 1}");
  const auto pages = co_await finder.Pages(Query<FindRequest>(collection, query));
  const auto times = CountMatching(c, pages);
  int stable = 0;
  for (const auto& [id, count] : times) {
    c.ExpectEq(count, 1);
    stable += id[0] == '1' || id[0] == '2';
  }
  c.ExpectEq(stable, kStable);
}

// Two members change with each write; the document matches in every other one of its states.
Task<void> WriteMeanwhile(CaseContext& c, std::string collection, std::string id,
                          const bool& over) {
  Collection documents(c, std::move(collection));
  while (!over && c.ok()) {
    co_await documents.Insert(id, R"({"s":1})");
    co_await documents.Replace(id, R"({"s":0})");
    co_await documents.Merge(id, R"({"s":1})");
    co_await documents.Delete(id);
  }
}

}  // namespace

Task<void> SortOrdersTypesAndValues(CaseContext& c) {
  Collection documents(c, c.Unique("collection"));
  Finder finder(c, documents.name());
  co_await documents.Insert("s", R"({"v":"x"})");
  co_await documents.Insert("n2", R"({"v":2})");
  co_await documents.Insert("n1b", R"({"v":1})");
  co_await documents.Insert("n1a", R"({"v":1.0})");
  co_await documents.Insert("none", "{}");
  co_await documents.Insert("null", R"({"v":null})");
  co_await documents.Insert("t", R"({"v":true})");
  co_await documents.Insert("f", R"({"v":false})");
  co_await documents.Insert("o", R"({"v":{}})");
  co_await documents.Insert("list", R"({"v":[{},9,1]})");
  c.ExpectEq(co_await finder.Ids("sort {path: 'v'}"), "none o null f t n1a n1b n2 list s ");
  c.ExpectEq(co_await finder.Ids("sort {path: 'v' descending: true}"),
             "s list n2 n1a n1b t f null none o ");
  c.ExpectEq(co_await finder.Ids("sort {path: 'v'} limit: 3"), "none o null ");
  c.ExpectEq(co_await finder.Ids(""), "f list n1a n1b n2 none null o s t ");
}

Task<void> SortTakesSeveralPaths(CaseContext& c) {
  Collection documents(c, c.Unique("collection"));
  Finder finder(c, documents.name());
  co_await documents.Insert("a", R"({"x":1,"y":1})");
  co_await documents.Insert("b", R"({"x":2,"y":1})");
  co_await documents.Insert("c", R"({"x":1,"y":2})");
  const std::string down = " descending: true}";
  c.ExpectEq(co_await finder.Ids("sort {path: 'x'" + down + "sort {path: 'y'" + down), "b c a ");
  c.ExpectEq(co_await finder.Ids("sort {path: 'y'} sort {path: 'x'" + down), "b a c ");
}

Task<void> PagesHoldAThousandDocuments(CaseContext& c) {
  Collection documents(c, c.Unique("collection"));
  Finder finder(c, documents.name());
  co_await Fill(c, documents.name(), kStable, [](int i) { return JsonOf("i", i); });
  std::string up;
  std::string down;
  for (int i = 0; i < kStable; ++i) {
    const std::string id = std::to_string(1000 + i) + " ";
    up += id;
    down.insert(0, id);
  }
  c.ExpectEq(co_await finder.Ids(""), up);
  c.ExpectEq(co_await finder.Ids("sort {path: 'i' descending: true}"), down);
}

Task<void> PagesHoldAMebibyte(CaseContext& c) {
  Collection documents(c, c.Unique("collection"));
  Finder finder(c, documents.name());
  const auto text = [](size_t bytes) { return "{\"x\":\"" + std::string(bytes, 'x') + "\"}"; };
  for (const char* id : {"a", "b", "c", "e"}) co_await documents.Insert(id, text(400'000));
  co_await documents.Insert("d", text(1'500'000));
  const auto pages = co_await finder.Pages(Query<FindRequest>(documents.name(), ""));
  c.ExpectEq(IdsOf(pages), "a b c d e ");
  for (const FindResponse& page : pages) {
    for (const auto& document : page.documents()) {
      c.ExpectEq(document.json().size() > 1'000'000, document.id() == "d");
    }
  }
}

Task<void> NothingFoundIsNoPage(CaseContext& c) {
  Collection documents(c, c.Unique("collection"));
  Finder finder(c, documents.name());
  c.ExpectEq(co_await finder.Ids(""), "");
  co_await documents.Insert("a", "{}");
  c.ExpectEq(co_await finder.Ids(""), "a ");
  const auto pages = co_await finder.Pages(
      Query<FindRequest>(documents.name(), Where1("path: 'v' operator: EXISTS")));
  c.ExpectEq(pages.size(), size_t{0});
}

Task<void> CursorResumes(CaseContext& c) {
  Collection documents(c, c.Unique("collection"));
  Finder finder(c, documents.name());
  for (int i = 0; i < 5; ++i) co_await documents.Insert(std::to_string(i), JsonOf("i", 9 - i));
  const std::vector<std::pair<std::string, std::string>> queries = {
      {"", "0 1 2 3 4 "}, {"sort {path: 'i'}", "4 3 2 1 0 "}};
  for (const auto& [query, all] : queries) {
    FindRequest request = Query<FindRequest>(documents.name(), query);
    request.set_limit(2);
    std::string ids;
    for (int i = 0; i < 5; ++i) {
      const auto pages = co_await finder.Pages(request);
      ids += IdsOf(pages);
      c.ExpectLe(IdsOf(pages).size(), size_t{4}, "the limit bounds the documents");
      if (pages.empty() || pages.back().cursor().empty()) break;
      request.set_cursor(pages.back().cursor());
      // What the cursor stands behind need not be there.
      if (i == 0) co_await documents.Delete(all.substr(2, 1));
    }
    c.ExpectEq(ids, all);
    co_await documents.Insert(all.substr(2, 1), JsonOf("i", 9 - (all[2] - '0')));
  }
}

Task<void> ForeignCursorsAreRefused(CaseContext& c) {
  constexpr Code kBad = Code::kInvalidArgument;
  Collection documents(c, c.Unique("collection"));
  Finder finder(c, documents.name());
  for (const char* id : {"a", "b", "c"}) co_await documents.Insert(id, "{}");
  const auto pages = co_await finder.Pages(Query<FindRequest>(documents.name(), "limit: 1"));
  if (pages.empty()) co_return c.Fail("nothing is found");
  const std::string cursor = pages[0].cursor();
  c.Expect(!cursor.empty(), "there is a cursor before the end");
  std::vector<FindRequest> others = {Query<FindRequest>(documents.name(), "sort {path: 'x'}"),
                                     Query<FindRequest>(documents.name(), "filter {all_of {}}"),
                                     Query<FindRequest>(documents.name() + "2", "")};
  for (FindRequest& other : others) {
    other.set_cursor(cursor);
    co_await c.Refused(&DocumentQueryStub::Find, other, kBad, "cursor");
  }
  const std::vector<std::string> damaged = {cursor + "x", cursor.substr(1), "x"};
  for (const std::string& bad : damaged) {
    FindRequest request = Query<FindRequest>(documents.name(), "");
    request.set_cursor(bad);
    co_await c.Refused(&DocumentQueryStub::Find, request, kBad, "cursor");
  }
}

Task<void> FieldsSelect(CaseContext& c) {
  Collection documents(c, c.Unique("collection"));
  Finder finder(c, documents.name());
  co_await documents.Insert("a", R"({"v":1,"w":{"x":2,"y":[3]},"z":4})");
  const std::vector<std::pair<std::string, std::string>> expected = {
      {"", R"({"v":1,"w":{"x":2,"y":[3]},"z":4})"},
      {"fields: 'v'", R"({"v":1})"},
      {"fields: ['w.y', 'z']", R"({"w":{"y":[3]},"z":4})"},
      {"fields: 'none'", "{}"}};
  for (const auto& [fields, json] : expected) {
    const auto pages = co_await finder.Pages(Query<FindRequest>(documents.name(), fields));
    if (pages.empty()) co_return c.Fail("nothing is found");
    c.ExpectEq(Canonical(pages[0].documents(0).json()), json);
  }
}

Task<void> FindOneReturnsTheFirst(CaseContext& c) {
  Collection documents(c, c.Unique("collection"));
  co_await documents.Insert("a", R"({"v":1,"w":2})");
  const InsertResponse made = co_await documents.Insert("b", R"({"v":3,"w":4})");
  const std::string query = "sort {path: 'v' descending: true} fields: 'w'";
  const FindOneResponse found =
      co_await c.Call(&DocumentQueryStub::FindOne, Query<FindOneRequest>(documents.name(), query));
  c.Expect(found.found(), "a document is found");
  c.ExpectEq(found.document().id(), "b");
  c.ExpectEq(Canonical(found.document().json()), R"({"w":4})");
  c.ExpectEq(found.document().version(), made.version());
  const FindOneResponse none = co_await c.Call(
      &DocumentQueryStub::FindOne,
      Query<FindOneRequest>(documents.name(), Where1("path: 'x' operator: EXISTS")));
  c.Expect(!none.found() && !none.has_document(), "nothing is found");
}

Task<void> FindIsWeaklyConsistent(CaseContext& c) {
  const std::string collection = c.Unique("collection");
  co_await Fill(c, collection, kStable, [](int) { return JsonOf("s", 1); });
  bool over = false;
  co_await c.Concurrently(4, [&](int client) -> Task<void> {
    const std::string id = std::to_string(9000 + client);
    if (client > 0) {
      co_await WriteMeanwhile(c, collection, id, over);
      co_return;
    }
    for (int i = 0; i < 5 && c.ok(); ++i) co_await FindWhileOthersWrite(c, collection);
    over = true;
  });
}

}  // namespace prism::conformance::documents
