#include "drivers/redis/cluster.h"

#include <gtest/gtest.h>

namespace prism::redis {
namespace {

TEST(RedisCluster, SlotsAreThoseOfTheSpecification) {
  EXPECT_EQ(SlotOf("123456789"), 0x31C3 % kClusterSlots);
  EXPECT_EQ(SlotOf(""), 0);
}

TEST(RedisCluster, OnlyTheTagCounts) {
  EXPECT_EQ(SlotOf("prism:{orders}:k:a"), SlotOf("orders"));
  EXPECT_EQ(SlotOf("prism:{orders}:"), SlotOf("prism:{orders}:z:b"));
  EXPECT_EQ(SlotOf("{a}{b}"), SlotOf("a"));
  // An empty or open brace is no tag.
  EXPECT_NE(SlotOf("{}a"), SlotOf(""));
  EXPECT_NE(SlotOf("{a"), SlotOf("a"));
}

}  // namespace
}  // namespace prism::redis
