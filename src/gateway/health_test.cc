#include "gateway/health.h"

#include <gtest/gtest.h>

#include <functional>
#include <optional>

#include "grpc/health/v1/health.pb.h"
#include "interfaces/testing/scripted_call.h"

namespace prism {
namespace {

using ::grpc::health::v1::HealthCheckRequest;
using ::grpc::health::v1::HealthCheckResponse;
using testing::ScriptedCall;
using testing::Serving;

constexpr int kCheck = 0;
constexpr int kWatch = 1;

// Runs `steps` on a worker, each in a turn of its own, so that what one wakes runs before the next.
void RunOnWorker(std::vector<std::function<void()>> steps) {
  Worker worker(0);
  std::function<void(size_t)> run = [&](size_t i) {
    if (i == steps.size()) return worker.Stop();
    steps[i]();
    worker.Post([&run, i] { run(i + 1); });
  };
  worker.Post([&run] { run(0); });
  worker.Run();
}

std::vector<int> Statuses(ScriptedCall& call) {
  std::vector<int> statuses;
  for (const std::string& bytes : call.TakeSent()) {
    HealthCheckResponse response;
    EXPECT_TRUE(response.ParseFromString(bytes));
    statuses.push_back(response.status());
  }
  return statuses;
}

void Ask(ScriptedCall& call, const std::string& service) {
  HealthCheckRequest request;
  request.set_service(service);
  call.Receive(request);
  call.ReceiveEnd();
}

class HealthTest : public ::testing::Test {
 protected:
  Result<int> Check(const std::string& service) {
    ScriptedCall call;
    Ask(call, service);
    Serving serving(Health::Info().methods[kCheck], static_cast<Health*>(&health_), call);
    Status status = serving.status();
    if (!status.ok()) return status;
    return Statuses(call).at(0);
  }

  HealthService health_{{"a.Known"}};
};

TEST_F(HealthTest, CheckTellsTheStateOfKnownServices) {
  for (const char* service : {"", "a.Known"}) {
    EXPECT_EQ(*Check(service), HealthCheckResponse::SERVING);
  }
  health_.SetServing(false);
  for (const char* service : {"", "a.Known"}) {
    EXPECT_EQ(*Check(service), HealthCheckResponse::NOT_SERVING);
  }
  EXPECT_EQ(Check("an.Unknown").status().code(), Code::kNotFound);
}

TEST_F(HealthTest, WatchTellsChangesUntilCancelled) {
  ScriptedCall call;
  std::optional<Serving> serving;
  Ask(call, "a.Known");
  RunOnWorker(
      {[&] {
         serving.emplace(Health::Info().methods[kWatch], static_cast<Health*>(&health_), call);
       },
       [&] { EXPECT_EQ(Statuses(call), std::vector<int>{HealthCheckResponse::SERVING}); },
       [&] { health_.SetServing(true); }, [&] { EXPECT_TRUE(Statuses(call).empty()); },
       [&] { health_.SetServing(false); },
       [&] { EXPECT_EQ(Statuses(call), std::vector<int>{HealthCheckResponse::NOT_SERVING}); },
       [&] { health_.SetServing(true); },
       [&] { EXPECT_EQ(Statuses(call), std::vector<int>{HealthCheckResponse::SERVING}); },
       [&] { EXPECT_FALSE(serving->done()); }, [&] { call.Cancel(CancelledError("gone")); },
       [&] { EXPECT_TRUE(serving->done()); }});
  EXPECT_EQ(serving->status().code(), Code::kCancelled);
}

TEST_F(HealthTest, WatchOfAnUnknownServiceStaysOpen) {
  ScriptedCall call;
  std::optional<Serving> serving;
  Ask(call, "an.Unknown");
  RunOnWorker(
      {[&] {
         serving.emplace(Health::Info().methods[kWatch], static_cast<Health*>(&health_), call);
       },
       [&] { EXPECT_EQ(Statuses(call), std::vector<int>{HealthCheckResponse::SERVICE_UNKNOWN}); },
       [&] { health_.SetServing(false); }, [&] { EXPECT_TRUE(Statuses(call).empty()); },
       [&] { EXPECT_FALSE(serving->done()); }, [&] { call.Cancel(CancelledError("gone")); },
       [] {}});
  EXPECT_TRUE(serving->done());
}

TEST_F(HealthTest, ShutdownEndsWatches) {
  ScriptedCall call;
  std::optional<Serving> serving;
  Ask(call, "");
  RunOnWorker({[&] {
                 serving.emplace(Health::Info().methods[kWatch], static_cast<Health*>(&health_),
                                 call);
               },
               [&] { health_.Shutdown(); }, [] {}});
  EXPECT_EQ(Statuses(call),
            (std::vector<int>{HealthCheckResponse::SERVING, HealthCheckResponse::NOT_SERVING}));
  ASSERT_TRUE(serving->done());
  EXPECT_EQ(serving->status().code(), Code::kUnavailable);
  health_.SetServing(true);
  EXPECT_EQ(*Check(""), HealthCheckResponse::NOT_SERVING);
}

}  // namespace
}  // namespace prism
