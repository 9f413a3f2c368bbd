#include "conformance/document/query_cases.h"
#include "conformance/document/query_client.h"

namespace prism::conformance::documents {
namespace {

constexpr Code kBad = Code::kInvalidArgument;

std::string Repeat(std::string_view text, int n) {
  std::string all;
  for (int i = 0; i < n; ++i) all += text;
  return all;
}

// The text of a filter with so many levels.
std::string Deep(int levels) {
  return "filter {" + Repeat("negation {", levels - 1) + "condition {path: 'v' operator: EXISTS}" +
         Repeat("}", levels);
}

// Of a path that has no length of its own.
std::string LongPath(size_t bytes) { return std::string(bytes, 'p'); }

}  // namespace

Task<void> ConditionsCompareScalars(CaseContext& c) {
  Collection documents(c, c.Unique("collection"));
  co_await InsertOneOfEachType(documents);
  co_await CheckConditions(c, documents.name());
}

Task<void> NumbersCompareExactly(CaseContext& c) {
  Collection documents(c, c.Unique("collection"));
  Finder finder(c, documents.name());
  co_await documents.Insert("a", R"({"v":9007199254740992})");
  co_await documents.Insert("b", R"({"v":9007199254740993})");
  co_await documents.Insert("c", R"({"v":9007199254740993.5e0})");  // the double 9007199254740994
  co_await documents.Insert("d", R"({"v":9223372036854775807})");
  co_await documents.Insert("e", R"({"v":9223372036854775808})");
  c.ExpectEq(co_await finder.IdsWhere("path: 'v' operator: EQUAL "
                                      "value {int64_value: 9007199254740993}"),
             "b ");
  c.ExpectEq(co_await finder.IdsWhere("path: 'v' operator: EQUAL "
                                      "value {double_value: 9007199254740992}"),
             "a ");
  c.ExpectEq(co_await finder.IdsWhere("path: 'v' operator: GREATER "
                                      "value {int64_value: 9007199254740993}"),
             "c d e ");
  c.ExpectEq(co_await finder.IdsWhere("path: 'v' operator: GREATER_OR_EQUAL "
                                      "value {double_value: 9223372036854775808}"),
             "e ");
  c.ExpectEq(co_await finder.Ids("sort {path: 'v' descending: true}"), "e d c b a ");
}

Task<void> TextsCompareByBytes(CaseContext& c) {
  Collection documents(c, c.Unique("collection"));
  Finder finder(c, documents.name());
  co_await documents.Insert("1", R"({"v":""})");
  co_await documents.Insert("2", R"({"v":"B"})");
  co_await documents.Insert("3", R"({"v":"a"})");
  co_await documents.Insert("4", "{\"v\":\"a\xc3\xa4\"}");
  co_await documents.Insert("5", "{\"v\":\"\xef\xbc\xa1\"}");  // above in UTF-8, not in UTF-16
  co_await documents.Insert("6", "{\"v\":\"\xf0\x9f\x98\x80\"}");
  c.ExpectEq(co_await finder.Ids("sort {path: 'v'}"), "1 2 3 4 5 6 ");
  c.ExpectEq(co_await finder.IdsWhere("path: 'v' operator: GREATER value {string_value: 'a'}"),
             "4 5 6 ");
  c.ExpectEq(co_await finder.IdsWhere("path: 'v' operator: LESS value {string_value: 'a'}"),
             "1 2 ");
  c.ExpectEq(co_await finder.IdsWhere("path: 'v' operator: STARTS_WITH value {string_value: 'a'}"),
             "3 4 ");
}

Task<void> FiltersCombine(CaseContext& c) {
  Collection documents(c, c.Unique("collection"));
  Finder finder(c, documents.name());
  co_await InsertOneOfEachType(documents);
  const std::string v = "filters {condition {path: 'v' operator: EQUAL value {int64_value: 2}}}";
  const std::string w = "filters {condition {path: 'w' operator: EQUAL value {int64_value: 7}}}";
  const std::string x = "filters {condition {path: 'w' operator: EQUAL value {int64_value: 1}}}";
  c.ExpectEq(co_await finder.Ids("filter {all_of {" + v + w + "}}"), "two ");
  c.ExpectEq(co_await finder.Ids("filter {all_of {" + v + x + "}}"), "");
  c.ExpectEq(co_await finder.Ids("filter {any_of {" + v + x + "}}"), "missing two ");
  c.ExpectEq(co_await finder.Ids("filter {any_of {}}"), "");
  const std::string all = co_await finder.Ids("");
  c.ExpectEq(co_await finder.Ids("filter {all_of {}}"), all);
  c.ExpectEq(co_await finder.Ids("filter {negation {any_of {}}}"), all);
  c.ExpectEq(co_await finder.Ids("filter {negation {condition {path: 'v' operator: EXISTS}}}"),
             "missing ");
  // Different elements of an array may meet the two bounds.
  c.ExpectEq(co_await finder.Ids(
                 "filter {all_of {"
                 "filters {condition {path: 'v' operator: GREATER value {int64_value: 2}}}"
                 "filters {condition {path: 'v' operator: LESS value {int64_value: 3}}}}}"),
             "array half ");
}

Task<void> PathsLeadThroughObjectsAndArrays(CaseContext& c) {
  Collection documents(c, c.Unique("collection"));
  Finder finder(c, documents.name());
  co_await documents.Insert("1", R"({"a":{"b":{"c":1}}})");
  co_await documents.Insert("2", R"({"a":[{"b":{"c":2}},{"b":[{"c":1},{"c":3}]},7]})");
  co_await documents.Insert("3", R"({"a":{"b":{"c":[1,[2]]}}})");
  co_await documents.Insert("4", R"({"a":{"b":1},"c":1})");
  co_await documents.Insert("5", R"({"a.b.c":1,"b":{"a":{"c":1}}})");
  const std::string abc = "path: 'a.b.c' operator: ";
  c.ExpectEq(co_await finder.IdsWhere(abc + "EQUAL value {int64_value: 1}"), "1 2 3 ");
  c.ExpectEq(co_await finder.IdsWhere(abc + "EQUAL value {int64_value: 2}"), "2 ");
  c.ExpectEq(co_await finder.IdsWhere(abc + "EQUAL value {int64_value: 3}"), "2 ");
  c.ExpectEq(co_await finder.IdsWhere(abc + "EXISTS"), "1 2 3 ");
  c.ExpectEq(co_await finder.IdsWhere("path: 'a' operator: EQUAL value {int64_value: 7}"), "2 ");
  c.ExpectEq(co_await finder.IdsWhere("path: 'a.b' operator: EXISTS"), "1 2 3 4 ");
  c.ExpectEq(co_await finder.IdsWhere("path: 'a.x' operator: EXISTS"), "");
}

Task<void> BackslashesKeepDots(CaseContext& c) {
  Collection documents(c, c.Unique("collection"));
  Finder finder(c, documents.name());
  co_await documents.Insert("1", R"({"a.b":{"c":1}})");
  co_await documents.Insert("2", R"({"a":{"b":{"c":1}}})");
  co_await documents.Insert("3", R"({"a\\b":{"c":1}})");
  c.ExpectEq(co_await finder.IdsWhere(R"(path: 'a\\.b.c' operator: EXISTS)"), "1 ");
  c.ExpectEq(co_await finder.IdsWhere(R"(path: 'a.b.c' operator: EXISTS)"), "2 ");
  c.ExpectEq(co_await finder.IdsWhere(R"(path: 'a\\\\b.c' operator: EXISTS)"), "3 ");
}

Task<void> LargestFilterIsTaken(CaseContext& c) {
  Collection documents(c, c.Unique("collection"));
  Finder finder(c, documents.name());
  co_await documents.Insert("1", R"({"v":1})");
  c.ExpectEq(co_await finder.Ids(Deep(15)), "1 ");
  c.ExpectEq(co_await finder.Ids(Deep(16)), "");
  c.ExpectEq(
      co_await finder.IdsWhere("path: 'v' operator: IN " + Repeat("values {int64_value: 1}", 999)),
      "1 ");
  c.ExpectEq(co_await finder.IdsWhere("operator: EXISTS path: '" + LongPath(4096) + "'"), "");
  c.ExpectEq(co_await finder.IdsWhere("operator: EXISTS path: 'a" + Repeat(".b", 63) + "'"), "");
  c.ExpectEq(co_await finder.Ids(Repeat("sort {path: 'v'}", 8)), "1 ");
}

Task<void> BadQueriesAreRefused(CaseContext& c) {
  const std::string name = c.Unique("collection");
  const std::vector<std::pair<std::string, std::string>> bad_queries = {
      {"filter {}", "filter"},
      {Where1("path: 'a'"), "filter"},
      {Where1("path: 'a' operator: EQUAL"), "filter"},
      {Where1("path: 'a' operator: EXISTS value {bool_value: true}"), "filter"},
      {Where1("path: 'a' operator: CONTAINS value {bool_value: true}"), "filter"},
      {Where1("path: 'a' operator: EQUAL value {double_value: nan}"), "filter"},
      {Where1("path: 'a' operator: LESS value {double_value: inf}"), "filter"},
      {Where1("path: 'a' operator: EQUAL value {}"), "filter"},
      {Where1("path: '' operator: EXISTS"), "filter"},
      {Where1("path: 'a..b' operator: EXISTS"), "filter"},
      {Where1(R"(path: 'a\\b' operator: EXISTS)"), "filter"},
      {Where1("operator: EXISTS path: '" + LongPath(4097) + "'"), "filter"},
      {Where1("operator: EXISTS path: 'a" + Repeat(".b", 64) + "'"), "filter"},
      {Where1("path: 'a' operator: IN " + Repeat("values {int64_value: 1}", 1000)), "filter"},
      {Deep(17), "filter"},
      {"sort {path: '.a'}", "sort"},
      {Repeat("sort {path: 'a'}", 9), "sort"},
      {"fields: 'a.'", "fields"},
      {Repeat("fields: 'a'", 101), "fields"}};
  for (const auto& [query, field] : bad_queries) {
    co_await c.Refused(&DocumentQueryStub::Find, Query<FindRequest>(name, query), kBad, field);
    co_await c.Refused(&DocumentQueryStub::FindOne, Query<FindOneRequest>(name, query), kBad,
                       field);
  }
  for (const std::string& bad : BadNames()) {
    co_await c.Refused(&DocumentQueryStub::Find, Query<FindRequest>(bad, ""), kBad, "collection");
    co_await c.Refused(&DocumentQueryStub::FindOne, Query<FindOneRequest>(bad, ""), kBad,
                       "collection");
    co_await c.Refused(&DocumentQueryStub::Aggregate,
                       Query<AggregateRequest>(bad, "compute {function: COUNT}"), kBad,
                       "collection");
  }
}

Task<void> OtherCollectionsAreNotSearched(CaseContext& c) {
  const std::string name = c.Unique("collection");
  Collection here(c, name);
  Collection beside(c, name + "2");
  Collection there(c.other(), name);
  co_await here.Insert("here", "{}");
  co_await beside.Insert("beside", "{}");
  co_await there.Insert("there", "{}");
  Finder finder(c, name);
  c.ExpectEq(co_await finder.Ids(""), "here ");
  c.ExpectEq(co_await finder.Aggregate("compute {function: COUNT}"), ": 1\n");
}

}  // namespace prism::conformance::documents
