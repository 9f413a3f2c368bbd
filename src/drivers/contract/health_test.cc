#include "drivers/contract/health.h"

#include <gtest/gtest.h>

namespace prism {
namespace {

TEST(Health, IsUnknownAtFirst) { EXPECT_EQ(Health().status().code(), Code::kUnavailable); }

TEST(Health, IsGoodWhileAnyWayWorks) {
  Health health;
  const int one = 0, other = 0;
  health.Report(&one, OkStatus());
  health.Report(&other, UnavailableError("refused"));
  EXPECT_TRUE(health.status().ok());
  health.Report(&one, UnavailableError("lost"));
  EXPECT_EQ(health.status().message(), "lost");
  health.Report(&other, OkStatus());
  EXPECT_TRUE(health.status().ok());
}

TEST(Health, AWayThatIsGoneDoesNotCount) {
  Health health;
  const int one = 0, other = 0;
  health.Report(&one, OkStatus());
  health.Report(&other, UnavailableError("refused"));
  health.Forget(&one);
  EXPECT_EQ(health.status().message(), "refused");
}

}  // namespace
}  // namespace prism
