#include "base/backoff.h"

#include <gtest/gtest.h>

namespace prism {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(BackoffTest, DoublesUpToTheMost) {
  Backoff backoff(milliseconds(20), seconds(2));
  EXPECT_EQ(backoff.Next(), Duration::zero());
  for (Duration full = milliseconds(20); full < seconds(2); full *= 2) {
    const Duration wait = backoff.Next();
    EXPECT_GE(wait, full / 2);
    EXPECT_LE(wait, full);
  }
  for (int i = 0; i < 10; ++i) EXPECT_LE(backoff.Next(), seconds(2));
  EXPECT_GE(backoff.Next(), seconds(1));
  backoff.Reset();
  EXPECT_EQ(backoff.Next(), Duration::zero());
}

TEST(BackoffTest, WaitsBeforeTheFirstAttemptIfTold) {
  Backoff backoff(milliseconds(100), seconds(10), milliseconds(100));
  for (int i = 0; i < 2; ++i, backoff.Reset()) {
    const Duration wait = backoff.Next();
    EXPECT_GE(wait, milliseconds(50));
    EXPECT_LE(wait, milliseconds(100));
  }
}

}  // namespace
}  // namespace prism
