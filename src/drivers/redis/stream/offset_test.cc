#include "drivers/redis/stream/offset.h"

#include <gtest/gtest.h>

namespace prism::redis {
namespace {

TEST(Offset, IsAnEntryIdInItsOneSpelling) {
  for (const char* good : {"0-0", "1763866128000-0", "1763866128000-17",
                           "18446744073709551615-18446744073709551615"}) {
    EXPECT_TRUE(CheckOffset("offset", good).ok()) << good;
  }
  for (const char* bad : {"", "-", "1", "1-", "-1", "+", "01-0", "1-00", "1-0 ", " 1-0", "1-0-0",
                          "(1-0", "1--1", "18446744073709551616-0", "1_0", "nonsense"}) {
    const Status status = CheckOffset("from_offset", bad);
    EXPECT_EQ(status.code(), Code::kInvalidArgument) << bad;
    EXPECT_TRUE(status.message().starts_with("from_offset ")) << status.message();
  }
}

TEST(Offset, TellsThePlaceBehindAndTheTime) {
  EXPECT_EQ(OffsetBehind("1763866128000-0"), "1763866128000-1");
  EXPECT_EQ(OffsetBehind("1763866128000-9"), "1763866128000-10");
  EXPECT_EQ(UnixMsOf("1763866128000-9"), 1763866128000);
}

}  // namespace
}  // namespace prism::redis
