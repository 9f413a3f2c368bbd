#include "drivers/redis/options.h"

#include <gtest/gtest.h>

#include <fstream>

#include "loop/testing/certificates.h"

namespace prism::redis {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

Result<std::shared_ptr<const Options>> Read(const Pairs& pairs) {
  Settings settings{"store", "", {}};
  for (const auto& [key, value] : pairs) settings.values.push_back({key, value, 0});
  return ReadOptions(settings);
}

std::string Refusal(const Pairs& pairs) {
  const auto options = Read(pairs);
  EXPECT_FALSE(options.ok());
  EXPECT_EQ(options.status().code(), Code::kInvalidArgument);
  return std::string(options.status().message());
}

TEST(RedisOptions, HaveDefaults) {
  const auto options = Read({});
  ASSERT_TRUE(options.ok()) << options.status().ToString();
  EXPECT_EQ((*options)->topology, Topology::kSingle);
  EXPECT_EQ((*options)->addresses, std::vector<std::string>{"127.0.0.1:6379"});
  EXPECT_EQ((*options)->key_prefix, "prism:");
  EXPECT_EQ((*options)->tls, nullptr);
}

TEST(RedisOptions, ReadTheTopology) {
  const Pairs cluster = {{"url", "redis://a,b"}, {"cluster", "true"}};
  EXPECT_EQ((*Read(cluster))->topology, Topology::kCluster);
  const Pairs sentinel = {{"url", "redis://a,b"}, {"sentinel_master", "main"}};
  EXPECT_EQ((*Read(sentinel))->topology, Topology::kSentinel);
  EXPECT_NE(Refusal({{"url", "redis://a,b"}}).find("several servers"), std::string::npos);
  EXPECT_NE(Refusal({{"url", "redis://a/1"}, {"cluster", "true"}}).find("database 0"),
            std::string::npos);
  EXPECT_NE(Refusal({{"cluster", "true"}, {"sentinel_master", "m"}}).find("exclude"),
            std::string::npos);
}

TEST(RedisOptions, TakeOnePassword) {
  const testing::TempDir dir;
  std::ofstream(dir / "secret") << "from the file\n";
  EXPECT_EQ((*Read({{"password_file", dir / "secret"}}))->password, "from the file");
  EXPECT_EQ((*Read({{"password", "literal"}}))->password, "literal");
  EXPECT_NE(Refusal({{"password", "a"}, {"url", "redis://:b@c"}}).find("more than once"),
            std::string::npos);
  EXPECT_NE(Refusal({{"password_file", dir / "none"}}).find("cannot read"), std::string::npos);
}

TEST(RedisOptions, TakeCertificatesWithTlsOnly) {
  const testing::Certificates certificates("ca");
  const Pairs tls = {{"url", "rediss://a"}, {"tls_ca", certificates.ca_file()}};
  EXPECT_NE((*Read(tls))->tls, nullptr);
  EXPECT_NE(Refusal({{"tls_ca", certificates.ca_file()}}).find("rediss://"), std::string::npos);
  EXPECT_NE(Refusal({{"url", "rediss://a"}, {"tls_ca", "/none.pem"}}).find("/none.pem"),
            std::string::npos);
}

TEST(RedisOptions, RefuseWhatTheyDoNotKnow) {
  EXPECT_NE(Refusal({{"ur", "redis://a"}}).find("url"), std::string::npos);
  EXPECT_NE(Refusal({{"max_pending", "0"}}).find("max_pending"), std::string::npos);
}

}  // namespace
}  // namespace prism::redis
