#include "cli/value_input.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <sstream>

namespace prism::cli {
namespace {

TEST(ReadValueTest, TextStdinAndFile) {
  const std::string bytes("\0\xff\n", 3);
  std::istringstream in(bytes);
  EXPECT_EQ(*ReadValue("text", in), "text");
  EXPECT_EQ(*ReadValue("", in), "");
  EXPECT_EQ(*ReadValue("-", in), bytes);
  const std::string path = ::testing::TempDir() + "prism_value_" + std::to_string(getpid());
  std::ofstream(path, std::ios::binary) << bytes;
  EXPECT_EQ(*ReadValue("@" + path, in), bytes);
  std::ofstream(path, std::ios::trunc).close();
  EXPECT_EQ(*ReadValue("@" + path, in), "");
  std::remove(path.c_str());
}

TEST(ReadValueTest, UnreadableFiles) {
  std::istringstream in;
  for (const std::string& path : {std::string("/no/such/file"), ::testing::TempDir()}) {
    const Result<std::string> read = ReadValue("@" + path, in);
    ASSERT_FALSE(read.ok()) << path;
    EXPECT_NE(read.status().message().find(path), std::string_view::npos);
  }
}

}  // namespace
}  // namespace prism::cli
