#include "drivers/redis/url.h"

#include <gtest/gtest.h>

namespace prism::redis {
namespace {

using Texts = std::vector<std::string>;

Url Parsed(std::string_view text) {
  const Result<Url> url = ParseUrl(text);
  EXPECT_TRUE(url.ok()) << text << ": " << url.status().ToString();
  return url.ok() ? *url : Url();
}

TEST(RedisUrl, HasDefaults) {
  const Url url = Parsed("redis://cache");
  EXPECT_FALSE(url.tls);
  EXPECT_EQ(url.addresses, Texts{"cache:6379"});
  EXPECT_EQ(url.username + url.password, "");
  EXPECT_EQ(url.database, 0);
}

TEST(RedisUrl, HasAllParts) {
  const Url url = Parsed("rediss://me:p%40ss%3aword%2F@cache:7000,[::1],10.0.0.1:1/15");
  EXPECT_TRUE(url.tls);
  EXPECT_EQ(url.username, "me");
  EXPECT_EQ(url.password, "p@ss:word/");
  EXPECT_EQ(url.addresses, (Texts{"cache:7000", "[::1]:6379", "10.0.0.1:1"}));
  EXPECT_EQ(url.database, 15);
  EXPECT_EQ(Parsed("redis://:secret@cache/").password, "secret");
}

TEST(RedisUrl, NamesAUnixSocket) {
  const Url url = Parsed("redis+unix://u:p@/run/redis.sock?database=3");
  EXPECT_EQ(url.addresses, Texts{"unix:/run/redis.sock"});
  EXPECT_EQ(url.username, "u");
  EXPECT_EQ(url.database, 3);
}

TEST(RedisUrl, RefusesOthersAndKeepsThePasswordSecret) {
  for (const char* text :
       {"", "cache:6379", "http://cache", "redis://", "redis://a,,b", "redis://cache/x",
        "redis://cache/-1", "redis://cache/16384", "redis://hunter2@cache", "redis+unix://",
        "redis+unix:///s?db=1", "redis://u:hunter2%4@cache", "redis://u:hunter2%zz@cache"}) {
    const Result<Url> url = ParseUrl(text);
    ASSERT_FALSE(url.ok()) << text;
    EXPECT_EQ(url.status().code(), Code::kInvalidArgument);
    EXPECT_EQ(url.status().ToString().find("hunter2"), std::string::npos) << text;
  }
}

}  // namespace
}  // namespace prism::redis
