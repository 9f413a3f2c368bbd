#include "drivers/postgres/stream/offset.h"

#include <gtest/gtest.h>

namespace prism::postgres {
namespace {

TEST(StreamOffsetTest, ReadsWhatItWrote) {
  for (const int64_t number : {int64_t{0}, int64_t{17}, INT64_MAX}) {
    EXPECT_EQ(*NumberOf("offset", OffsetOf(number)), number);
  }
  EXPECT_EQ(*PlaceOrOldest("offset", ""), 0);
  EXPECT_EQ(*PlaceOrOldest("offset", "7"), 7);
}

TEST(StreamOffsetTest, RefusesAllElse) {
  for (const char* text : {"", "-1", "+1", "01", "1 ", " 1", "1-0", "x", "9223372036854775808"}) {
    const Result<int64_t> number = NumberOf("from_offset", text);
    ASSERT_FALSE(number.ok()) << text;
    EXPECT_EQ(number.status().code(), Code::kInvalidArgument);
    EXPECT_NE(number.status().message().find("from_offset"), std::string::npos);
  }
}

}  // namespace
}  // namespace prism::postgres
