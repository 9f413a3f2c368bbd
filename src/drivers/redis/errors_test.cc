#include "drivers/redis/errors.h"

#include <gtest/gtest.h>

namespace prism::redis {
namespace {

Status Meaning(std::string text) {
  resp::Reply reply;
  reply.type = resp::Reply::Type::kError;
  reply.text = std::move(text);
  return FromError(reply);
}

TEST(RedisErrors, SayWhetherToTryAgain) {
  for (const char* text : {"LOADING Redis is loading the dataset in memory", "READONLY You can't",
                           "CLUSTERDOWN Hash slot not served", "TRYAGAIN Multiple keys",
                           "MISCONF Redis is configured to save", "BUSY Redis is busy"}) {
    EXPECT_EQ(Meaning(text).code(), Code::kUnavailable) << text;
    EXPECT_TRUE(Meaning(text).retryable()) << text;
  }
  const Status full = Meaning("OOM command not allowed when used memory > 'maxmemory'.");
  EXPECT_EQ(full.code(), Code::kResourceExhausted);
  EXPECT_FALSE(full.retryable());
}

TEST(RedisErrors, PointToTheConfiguration) {
  EXPECT_EQ(Meaning("NOAUTH Authentication required.").code(), Code::kFailedPrecondition);
  EXPECT_NE(Meaning("NOPERM this user has no permissions").hint().find("ACL"),
            std::string_view::npos);
  EXPECT_NE(Meaning("WRONGTYPE Operation against a key").hint().find("key_prefix"),
            std::string_view::npos);
}

TEST(RedisErrors, OthersAreOurFault) {
  const Status status = Meaning("ERR syntax error");
  EXPECT_EQ(status.code(), Code::kInternal);
  EXPECT_EQ(status.message(), "Redis: ERR syntax error");
}

}  // namespace
}  // namespace prism::redis
