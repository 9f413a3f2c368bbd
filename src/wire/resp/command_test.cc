#include "wire/resp/command.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <limits>

namespace prism::resp {
namespace {

TEST(Command, EncodesEveryKindOfArgument) {
  const Command command("SET", Joined{"ab", "c"}, std::string("x\r\n\0y", 5), -12, 1.5);
  EXPECT_EQ(command.bytes(), std::string("*5\r\n$3\r\nSET\r\n$3\r\nabc\r\n$5\r\nx\r\n\0y\r\n"
                                         "$3\r\n-12\r\n$3\r\n1.5\r\n",
                                         51));
}

TEST(Command, GrowsByArguments) {
  Command command("DEL");
  for (int i = 0; i < 1234; ++i) command.Add("k");
  EXPECT_EQ(command.arguments(), 1235U);
  EXPECT_TRUE(command.bytes().starts_with("*1235\r\n$3\r\nDEL\r\n$1\r\nk\r\n"));
  EXPECT_EQ(command.bytes(), command.bytes());
}

TEST(Command, WritesDoublesThatReadBack) {
  const auto written = [](double number) {
    const Command command("X", number);
    const std::string_view bytes = command.bytes();
    const size_t start = bytes.find("\r\n", bytes.find("X\r\n") + 3) + 2;
    return std::string(bytes.substr(start, bytes.size() - 2 - start));
  };
  EXPECT_EQ(written(std::numeric_limits<double>::infinity()), "inf");
  EXPECT_EQ(written(-std::numeric_limits<double>::infinity()), "-inf");
  for (double number : {0.1, 1e300, -5e-324, 1.0 / 3})
    EXPECT_EQ(std::strtod(written(number).c_str(), nullptr), number);
}

}  // namespace
}  // namespace prism::resp
