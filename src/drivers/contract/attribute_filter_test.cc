#include "drivers/contract/attribute_filter.h"

#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include "drivers/contract/filter_message.h"

namespace prism {
namespace {

pubsub::v1::Filter Parse(const std::string& text) {
  pubsub::v1::Filter filter;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &filter)) << text;
  return filter;
}

bool Matches(const std::string& text, const Attributes& attributes) {
  const Result<AttributeFilter> filter = ToFilter(Parse(text));
  EXPECT_TRUE(filter.ok()) << filter.status().ToString();
  return filter.ok() && filter->Matches(attributes);
}

TEST(Filter, ComparesTexts) {
  const Attributes red = {{"size", "10"}, {"color", "red"}};
  EXPECT_TRUE(Matches("equals { attribute: 'color' value: 'red' }", red));
  EXPECT_FALSE(Matches("equals { attribute: 'color' value: 're' }", red));
  EXPECT_FALSE(Matches("equals { attribute: 'shape' value: '' }", red));
  EXPECT_TRUE(Matches("prefix { attribute: 'color' value: 're' }", red));
  EXPECT_FALSE(Matches("prefix { attribute: 'color' value: 'ed' }", red));
  EXPECT_TRUE(Matches("exists: 'size'", red));
  EXPECT_FALSE(Matches("exists: 'siz'", red));
}

TEST(Filter, RangesTakeNumbersOnly) {
  const auto in = [](const std::string& bounds, const std::string& value) {
    return Matches("range { attribute: 'n' " + bounds + " }", {{"n", value}});
  };
  EXPECT_TRUE(in("min: 1 max: 2", "1"));
  EXPECT_TRUE(in("min: 1 max: 2", "2.0"));
  EXPECT_FALSE(in("min: 1 max: 2", "2.01"));
  EXPECT_TRUE(in("min: -5", "1e3"));
  EXPECT_TRUE(in("max: 0", "-2"));
  EXPECT_TRUE(in("", "7"));
  for (const char* value : {"", "x", "1x", " 1", "inf", "nan", "1e999", "0x10"}) {
    EXPECT_FALSE(in("", value)) << value;
  }
}

TEST(Filter, Combines) {
  const std::string a = "exists: 'a'", b = "exists: 'b'";
  const std::string both = "all { filters { " + a + " } filters { " + b + " } }";
  const std::string either = "any { filters { " + a + " } filters { " + b + " } }";
  const Attributes only_a = {{"a", ""}}, a_and_b = {{"a", ""}, {"b", ""}};
  EXPECT_FALSE(Matches(both, only_a));
  EXPECT_TRUE(Matches(both, a_and_b));
  EXPECT_TRUE(Matches(either, only_a));
  EXPECT_FALSE(Matches(either, {}));
  EXPECT_TRUE(Matches("negation { " + b + " }", only_a));
  EXPECT_FALSE(Matches("negation { " + b + " }", a_and_b));
  EXPECT_TRUE(Matches("all {}", {}));
  EXPECT_FALSE(Matches("any {}", {}));
}

TEST(Filter, RefusesWhatIsTooLargeOrIncomplete) {
  const auto refused = [](const std::string& text) {
    return ToFilter(Parse(text)).status().code() == Code::kInvalidArgument;
  };
  const auto nested = [](int negations) {
    std::string text = "exists: 'a'";
    for (int i = 0; i < negations; ++i) text = "negation { " + text + " }";
    return text;
  };
  EXPECT_FALSE(refused(nested(7)));
  EXPECT_TRUE(refused(nested(8)));
  const auto wide = [](int parts) {
    std::string text = "all { ";
    for (int i = 0; i < parts; ++i) text += "filters { exists: 'a' } ";
    return text + "}";
  };
  EXPECT_FALSE(refused(wide(63)));
  EXPECT_TRUE(refused(wide(64)));
  EXPECT_TRUE(refused(""));
  EXPECT_TRUE(refused("negation {}"));
  EXPECT_TRUE(refused("exists: ''"));
  EXPECT_TRUE(refused("range { attribute: 'a' min: nan }"));
}

}  // namespace
}  // namespace prism
