#include "drivers/postgres/arguments.h"

#include <gtest/gtest.h>

#include <vector>

namespace prism::postgres {
namespace {

std::string At(const Arguments& arguments, int index) {
  return {arguments.values()[index], static_cast<size_t>(arguments.lengths()[index])};
}

TEST(PostgresArguments, AnEmptyTextIsNoNull) {
  Arguments arguments;
  arguments.Text({}).Null().Maybe(std::nullopt).Maybe("x");
  ASSERT_EQ(arguments.count(), 4);
  EXPECT_NE(arguments.values()[0], nullptr);
  EXPECT_EQ(arguments.values()[1], nullptr);
  EXPECT_EQ(arguments.values()[2], nullptr);
}

TEST(PostgresArguments, NumbersAreBigEndian) {
  Arguments arguments;
  arguments.Int(258).Int(-1);
  EXPECT_EQ(At(arguments, 0), std::string("\0\0\0\0\0\0\1\2", 8));
  EXPECT_EQ(At(arguments, 1), std::string(8, '\xff'));
}

TEST(PostgresArguments, ArraysMayHaveNulls) {
  const std::string a = "ab";
  const std::vector<const std::string*> values = {&a, nullptr};
  Arguments arguments;
  arguments.Array(values);
  const std::string head("\0\0\0\1\0\0\0\1\0\0\0\x11\0\0\0\2\0\0\0\1", 20);
  EXPECT_EQ(At(arguments, 0), head + std::string("\0\0\0\2", 4) + "ab" + "\xff\xff\xff\xff");
}

TEST(PostgresArguments, ArraysOfNumbersNameTheirType) {
  Arguments arguments;
  arguments.Array(std::vector<int64_t>{-1, 258}).Array(std::vector<double>{-0.0});
  const std::string two("\0\0\0\1\0\0\0\0\0\0\0\x14\0\0\0\2\0\0\0\1", 20);
  const std::string eight("\0\0\0\10", 4);
  EXPECT_EQ(At(arguments, 0),
            two + eight + std::string(8, '\xff') + eight + std::string("\0\0\0\0\0\0\1\2", 8));
  const std::string one("\0\0\0\1\0\0\0\0\0\0\2\xbd\0\0\0\1\0\0\0\1", 20);
  EXPECT_EQ(At(arguments, 1), one + eight + std::string("\x80\0\0\0\0\0\0\0", 8));
}

}  // namespace
}  // namespace prism::postgres
