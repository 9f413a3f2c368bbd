#include "drivers/contract/document/json.h"

#include <gtest/gtest.h>

#include <vector>

namespace prism {
namespace {

std::string Again(const std::string& text) {
  const Result<Json> json = Json::Parse(text);
  return json.ok() ? json->Text() : json.status().ToString();
}

std::string Patched(const std::string& text, const std::string& patch) {
  const Result<Json> merged = Json::Parse(text)->Merged(*Json::Parse(patch));
  return merged.ok() ? merged->Text() : merged.status().ToString();
}

std::vector<Scalar::Type> Types(const Json& json, const std::string& path) {
  std::vector<Scalar::Type> types;
  const Json::Visitor add = [&](const Scalar& scalar) {
    types.push_back(scalar.type);
    return true;
  };
  json.Visit(*ParsePath("path", path), add);
  return types;
}

double NumberIn(const std::string& text) {
  return Json::Parse("{\"a\":" + text + "}")->First({"a"}).real;
}

TEST(Json, KeepsValuesNotText) {
  EXPECT_EQ(Again(" {\"a\" : [ 1, \"x\", null, true ] } "), R"({"a":[1,"x",null,true]})");
  EXPECT_EQ(Again(R"({"a":1,"a":2})"), R"({"a":2})");
  EXPECT_EQ(Again(R"({"a":"\u00e4"})"), "{\"a\":\"\xc3\xa4\"}");
}

TEST(Json, KeepsIntegersExactlyAndOthersAsTheNearestDouble) {
  EXPECT_EQ(Again(R"({"a":9223372036854775807})"), R"({"a":9223372036854775807})");
  EXPECT_EQ(Again(R"({"a":-9223372036854775808})"), R"({"a":-9223372036854775808})");
  EXPECT_EQ(Json::Parse(R"({"a":9223372036854775808})")->First({"a"}).type, Scalar::Type::kDouble);
  EXPECT_EQ(Json::Parse(R"({"a":1.0})")->First({"a"}).type, Scalar::Type::kDouble);
  EXPECT_EQ(NumberIn("0.1"), 0.1);
  EXPECT_EQ(NumberIn("3.141592653589793238462643"), 3.141592653589793238462643);
  EXPECT_EQ(NumberIn("2.2250738585072014e-308"), 2.2250738585072014e-308);
  EXPECT_EQ(NumberIn("8.533e+68"), 8.533e+68);
  EXPECT_EQ(NumberIn("1e-400"), 0);
  EXPECT_FALSE(Json::Parse(R"({"a":1e400})").ok());
  EXPECT_EQ(Again(Again(R"({"a":0.30000000000000004})")), Again(R"({"a":0.30000000000000004})"));
}

TEST(Json, RefusesWhatIsNoDocument) {
  for (const std::string text : {"", "[1]", "1", "{", "{}x", "{\"a\":}", "{\"a\":1}{}", "{'a':1}",
                                 "{\"a\":NaN}", "{\"a\":\"\xff\"}", "{/**/}"}) {
    EXPECT_EQ(Json::Parse(text).status().code(), Code::kInvalidArgument) << text;
  }
  EXPECT_NE(Json::Parse("{\"a\":x}").status().message().find("at byte 5"), std::string::npos)
      << Json::Parse("{\"a\":x}").status().ToString();
}

TEST(Json, LimitsDepthAndSize) {
  const auto nested = [](int depth) {
    std::string text = "{\"a\":";
    for (int i = 1; i < depth; ++i) text += '[';
    for (int i = 1; i < depth; ++i) text += ']';
    return text + "}";
  };
  EXPECT_FALSE(Json::Parse("{\"a\":}").ok());
  EXPECT_TRUE(Json::Parse(nested(64)).ok());
  EXPECT_NE(Json::Parse(nested(65)).status().message().find("64 levels"), std::string::npos);
  const std::string large = "{\"a\":\"" + std::string(kMaxDocumentBytes - 8, 'x') + "\"}";
  EXPECT_TRUE(Json::Parse(large).ok());
  EXPECT_FALSE(Json::Parse(large + " ").ok());
  const std::string half = std::string(kMaxDocumentBytes / 2, 'x');
  const Json one = *Json::Parse("{\"a\":\"" + half + "\"}");
  const Json other = *Json::Parse("{\"b\":\"" + half + "\"}");
  EXPECT_EQ(one.Merged(other).status().code(), Code::kInvalidArgument);
}

// The examples of RFC 7396, appendix A, that are objects.
TEST(Json, MergesAsTheRfcSays) {
  EXPECT_EQ(Patched(R"({"a":"b"})", R"({"a":"c"})"), R"({"a":"c"})");
  EXPECT_EQ(Patched(R"({"a":"b"})", R"({"b":"c"})"), R"({"a":"b","b":"c"})");
  EXPECT_EQ(Patched(R"({"a":"b"})", R"({"a":null})"), R"({})");
  EXPECT_EQ(Patched(R"({"a":"b","b":"c"})", R"({"a":null})"), R"({"b":"c"})");
  EXPECT_EQ(Patched(R"({"a":["b"]})", R"({"a":"c"})"), R"({"a":"c"})");
  EXPECT_EQ(Patched(R"({"a":"c"})", R"({"a":["b"]})"), R"({"a":["b"]})");
  EXPECT_EQ(Patched(R"({"a":{"b":"c"}})", R"({"a":{"b":"d","c":null}})"), R"({"a":{"b":"d"}})");
  EXPECT_EQ(Patched(R"({"a":[{"b":"c"}]})", R"({"a":[1]})"), R"({"a":[1]})");
  EXPECT_EQ(Patched(R"({"e":null})", R"({"a":1})"), R"({"e":null,"a":1})");
  EXPECT_EQ(Patched(R"({})", R"({"a":{"bb":{"ccc":null}}})"), R"({"a":{"bb":{}}})");
}

TEST(Json, PathsLeadThroughObjectsAndArrays) {
  using Type = Scalar::Type;
  const Json json = *Json::Parse(
      R"({"a":{"b":1},"l":[{"b":2},{"b":[3,"x"]},[{"b":4}],5],"n":null,"a.b":true,"o":{}})");
  EXPECT_EQ(Types(json, "a.b"), std::vector<Type>({Type::kInteger}));
  EXPECT_EQ(Types(json, "a\\.b"), std::vector<Type>({Type::kBool}));
  EXPECT_EQ(Types(json, "l.b"),
            std::vector<Type>({Type::kInteger, Type::kComposite, Type::kInteger, Type::kString}));
  EXPECT_EQ(Types(json, "l").size(), 5u);
  EXPECT_EQ(Types(json, "n"), std::vector<Type>({Type::kNull}));
  EXPECT_EQ(Types(json, "o"), std::vector<Type>({Type::kComposite}));
  EXPECT_TRUE(Types(json, "a.b.c").empty());
  EXPECT_TRUE(Types(json, "x").empty());
  EXPECT_EQ(json.First({"l", "b"}).integer, 2);
  EXPECT_EQ(json.First({"o"}).type, Type::kMissing);
}

TEST(Json, ShowsOnlyTheFieldsAskedFor) {
  const Json json = *Json::Parse(R"({"a":{"b":1,"c":2},"l":[{"b":2,"c":3},5],"s":"t"})");
  const auto text = [&](std::vector<std::string> paths) {
    std::vector<FieldPath> fields;
    for (const auto& path : paths) fields.push_back(*ParsePath("fields", path));
    return json.Text(fields);
  };
  EXPECT_EQ(text({"s"}), R"({"s":"t"})");
  EXPECT_EQ(text({"a.b"}), R"({"a":{"b":1}})");
  EXPECT_EQ(text({"a.b", "a"}), R"({"a":{"b":1,"c":2}})");
  EXPECT_EQ(text({"l.c", "l.b"}), R"({"l":[{"c":3,"b":2}]})");
  EXPECT_EQ(text({"s.t", "x"}), "{}");
}

TEST(Json, OccupiesWhatItHolds) {
  const int64_t small = Json::Parse("{}")->bytes();
  const int64_t large = Json::Parse("{\"a\":\"" + std::string(10'000, 'x') + "\"}")->bytes();
  EXPECT_GT(small, 0);
  EXPECT_GT(large, small + 10'000);
  EXPECT_LT(large, small + 11'000);
}

TEST(FieldPath, RefusesWhatNamesNothing) {
  for (const std::string text : {"", ".", "a.", ".a", "a..b", "a\\", "a\\b"}) {
    EXPECT_EQ(ParsePath("sort", text).status().code(), Code::kInvalidArgument) << text;
  }
  std::string deep = "a";
  for (int i = 1; i < 64; ++i) deep += ".a";
  EXPECT_TRUE(ParsePath("sort", deep).ok());
  EXPECT_FALSE(ParsePath("sort", deep + ".a").ok());
  EXPECT_FALSE(ParsePath("sort", std::string(4097, 'a')).ok());
  EXPECT_EQ(ParsePath("sort", "a\\\\.b\\.c")->at(1), "b.c");
}

TEST(Json, DecimalTextTellsDoublesFromIntegers) {
  const auto decimal = [](const std::string& text) { return Json::Parse(text)->DecimalText(); };
  EXPECT_EQ(decimal(R"({"a":[1,1.0,1e2,0.5,-2.5e-7],"b":{},"c":[],"d":{"e":null,"f":"\"\u0000"}})"),
            R"({"a":[1,1.0,100.0,0.5,-2.5e-07],"b":{},"c":[],"d":{"e":null,"f":"\"\u0000"}})");
  EXPECT_EQ(decimal(R"({"a":9223372036854775807,"b":9223372036854775808,"c":1e300,"d":-1e19})"),
            R"({"a":9223372036854775807,"b":9223372036854775808.0,"c":1e+300,)"
            R"("d":-10000000000000000000.0})");
}

}  // namespace
}  // namespace prism
