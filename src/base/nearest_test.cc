#include "base/nearest.h"

#include <gtest/gtest.h>

#include <vector>

namespace prism {
namespace {

TEST(NearestTest, FindsWhatWasMeant) {
  const std::vector<std::string> words = {"serve", "status", "scan", "set", "persist"};
  EXPECT_EQ(Nearest("serv", words), "serve");
  EXPECT_EQ(Nearest("esrve", words), "serve");
  EXPECT_EQ(Nearest("ste", words), "set");
  EXPECT_EQ(Nearest("stattus", words), "status");
  EXPECT_EQ(Nearest("pers", words), "persist");
}

TEST(NearestTest, StaysSilentWhenNothingIsLike) {
  const std::vector<std::string> words = {"serve", "set"};
  EXPECT_EQ(Nearest("banana", words), "");
  EXPECT_EQ(Nearest("x", words), "");
  EXPECT_EQ(Nearest("", words), "");
  EXPECT_EQ(Nearest(std::string(100'000, 's'), words), "");
  EXPECT_EQ(Nearest("set", {}), "");
}

}  // namespace
}  // namespace prism
