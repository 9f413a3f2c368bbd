#include "drivers/registry.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "loop/worker.h"

namespace prism {
namespace {

TEST(Registry, NamesAreUniqueAndFound) {
  std::set<std::string_view> names;
  for (const Driver& driver : Drivers()) {
    EXPECT_TRUE(names.insert(driver.name).second) << driver.name;
    EXPECT_EQ(FindDriver(driver.name), &driver);
    EXPECT_FALSE(driver.summary.empty());
    EXPECT_FALSE(driver.interfaces.empty());
  }
  EXPECT_EQ(FindDriver("none"), nullptr);
}

TEST(Registry, BackendsHaveExactlyTheClaimedInterfaces) {
  Worker worker(0);
  for (const Driver& driver : Drivers()) {
    auto factory = driver.open({"store", "prism.yaml", {}});
    ASSERT_TRUE(factory.ok()) << factory.status().ToString();
    auto backend = (*factory)->OpenOn(worker, "shop");
    ASSERT_TRUE(backend.ok());
    EXPECT_TRUE(std::ranges::equal((*backend)->interfaces(), driver.interfaces)) << driver.name;
    for (const InterfaceInfo* info : driver.interfaces) {
      EXPECT_NE((*backend)->Find(*info), nullptr) << driver.name;
    }
  }
}

TEST(Registry, UnknownSettingsAreFaultsWithTheirLine) {
  const auto opened = FindDriver("memstore")->open({"mem", "prism.yaml", {{"maxbytes", "1", 7}}});
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.status().message(),
            "prism.yaml:7: backend 'mem': unknown key 'maxbytes'; did you mean 'max_bytes'?");
}

}  // namespace
}  // namespace prism
