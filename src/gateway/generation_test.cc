#include "gateway/generation.h"

#include <gtest/gtest.h>

#include "base/log.h"
#include "gateway/testing/test_config.h"

namespace prism {
namespace {

using testing::FindTestDriver;
using testing::PartialFactory;
using testing::TestConfig;
using Opened = Result<std::shared_ptr<Generation>>;

Opened Open(Config config, const Generation* previous = nullptr) {
  return Generation::Open(std::move(config), 7, previous, &FindTestDriver);
}

TEST(Generation, HasWhatTheConfigurationSays) {
  Config config = TestConfig({"orders", "carts"});
  config.limits.in_flight_bytes = 1000;
  config.namespaces[1].limits.in_flight_bytes = 10;
  const Opened opened = Open(config);
  ASSERT_TRUE(opened.ok()) << opened.status().ToString();
  const Generation& generation = **opened;
  EXPECT_EQ(generation.number(), 7);
  EXPECT_EQ(generation.account().bytes.limit(), 1000u);
  EXPECT_EQ(generation.name_space(0).config.name, "orders");
  EXPECT_EQ(generation.name_space(0).account->bytes.limit(), 0u);
  EXPECT_EQ(generation.name_space(1).account->bytes.limit(), 10u);
}

TEST(Generation, RatesAreTheNamespacesOwn) {
  Config config = TestConfig({"slow", "free"});
  config.namespaces[0].limits.requests_per_second = 1;
  const Opened opened = Open(config);
  ASSERT_TRUE(opened.ok());
  const TimePoint now = Clock::now();
  EXPECT_TRUE((*opened)->name_space(0).account->rate.TryTake(now));
  EXPECT_FALSE((*opened)->name_space(0).account->rate.TryTake(now));
  for (int i = 0; i < 100; ++i) {
    EXPECT_TRUE((*opened)->name_space(1).account->rate.TryTake(now));
    EXPECT_TRUE((*opened)->account().rate.TryTake(now));
  }
}

TEST(Generation, BackendsWithTheSameSettingsAreTakenOver) {
  const Opened first = Open(TestConfig({"orders"}));
  ASSERT_TRUE(first.ok());
  Config config = TestConfig({"carts", "users"});
  config.backends.push_back({"memstore", {"other", "test.yaml", {}}});
  // Where a setting stands in the file does not matter.
  config.backends[0].settings.file = "moved.yaml";
  const Opened second = Open(config, first->get());
  ASSERT_TRUE(second.ok());
  EXPECT_EQ(&(*second)->backend("store"), &(*first)->backend("store"));
  EXPECT_NE(&(*second)->backend("other"), &(*second)->backend("store"));
}

TEST(Generation, BackendsWithOtherSettingsOrDriversAreOpenedAnew) {
  SetLogLevel(LogLevel::kError);
  const Opened first = Open(TestConfig({"orders"}));
  ASSERT_TRUE(first.ok());
  Config settings = TestConfig({"orders"});
  settings.backends[0].settings.values.push_back({"max_bytes", "64MiB", 3});
  const Opened second = Open(settings, first->get());
  ASSERT_TRUE(second.ok());
  EXPECT_NE(&(*second)->backend("store"), &(*first)->backend("store"));
  settings.backends[0].settings.values[0].value = "65MiB";
  const Opened third = Open(settings, second->get());
  ASSERT_TRUE(third.ok());
  EXPECT_NE(&(*third)->backend("store"), &(*second)->backend("store"));
  const Opened fourth = Open(TestConfig({"orders"}, "partial"), first->get());
  ASSERT_TRUE(fourth.ok());
  EXPECT_NE(&(*fourth)->backend("store"), &(*first)->backend("store"));
  SetLogLevel(LogLevel::kInfo);
}

TEST(Generation, ABackendLivesAsLongAsTheLastGenerationWithIt) {
  Opened first = Open(TestConfig({"orders"}, "partial"));
  ASSERT_TRUE(first.ok());
  {
    Opened second = Open(TestConfig({"carts"}, "partial"), first->get());
    ASSERT_TRUE(second.ok());
    first->reset();
    EXPECT_EQ(PartialFactory::alive, 1);
  }
  EXPECT_EQ(PartialFactory::alive, 0);
}

TEST(Generation, WhatCannotBeOpenedIsAnErrorAndKeepsNothingOpen) {
  Config unknown = TestConfig({"orders"}, "partial");
  unknown.backends.push_back({"floppy", {"old", "test.yaml", {}}});
  const Opened no_driver = Open(unknown);
  EXPECT_EQ(no_driver.status().code(), Code::kNotFound);
  EXPECT_NE(no_driver.status().message().find("floppy"), std::string_view::npos);
  EXPECT_EQ(PartialFactory::alive, 0);
  Config faulty = TestConfig({"orders"});
  faulty.backends[0].settings.values.push_back({"colour", "red", 3});
  const Opened bad_setting = Open(faulty);
  EXPECT_EQ(bad_setting.status().code(), Code::kInvalidArgument);
  EXPECT_NE(bad_setting.status().message().find("colour"), std::string_view::npos);
}

}  // namespace
}  // namespace prism
