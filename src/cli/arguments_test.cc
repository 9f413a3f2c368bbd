#include "cli/arguments.h"

#include <gtest/gtest.h>

#include <cstdlib>

namespace prism::cli {
namespace {

class ArgumentsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const char* name : {"PRISM_TARGET", "PRISM_NAMESPACE", "PRISM_ADMIN", "PRISM_CONFIG"}) {
      unsetenv(name);
    }
  }

  template <class Options>
  static Options Parse(std::vector<std::string> words) {
    const Arguments arguments = ParseArguments(std::move(words));
    EXPECT_EQ(arguments.err, "");
    EXPECT_TRUE(arguments.command && std::holds_alternative<Options>(*arguments.command));
    return arguments.command ? std::get<Options>(*arguments.command) : Options();
  }
  static std::string Refusal(std::vector<std::string> words) {
    const Arguments arguments = ParseArguments(std::move(words));
    EXPECT_FALSE(arguments.command);
    EXPECT_EQ(arguments.exit_code, kExitUsage);
    EXPECT_EQ(arguments.out, "");
    return arguments.err;
  }
  static std::string Help(std::vector<std::string> words) {
    const Arguments arguments = ParseArguments(std::move(words));
    EXPECT_FALSE(arguments.command);
    EXPECT_EQ(arguments.exit_code, kExitOk);
    EXPECT_EQ(arguments.err, "");
    return arguments.out;
  }
};

bool Contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST_F(ArgumentsTest, Serve) {
  const auto options = Parse<ServeOptions>({"serve", "--config", "p.yaml"});
  EXPECT_EQ(options.config_path, "p.yaml");
  EXPECT_TRUE(Contains(Refusal({"serve"}), "--config is required"));
}

TEST_F(ArgumentsTest, KvVerbs) {
  const std::vector<std::pair<std::string, KvVerb>> verbs = {
      {"get", KvVerb::kGet},        {"delete", KvVerb::kDelete}, {"exists", KvVerb::kExists},
      {"scan", KvVerb::kScan},      {"count", KvVerb::kCount},   {"ttl", KvVerb::kTtl},
      {"persist", KvVerb::kPersist}};
  for (const auto& [name, verb] : verbs) {
    const auto options = Parse<KvOptions>({"kv", name, "k"});
    EXPECT_EQ(options.verb, verb) << name;
    EXPECT_EQ(options.key, "k") << name;
  }
  EXPECT_EQ(Parse<KvOptions>({"kv", "scan"}).key, "");
}

TEST_F(ArgumentsTest, KvSetTakesAnyValue) {
  for (const std::string value : {"v", "", "-", "@file", "a b=c", "--", "-5"}) {
    std::vector<std::string> words = {"kv", "set", "k"};
    if (value.starts_with('-') && value != "-") words.push_back("--");
    words.push_back(value);
    const auto options = Parse<KvOptions>(words);
    EXPECT_EQ(options.verb, KvVerb::kSet);
    EXPECT_EQ(options.value, value);
  }
  EXPECT_TRUE(Contains(Refusal({"kv", "set", "k"}), "value is required"));
  Refusal({"kv", "set", "k", "v", "more"});
}

TEST_F(ArgumentsTest, KvOptionsStandAnywhere) {
  const std::vector<std::vector<std::string>> orders = {
      {"kv", "-n", "shop", "--target", "h:1", "--output", "json", "get", "k"},
      {"kv", "get", "k", "-n", "shop", "--target=h:1", "-o", "json"}};
  for (const auto& words : orders) {
    const auto options = Parse<KvOptions>(words);
    EXPECT_EQ(options.target.name_space, "shop");
    EXPECT_EQ(options.target.target, "h:1");
    EXPECT_EQ(options.format, Format::kJson);
    EXPECT_EQ(options.key, "k");
  }
}

TEST_F(ArgumentsTest, EnvironmentFillsWhatIsLeftOpen) {
  setenv("PRISM_TARGET", "env:1", 1);
  setenv("PRISM_NAMESPACE", "env", 1);
  setenv("PRISM_ADMIN", "env:2", 1);
  const auto options = Parse<KvOptions>({"kv", "get", "k", "-n", "shop"});
  EXPECT_EQ(options.target.target, "env:1");
  EXPECT_EQ(options.target.name_space, "shop");
  EXPECT_EQ(Parse<StatusOptions>({"status"}).admin, "env:2");
  SetUp();
  EXPECT_EQ(Parse<KvOptions>({"kv", "get", "k"}).target.target, "127.0.0.1:50051");
  EXPECT_EQ(Parse<StatusOptions>({"status"}).admin, "127.0.0.1:9090");
}

TEST_F(ArgumentsTest, Cas) {
  auto options = Parse<KvOptions>({"kv", "cas", "k", "new", "--expect", "old"});
  EXPECT_EQ(options.verb, KvVerb::kCas);
  EXPECT_EQ(options.value, "new");
  EXPECT_EQ(options.expected, "old");
  EXPECT_EQ(Parse<KvOptions>({"kv", "cas", "k", "new", "--expect", ""}).expected, "");
  EXPECT_EQ(Parse<KvOptions>({"kv", "cas", "k", "new", "--absent"}).expected, std::nullopt);
  EXPECT_TRUE(Parse<KvOptions>({"kv", "cas", "k", "--delete", "--expect", "old"}).remove);
  Refusal({"kv", "cas", "k", "new"});
  Refusal({"kv", "cas", "k", "--expect", "old"});
  Refusal({"kv", "cas", "k", "--absent", "--delete"});
  Refusal({"kv", "cas", "k", "new", "--absent", "--expect", "old"});
}

TEST_F(ArgumentsTest, DurationsAndNumbers) {
  EXPECT_EQ(Parse<KvOptions>({"kv", "expire", "k", "2m"}).ttl, std::chrono::minutes(2));
  EXPECT_EQ(Parse<KvOptions>({"kv", "get", "k", "--timeout", "250ms"}).target.timeout,
            std::chrono::milliseconds(250));
  EXPECT_EQ(Parse<KvOptions>({"kv", "scan", "--limit", "7", "--keys"}).limit, 7u);
  EXPECT_TRUE(Contains(Refusal({"kv", "expire", "k", "10"}), "no duration"));
  EXPECT_TRUE(Contains(Refusal({"kv", "expire", "k"}), "ttl is required"));
  Refusal({"kv", "scan", "--limit", "-1"});
  Refusal({"kv", "get", "k", "--output", "xml"});
}

TEST_F(ArgumentsTest, Tls) {
  const auto options = Parse<KvOptions>({"kv", "get", "k", "--tls-cert", "c", "--tls-key", "p",
                                         "--tls-ca", "a", "--tls-server-name", "n"});
  EXPECT_EQ(options.target.tls_certificate, "c");
  EXPECT_EQ(options.target.tls_key, "p");
  EXPECT_EQ(options.target.tls_ca, "a");
  EXPECT_EQ(options.target.tls_server_name, "n");
  Refusal({"kv", "get", "k", "--tls-cert", "c"});
}

TEST_F(ArgumentsTest, UnknownWordsSuggestTheNearest) {
  EXPECT_TRUE(Contains(Refusal({"sevre"}), "unknown command 'sevre'; did you mean 'serve'?"));
  EXPECT_TRUE(Contains(Refusal({"kv", "-n", "get", "dlete", "k"}),
                       "unknown command 'dlete'; did you mean 'delete'?\nSee 'prism kv --help'"));
  EXPECT_TRUE(Contains(Refusal({"kv", "get", "k", "--namspace", "x"}),
                       "unknown option '--namspace'; did you mean '--namespace'?"));
  EXPECT_TRUE(Contains(Refusal({"frobnicate"}), "unknown command 'frobnicate'\n"));
  EXPECT_TRUE(Contains(Refusal({"kv", "\033[2J"}), "\\x1b[2J"));
  Refusal({});
  Refusal({"kv"});
}

TEST_F(ArgumentsTest, HelpAndVersion) {
  EXPECT_TRUE(Contains(Help({"--help"}), "prism serve --config prism.yaml"));
  EXPECT_TRUE(Contains(Help({"kv", "--help"}), "prism kv scan user/ --limit 20"));
  EXPECT_TRUE(Contains(Help({"kv", "cas", "--help"}), "--expect"));
  EXPECT_TRUE(Contains(Help({"serve", "--help"}), "--config"));
  EXPECT_TRUE(Contains(Help({"status", "--help"}), "--admin"));
  EXPECT_TRUE(Help({"--version"}).starts_with("prism 0."));
}

TEST_F(ArgumentsTest, Conformance) {
  setenv("PRISM_TARGET", "10.0.0.7:1", 1);  // suites write: only the command line says where
  const auto embedded = Parse<ConformanceOptions>({"conformance"});
  EXPECT_EQ(embedded.target.target, "");
  EXPECT_EQ(embedded.format, ReportFormat::kTable);
  unsetenv("PRISM_TARGET");
  const auto options = Parse<ConformanceOptions>({"conformance", "--config",
                                                  "p.yaml",      "-n",
                                                  "orders",      "--other-namespace",
                                                  "carts",       "--interface",
                                                  "keyvalue_*",  "--interface",
                                                  "list_*",      "--case",
                                                  "swap_*",      "--jobs",
                                                  "2",           "--case-timeout",
                                                  "5s",          "-o",
                                                  "junit",       "--output-file",
                                                  "r.xml",       "--list"});
  EXPECT_EQ(options.config, "p.yaml");
  EXPECT_EQ(options.target.name_space, "orders");
  EXPECT_EQ(options.other_namespace, "carts");
  EXPECT_EQ(options.interfaces, (std::vector<std::string>{"keyvalue_*", "list_*"}));
  EXPECT_EQ(options.cases, std::vector<std::string>{"swap_*"});
  EXPECT_EQ(options.jobs, 2);
  EXPECT_EQ(options.case_timeout, std::chrono::seconds(5));
  EXPECT_EQ(options.format, ReportFormat::kJunit);
  EXPECT_EQ(options.output_file, "r.xml");
  EXPECT_TRUE(options.list);
  const auto target = Parse<ConformanceOptions>(
      {"conformance", "--target", "host:1", "-n", "orders", "--tls-ca", "ca.pem"});
  EXPECT_EQ(target.target.target, "host:1");
  EXPECT_EQ(target.target.tls_ca, "ca.pem");
  Refusal({"conformance", "--target", "host:1", "--config", "p.yaml"});
  Refusal({"conformance", "--jobs", "0"});
  Refusal({"conformance", "-o", "xml"});
  EXPECT_TRUE(Contains(Refusal({"conformance", "--intreface", "x"}), "--interface"));
  for (const char* part : {"--list", "--other-namespace", "Exit codes: 0 all passed"}) {
    EXPECT_TRUE(Contains(Help({"conformance", "--help"}), part)) << part;
  }
}

}  // namespace
}  // namespace prism::cli
