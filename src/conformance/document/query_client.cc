#include "conformance/document/query_client.h"

#include <google/protobuf/text_format.h>

#include <cstdlib>

namespace prism::conformance::documents {
namespace {

constexpr int kMaxPageDocuments = 1000;
constexpr size_t kMaxPageBytes = size_t{1} << 20;

std::string TextOf(const document::v1::Value& value) {
  const std::string text = value.ShortDebugString();
  return text.empty() ? "-" : text.substr(text.find(": ") + 2);
}

}  // namespace

void Parse(std::string_view text, google::protobuf::Message& message) {
  if (!google::protobuf::TextFormat::ParseFromString(std::string(text), &message)) std::abort();
}

std::string Where1(std::string_view condition) {
  return "filter {condition {" + std::string(condition) + "}} ";
}

Task<std::vector<FindResponse>> Finder::Pages(FindRequest request, Where where) {
  auto pages = co_await caller_.CallAll(&DocumentQueryStub::Find, std::move(request), where);
  for (const FindResponse& page : pages) {
    size_t bytes = 0;
    for (const auto& document : page.documents()) {
      bytes += document.id().size() + document.json().size();
      if (document.version() == 0) caller_.Fail("a document has no version", where);
    }
    const int count = page.documents_size();
    if (count == 0) caller_.Fail("a page is empty", where);
    if (count > kMaxPageDocuments) caller_.Fail("a page has too many documents", where);
    if (count > 1 && bytes > kMaxPageBytes) caller_.Fail("a page has too many bytes", where);
    if (&page != &pages.back() && page.cursor().empty()) {
      caller_.Fail("a page in the middle has no cursor", where);
    }
  }
  co_return pages;
}

Task<std::string> Finder::Ids(std::string query, Where where) {
  const auto pages = co_await Pages(Query<FindRequest>(collection_, query), where);
  co_return IdsOf(pages);
}

Task<std::string> Finder::IdsWhere(std::string condition, Where where) {
  return Ids(Where1(condition), where);
}

Task<std::string> Finder::Aggregate(std::string query, Where where) {
  const auto pages = co_await caller_.CallAll(&DocumentQueryStub::Aggregate,
                                              Query<AggregateRequest>(collection_, query), where);
  std::string rows;
  for (const AggregateResponse& page : pages) {
    if (page.groups_size() == 0 || page.groups_size() > kMaxPageDocuments) {
      caller_.Fail("a page has " + std::to_string(page.groups_size()) + " groups", where);
    }
    for (const auto& group : page.groups()) {
      for (const auto& value : group.values()) rows += TextOf(value) + " ";
      rows += ":";
      for (const auto& value : group.results()) rows += " " + TextOf(value);
      rows += "\n";
    }
  }
  co_return rows;
}

std::string IdsOf(const std::vector<FindResponse>& pages) {
  std::string ids;
  for (const FindResponse& page : pages) {
    for (const auto& document : page.documents()) ids += document.id() + " ";
  }
  return ids;
}

Task<void> InsertOneOfEachType(Collection& documents) {
  co_await documents.Insert("array", R"({"v":[1,5,"five"]})");
  co_await documents.Insert("false", R"({"v":false})");
  co_await documents.Insert("half", R"({"v":2.5})");
  co_await documents.Insert("missing", R"({"w":1})");
  co_await documents.Insert("null", R"({"v":null})");
  co_await documents.Insert("object", R"({"v":{"x":1}})");
  co_await documents.Insert("one", R"({"v":1})");
  co_await documents.Insert("text", R"({"v":"tenfold"})");
  co_await documents.Insert("true", R"({"v":true})");
  co_await documents.Insert("two", R"({"v":2,"w":7})");
}

Task<void> CheckConditions(CaseContext& c, std::string collection) {
  struct Row {
    const char* condition;
    const char* ids;
  };
  constexpr Row kRows[] = {
      {"operator: EQUAL value {int64_value: 1}", "array one "},
      {"operator: EQUAL value {double_value: 1}", "array one "},
      {"operator: EQUAL value {double_value: 2.5}", "half "},
      {"operator: EQUAL value {string_value: 'five'}", "array "},
      {"operator: EQUAL value {string_value: '1'}", ""},
      {"operator: EQUAL value {null_value: NULL_VALUE}", "null "},
      {"operator: EQUAL value {bool_value: false}", "false "},
      {"operator: NOT_EQUAL value {int64_value: 1}",
       "false half missing null object text true two "},
      {"operator: NOT_EQUAL value {null_value: NULL_VALUE}",
       "array false half missing object one text true two "},
      {"operator: GREATER value {int64_value: 2}", "array half "},
      {"operator: GREATER_OR_EQUAL value {int64_value: 2}", "array half two "},
      {"operator: LESS value {double_value: 2}", "array one "},
      {"operator: LESS_OR_EQUAL value {double_value: 2}", "array one two "},
      {"operator: GREATER value {string_value: 'a'}", "array text "},
      {"operator: LESS value {string_value: 'g'}", "array "},
      {"operator: LESS value {bool_value: true}", "false "},
      {"operator: GREATER value {bool_value: false}", "true "},
      {"operator: GREATER_OR_EQUAL value {null_value: NULL_VALUE}", "null "},
      {"operator: GREATER value {null_value: NULL_VALUE}", ""},
      {"operator: STARTS_WITH value {string_value: 'ten'}", "text "},
      {"operator: STARTS_WITH value {string_value: ''}", "array text "},
      {"operator: CONTAINS value {string_value: 'f'}", "array text "},
      {"operator: CONTAINS value {string_value: 'F'}", ""},
      {"operator: IN values {int64_value: 2} values {bool_value: true}", "true two "},
      {"operator: IN", ""},
      {"operator: EXISTS", "array false half null object one text true two "},
  };
  Finder finder(c, std::move(collection));
  for (const Row& row : kRows) {
    const std::string ids = co_await finder.IdsWhere(std::string("path: 'v' ") + row.condition);
    if (ids != row.ids) c.Fail(std::string(row.condition) + ": " + ShowDifference(ids, row.ids));
  }
}

}  // namespace prism::conformance::documents
