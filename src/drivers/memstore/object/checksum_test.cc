#include "drivers/memstore/object/checksum.h"

#include <gtest/gtest.h>

namespace prism::memstore {
namespace {

// From RFC 3720, appendix B.4.
TEST(Crc32c, KnownValues) {
  EXPECT_EQ(ExtendCrc32c(0, ""), 0u);
  EXPECT_EQ(ExtendCrc32c(0, std::string(32, '\0')), 0x8a9136aau);
  EXPECT_EQ(ExtendCrc32c(0, std::string(32, '\xff')), 0x62a8ab43u);
  EXPECT_EQ(ExtendCrc32c(0, "123456789"), 0xe3069283u);
}

TEST(Crc32c, PiecesAddUp) {
  const std::string text = "The quick brown fox jumps over the lazy dog";
  for (size_t cut = 0; cut <= text.size(); ++cut) {
    EXPECT_EQ(ExtendCrc32c(ExtendCrc32c(0, text.substr(0, cut)), text.substr(cut)),
              ExtendCrc32c(0, text));
  }
}

// From FIPS 180-2.
TEST(Sha256, KnownValue) {
  Sha256 sum;
  sum.Add("a");
  sum.Add("bc");
  const std::string digest = sum.Finish();
  ASSERT_EQ(digest.size(), 32u);
  EXPECT_EQ(static_cast<uint8_t>(digest[0]), 0xba);
  EXPECT_EQ(static_cast<uint8_t>(digest[31]), 0xad);
}

}  // namespace
}  // namespace prism::memstore
