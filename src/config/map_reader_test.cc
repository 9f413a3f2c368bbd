#include "config/map_reader.h"

#include <gtest/gtest.h>

#include <chrono>

namespace prism {
namespace {

using namespace std::chrono_literals;

TEST(DurationTest, Parses) {
  EXPECT_EQ(ParseDuration("500ms"), 500ms);
  EXPECT_EQ(ParseDuration("0s"), 0s);
  EXPECT_EQ(ParseDuration("30s"), 30s);
  EXPECT_EQ(ParseDuration("5m"), 5min);
  EXPECT_EQ(ParseDuration("2h"), 2h);
}

TEST(DurationTest, Refuses) {
  for (const char* text : {"", "s", "30", "-1s", "1.5s", "1 s", "30sec", "1h30m", " 1s",
                           "9999999999999999999s", "99999999999999999h", "+1s"}) {
    EXPECT_EQ(ParseDuration(text), std::nullopt) << text;
  }
}

TEST(FormatTest, UsesTheLargestWholeUnit) {
  EXPECT_EQ(FormatDuration(90s), "90s");
  EXPECT_EQ(FormatDuration(2h), "2h");
  EXPECT_EQ(FormatDuration(1500ms), "1500ms");
  EXPECT_EQ(FormatDuration(0s), "0ms");
  EXPECT_EQ(FormatBytes(16 << 20), "16MiB");
  EXPECT_EQ(FormatBytes(1000), "1000");
}

}  // namespace
}  // namespace prism
