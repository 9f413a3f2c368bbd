#include "gateway/status.h"

#include <gtest/gtest.h>

namespace prism {
namespace {

TEST(GatewayStatusTest, WhatIsWrittenIsReadBack) {
  GatewayStatus status;
  status.version = "1.2.3";
  status.started_at = "2026-01-02T03:04:05Z";
  status.uptime_seconds = 61;
  status.ready = true;
  status.config = {"/etc/\"prism\".yaml", "2026-01-02T03:04:06Z", 2, "line 3\n"};
  status.workers = 4;
  status.connections = 5;
  status.calls_in_flight = 6;
  status.namespaces.push_back({"orders", "memory", "memstore", "", {}, {"keyvalue_basic"}, 7, 1});
  status.namespaces.push_back({"iot", "", "", "multicast-registry", {{"registry", "memory"}}, {}});
  status.backends.push_back({"memory", "memstore", true});
  const std::string json = ToJson(status);
  const Result<GatewayStatus> read = ParseGatewayStatus(json);
  ASSERT_TRUE(read.ok()) << read.status().ToString();
  EXPECT_EQ(ToJson(*read), json);
  EXPECT_EQ(read->config.last_error, "line 3\n");
  EXPECT_EQ(read->namespaces.at(0).interfaces.at(0), "keyvalue_basic");
  EXPECT_EQ(read->namespaces.at(1).slots.at(0).backend, "memory");
  EXPECT_TRUE(read->backends.at(0).healthy);
}

TEST(GatewayStatusTest, OddFieldsArePassedOver) {
  const Result<GatewayStatus> read = ParseGatewayStatus(
      R"({"version":"9","workers":"many","connections":-1,"namespaces":[7],"new":{}})");
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->version, "9");
  EXPECT_EQ(read->workers, 0u);
  EXPECT_EQ(read->connections, 0u);
  EXPECT_EQ(read->namespaces.size(), 1u);
}

TEST(GatewayStatusTest, OtherTextIsRefused) {
  EXPECT_FALSE(ParseGatewayStatus("").ok());
  EXPECT_FALSE(ParseGatewayStatus("{").ok());
  EXPECT_FALSE(ParseGatewayStatus("[]").ok());
  EXPECT_FALSE(ParseGatewayStatus(R"({"ready":true})").ok());
}

}  // namespace
}  // namespace prism
