#include "drivers/redis/stream/lua.h"

#include <gtest/gtest.h>

namespace prism::redis {
namespace {

constexpr Lua kFirst("local a = 1\n");
constexpr Lua kSecond("return a\n");
constexpr Lua kBoth = kFirst + kSecond;

TEST(Lua, PiecesFollowEachOther) {
  EXPECT_EQ(kFirst.view(), "local a = 1\n");
  EXPECT_EQ(kBoth.view(), "local a = 1\nreturn a\n");
  EXPECT_EQ((kBoth + Lua("")).view(), kBoth.view());
}

}  // namespace
}  // namespace prism::redis
