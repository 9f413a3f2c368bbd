#include "base/utf8.h"

#include <gtest/gtest.h>

#include <string_view>

namespace prism {
namespace {

TEST(Utf8Test, LengthOfWellFormedCharacters) {
  EXPECT_EQ(Utf8CharLength("a"), 1u);
  EXPECT_EQ(Utf8CharLength("\xC3\xA9"), 2u);
  EXPECT_EQ(Utf8CharLength("\xE2\x82\xAC"), 3u);
  EXPECT_EQ(Utf8CharLength("\xF0\x9F\x98\x80"), 4u);
  EXPECT_EQ(Utf8CharLength("\xF4\x8F\xBF\xBF"), 4u);
}

TEST(Utf8Test, RefusesIllFormedBytes) {
  for (const std::string_view bad :
       {"", "\x80", "\xC0\x80", "\xC1\xBF", "\xC3", "\xC3(", "\xE0\x9F\xBF", "\xED\xA0\x80",
        "\xE2\x82", "\xE2\x82(", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80",
        "\xFF"}) {
    EXPECT_EQ(Utf8CharLength(bad), 0u) << bad;
  }
}

TEST(Utf8Test, FindsTheFirstBadByte) {
  EXPECT_EQ(FindInvalidUtf8("na\xC3\xAFve"), std::string_view::npos);
  EXPECT_EQ(FindInvalidUtf8("na\xC3ve"), 2u);
  EXPECT_EQ(FindInvalidUtf8(""), std::string_view::npos);
}

}  // namespace
}  // namespace prism
