#include "drivers/postgres/queue/arrivals.h"

#include <gtest/gtest.h>

namespace prism::postgres {
namespace {

TEST(QueueArrivals, WhoCameLaterIsNextWhenAllBeforeHaveSettled) {
  QueueArrivals arrivals;
  const int64_t first = arrivals.Arrive("q");
  const int64_t second = arrivals.Arrive("q");
  const int64_t elsewhere = arrivals.Arrive("r");
  EXPECT_LT(first, second);
  EXPECT_LT(second, elsewhere);
  EXPECT_TRUE(arrivals.IsNext("q", first));
  EXPECT_FALSE(arrivals.IsNext("q", second));
  EXPECT_FALSE(arrivals.IsNext("q", arrivals.Now()));
  EXPECT_TRUE(arrivals.IsNext("r", elsewhere));
  arrivals.Settle("q", first);
  EXPECT_TRUE(arrivals.IsNext("q", second));
  arrivals.Settle("q", second);
  EXPECT_TRUE(arrivals.IsNext("q", second));
}

TEST(QueueArrivals, WhoComesLaterDoesNotHoldUp) {
  QueueArrivals arrivals;
  const int64_t first = arrivals.Arrive("q");
  arrivals.Settle("q", first);
  const int64_t later = arrivals.Arrive("q");
  EXPECT_TRUE(arrivals.IsNext("q", first));
  arrivals.Settle("q", first);  // twice does no harm
  EXPECT_TRUE(arrivals.IsNext("q", later));
}

TEST(QueueArrivals, GhostsAreOfTheirQueue) {
  QueueArrivals arrivals;
  arrivals.AddGhost("q");
  arrivals.AddGhost("q");
  EXPECT_TRUE(arrivals.HasGhosts("q"));
  EXPECT_FALSE(arrivals.HasGhosts("r"));
  arrivals.RemoveGhost("q");
  EXPECT_TRUE(arrivals.HasGhosts("q"));
  arrivals.RemoveGhost("q");
  EXPECT_FALSE(arrivals.HasGhosts("q"));
}

}  // namespace
}  // namespace prism::postgres
