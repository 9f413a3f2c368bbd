#include "cli/status_command.h"

#include <gtest/gtest.h>

#include <sstream>

namespace prism::cli {
namespace {

GatewayStatus Sample() {
  GatewayStatus status;
  status.version = "1.2.3";
  status.started_at = "2026-01-02T03:04:05Z";
  status.uptime_seconds = 3'723;
  status.ready = true;
  status.config = {"/etc/prism.yaml", "2026-01-02T03:04:05Z", 1, ""};
  status.workers = 2;
  status.connections = 5;
  status.calls_in_flight = 3;
  status.namespaces = {
      {"orders", "memory", "memstore", "", {}, {"keyvalue_basic", "keyvalue_ttl"}, 70, 1},
      {"a", "memory", "memstore", "", {}, {"keyvalue_basic"}, 0, 0}};
  status.backends = {{"memory", "memstore", true}};
  return status;
}

std::string Shown(const GatewayStatus& status, bool colour = false) {
  std::ostringstream out;
  std::ostringstream err;
  WriteStatus(Console{out, err, colour, colour}, status);
  EXPECT_EQ(err.str(), "");
  return out.str();
}

TEST(StatusCommandTest, Text) {
  EXPECT_EQ(Shown(Sample()),
            "prism 1.2.3  ready\n"
            "uptime       1h 2m, since 2026-01-02T03:04:05Z\n"
            "workers      2\n"
            "connections  5, 3 calls in flight\n"
            "config       /etc/prism.yaml, generation 1, loaded 2026-01-02T03:04:05Z\n"
            "\n"
            "  NAMESPACE  BACKEND  DRIVER    REQUESTS  ERRORS  INTERFACES\n"
            "  orders     memory   memstore  70        1       keyvalue_basic keyvalue_ttl\n"
            "  a          memory   memstore  0         0       keyvalue_basic\n"
            "\n"
            "  BACKEND  DRIVER    STATE\n"
            "  memory   memstore  healthy\n");
}

TEST(StatusCommandTest, FailedReloadAndHostileText) {
  GatewayStatus status = Sample();
  status.config.last_error = "prism.yaml:3: bad\033[2J";
  status.namespaces[0].name = "x\ny";
  const std::string text = Shown(status);
  EXPECT_NE(text.find("failed, still on the old one\nprism.yaml:3: bad\\x1b[2J\n"),
            std::string::npos);
  EXPECT_NE(text.find("  x\\ny "), std::string::npos);
}

TEST(StatusCommandTest, ColourOnlyWhenAsked) {
  EXPECT_EQ(Shown(Sample()).find('\033'), std::string::npos);
  EXPECT_NE(Shown(Sample(), true).find("\033[32mready\033[0m"), std::string::npos);
}

TEST(StatusCommandTest, NobodyThere) {
  std::ostringstream out;
  std::ostringstream err;
  StatusOptions options;
  options.admin = "127.0.0.1:1";
  EXPECT_EQ(RunStatus(options, Console{out, err}), kExitFailed);
  EXPECT_EQ(out.str(), "");
  EXPECT_NE(err.str().find("UNAVAILABLE: cannot connect to 127.0.0.1:1"), std::string::npos);
  EXPECT_NE(err.str().find("hint: is 127.0.0.1:1 the 'admin' address"), std::string::npos);
}

}  // namespace
}  // namespace prism::cli
