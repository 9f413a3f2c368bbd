#include "cli/validate_command.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <sstream>

#include "cli/generate_command.h"

namespace prism::cli {
namespace {

class ValidateTest : public ::testing::Test {
 protected:
  ~ValidateTest() override { std::remove(path_.c_str()); }

  int Validate(const std::string& text, Format format = Format::kText) {
    std::ofstream(path_) << text;
    out_.str("");
    err_.str("");
    return RunValidate({path_, format}, {out_, err_});
  }

  const std::string path_ = ::testing::TempDir() + "validate_command_test.yaml";
  std::ostringstream out_;
  std::ostringstream err_;
};

TEST_F(ValidateTest, ANamespaceOnABackend) {
  EXPECT_EQ(Validate("namespaces: [{name: demo, backend: memstore}]\n"), kExitOk);
  EXPECT_EQ(out_.str(),
            "Validating namespace: demo\n"
            "  Backend: memstore\n"
            "\n"
            "✅ Configuration valid\n");
}

TEST_F(ValidateTest, EveryFaultIsTold) {
  EXPECT_EQ(Validate("namespaces:\n"
                     "  - {name: demo, backend: memstor}\n"
                     "  - {name: iot, pattern: multicast-registry, slots: {registry: {backend: "
                     "memstore}}}\n"),
            kExitUsage);
  EXPECT_NE(out_.str().find("      ✓ keyvalue_scan (memstore implements)\n"), std::string::npos);
  EXPECT_NE(err_.str().find(":2:27: unknown backend 'memstor'"), std::string::npos) << err_.str();
  EXPECT_NE(err_.str().find("slot 'messaging' of pattern"), std::string::npos) << err_.str();
  EXPECT_NE(err_.str().find("2 faults"), std::string::npos);
}

TEST_F(ValidateTest, AsJson) {
  EXPECT_EQ(Validate("namespaces: []\n", Format::kJson), kExitUsage);
  EXPECT_NE(out_.str().find(R"("valid":false)"), std::string::npos);
  EXPECT_NE(out_.str().find(R"("message":"'namespaces' is empty")"), std::string::npos);
}

TEST_F(ValidateTest, GenerateRefusesWhatWouldNotValidate) {
  EXPECT_EQ(
      RunGenerate({.pattern = "multicast-registry", .slots = {"registry:memstore"}}, {out_, err_}),
      kExitUsage);
  EXPECT_EQ(out_.str(), "");
  EXPECT_NE(err_.str().find("slot 'messaging'"), std::string::npos) << err_.str();
  EXPECT_EQ(RunGenerate({.pattern = "p", .slots = {"nonsense"}}, {out_, err_}), kExitUsage);
  EXPECT_NE(err_.str().find("slot:backend"), std::string::npos);
}

}  // namespace
}  // namespace prism::cli
