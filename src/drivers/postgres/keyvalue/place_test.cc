#include "drivers/postgres/keyvalue/place.h"

#include <gtest/gtest.h>

namespace prism::postgres {
namespace {

TEST(PostgresPlace, SplitsLongKeysOnly) {
  EXPECT_EQ(PlaceOf("a").key, "a");
  EXPECT_EQ(PlaceOf("a").more, "");
  const std::string longest = std::string(2000, 'a') + "bc";
  EXPECT_EQ(PlaceOf(longest).key, std::string(2000, 'a'));
  EXPECT_EQ(PlaceOf(longest).more, "bc");
  EXPECT_EQ(PlaceOf(std::string_view(longest).substr(0, 2000)).more, "");
}

}  // namespace
}  // namespace prism::postgres
