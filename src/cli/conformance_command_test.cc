#include "cli/conformance_command.h"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <sstream>

namespace prism::cli {
namespace {

// The command with what it wrote.
struct Ran {
  int exit_code = -1;
  std::string out;
  std::string err;
};

Ran RunWith(const ConformanceOptions& options) {
  std::ostringstream out, err;
  const int exit_code = RunConformance(options, {out, err});
  return {exit_code, out.str(), err.str()};
}

bool Contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

// Like `prism conformance`, whose target is empty unless given.
ConformanceOptions Options() {
  ConformanceOptions options;
  options.target.target.clear();
  options.interfaces = {"keyvalue_cas"};
  options.cases = {"swap_*"};
  return options;
}

class ConfigFile {
 public:
  explicit ConfigFile(const std::string& text) {
    char name[] = "/tmp/prism-conformance-XXXXXX";
    close(mkstemp(name));
    path_ = name;
    std::ofstream(path_) << text;
  }
  ~ConfigFile() { std::remove(path_.c_str()); }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

constexpr char kTwoNamespaces[] =
    "listen: 127.0.0.1:1\n"
    "namespaces:\n"
    "  - {name: orders, backend: memstore}\n"
    "  - {name: carts, backend: memstore}\n";

TEST(Conformance, EmbeddedByDefault) {
  const Ran ran = RunWith(Options());
  EXPECT_EQ(ran.exit_code, kExitOk) << ran.err;
  EXPECT_TRUE(Contains(ran.out, "keyvalue_cas  pass")) << ran.out;
  EXPECT_TRUE(Contains(ran.out, "3 cases: 3 passed, 0 failed, 0 skipped")) << ran.out;
}

TEST(Conformance, TakesANamespaceOfAConfiguration) {
  const ConfigFile file(kTwoNamespaces);
  ConformanceOptions options = Options();
  options.config = file.path();
  options.target.name_space = "orders";
  options.other_namespace = "carts";
  const Ran ran = RunWith(options);
  EXPECT_EQ(ran.exit_code, kExitOk) << ran.err;
  EXPECT_TRUE(Contains(ran.out, "namespace orders")) << ran.out;
}

TEST(Conformance, TheOnlyNamespaceNeedsNoName) {
  const ConfigFile file("namespaces: [{name: alone, backend: memstore}]\n");
  ConformanceOptions options = Options();
  options.config = file.path();
  EXPECT_TRUE(Contains(RunWith(options).out, "namespace alone"));
}

TEST(Conformance, SaysWhatIsWrong) {
  const ConfigFile file(kTwoNamespaces);
  ConformanceOptions options = Options();
  options.config = file.path();
  EXPECT_EQ(RunWith(options).exit_code, kExitUsage);
  EXPECT_TRUE(Contains(RunWith(options).err, "orders, carts"));
  options.target.name_space = "order";
  EXPECT_TRUE(Contains(RunWith(options).err, "no namespace 'order'"));
  options.target.name_space = options.other_namespace = "orders";
  EXPECT_TRUE(Contains(RunWith(options).err, "--other-namespace"));
  options.config = "/nowhere.yaml";
  options.other_namespace.clear();
  EXPECT_EQ(RunWith(options).exit_code, kExitUsage);

  ConformanceOptions embedded = Options();
  embedded.target.name_space = "orders";
  EXPECT_TRUE(Contains(RunWith(embedded).err, "--config"));
  ConformanceOptions nothing = Options();
  nothing.cases = {"no_such_case"};
  EXPECT_EQ(RunWith(nothing).exit_code, kExitUsage);
  EXPECT_TRUE(Contains(RunWith(nothing).err, "no case matches"));
}

TEST(Conformance, AGatewayThatIsNotThere) {
  ConformanceOptions options = Options();
  options.target.target = "unix:/nowhere/prism.sock";
  EXPECT_TRUE(Contains(RunWith(options).err, "--namespace"));
  options.target.name_space = "demo";
  const Ran ran = RunWith(options);
  EXPECT_EQ(ran.exit_code, kExitUsage);
  EXPECT_TRUE(Contains(ran.err, "UNAVAILABLE")) << ran.err;
}

TEST(Conformance, WritesReports) {
  ConformanceOptions options = Options();
  options.format = ReportFormat::kJson;
  EXPECT_TRUE(Contains(RunWith(options).out, "\"interface\":\"keyvalue_cas\",\"claimed\":true"));
  options.format = ReportFormat::kJunit;
  const ConfigFile file("");
  options.output_file = file.path();
  EXPECT_EQ(RunWith(options).out, "");
  std::ostringstream written;
  written << std::ifstream(file.path()).rdbuf();
  EXPECT_TRUE(Contains(written.str(), "<testsuite name=\"keyvalue_cas\" tests=\"3\""));
  options.output_file = "/nowhere/report.xml";
  EXPECT_EQ(RunWith(options).exit_code, kExitUsage);
}

TEST(Conformance, ListsCases) {
  ConformanceOptions options = Options();
  options.list = true;
  const Ran ran = RunWith(options);
  EXPECT_EQ(ran.exit_code, kExitOk);
  EXPECT_TRUE(Contains(ran.out,
                       "keyvalue_cas swap_removes_the_time_to_live\n"
                       "    A swap removes the time to live.\n"))
      << ran.out;
  EXPECT_FALSE(Contains(ran.out, "keyvalue_basic"));
}

TEST(Conformance, TheTableTellsFailuresAndSkips) {
  using conformance::Outcome;
  conformance::Report report;
  report.name_space = "demo";
  report.interfaces.push_back(
      {"keyvalue_cas",
       true,
       {{"breaks", {"It holds."}, Outcome::kFailed, "", {{"src/x.cc", 7, "it did not"}}, {}},
        {"waits", {}, Outcome::kSkipped, "needs more", {}, {}}}});
  report.interfaces.push_back(
      {"list_basic", false, {{"refused", {}, Outcome::kPassed, "", {}, {}}}});
  std::ostringstream out, err;
  WriteReport({out, err}, report);
  for (const char* part :
       {"keyvalue_cas  FAIL                2      0       1       1",
        "list_basic    not there, refused", "FAIL keyvalue_cas breaks", "the contract: It holds.",
        "src/x.cc:7: it did not", "skipped: keyvalue_cas.waits\n  needs more",
        "3 cases: 1 passed, 1 failed, 1 skipped"}) {
    EXPECT_TRUE(Contains(out.str(), part)) << part << "\n" << out.str();
  }
}

}  // namespace
}  // namespace prism::cli
