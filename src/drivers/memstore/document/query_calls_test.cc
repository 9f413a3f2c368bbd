#include <set>

#include "drivers/memstore/document/query_fixture.h"

namespace prism::memstore {
namespace {

using namespace document::v1;  // NOLINT

// Each condition is asked without an index, with one on its field, and with one on several.
class ConditionTest : public DocumentQueryFixture, public ::testing::WithParamInterface<int> {
 protected:
  void SetUp() override {
    if (GetParam() >= 1) {
      EXPECT_TRUE(CreateIndex("name: 'v' fields: 'v'").ok());
    }
    if (GetParam() == 2) {
      EXPECT_TRUE(CreateIndex("name: 'two' fields: ['v', 'w']").ok());
    }
    Insert("array", R"({"v":[1,5,"five"]})");
    Insert("false", R"({"v":false})");
    Insert("half", R"({"v":2.5})");
    Insert("missing", R"({"w":1})");
    Insert("null", R"({"v":null})");
    Insert("object", R"({"v":{"x":1}})");
    Insert("one", R"({"v":1})");
    Insert("text", R"({"v":"tenfold"})");
    Insert("true", R"({"v":true})");
    Insert("two", R"({"v":2,"w":7})");
  }
};

INSTANTIATE_TEST_SUITE_P(Indexes, ConditionTest, ::testing::Values(0, 1, 2));

TEST_P(ConditionTest, Equal) {
  EXPECT_EQ(Where("path: 'v' operator: EQUAL value {int64_value: 1}"), "array one ");
  EXPECT_EQ(Where("path: 'v' operator: EQUAL value {double_value: 1}"), "array one ");
  EXPECT_EQ(Where("path: 'v' operator: EQUAL value {string_value: 'five'}"), "array ");
  EXPECT_EQ(Where("path: 'v' operator: EQUAL value {string_value: '1'}"), "");
  EXPECT_EQ(Where("path: 'v' operator: EQUAL value {null_value: NULL_VALUE}"), "null ");
  EXPECT_EQ(Where("path: 'v' operator: EQUAL value {bool_value: false}"), "false ");
  EXPECT_EQ(Where("path: 'v.x' operator: EQUAL value {int64_value: 1}"), "object ");
}

TEST_P(ConditionTest, NotEqualIsTheNegation) {
  EXPECT_EQ(Where("path: 'v' operator: NOT_EQUAL value {int64_value: 1}"),
            "false half missing null object text true two ");
}

TEST_P(ConditionTest, RangesStayWithinTheType) {
  EXPECT_EQ(Where("path: 'v' operator: GREATER value {int64_value: 2}"), "array half ");
  EXPECT_EQ(Where("path: 'v' operator: GREATER_OR_EQUAL value {int64_value: 2}"),
            "array half two ");
  EXPECT_EQ(Where("path: 'v' operator: LESS value {double_value: 2}"), "array one ");
  EXPECT_EQ(Where("path: 'v' operator: LESS_OR_EQUAL value {int64_value: 2}"), "array one two ");
  EXPECT_EQ(Where("path: 'v' operator: GREATER value {string_value: 'a'}"), "array text ");
  EXPECT_EQ(Where("path: 'v' operator: LESS value {bool_value: true}"), "false ");
  EXPECT_EQ(Where("path: 'v' operator: GREATER_OR_EQUAL value {null_value: NULL_VALUE}"), "null ");
  EXPECT_EQ(Where("path: 'v' operator: GREATER value {null_value: NULL_VALUE}"), "");
}

TEST_P(ConditionTest, Texts) {
  EXPECT_EQ(Where("path: 'v' operator: STARTS_WITH value {string_value: 'ten'}"), "text ");
  EXPECT_EQ(Where("path: 'v' operator: STARTS_WITH value {string_value: ''}"), "array text ");
  EXPECT_EQ(Where("path: 'v' operator: CONTAINS value {string_value: 'f'}"), "array text ");
}

TEST_P(ConditionTest, InAndExists) {
  EXPECT_EQ(Where("path: 'v' operator: IN values {int64_value: 2} values {bool_value: true}"),
            "true two ");
  EXPECT_EQ(Where("path: 'v' operator: IN"), "");
  EXPECT_EQ(Where("path: 'v' operator: EXISTS"), "array false half null object one text true two ");
}

// Different elements may meet the two bounds.
TEST_P(ConditionTest, BoundsOfAnArray) {
  EXPECT_EQ(Find("filter {all_of {"
                 "filters {condition {path: 'v' operator: GREATER value {int64_value: 2}}}"
                 "filters {condition {path: 'v' operator: LESS value {int64_value: 3}}}}}"),
            "array half ");
}

TEST_P(ConditionTest, Combinations) {
  const std::string one = "filters {condition {path: 'v' operator: EQUAL value {int64_value: 2}}}";
  const std::string other =
      "filters {condition {path: 'w' operator: EQUAL value {int64_value: 7}}}";
  const std::string third =
      "filters {condition {path: 'w' operator: EQUAL value {int64_value: 1}}}";
  EXPECT_EQ(Find("filter {all_of {" + one + other + "}}"), "two ");
  EXPECT_EQ(Find("filter {all_of {" + one + third + "}}"), "");
  EXPECT_EQ(Find("filter {any_of {" + one + third + "}}"), "missing two ");
  EXPECT_EQ(Find("filter {any_of {}}"), "");
  EXPECT_EQ(Find("filter {all_of {}} limit: 2"), "array false ");
  EXPECT_EQ(Find("filter {negation {condition {path: 'v' operator: EXISTS}}}"), "missing ");
}

class DocumentQueryTest : public DocumentQueryFixture {};

TEST_F(DocumentQueryTest, SortsByTypeAndValueAndId) {
  Insert("s", R"({"v":"x"})");
  Insert("n2", R"({"v":2})");
  Insert("n1b", R"({"v":1})");
  Insert("n1a", R"({"v":1.0})");
  Insert("none", "{}");
  Insert("null", R"({"v":null})");
  Insert("t", R"({"v":true})");
  Insert("o", R"({"v":{}})");
  Insert("list", R"({"v":[9,1]})");
  EXPECT_EQ(Find("sort {path: 'v'}"), "none o null t n1a n1b n2 list s ");
  EXPECT_EQ(Find("sort {path: 'v' descending: true}"), "s list n2 n1a n1b t null none o ");
  EXPECT_EQ(Find("sort {path: 'v'} limit: 3"), "none o null ");
}

TEST_F(DocumentQueryTest, SortsBySeveralFields) {
  Insert("a", R"({"x":1,"y":1})");
  Insert("b", R"({"x":2,"y":1})");
  Insert("c", R"({"x":1,"y":2})");
  EXPECT_EQ(Find("sort {path: 'x' descending: true} sort {path: 'y' descending: true}"), "b c a ");
  EXPECT_EQ(Find("sort {path: 'y'} sort {path: 'x' descending: true}"), "b a c ");
}

// By id, sorted, and through an index: pages follow each other, none is empty, the last says so.
TEST_F(DocumentQueryTest, PagesResumeByTheirCursors) {
  EXPECT_TRUE(CreateIndex("name: 'i' fields: 'i'").ok());
  for (int i = 0; i < 2500; ++i) {
    Insert("d" + std::to_string(i), "{\"i\":" + std::to_string(i) + "}");
  }
  for (const std::string sort :
       {"", "sort {path: 'i' descending: true}",
        "filter {condition {path: 'i' operator: GREATER_OR_EQUAL value {int64_value: 0}}}"}) {
    const auto request = Parse<FindRequest>(sort);
    const auto pages = Pages(request);
    ASSERT_EQ(pages.size(), 3u);
    EXPECT_EQ(pages[0].documents_size(), 1000);
    EXPECT_EQ(pages[2].documents_size(), 500);
    EXPECT_TRUE(pages[2].cursor().empty());
    FindRequest resumed = request;
    resumed.set_cursor(pages[0].cursor());
    const auto rest = Pages(resumed);
    ASSERT_EQ(rest.size(), 2u);
    EXPECT_EQ(rest[0].documents(0).id(), pages[1].documents(0).id());
    std::set<std::string> ids;
    for (const auto& page : pages) {
      for (const auto& document : page.documents()) ids.insert(document.id());
    }
    EXPECT_EQ(ids.size(), 2500u);
  }
}

TEST_F(DocumentQueryTest, ALimitedStreamResumesToo) {
  for (const std::string id : {"a", "b", "c"}) Insert(id, "{}");
  auto request = Parse<FindRequest>("limit: 2");
  auto pages = Pages(request);
  ASSERT_EQ(pages.size(), 1u);
  EXPECT_FALSE(pages[0].cursor().empty());
  request.set_cursor(pages[0].cursor());
  pages = Pages(request);
  ASSERT_EQ(pages.size(), 1u);
  EXPECT_EQ(pages[0].documents(0).id(), "c");
  EXPECT_TRUE(pages[0].cursor().empty());
}

TEST_F(DocumentQueryTest, ACursorBelongsToItsQuery) {
  Insert("a", "{}");
  Insert("b", "{}");
  const std::string cursor = Pages(Parse<FindRequest>("limit: 1"))[0].cursor();
  auto other = Parse<FindRequest>("sort {path: 'x'}");
  other.set_cursor(cursor);
  EXPECT_TRUE(Pages(other, Code::kInvalidArgument).empty());
}

TEST_F(DocumentQueryTest, PagesAreBoundedInBytes) {
  const std::string json = "{\"x\":\"" + std::string(400'000, 'x') + "\"}";
  for (const std::string id : {"a", "b", "c"}) Insert(id, json);
  Insert("d", "{\"x\":\"" + std::string(2'000'000, 'x') + "\"}");
  const auto pages = Pages(Parse<FindRequest>(""));
  ASSERT_EQ(pages.size(), 3u);
  EXPECT_EQ(pages[0].documents_size(), 2);
  EXPECT_EQ(pages[1].documents_size(), 1);
  EXPECT_EQ(pages[2].documents(0).id(), "d");
}

TEST_F(DocumentQueryTest, NothingFoundIsNoPage) {
  EXPECT_TRUE(Pages(Parse<FindRequest>("")).empty());
  EXPECT_FALSE(Ok(&DocumentCalls::FindOne, Parse<FindOneRequest>("")).found());
}

TEST_F(DocumentQueryTest, FindsTheFirstWithItsFields) {
  Insert("a", R"({"v":1,"w":2})");
  Insert("b", R"({"v":3,"w":4})");
  const auto found = Ok(&DocumentCalls::FindOne,
                        Parse<FindOneRequest>("sort {path: 'v' descending: true} fields: 'w'"));
  ASSERT_TRUE(found.found());
  EXPECT_EQ(found.document().id(), "b");
  EXPECT_EQ(found.document().json(), R"({"w":4})");
  EXPECT_GT(found.document().version(), 0u);
}

TEST_F(DocumentQueryTest, RefusesMisuse) {
  const auto refused = [this](const std::string& request, const std::string& part) {
    ExpectRefused(&DocumentCalls::FindOne, Parse<FindOneRequest>(request), part);
  };
  refused("filter {}", "no kind");
  refused("filter {condition {path: 'a'}}", "no operator");
  refused("filter {condition {path: '' operator: EXISTS}}", "path");
  refused("filter {condition {path: 'a' operator: EQUAL}}", "needs a value");
  refused("filter {condition {path: 'a' operator: EXISTS value {bool_value: true}}}", "not take");
  refused("filter {condition {path: 'a' operator: CONTAINS value {bool_value: true}}}", "string");
  refused("filter {condition {path: 'a' operator: EQUAL value {double_value: nan}}}", "finite");
  refused("filter {condition {path: 'a' operator: EQUAL value {}}}", "no kind");
  refused("sort {path: 'a..b'}", "empty name");
  std::string deep = "condition {path: 'a' operator: EXISTS}", sorts, values;
  for (int i = 0; i < 16; ++i) deep = "negation {" + deep + "}";
  refused("filter {" + deep + "}", "16 levels");
  for (int i = 0; i < 9; ++i) sorts += "sort {path: 'a'}";
  refused(sorts, "from 0 to 8");
  for (int i = 0; i < 1000; ++i) values += "values {int64_value: 1}";
  refused("filter {condition {path: 'a' operator: IN " + values + "}}", "1000");
}

class AggregateTest : public DocumentQueryFixture {
 protected:
  std::string Aggregate(const std::string& text, Code code = Code::kOk) {
    std::string rows;
    const auto request = Parse<AggregateRequest>(text);
    for (const auto& page : Drain(backend_.Aggregate(context_, request), code)) {
      for (const document::v1::Group& group : page.groups()) {
        for (const document::v1::Value& value : group.values()) rows += Show(value) + ' ';
        rows += ": ";
        for (const document::v1::Value& value : group.results()) rows += Show(value) + ' ';
        rows += "\n";
      }
    }
    return rows;
  }
  static std::string Show(const document::v1::Value& value) {
    const std::string text = value.ShortDebugString();
    return text.empty() ? "-" : text.substr(text.find(": ") + 2);
  }
};

TEST_F(AggregateTest, ComputesPerGroup) {
  Insert("1", R"({"g":"a","v":1})");
  Insert("2", R"({"g":"a","v":[2,4]})");
  Insert("3", R"({"g":"b","v":0.5})");
  Insert("4", R"({"g":"b","v":"x"})");
  Insert("5", R"({"v":null})");
  EXPECT_EQ(
      Aggregate("group_by: 'g' compute {function: COUNT} compute {function: COUNT path: 'v'}"
                "compute {function: SUM path: 'v'} compute {function: AVERAGE path: 'v'}"
                "compute {function: MINIMUM path: 'v'} compute {function: MAXIMUM path: 'v'}"),
      "- : 1 1 0 - - - \n"
      "\"a\" : 2 2 7 2.3333333333333335 1 4 \n"
      "\"b\" : 2 2 0.5 0.5 0.5 \"x\" \n");
}

TEST_F(AggregateTest, WithoutGroupsThereIsOneAnswer) {
  EXPECT_EQ(Aggregate("compute {function: COUNT} compute {function: SUM path: 'v'}"), ": 0 0 \n");
  EXPECT_EQ(Aggregate("group_by: 'g' compute {function: COUNT}"), "");
}

TEST_F(AggregateTest, SumsAreExactWhileTheyFit) {
  Insert("1", R"({"v":9223372036854775806})");
  Insert("2", R"({"v":1})");
  EXPECT_EQ(Aggregate("compute {function: SUM path: 'v'}"), ": 9223372036854775807 \n");
  Insert("3", R"({"v":1})");
  EXPECT_EQ(Aggregate("compute {function: SUM path: 'v'}"), ": 9.2233720368547758e+18 \n");
}

// A document that an index holds several times counts once.
TEST_F(AggregateTest, CountsOnceThroughAnIndex) {
  EXPECT_TRUE(CreateIndex("name: 'v' fields: 'v'").ok());
  Insert("1", R"({"v":[1,2,3]})");
  Insert("2", R"({"v":2})");
  EXPECT_EQ(Aggregate("filter {condition {path: 'v' operator: GREATER value {int64_value: 0}}}"
                      "compute {function: COUNT}"),
            ": 2 \n");
}

TEST_F(AggregateTest, GroupsAreBounded) {
  for (int i = 0; i <= 10'000; ++i) {
    Insert(std::to_string(i), "{\"g\":" + std::to_string(i) + "}");
  }
  EXPECT_EQ(Aggregate("group_by: 'g' compute {function: COUNT}", Code::kResourceExhausted), "");
  EXPECT_EQ(Aggregate("compute {function: MAXIMUM path: 'g'}"), ": 10000 \n");
}

TEST_F(AggregateTest, RefusesMisuse) {
  EXPECT_EQ(Aggregate("", Code::kInvalidArgument), "");
  EXPECT_EQ(Aggregate("compute {path: 'a'}", Code::kInvalidArgument), "");
  EXPECT_EQ(Aggregate("compute {function: SUM}", Code::kInvalidArgument), "");
}

}  // namespace
}  // namespace prism::memstore
