#include "drivers/memstore/keyvalue/cursor.h"

#include <gtest/gtest.h>

#include "drivers/memstore/hash.h"

namespace prism::memstore {
namespace {

TEST(Cursor, ComesBackAndIsCheckedAsAWhole) {
  const std::string cursor = EncodeCursor(CursorKind::kKeys, "pre", "prefix");
  EXPECT_EQ(*DecodeCursor(CursorKind::kKeys, "pre", cursor), "prefix");
  EXPECT_FALSE(DecodeCursor(CursorKind::kEntries, "pre", cursor).ok());
  EXPECT_FALSE(DecodeCursor(CursorKind::kKeys, "pr", cursor).ok());
  EXPECT_FALSE(DecodeCursor(CursorKind::kKeys, "pre", "").ok());
  for (size_t i = 0; i < cursor.size(); ++i) {
    std::string damaged = cursor;
    damaged[i] ^= 0x20;
    EXPECT_FALSE(DecodeCursor(CursorKind::kKeys, "pre", damaged).ok()) << i;
    EXPECT_FALSE(DecodeCursor(CursorKind::kKeys, "pre", cursor.substr(0, i)).ok()) << i;
  }
}

// A cursor given out by one release must be good in the next.
TEST(KeyHasher, IsStableUnderAFixedSecret) {
  const KeyHasher hasher(1, 2);
  EXPECT_EQ(hasher("some key"), hasher(std::string("some key")));
  EXPECT_NE(hasher("some key"), hasher("some kez"));
  EXPECT_NE(hasher("a"), hasher(std::string_view("a\0", 2)));
  EXPECT_NE(KeyHasher(1, 3)("some key"), hasher("some key"));
}

}  // namespace
}  // namespace prism::memstore
