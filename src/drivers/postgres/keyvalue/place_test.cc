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

TEST(PostgresPlace, HashesLikeTheServer) {
  EXPECT_EQ(Sha256Hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

}  // namespace
}  // namespace prism::postgres
