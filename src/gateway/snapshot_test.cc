#include "gateway/snapshot.h"

#include <gtest/gtest.h>

#include "gateway/testing/test_config.h"
#include "interfaces/all.h"
#include "interfaces/keyvalue_scan.prism.h"

namespace prism {
namespace {

using testing::FindTestDriver;
using testing::PartialBackend;
using testing::PartialFactory;
using testing::TestConfig;

constexpr unsigned kWorkers = 2;

class SnapshotTest : public ::testing::Test {
 protected:
  ~SnapshotTest() override {
    EXPECT_EQ(PartialBackend::alive, 0);
    EXPECT_EQ(PartialFactory::alive, 0);
  }
  std::shared_ptr<Generation> Open(Config config) {
    auto opened = Generation::Open(std::move(config), 1, nullptr, &FindTestDriver);
    EXPECT_TRUE(opened.ok()) << opened.status().ToString();
    return *opened;
  }
  Snapshot* Make(Config config) {
    Result<Snapshot*> made = Snapshot::Make(worker_, Open(std::move(config)), metrics_, kWorkers);
    EXPECT_TRUE(made.ok()) << made.status().ToString();
    return made.ok() ? *made : nullptr;
  }

  Worker worker_{0};
  MetricsRegistry registry_;
  MetricShard& metrics_ = registry_.AddShard();
  const MethodInfo& set_ = KeyValueBasic::Info().methods[0];
  const MethodInfo& get_ = KeyValueBasic::Info().methods[1];
};

TEST_F(SnapshotTest, FindsItsNamespacesOnly) {
  Snapshot* snapshot = Make(TestConfig({"orders", "carts"}));
  ASSERT_NE(snapshot->Find("orders"), nullptr);
  ASSERT_NE(snapshot->Find("carts"), nullptr);
  EXPECT_EQ(snapshot->Find("orders")->name(), "orders");
  for (const char* other : {"", "order", "orders ", "ORDERS"}) {
    EXPECT_EQ(snapshot->Find(other), nullptr) << other;
  }
  snapshot->Unref();
}

TEST_F(SnapshotTest, BindsEachMethodOnce) {
  Snapshot* snapshot = Make(TestConfig({"orders", "carts"}));
  Binding& orders = *snapshot->Find("orders");
  for (const InterfaceInfo* info : AllInterfaces()) {
    for (const MethodInfo& method : info->methods) {
      BoundMethod* bound = orders.Find(method);
      ASSERT_NE(bound, nullptr) << method.path;
      EXPECT_EQ(bound->method, &method);
      EXPECT_EQ(bound->binding, &orders);
      EXPECT_EQ(bound->snapshot, snapshot);
      EXPECT_EQ(bound->implementation, orders.backend().Find(*info));
      EXPECT_EQ(orders.Find(method), bound);
    }
  }
  EXPECT_NE(snapshot->Find("carts")->Find(get_), orders.Find(get_));
  EXPECT_NE(orders.Find(set_), orders.Find(get_));
  EXPECT_EQ(orders.Find(get_)->metrics, &metrics_.GetMethod("orders", "keyvalue_basic.Get"));
  snapshot->Unref();
}

TEST_F(SnapshotTest, DoesNotBindWhatTheBackendDoesNotHave) {
  Snapshot* snapshot = Make(TestConfig({"orders"}, "partial"));
  Binding& orders = *snapshot->Find("orders");
  EXPECT_NE(orders.Find(get_), nullptr);
  EXPECT_EQ(orders.Find(KeyValueScan::Info().methods[0]), nullptr);
  EXPECT_EQ(orders.Find(KeyValueScan::Info().methods[0]), nullptr);
  snapshot->Unref();
}

TEST_F(SnapshotTest, LivesUntilItsLastCallAndItsGenerationWithIt) {
  std::shared_ptr<Generation> generation = Open(TestConfig({"orders", "carts"}, "partial"));
  const std::weak_ptr<Generation> watched = generation;
  Result<Snapshot*> made = Snapshot::Make(worker_, std::move(generation), metrics_, kWorkers);
  ASSERT_TRUE(made.ok());
  EXPECT_EQ(PartialBackend::alive, 2);
  std::vector<Snapshot*> holders = {*made};
  for (int calls = 0; calls < 2; ++calls) {
    holders.push_back(holders[0]);
    holders.back()->Ref();
  }
  while (holders.size() > 1) {
    holders.back()->Unref();
    holders.pop_back();
    EXPECT_FALSE(watched.expired());
    EXPECT_EQ(PartialBackend::alive, 2);
    EXPECT_NE(holders.back()->Find("orders"), nullptr);
  }
  holders.back()->Unref();
  EXPECT_TRUE(watched.expired());
}

TEST_F(SnapshotTest, ANamespaceThatCannotBeOpenedFailsTheWhole) {
  Config config = TestConfig({"orders", "carts", "users"}, "partial");
  config.backends[0].settings.values.push_back({"broken", "carts", 1});
  const Result<Snapshot*> made =
      Snapshot::Make(worker_, Open(std::move(config)), metrics_, kWorkers);
  EXPECT_EQ(made.status().code(), Code::kUnavailable);
  EXPECT_EQ(made.status().message(), "cannot open carts");
}

TEST_F(SnapshotTest, GivesIdleBytesBackToTheirBudgets) {
  Config config = TestConfig({"orders"});
  config.limits.in_flight_bytes = 1'000'000;
  config.namespaces[0].limits.in_flight_bytes = 100'000;
  const std::shared_ptr<Generation> generation = Open(std::move(config));
  Result<Snapshot*> made = Snapshot::Make(worker_, generation, metrics_, kWorkers);
  ASSERT_TRUE(made.ok());
  Binding& orders = *(*made)->Find("orders");
  EXPECT_TRUE((*made)->bytes().TryAcquire(5000));
  EXPECT_TRUE(orders.bytes().TryAcquire(5000));
  EXPECT_FALSE(orders.bytes().TryAcquire(100'000));
  EXPECT_GE(generation->account().bytes.used(), 5000u);
  (*made)->bytes().Release(5000);
  orders.bytes().Release(5000);
  (*made)->Unref();
  EXPECT_EQ(generation->account().bytes.used(), 0u);
  EXPECT_EQ(generation->name_space(0).account->bytes.used(), 0u);
}

}  // namespace
}  // namespace prism
