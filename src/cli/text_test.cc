#include "cli/text.h"

#include <gtest/gtest.h>

namespace prism::cli {
namespace {

using std::chrono::milliseconds;
using namespace std::chrono_literals;

TEST(EscapeTest, OneLineIsExact) {
  const auto escape = [](std::string_view bytes) { return Escape(bytes, Escaping::kOneLine); };
  EXPECT_EQ(escape("plain äöü 漢字 🙂"), "plain äöü 漢字 🙂");
  EXPECT_EQ(escape("a\nb\tc\rd\\e"), "a\\nb\\tc\\rd\\\\e");
  EXPECT_EQ(escape(std::string_view("\0\x1b[2J\x7f", 6)), "\\x00\\x1b[2J\\x7f");
  EXPECT_EQ(escape("\xff\xc3"), "\\xff\\xc3");
  EXPECT_EQ(escape("\xc2\x9b"), "\\u{9b}");              // a C1 control
  EXPECT_EQ(escape("\xe2\x80\xae"), "\\u{202e}");        // turns the line around
  EXPECT_EQ(escape("\xed\xa0\x80"), "\\xed\\xa0\\x80");  // a surrogate is no UTF-8
}

TEST(EscapeTest, LinesStayLines) {
  EXPECT_EQ(Escape("a\n\tb\\\r\n", Escaping::kLines), "a\n\tb\\\\r\n");
  EXPECT_EQ(Escape("\x1b]0;title\x07", Escaping::kLines), "\\x1b]0;title\\x07");
}

TEST(DurationTest, Parses) {
  EXPECT_EQ(ParseDuration("250ms"), 250ms);
  EXPECT_EQ(ParseDuration("1.5s"), 1500ms);
  EXPECT_EQ(ParseDuration("10m"), milliseconds(10min));
  EXPECT_EQ(ParseDuration("2h"), milliseconds(2h));
  EXPECT_EQ(ParseDuration("7d"), milliseconds(168h));
  for (const char* bad : {"", "10", "s", "-1s", "1 s", "1w", "1e3s", "nan", "infs", "36526d"}) {
    EXPECT_EQ(ParseDuration(bad), std::nullopt) << bad;
  }
}

TEST(DurationTest, Formats) {
  EXPECT_EQ(FormatDuration(0ms), "0ms");
  EXPECT_EQ(FormatDuration(250ms), "250ms");
  EXPECT_EQ(FormatDuration(1500ms), "1s 500ms");
  EXPECT_EQ(FormatDuration(90s), "1m 30s");
  EXPECT_EQ(FormatDuration(60s), "1m");
  EXPECT_EQ(FormatDuration(25h + 3min), "1d 1h");
  EXPECT_EQ(FormatDuration(24h + 3min), "1d");
}

TEST(JsonLineTest, Fields) {
  JsonLine line;
  line.Text("key", "a\"\\\n\x1b").Bool("found", true).Number("n", -5).Bytes("value", "ü");
  EXPECT_EQ(std::move(line).Take(),
            "{\"key\":\"a\\\"\\\\\\n\\u001b\",\"found\":true,\"n\":-5,\"value\":\"ü\"}\n");
}

TEST(JsonLineTest, BytesThatAreNoText) {
  JsonLine line;
  line.Bytes("value", std::string_view("\0\xff", 2));
  EXPECT_EQ(std::move(line).Take(), "{\"value\":\"AP8=\",\"value_base64\":true}\n");
}

}  // namespace
}  // namespace prism::cli
