#include "gateway/gateway.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <optional>

#include "base/log.h"
#include "gateway/testing/test_config.h"
#include "interfaces/stub.h"
#include "loop/testing/certificates.h"
#include "loop/testing/run_on.h"
#include "wire/grpc/client_channel.h"

namespace prism {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::Certificates;
using testing::RunOn;
using testing::TestConfig;

Config ListeningConfig(const std::string& address, const std::vector<std::string>& namespaces) {
  Config config = TestConfig(namespaces);
  config.workers = 2;
  config.listeners.push_back({address, false});
  return config;
}

Task<Status> Set(grpc::ClientChannel& channel, std::string name_space) {
  RequestContext ctx;
  ctx.name_space = name_space;
  ctx.deadline = Clock::now() + seconds(30);
  keyvalue::v1::SetRequest request;
  request.set_key("k");
  keyvalue::v1::SetResponse response;
  Task<Status> call = CallUnary(channel, KeyValueBasic::Info().methods[0], ctx, request, response);
  co_return co_await call;
}

grpc::ClientOptions ClientOf(const Gateway& gateway) {
  grpc::ClientOptions options;
  options.target = gateway.addresses().at(0);
  return options;
}

class GatewayTest : public ::testing::Test {
 protected:
  GatewayTest() { SetLogLevel(LogLevel::kError); }
  ~GatewayTest() override { SetLogLevel(LogLevel::kInfo); }

  Worker control_{0};
  MetricsRegistry metrics_;
  Gateway gateway_{control_, metrics_};
};

// Calls until told to stop; counts those that fail.
struct Caller {
  grpc::ClientChannel& channel;
  bool stop = false;
  int calls = 0;
  int failures = 0;
  static Task<void> Run(Caller& self) {
    while (!self.stop) {
      const Status status = co_await Set(self.channel, "kept");
      ++self.calls;
      if (status.ok()) continue;
      ++self.failures;
      ADD_FAILURE() << status.ToString();
    }
  }
};

TEST_F(GatewayTest, ReloadsDisturbNoCallsOfTheNamespacesThatStay) {
  const auto body = [](Worker& on, Gateway& gateway) -> Task<void> {
    Config first = ListeningConfig("127.0.0.1:0", {"kept"});
    const Status started = co_await gateway.Start(std::move(first));
    EXPECT_TRUE(started.ok()) << started.ToString();
    grpc::ClientChannel one(on, ClientOf(gateway));
    grpc::ClientChannel two(on, ClientOf(gateway));
    Caller first_caller{one};
    Caller second_caller{two};
    Task<void> calling = Caller::Run(first_caller);
    Task<void> also_calling = Caller::Run(second_caller);
    calling.Start([](void*) {}, nullptr);
    also_calling.Start([](void*) {}, nullptr);
    for (int i = 0; i < 50; ++i) {
      const bool more = i % 2 == 0;
      const int first_before = first_caller.calls;
      const int second_before = second_caller.calls;
      Config next = ListeningConfig("127.0.0.1:0", {"kept"});
      if (more) next.namespaces.push_back({"extra", "store", {}});
      const Status reloaded = co_await gateway.Reload(std::move(next));
      EXPECT_TRUE(reloaded.ok()) << reloaded.ToString();
      const Status extra = co_await Set(one, "extra");
      EXPECT_EQ(extra.code(), more ? Code::kOk : Code::kNotFound) << i;
      // Calls were under way at each reload.
      co_await testing::Until(on, [&] {
        return first_caller.calls > first_before && second_caller.calls > second_before;
      });
    }
    EXPECT_EQ(gateway.generation()->number(), 51);
    first_caller.stop = second_caller.stop = true;
    co_await testing::Until(on, [&] { return calling.done() && also_calling.done(); });
    EXPECT_EQ(first_caller.failures + second_caller.failures, 0);
    co_await one.Close();
    co_await two.Close();
  };
  RunOn(control_, body(control_, gateway_));
  gateway_.Stop();
}

TEST_F(GatewayTest, ADrainWaitsForCallsButNotForEver) {
  const auto body = [](Worker& on, Gateway& gateway) -> Task<void> {
    Config config = ListeningConfig("127.0.0.1:0", {"kept"});
    const Status started = co_await gateway.Start(std::move(config));
    EXPECT_TRUE(started.ok()) << started.ToString();
    grpc::ClientChannel channel(on, ClientOf(gateway));
    const Status status = co_await Set(channel, "kept");
    EXPECT_TRUE(status.ok()) << status.ToString();
    RequestContext ctx;
    ctx.name_space = "kept";
    const auto pending = channel.Start(ctx, KeyValueBasic::Info().methods[0].path);
    co_await testing::Turns(on, 10);
    const TimePoint start = Clock::now();
    co_await gateway.Drain(milliseconds(30));
    EXPECT_GE(Clock::now() - start, milliseconds(29));
    co_await channel.Close();
  };
  RunOn(control_, body(control_, gateway_));
  gateway_.Stop();
  EXPECT_EQ(gateway_.connections(), 0u);
  EXPECT_EQ(metrics_.AllTotals().in_flight, 0u);
}

TEST_F(GatewayTest, AReloadThatFailsChangesNothing) {
  static Certificates certificates("a CA");
  static const auto tls = [](const std::string& name) {
    TlsFiles files;
    files.certificate = certificates.certificate_file(name);
    files.key = certificates.key_file(name);
    return files;
  };
  certificates.Issue("server");
  const auto body = [](Worker& on, Gateway& gateway) -> Task<void> {
    Config good = ListeningConfig("127.0.0.1:0", {"kept"});
    good.tls = tls("server");
    const Status started = co_await gateway.Start(std::move(good));
    EXPECT_TRUE(started.ok()) << started.ToString();
    Config bad = ListeningConfig("127.0.0.1:0", {"extra"});
    bad.tls = tls("missing");
    const Status refused = co_await gateway.Reload(std::move(bad));
    EXPECT_EQ(refused.code(), Code::kInvalidArgument);
    EXPECT_EQ(gateway.generation()->config().namespaces.at(0).name, "kept");
    grpc::ClientChannel channel(on, ClientOf(gateway));
    const Status kept = co_await Set(channel, "kept");
    EXPECT_TRUE(kept.ok()) << kept.ToString();
    const Status extra = co_await Set(channel, "extra");
    EXPECT_EQ(extra.code(), Code::kNotFound) << extra.ToString();
    co_await channel.Close();
  };
  RunOn(control_, body(control_, gateway_));
  gateway_.Stop();
}

TEST_F(GatewayTest, AStartThatFailsLeavesNothingRunning) {
  const auto body = [](Gateway& gateway) -> Task<void> {
    const testing::TempDir dir;
    const std::string address = "unix:" + (dir / "socket");
    Config no_certificate = ListeningConfig(address, {"kept"});
    no_certificate.tls.emplace().certificate = "/nowhere.pem";
    const Status no_tls = co_await gateway.Start(std::move(no_certificate));
    EXPECT_EQ(no_tls.code(), Code::kInvalidArgument);
    EXPECT_EQ(gateway.workers(), 0u);
    Config no_address = ListeningConfig(address, {"kept"});
    no_address.listeners.push_back({"127.0.0.1:x", false});
    const Status no_socket = co_await gateway.Start(std::move(no_address));
    EXPECT_FALSE(no_socket.ok());
    EXPECT_EQ(gateway.workers(), 0u);
    // Nobody listens there any more.
    const Result<int> fd = Listen(address, false);
    EXPECT_TRUE(fd.ok()) << fd.status().ToString();
    if (fd.ok()) close(*fd);
  };
  RunOn(control_, body(gateway_));
}

}  // namespace
}  // namespace prism
