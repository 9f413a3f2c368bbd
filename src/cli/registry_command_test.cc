#include "cli/registry_command.h"

#include <gtest/gtest.h>

#include <sstream>

#include "drivers/registry.h"
#include "interfaces/all.h"

namespace prism::cli {
namespace {

class RegistryTest : public ::testing::Test {
 protected:
  int Run(RegistryOptions options) {
    out_.str("");
    err_.str("");
    return RunRegistry(options, {out_, err_});
  }
  bool Says(std::string_view text) const { return out_.str().find(text) != std::string::npos; }

  std::ostringstream out_;
  std::ostringstream err_;
};

TEST_F(RegistryTest, ListsEveryInterface) {
  EXPECT_EQ(Run({.verb = RegistryVerb::kListInterfaces}), kExitOk);
  for (const InterfaceInfo* info : AllInterfaces()) EXPECT_TRUE(Says(info->name)) << info->name;
  EXPECT_EQ(Run({.verb = RegistryVerb::kListInterfaces, .format = Format::kJson}), kExitOk);
  EXPECT_TRUE(Says(R"("interface":"keyvalue_cas","model":"keyvalue")")) << out_.str();
}

TEST_F(RegistryTest, FindsBackendsThatImplementAll) {
  EXPECT_EQ(
      Run({.verb = RegistryVerb::kFindBackends, .interfaces = {"keyvalue_scan", "keyvalue_ttl"}}),
      kExitOk);
  EXPECT_TRUE(Says("memstore"));
  EXPECT_EQ(Run({.verb = RegistryVerb::kFindBackends, .interfaces = {"keyvalue_skan"}}),
            kExitNotFound);
  EXPECT_NE(err_.str().find("did you mean 'keyvalue_scan'?"), std::string::npos) << err_.str();
}

TEST_F(RegistryTest, DescribesAPatternsSlots) {
  EXPECT_EQ(Run({.verb = RegistryVerb::kDescribePattern, .name = "multicast-registry"}), kExitOk);
  EXPECT_TRUE(Says("Required interfaces: keyvalue_basic, keyvalue_scan"));
  EXPECT_TRUE(Says("durability (optional)"));
  EXPECT_EQ(Run({.verb = RegistryVerb::kDescribePattern, .name = "multicast"}), kExitNotFound);
}

TEST_F(RegistryTest, DescribesABackend) {
  EXPECT_EQ(Run({.verb = RegistryVerb::kDescribeBackend, .name = "memstore"}), kExitOk);
  for (const InterfaceInfo* info : FindDriver("memstore")->interfaces) {
    EXPECT_TRUE(Says(info->name)) << info->name;
  }
}

}  // namespace
}  // namespace prism::cli
