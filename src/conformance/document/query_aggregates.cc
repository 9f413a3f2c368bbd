#include "conformance/document/query_cases.h"
#include "conformance/document/query_client.h"

namespace prism::conformance::documents {
namespace {

constexpr Code kBad = Code::kInvalidArgument;

}  // namespace

Task<void> GroupsAreComputed(CaseContext& c) {
  Collection documents(c, c.Unique("collection"));
  Finder finder(c, documents.name());
  co_await documents.Insert("1", R"({"g":"a","v":1})");
  co_await documents.Insert("2", R"({"g":["a","z"],"v":[2,6]})");
  co_await documents.Insert("3", R"({"g":"b","v":0.5})");
  co_await documents.Insert("4", R"({"g":"b","v":"x"})");
  co_await documents.Insert("5", R"({"v":null})");
  co_await documents.Insert("6", R"({"g":7,"v":false,"h":true})");
  const std::string compute =
      "compute {function: COUNT} compute {function: COUNT path: 'v'}"
      "compute {function: SUM path: 'v'} compute {function: AVERAGE path: 'v'}"
      "compute {function: MINIMUM path: 'v'} compute {function: MAXIMUM path: 'v'}";
  c.ExpectEq(co_await finder.Aggregate("group_by: 'g' " + compute),
             "- : 1 1 0 - - -\n"
             "7 : 1 1 0 - false false\n"
             "\"a\" : 2 2 9 3 1 6\n"
             "\"b\" : 2 2 0.5 0.5 0.5 \"x\"\n");
  c.ExpectEq(co_await finder.Aggregate("group_by: ['h', 'g'] compute {function: COUNT} " +
                                       Where1("path: 'v' operator: EXISTS")),
             "- - : 1\n- \"a\" : 2\n- \"b\" : 2\ntrue 7 : 1\n");
}

Task<void> FunctionsCompute(CaseContext& c) {
  Collection documents(c, c.Unique("collection"));
  Finder finder(c, documents.name());
  const std::string of_v =
      "compute {function: SUM path: 'v'} compute {function: AVERAGE path: 'v'}"
      "compute {function: MINIMUM path: 'v'} compute {function: MAXIMUM path: 'v'}";
  co_await documents.Insert("1", R"({"v":null,"w":1})");
  c.ExpectEq(co_await finder.Aggregate(of_v), ": 0 - - -\n");
  co_await documents.Insert("2", R"({"v":["b","a",true]})");
  c.ExpectEq(co_await finder.Aggregate(of_v), ": 0 - true \"b\"\n");
  co_await documents.Insert("3", R"({"v":[1,2]})");
  co_await documents.Insert("4", R"({"v":-9})");
  c.ExpectEq(co_await finder.Aggregate(of_v), ": -6 -2 true \"b\"\n");
  co_await documents.Insert("5", R"({"v":0.5})");
  c.ExpectEq(co_await finder.Aggregate(of_v), ": -5.5 -1.375 true \"b\"\n");
}

Task<void> NoGroupsAreOneAnswer(CaseContext& c) {
  Collection documents(c, c.Unique("collection"));
  Finder finder(c, documents.name());
  const std::string compute = "compute {function: COUNT} compute {function: SUM path: 'v'}";
  c.ExpectEq(co_await finder.Aggregate(compute), ": 0 0\n");
  c.ExpectEq(co_await finder.Aggregate("group_by: 'v' " + compute), "");
  co_await documents.Insert("1", R"({"v":1})");
  co_await documents.Insert("2", R"({"w":1})");
  c.ExpectEq(co_await finder.Aggregate(compute), ": 2 1\n");
}

Task<void> SumsAreExactWhileTheyFit(CaseContext& c) {
  Collection documents(c, c.Unique("collection"));
  Finder finder(c, documents.name());
  co_await documents.Insert("1", R"({"v":9223372036854775806})");
  co_await documents.Insert("2", R"({"v":1})");
  c.ExpectEq(co_await finder.Aggregate("compute {function: SUM path: 'v'}"),
             ": 9223372036854775807\n");
  co_await documents.Insert("3", R"({"v":1})");
  const auto pages = co_await c.CallAll(
      &DocumentQueryStub::Aggregate,
      Query<AggregateRequest>(documents.name(), "compute {function: SUM path: 'v'}"));
  if (pages.empty() || pages[0].groups_size() != 1 || pages[0].groups(0).results_size() != 1) {
    co_return c.Fail("one sum must come");
  }
  c.ExpectEq(pages[0].groups(0).results(0).double_value(), 9223372036854775808.0);
}

Task<void> ManyGroupsComeInPages(CaseContext& c) {
  constexpr int kGroups = 1100;
  Collection documents(c, c.Unique("collection"));
  Finder finder(c, documents.name());
  co_await Fill(c, documents.name(), kGroups, [](int i) { return JsonOf("g", i); });
  std::string expected;
  for (int i = 0; i < kGroups; ++i) expected += std::to_string(i) + " : 1\n";
  const std::string rows = co_await finder.Aggregate("group_by: 'g' compute {function: COUNT}");
  c.Expect(rows == expected, "all groups come once and in order");
}

Task<void> TooManyGroupsAreRefused(CaseContext& c) {
  constexpr int kGroups = 18;
  Collection documents(c, c.Unique("collection"));
  Finder finder(c, documents.name());
  co_await Fill(c, documents.name(), kGroups, [](int i) {
    return "{\"g\":\"" + std::string(size_t{1} << 20, static_cast<char>('a' + i)) + "\"}";
  });
  co_await c.Refused(
      &DocumentQueryStub::Aggregate,
      Query<AggregateRequest>(documents.name(), "group_by: 'g' compute {function: COUNT}"),
      Code::kResourceExhausted, "group");
  c.ExpectEq(co_await finder.Aggregate("compute {function: COUNT}"), ": 18\n");
}

// Each document counts as 1 before and after; so none may count for more.
Task<void> AggregateIsWeaklyConsistent(CaseContext& c) {
  constexpr int kDocuments = 50;
  Collection documents(c, c.Unique("collection"));
  Finder finder(c, documents.name());
  co_await Fill(c, documents.name(), kDocuments, [](int) { return JsonOf("v", 1); });
  bool over = false;
  co_await c.Concurrently(3, [&](int client) -> Task<void> {
    for (int i = 0; client > 0 && !over && c.ok(); ++i) {
      const std::string id = std::to_string(1000 + i % (kDocuments / 2));
      co_await documents.Merge(id, R"({"w":[1,2]})");
      co_await documents.Replace(id, R"({"v":[1]})");
    }
    for (int i = 0; client == 0 && i < 20 && c.ok(); ++i) {
      const std::string row = co_await finder.Aggregate("compute {function: SUM path: 'v'}");
      const int sum = row.size() > 2 ? std::atoi(row.c_str() + 2) : 0;
      c.ExpectLe(sum, kDocuments, "no document counts twice");
      c.ExpectLe(kDocuments / 2, sum, "what is not written counts");
    }
    over |= client == 0;
  });
}

Task<void> BadAggregatesAreRefused(CaseContext& c) {
  const std::string name = c.Unique("collection");
  const std::string count = "compute {function: COUNT} ";
  std::string many = count;
  std::string paths = count;
  for (int i = 0; i < 16; ++i) many += count;
  for (int i = 0; i < 9; ++i) paths += "group_by: 'g' ";
  const std::vector<std::pair<std::string, std::string>> bad_queries = {
      {"", "compute"},
      {"compute {path: 'a'}", "compute"},
      {"compute {function: SUM}", "compute"},
      {"compute {function: AVERAGE path: 'a.'}", "compute"},
      {many, "compute"},
      {paths, "group_by"},
      {count + "group_by: ''", "group_by"},
      {count + "filter {}", "filter"}};
  for (const auto& [query, field] : bad_queries) {
    co_await c.Refused(&DocumentQueryStub::Aggregate, Query<AggregateRequest>(name, query), kBad,
                       field);
  }
}

}  // namespace prism::conformance::documents
