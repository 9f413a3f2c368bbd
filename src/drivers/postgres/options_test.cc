#include "drivers/postgres/options.h"

#include <gtest/gtest.h>

namespace prism::postgres {
namespace {

Result<std::shared_ptr<const Options>> Read(std::vector<Setting> values) {
  return ReadOptions({"store", "prism.yaml", std::move(values)});
}

TEST(PostgresOptions, HaveDefaults) {
  const auto options = Read({});
  ASSERT_TRUE(options.ok()) << options.status().ToString();
  EXPECT_EQ((*options)->connection.at("host"), "127.0.0.1");
  EXPECT_EQ((*options)->connection.at("dbname"), "prism");
  EXPECT_EQ((*options)->schema, "prism");
  EXPECT_EQ((*options)->max_connections, 4U);
}

TEST(PostgresOptions, TakeUrlsAndKeywords) {
  const auto url = Read({{"url", "postgres://me:p%40ss@db:5433/shop?sslmode=verify-full", 2}});
  ASSERT_TRUE(url.ok()) << url.status().ToString();
  EXPECT_EQ((*url)->connection.at("password"), "p@ss");
  EXPECT_EQ((*url)->connection.at("port"), "5433");
  EXPECT_EQ((*url)->connection.at("sslmode"), "verify-full");
  const auto keywords = Read({{"url", "host=/run/postgresql dbname=shop application_name=x", 2}});
  ASSERT_TRUE(keywords.ok());
  EXPECT_EQ((*keywords)->connection.at("host"), "/run/postgresql");
  EXPECT_EQ((*keywords)->connection.at("application_name"), "x");
}

TEST(PostgresOptions, NeverRepeatThePassword) {
  for (const char* url : {"postgres://me:sec%ret@db/shop", "postgres://me:sec@ret@db/shop",
                          "postgres://me:sec/ret@db/shop"}) {
    const auto options = Read({{"url", url, 2}});
    ASSERT_FALSE(options.ok()) << url;
    EXPECT_EQ(options.status().ToString().find("sec"), std::string::npos);
    EXPECT_EQ(options.status().ToString().find("ret@"), std::string::npos);
  }
}

TEST(PostgresOptions, RefuseWhatCannotWork) {
  EXPECT_FALSE(Read({{"schema", "a;b", 2}}).ok());
  EXPECT_FALSE(Read({{"schema", "1a", 2}}).ok());
  EXPECT_FALSE(Read({{"schema", "pg_x", 2}}).ok());
  EXPECT_FALSE(Read({{"response_timeout_ms", "1000", 2}}).ok());
  EXPECT_FALSE(Read({{"password_file", "/nowhere", 2}}).ok());
  EXPECT_FALSE(Read({{"max_connections", "0", 2}}).ok());
}

}  // namespace
}  // namespace prism::postgres
