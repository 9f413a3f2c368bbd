#include "drivers/settings.h"

#include <gtest/gtest.h>

namespace prism {
namespace {

TEST(ParseBytes, AcceptsPlainNumbersAndUnits) {
  EXPECT_EQ(*ParseBytes("0"), 0);
  EXPECT_EQ(*ParseBytes("4096"), 4096);
  EXPECT_EQ(*ParseBytes("64KiB"), 64 << 10);
  EXPECT_EQ(*ParseBytes("64MiB"), 64 << 20);
  EXPECT_EQ(*ParseBytes("1 GiB"), 1 << 30);
  EXPECT_EQ(*ParseBytes("2TiB"), int64_t{2} << 40);
  EXPECT_EQ(*ParseBytes("3MB"), 3'000'000);
}

TEST(ParseBytes, RefusesTheRest) {
  for (const char* text : {"", "MiB", "-1", "1.5GiB", "12 parsecs", "99999999999999999999",
                           "9223372036854775807TiB", "1  MiB", "0x10"}) {
    EXPECT_EQ(ParseBytes(text).status().code(), Code::kInvalidArgument) << text;
  }
}

TEST(SettingsReader, ReadsAndFallsBack) {
  const Settings settings{
      "mem", "prism.yaml", {{"size", "2KiB", 4}, {"count", "7", 5}, {"on", "true", 6}}};
  SettingsReader reader(settings);
  EXPECT_EQ(reader.Bytes("size", 1, 0, 1 << 20), 2048);
  EXPECT_EQ(reader.Integer("count", 1, 0, 10), 7);
  EXPECT_TRUE(reader.Bool("on", false));
  EXPECT_EQ(reader.String("name", "none"), "none");
  EXPECT_EQ(reader.Bytes("other", 5, 0, 10), 5);
  EXPECT_TRUE(reader.Finish().ok());
}

TEST(SettingsReader, ReportsEveryFaultWithItsLine) {
  const Settings settings{"mem",
                          "prism.yaml",
                          {{"max_byte", "1GiB", 4},
                           {"count", "many", 5},
                           {"count", "2", 6},
                           {"size", "1", 7},
                           {"zebra", "", 8}}};
  SettingsReader reader(settings);
  EXPECT_EQ(reader.Bytes("max_bytes", 9, 0, 10), 9);
  EXPECT_EQ(reader.Integer("count", 3, 0, 10), 3);
  EXPECT_EQ(reader.Bytes("size", 64, 64, 128), 64);
  const Status status = reader.Finish();
  EXPECT_EQ(status.code(), Code::kInvalidArgument);
  EXPECT_EQ(status.message(),
            "prism.yaml:5: backend 'mem': 'count' must be a whole number, not 'many'\n"
            "prism.yaml:7: backend 'mem': 'size' must be from 64 to 128, not 1\n"
            "prism.yaml:4: backend 'mem': unknown key 'max_byte'; did you mean 'max_bytes'?\n"
            "prism.yaml:6: backend 'mem': 'count' is given twice\n"
            "prism.yaml:8: backend 'mem': unknown key 'zebra'");
}

}  // namespace
}  // namespace prism
