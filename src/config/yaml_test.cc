#include "config/yaml.h"

#include <gtest/gtest.h>

#include <string>

namespace prism {
namespace {

// The faults of `text`, each as "line:column: message".
std::string FaultsOf(std::string_view text) {
  FaultList faults("f");
  ParseYaml(text, faults);
  std::string out;
  for (const Fault& fault : std::move(faults).Take()) {
    out += std::to_string(fault.line) + ":" + std::to_string(fault.column) + ": " + fault.message;
    out += '\n';
  }
  return out;
}

YamlNode Parse(std::string_view text) {
  FaultList faults("f");
  const auto root = ParseYaml(text, faults);
  EXPECT_TRUE(faults.empty()) << FormatFaults(std::move(faults).Take());
  return root ? *root : YamlNode();
}

TEST(YamlTest, KeepsThePlaces) {
  const YamlNode root = Parse("# first\na: 1\nb:\n  - x\n  - {c: 'it''s'}\n");
  ASSERT_EQ(root.items.size(), 2u);
  EXPECT_EQ(root.items[0].key, "a");
  EXPECT_EQ(root.items[0].text, "1");
  EXPECT_EQ(root.items[0].line, 2);
  EXPECT_EQ(root.items[0].column, 4);
  const YamlNode& list = root.items[1];
  ASSERT_EQ(list.items.size(), 2u);
  EXPECT_EQ(list.items[0].line, 4);
  EXPECT_EQ(list.items[1].items[0].text, "it's");
  EXPECT_EQ(list.items[1].items[0].key_line, 5);
  EXPECT_EQ(list.items[1].items[0].key_column, 6);
}

TEST(YamlTest, AnEmptyFileIsAnEmptyMap) {
  for (const char* text : {"", "\n\n", "# nothing\n", "---\n"}) {
    const YamlNode root = Parse(text);
    EXPECT_EQ(root.kind, YamlNode::Kind::kMap) << text;
    EXPECT_EQ(root.line, 1) << text;
  }
}

TEST(YamlTest, AByteOrderMarkAndWindowsLinesAreFine) {
  const YamlNode root = Parse(
      "\xEF\xBB\xBF"
      "a: 1\r\nb: 'q'\r\n");
  ASSERT_EQ(root.items.size(), 2u);
  EXPECT_EQ(root.items[1].text, "q");
  EXPECT_EQ(root.items[1].line, 2);
}

TEST(YamlTest, AMissingValueIsWhereItsKeyIs) {
  const YamlNode root = Parse("a:\n\n\nb: 1\n");
  EXPECT_EQ(root.items[0].kind, YamlNode::Kind::kNull);
  EXPECT_EQ(root.items[0].line, 1);
}

TEST(YamlTest, KeysGivenTwice) {
  EXPECT_EQ(FaultsOf("a: 1\nb: 2\na: 3\n"), "3:1: key 'a' is given twice\n");
  EXPECT_EQ(FaultsOf("x: {k: 1, k: 2}\n"), "1:11: key 'k' is given twice\n");
  EXPECT_EQ(FaultsOf("'a': 1\na: 2\n"), "2:1: key 'a' is given twice\n");
}

TEST(YamlTest, UnclosedThingsPointAtTheirBeginning) {
  EXPECT_EQ(FaultsOf("a: 1\nb: [1, 2\nc: 3\n"), "2:4: this bracket is never closed\n");
  EXPECT_EQ(FaultsOf("a: {x: 1\nb: 2"), "1:4: this bracket is never closed\n");
  EXPECT_EQ(FaultsOf("a: [x, {y: 1]\n").substr(0, 4), "1:13");
  EXPECT_EQ(FaultsOf("a: \"abc\nb: 2\n"), "1:4: this quote is not closed on its line\n");
  EXPECT_EQ(FaultsOf("a: 'it''\nb: 2\n"), "1:4: this quote is not closed on its line\n");
  EXPECT_EQ(FaultsOf("a: \"x\\\"\n"), "1:4: this quote is not closed on its line\n");
  EXPECT_EQ(FaultsOf("a: 'x").substr(0, 2), "1:");
}

TEST(YamlTest, SyntaxFaultsHaveTheirLine) {
  EXPECT_EQ(FaultsOf("a: 1\nb: c: d\n"), "2:5: YAML syntax: illegal map value\n");
  EXPECT_EQ(FaultsOf("a:\n\t- 1\n"), "2:2: YAML syntax: illegal block entry\n");
  EXPECT_EQ(FaultsOf("a: 1\nb: @x\n"), "2:4: YAML syntax: unknown token\n");
  EXPECT_EQ(FaultsOf("a: \"\\q\"\n").substr(0, 2), "1:");
}

TEST(YamlTest, WhatAConfigurationDoesNotNeedIsRefused) {
  EXPECT_EQ(FaultsOf("a: &x 1\nb: *x\n"),
            "1:4: anchors ('&name') are not supported\n"
            "2:4: aliases ('*name') are not supported\n");
  EXPECT_EQ(FaultsOf("&a [*a]"),
            "1:1: anchors ('&name') are not supported\n"
            "1:5: aliases ('*name') are not supported\n");
  EXPECT_EQ(FaultsOf("a: !!int 5\n"), "1:4: tags are not supported: 'tag:yaml.org,2002:int'\n");
  EXPECT_EQ(FaultsOf("? [k]\n: v\n"), "1:3: a key must be a word\n");
  EXPECT_EQ(FaultsOf("a: 1\n---\nb: 2\n"), "2:1: a second document starts here; one is expected\n");
  EXPECT_EQ(FaultsOf("- a\nb: 2\n"), "2:1: a second document starts here; one is expected\n");
}

TEST(YamlTest, BytesThatAreNotText) {
  EXPECT_EQ(FaultsOf("a: 1\nb: \x04 c: 2\n"), "2:4: byte 0x04 is not text\n");
  EXPECT_EQ(FaultsOf(std::string_view("a: \0", 4)), "1:4: byte 0x00 is not text\n");
  EXPECT_EQ(FaultsOf("a: \xFF\n"), "1:4: byte 0xff is not UTF-8\n");
}

TEST(YamlTest, DepthAndSizeAreBounded) {
  for (const char* opening : {"[", "{a: ", "- ", "? ", "[{", "- - ", "a: ["}) {
    std::string deep;
    while (deep.size() < 100'000) deep += opening;
    EXPECT_NE(FaultsOf(deep), "") << opening;
  }
  std::string nested = "a";
  for (int i = 0; i < kMaxYamlDepth; ++i) nested = "[" + nested + "]";
  EXPECT_EQ(FaultsOf(nested), "");
  EXPECT_EQ(FaultsOf("[" + nested + "]"), "1:65: nested more than 64 deep\n");
  std::string wide = "[";
  for (size_t i = 0; i <= kMaxYamlNodes; ++i) wide += "a,";
  EXPECT_NE(FaultsOf(wide + "]").find("more than 100000 values in one file"), std::string::npos);
}

}  // namespace
}  // namespace prism
