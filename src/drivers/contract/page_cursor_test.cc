#include "drivers/contract/page_cursor.h"

#include <gtest/gtest.h>

namespace prism {
namespace {

TEST(PageCursor, ComesBack) {
  const std::string cursor = EncodePageCursor("find", std::string("a\0b", 3));
  const Result<std::string> place = DecodePageCursor("find", cursor);
  ASSERT_TRUE(place.ok());
  EXPECT_EQ(*place, std::string("a\0b", 3));
}

TEST(PageCursor, IsRefusedElsewhereOrDamaged) {
  const std::string cursor = EncodePageCursor("find", "abc");
  EXPECT_EQ(DecodePageCursor("list", cursor).status().code(), Code::kInvalidArgument);
  EXPECT_EQ(DecodePageCursor("find", "abc").status().code(), Code::kInvalidArgument);
  EXPECT_EQ(DecodePageCursor("find", "").status().code(), Code::kInvalidArgument);
  for (size_t i = 0; i < cursor.size(); ++i) {
    std::string damaged = cursor;
    damaged[i] ^= 1;
    EXPECT_FALSE(DecodePageCursor("find", damaged).ok()) << i;
  }
}

}  // namespace
}  // namespace prism
