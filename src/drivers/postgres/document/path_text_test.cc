#include "drivers/postgres/document/path_text.h"

#include <gtest/gtest.h>

namespace prism::postgres {
namespace {

using namespace std::string_literals;  // NOLINT

DocumentFilter Condition(DocumentFilter::Kind kind, std::vector<Scalar> values) {
  DocumentFilter filter;
  filter.kind = kind;
  filter.path = {"a b", "c"};
  filter.values = std::move(values);
  return filter;
}

DocumentFilter Of(DocumentFilter::Kind kind, std::vector<DocumentFilter> parts) {
  DocumentFilter filter;
  filter.kind = kind;
  filter.parts = std::move(parts);
  return filter;
}

std::string Made(const DocumentFilter& filter) {
  const Result<std::string> made = PredicateOf(filter);
  return made.ok() ? *made : made.status().ToString();
}

using Kind = DocumentFilter::Kind;

TEST(PathTextTest, NulIsWrittenOtherwiseAndComesBack) {
  const std::string text = R"({"n\u0000l":"\u0003x\\u0000\u0004","\u0001":"\u0002"})";
  const std::string stored = WithoutNul(text);
  EXPECT_EQ(stored, R"({"n\u0001\u0002\u0002l":"\u0001\u0003\u0003x\\u0000\u0004",)"
                    R"("\u0001\u0002\u0003":"\u0001\u0003\u0002"})");
  EXPECT_EQ(WithNul(stored), text);
}

TEST(PathTextTest, WhatHasNoNulStays) {
  EXPECT_EQ(WithoutNul(R"({"a":"\\u0000\u0014"})"), "");
  EXPECT_EQ(WithNul(R"({"a":"\\u0001\u0014\n"})"), R"({"a":"\\u0001\u0014\n"})");
}

TEST(PathTextTest, ConditionsAreComparisons) {
  EXPECT_EQ(Made(Condition(Kind::kEqual, {Scalar::Integer(-5)})), R"(($."a b"."c" == -5))");
  EXPECT_EQ(Made(Condition(Kind::kLess, {Scalar::Double(2)})), R"(($."a b"."c" < 2.0))");
  EXPECT_EQ(Made(Condition(Kind::kGreaterOrEqual, {Scalar::Null()})), R"(($."a b"."c" >= null))");
  EXPECT_EQ(Made(Condition(Kind::kStartsWith, {Scalar::String("\"\n\\")})),
            R"(($."a b"."c" starts with "\"\u000a\\"))");
  EXPECT_EQ(Made(Condition(Kind::kContains, {Scalar::String("x\0"s)})),
            R"(($."a b"."c" like_regex "x\u0001\u0002\u0002" flag "q"))");
  EXPECT_EQ(Made(Condition(Kind::kIn, {})), "(1 == 0)");
}

TEST(PathTextTest, OnlyConditionsAreNegated) {
  const DocumentFilter one = Condition(Kind::kExists, {});
  const std::string there = R"((exists($."a b"."c")))";
  const std::string missing = R"((!(exists($."a b"."c")) || ((exists($."a b"."c")) is unknown)))";
  EXPECT_EQ(Made(Of(Kind::kNot, {one})), missing);
  EXPECT_EQ(Made(Of(Kind::kNot, {Of(Kind::kAllOf, {one, Of(Kind::kNot, {one})})})),
            "(" + missing + " || " + there + ")");
  EXPECT_EQ(Made(Of(Kind::kNot, {Of(Kind::kAnyOf, {})})), "(1 == 1)");
}

TEST(PathTextTest, LongContainedTextsAreRefused) {
  const std::string most(8192, 'x');
  const std::string more = most + "x";
  EXPECT_TRUE(PredicateOf(Condition(Kind::kContains, {Scalar::String(most)})).ok());
  const auto refused =
      PredicateOf(Of(Kind::kNot, {Condition(Kind::kContains, {Scalar::String(more)})}));
  EXPECT_EQ(refused.status().code(), Code::kResourceExhausted);
}

}  // namespace
}  // namespace prism::postgres
