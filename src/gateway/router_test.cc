#include "gateway/router.h"

#include <gtest/gtest.h>

#include <functional>
#include <optional>

#include "gateway/health.h"
#include "gateway/system_services.h"
#include "gateway/testing/test_config.h"
#include "grpc/health/v1/health.pb.h"
#include "interfaces/keyvalue_scan.prism.h"
#include "interfaces/stub.h"
#include "loop/testing/certificates.h"
#include "loop/testing/run_on.h"
#include "prism/interfaces/keyvalue_scan.pb.h"
#include "wire/grpc/client_channel.h"
#include "wire/grpc/server.h"

namespace prism {
namespace {

using testing::FindTestDriver;
using testing::PartialBackend;
using testing::RunOn;
using testing::TestConfig;
using testing::Turns;
using testing::Until;

// One worker's routing behind a real connection.
class RouterTest : public ::testing::Test {
 public:
  RouterTest() { methods_.AddSystemService(Health::Info(), kHealthPlace); }
  ~RouterTest() override { EXPECT_EQ(PartialBackend::alive, 0); }

  // Serves new calls by `config`, as a reload does.
  void Load(Config config) {
    auto opened = Generation::Open(std::move(config), 1, generation_.get(), &FindTestDriver);
    ASSERT_TRUE(opened.ok()) << opened.status().ToString();
    generation_ = *opened;
    Result<Snapshot*> snapshot = Snapshot::Make(worker_, generation_, metrics_, 1);
    ASSERT_TRUE(snapshot.ok()) << snapshot.status().ToString();
    router_.SetSnapshot(*snapshot);
  }
  void Run(const Config& config, Task<void> (*body)(RouterTest& test)) {
    const auto whole = [](RouterTest& test, const Config& first,
                          Task<void> (*inner)(RouterTest&)) -> Task<void> {
      test.Load(first);
      test.Open();
      co_await inner(test);
      co_await test.channel_->Close();
      test.acceptor_.reset();
      co_await test.server_.Stop();
      EXPECT_EQ(test.router_.calls(), 0u);
      EXPECT_EQ(test.registry_.AllTotals().in_flight, 0u);
      test.router_.SetSnapshot(nullptr);
    };
    RunOn(worker_, whole(*this, config, body));
  }
  void Open() {
    const std::string address = "unix:" + (dir_ / "socket");
    const Result<int> fd = Listen(address, false);
    acceptor_.emplace(worker_, *fd, [this](int accepted, std::string peer) {
      server_.Serve(accepted, std::move(peer), nullptr, [] {});
    });
    grpc::ClientOptions options;
    options.target = address;
    channel_.emplace(worker_, options);
  }

  Task<Status> Set(std::string name_space, std::string key, std::string value = "v") {
    RequestContext ctx;
    ctx.name_space = name_space;
    keyvalue::v1::SetRequest request;
    request.set_key(key);
    request.set_value(value);
    keyvalue::v1::SetResponse response;
    Task<Status> call =
        CallUnary(*channel_, KeyValueBasic::Info().methods[0], ctx, request, response);
    co_return co_await call;
  }
  Task<bool> Has(std::string name_space, std::string key) {
    RequestContext ctx;
    ctx.name_space = name_space;
    keyvalue::v1::GetRequest request;
    request.set_key(key);
    keyvalue::v1::GetResponse response;
    Task<Status> call =
        CallUnary(*channel_, KeyValueBasic::Info().methods[1], ctx, request, response);
    const Status status = co_await call;
    EXPECT_TRUE(status.ok()) << status.ToString();
    co_return response.found();
  }
  // A call that has begun and whose request is not complete.
  struct Pending {
    RequestContext ctx;
    std::unique_ptr<grpc::ClientCall> call;
  };
  std::unique_ptr<Pending> Begin(std::string_view name_space) {
    auto pending = std::make_unique<Pending>();
    pending->ctx.name_space = name_space;
    pending->call = channel_->Start(pending->ctx, KeyValueBasic::Info().methods[0].path);
    return pending;
  }
  static Task<Status> Complete(Pending& pending, std::string key) {
    keyvalue::v1::SetRequest request;
    request.set_key(key);
    (void)co_await pending.call->Write(Buffer::Copy(request.SerializeAsString()));
    pending.call->WritesDone();
    while (true) {
      const std::optional<Buffer> reply = co_await pending.call->Read();
      if (!reply) break;
    }
    co_return pending.call->status();
  }
  // How many calls of Set ended with `code`.
  uint64_t Count(std::string_view name_space, Code code) {
    return metrics_.GetMethod(name_space, "keyvalue_basic.Set")
        .requests[static_cast<size_t>(code)]
        .value();
  }

  Worker worker_{0};
  testing::TempDir dir_;
  MetricsRegistry registry_;
  MetricShard& metrics_ = registry_.AddShard();
  MethodTable methods_;
  Router router_{methods_, metrics_};
  grpc::Server server_{worker_, {}, router_};
  std::shared_ptr<Generation> generation_;
  std::optional<Acceptor> acceptor_;
  std::optional<grpc::ClientChannel> channel_;
};

bool Says(const Status& status, std::string_view part) {
  return status.ToString().find(part) != std::string::npos;
}

TEST_F(RouterTest, NamespacesAreApart) {
  Run(TestConfig({"orders", "carts"}), [](RouterTest& test) -> Task<void> {
    const Status status = co_await test.Set("orders", "k");
    EXPECT_TRUE(status.ok()) << status.ToString();
    EXPECT_TRUE(co_await test.Has("orders", "k"));
    EXPECT_FALSE(co_await test.Has("carts", "k"));
    EXPECT_EQ(test.registry_.Totals("orders").requests, 2u);
    EXPECT_EQ(test.registry_.Totals("carts").requests, 1u);
    EXPECT_EQ(test.registry_.Totals("orders").errors, 0u);
  });
}

TEST_F(RouterTest, AnUnknownNamespaceIsNotFound) {
  Run(TestConfig({"orders"}), [](RouterTest& test) -> Task<void> {
    const Status status = co_await test.Set("order", "k");
    EXPECT_EQ(status.code(), Code::kNotFound);
    EXPECT_TRUE(Says(status, "no namespace 'order'")) << status.ToString();
    EXPECT_TRUE(Says(status, "'namespaces'"));
    // Callers cannot make the metrics grow.
    EXPECT_EQ(test.registry_.Totals("order").requests, 0u);
    EXPECT_EQ(test.registry_.AllTotals().errors, 1u);
  });
}

TEST_F(RouterTest, AMissingNamespaceIsAnErrorAlsoWhenThereIsOnlyOne) {
  Run(TestConfig({"orders"}), [](RouterTest& test) -> Task<void> {
    const Status only_one = co_await test.Set("", "k");
    test.Load(TestConfig({"orders", "carts"}));
    const Status several = co_await test.Set("", "k");
    for (const Status* status : {&only_one, &several}) {
      EXPECT_EQ(status->code(), Code::kInvalidArgument);
      EXPECT_TRUE(Says(*status, "prism-namespace")) << status->ToString();
    }
  });
}

TEST_F(RouterTest, AnInterfaceThatIsNotThereIsNamedWithThoseThatAre) {
  Run(TestConfig({"orders"}, "partial"), [](RouterTest& test) -> Task<void> {
    RequestContext ctx;
    ctx.name_space = "orders";
    keyvalue::v1::ScanRequest request;
    keyvalue::v1::ScanResponse response;
    Task<Status> call =
        CallUnary(*test.channel_, KeyValueScan::Info().methods[0], ctx, request, response);
    const Status status = co_await call;
    EXPECT_EQ(status.code(), Code::kUnimplemented);
    EXPECT_FALSE(status.retryable());
    for (const char* part : {"namespace 'orders'", "backend 'store'", "interface keyvalue_scan",
                             "it has keyvalue_basic;", "drivers with keyvalue_scan: memstore"}) {
      EXPECT_TRUE(Says(status, part)) << part << " in " << status.ToString();
    }
    const Status other = co_await test.Set("orders", "k");
    EXPECT_EQ(other.code(), Code::kFailedPrecondition);
  });
}

TEST_F(RouterTest, AnUnknownMethodIsUnimplemented) {
  Run(TestConfig({"orders"}), [](RouterTest& test) -> Task<void> {
    RequestContext ctx;
    ctx.name_space = "orders";
    for (const char* path : {"/prism.keyvalue.v1.KeyValueBasicInterface/Steal", "/", "/x/y"}) {
      const auto call = test.channel_->Start(ctx, path);
      call->WritesDone();
      (void)co_await call->Read();
      EXPECT_EQ(call->status().code(), Code::kUnimplemented) << path;
      EXPECT_TRUE(Says(call->status(), path)) << call->status().ToString();
    }
  });
}

TEST_F(RouterTest, SystemServicesNeedNoNamespaceAndNoRoom) {
  Config config = TestConfig({"orders"});
  config.limits.requests_per_second = 1;
  config.limits.in_flight_bytes = 1;
  Run(config, [](RouterTest& test) -> Task<void> {
    HealthService health(test.methods_.services());
    test.router_.SetSystemService(kHealthPlace, static_cast<Health*>(&health));
    for (int i = 0; i < 5; ++i) {
      RequestContext ctx;
      ::grpc::health::v1::HealthCheckRequest request;
      ::grpc::health::v1::HealthCheckResponse response;
      Task<Status> call =
          CallUnary(*test.channel_, Health::Info().methods[0], ctx, request, response);
      const Status status = co_await call;
      EXPECT_TRUE(status.ok()) << status.ToString();
    }
  });
}

TEST_F(RouterTest, RatesOfTheNamespaceAndTheGatewayAreKept) {
  Config config = TestConfig({"slow", "other"});
  config.namespaces[0].limits.requests_per_second = 1;
  Run(config, [](RouterTest& test) -> Task<void> {
    const Status first = co_await test.Set("slow", "k");
    EXPECT_TRUE(first.ok()) << first.ToString();
    const Status second = co_await test.Set("slow", "k");
    EXPECT_EQ(second.code(), Code::kResourceExhausted);
    EXPECT_TRUE(second.retryable());
    EXPECT_TRUE(Says(second, "namespace 'slow'")) << second.ToString();
    EXPECT_TRUE(Says(second, "limits.requests_per_second of the namespace"));
    const Status other = co_await test.Set("other", "k");
    EXPECT_TRUE(other.ok());
    EXPECT_EQ(test.Count("slow", Code::kOk), 1u);
    EXPECT_EQ(test.Count("slow", Code::kResourceExhausted), 1u);
    EXPECT_EQ(test.Count("other", Code::kResourceExhausted), 0u);
    Config all = TestConfig({"slow", "other"});
    all.limits.requests_per_second = 1;
    test.Load(all);
    const Status third = co_await test.Set("slow", "k");
    EXPECT_TRUE(third.ok());
    const Status fourth = co_await test.Set("other", "k");
    EXPECT_EQ(fourth.code(), Code::kResourceExhausted);
    EXPECT_TRUE(Says(fourth, "the gateway")) << fourth.ToString();
  });
}

TEST_F(RouterTest, ConcurrentRequestsAreLimitedAndCounted) {
  Config config = TestConfig({"orders"});
  config.namespaces[0].limits.concurrent_requests = 2;
  Run(config, [](RouterTest& test) -> Task<void> {
    auto first = test.Begin("orders");
    auto second = test.Begin("orders");
    co_await Until(test.worker_, [&] { return test.router_.calls() == 2; });
    EXPECT_EQ(test.registry_.Totals("orders").in_flight, 2u);
    const Status refused = co_await test.Set("orders", "k");
    EXPECT_EQ(refused.code(), Code::kResourceExhausted);
    EXPECT_TRUE(refused.retryable());
    EXPECT_TRUE(Says(refused, "limit of 2 concurrent")) << refused.ToString();
    EXPECT_EQ(test.generation_->name_space(0).account->calls, 2u);
    first.reset();  // cancelled
    const Status done = co_await Complete(*second, "k");
    EXPECT_TRUE(done.ok()) << done.ToString();
    co_await Until(test.worker_, [&] { return test.router_.calls() == 0; });
    EXPECT_EQ(test.generation_->name_space(0).account->calls, 0u);
    const Status admitted = co_await test.Set("orders", "k");
    EXPECT_TRUE(admitted.ok()) << admitted.ToString();
    EXPECT_EQ(test.Count("orders", Code::kOk), 2u);
    EXPECT_EQ(test.Count("orders", Code::kCancelled), 1u);
    EXPECT_EQ(test.Count("orders", Code::kResourceExhausted), 1u);
  });
}

TEST_F(RouterTest, BytesInFlightAreLimitedAndGivenBack) {
  Config config = TestConfig({"small", "large"});
  config.limits.in_flight_bytes = 1'000'000;
  config.namespaces[0].limits.in_flight_bytes = 50'000;
  config.namespaces[0].limits.concurrent_requests = 1;  // a refusal must not keep its place
  Run(config, [](RouterTest& test) -> Task<void> {
    for (int i = 0; i < 20; ++i) {
      const Status fits = co_await test.Set("small", "k", std::string(20'000, 'x'));
      EXPECT_TRUE(fits.ok()) << fits.ToString();
      const Status refused = co_await test.Set("small", "k", std::string(60'000, 'x'));
      EXPECT_EQ(refused.code(), Code::kResourceExhausted);
      EXPECT_TRUE(Says(refused, "limits.in_flight_bytes")) << refused.ToString();
    }
    const Status large = co_await test.Set("large", "k", std::string(500'000, 'x'));
    EXPECT_TRUE(large.ok()) << large.ToString();
    const Status too_large = co_await test.Set("large", "k", std::string(1'500'000, 'x'));
    EXPECT_EQ(too_large.code(), Code::kResourceExhausted);
    EXPECT_EQ(test.Count("small", Code::kOk), 20u);
    EXPECT_EQ(test.Count("small", Code::kResourceExhausted), 20u);
    co_await Until(test.worker_, [&] { return test.router_.calls() == 0; });
    EXPECT_EQ(test.generation_->name_space(0).account->calls, 0u);
  });
}

TEST_F(RouterTest, CallsWithoutABodyAreChargedToo) {
  Config config = TestConfig({"orders"});
  config.namespaces[0].limits.in_flight_bytes = 8000;
  Run(config, [](RouterTest& test) -> Task<void> {
    std::vector<std::unique_ptr<Pending>> pending;
    for (int i = 0; i < 20; ++i) pending.push_back(test.Begin("orders"));
    const auto refused = [&] {
      int count = 0;
      for (const auto& each : pending) count += !each->call->status().ok();
      return count;
    };
    co_await Until(test.worker_, [&] { return refused() + test.router_.calls() == 20; });
    EXPECT_GE(refused(), 16);  // each costs 2 KiB and its metadata
    EXPECT_LT(refused(), 20);
    pending.clear();
    co_await Until(test.worker_, [&] { return test.router_.calls() == 0; });
    const Status after = co_await test.Set("orders", "k");
    EXPECT_TRUE(after.ok()) << after.ToString();
  });
}

TEST_F(RouterTest, CallsEndUnderTheConfigurationTheyBeganUnder) {
  Run(TestConfig({"old", "kept"}), [](RouterTest& test) -> Task<void> {
    const std::weak_ptr<Generation> before = test.generation_;
    const Status stored = co_await test.Set("kept", "stored before");
    EXPECT_TRUE(stored.ok());
    auto running = test.Begin("old");
    co_await Until(test.worker_, [&] { return test.router_.calls() == 1; });
    test.Load(TestConfig({"kept", "new"}));
    const Status gone = co_await test.Set("old", "k");
    EXPECT_EQ(gone.code(), Code::kNotFound);
    const Status fresh = co_await test.Set("new", "k");
    EXPECT_TRUE(fresh.ok()) << fresh.ToString();
    EXPECT_TRUE(co_await test.Has("kept", "stored before"));
    EXPECT_FALSE(before.expired());
    const Status ended = co_await Complete(*running, "k");
    EXPECT_TRUE(ended.ok()) << ended.ToString();
    running.reset();
    co_await Until(test.worker_, [&] { return before.expired(); });
    // What was written on the way out is there for whoever opens the namespace again.
    test.Load(TestConfig({"old"}));
    EXPECT_TRUE(co_await test.Has("old", "k"));
  });
}

TEST_F(RouterTest, CallsThatRunInABackendKeepItAliveAndAreCancelledByTheirCallers) {
  Run(TestConfig({"old"}, "partial"), [](RouterTest& test) -> Task<void> {
    RequestContext ctx;
    ctx.name_space = "old";
    auto waiting = test.channel_->Start(ctx, KeyValueBasic::Info().methods[1].path);
    (void)co_await waiting->Write(Buffer());
    waiting->WritesDone();
    co_await Until(test.worker_, [&] { return test.router_.calls() == 1; });
    test.Load(TestConfig({"new"}, "partial"));
    co_await Turns(test.worker_, 10);
    EXPECT_EQ(PartialBackend::alive, 2);
    waiting->Cancel();
    co_await Until(test.worker_, [&] { return PartialBackend::alive == 1; });
    EXPECT_EQ(test.router_.calls(), 0u);
  });
}

}  // namespace
}  // namespace prism
