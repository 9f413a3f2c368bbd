#include "drivers/postgres/digest.h"

#include <gtest/gtest.h>

namespace prism::postgres {
namespace {

TEST(PostgresDigest, HashesLikeTheServer) {
  EXPECT_EQ(Sha256Hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

}  // namespace
}  // namespace prism::postgres
