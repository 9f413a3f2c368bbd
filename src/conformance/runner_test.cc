#include "conformance/runner.h"

#include <gtest/gtest.h>

#include "conformance/case_context.h"
#include "conformance/conformance.h"
#include "interfaces/keyvalue_basic.prism.h"
#include "prism/interfaces/keyvalue_basic.pb.h"

namespace prism::conformance {
namespace {

using std::chrono::milliseconds;

Task<void> Passes(CaseContext& c) {
  co_await c.Call(&KeyValueBasicStub::Set, [] {
    keyvalue::v1::SetRequest request;
    request.set_key("key");
    return request;
  }());
  c.Expect(c.ok(), "nothing has failed");
}

Task<void> Fails(CaseContext& c) {
  c.ExpectEq(1, 2);
  c.Expect(!c.ok(), "a failure is known to the case");
  co_return;
}

Task<void> FailsOften(CaseContext& c) {
  for (int i = 0; i < 1'000; ++i) c.Fail("again");
  co_return;
}

Task<void> RefusedCall(CaseContext& c) {
  co_await c.Call(&KeyValueBasicStub::Get, keyvalue::v1::GetRequest());
}

// Waits for what never comes, in several clients.
Task<void> Hangs(CaseContext& c) {
  co_await c.Concurrently(3, [&](int) -> Task<void> { co_await c.Sleep(std::chrono::hours(1)); });
}

Task<void> NeverComesTrue(CaseContext& c) {
  co_await c.Until("pigs fly", []() -> Task<bool> { co_return false; });
}

int cleaned = 0;
Task<void> MakesSomething(CaseContext& c) {
  c.Note("thing");
  co_return;
}
Task<void> Clean(CaseContext& c) {
  cleaned += static_cast<int>(c.noted().size());
  co_return;
}

constexpr InterfaceInfo kElsewhere = {"elsewhere", "", {}, -1};

constexpr Case kCases[] = {
    {"passes", {"A sentence."}, &Passes},
    {"fails", {}, &Fails},
    {"fails_often", {}, &FailsOften},
    {"refused_call", {}, &RefusedCall},
    {"hangs", {}, &Hangs},
    {"never_comes_true", {}, &NeverComesTrue},
    {"makes_something", {}, &MakesSomething},
    {"needs_more", {}, &Passes, {&kElsewhere}},
    {"needs_other", {}, &Passes, {}, true},
};
constexpr Suite kSuite = {&KeyValueBasic::Info(), kCases, {}, &Clean};
const Suite* const kSuites[] = {&kSuite};

RunRequest Request(std::string name) {
  RunRequest request;
  request.place = EmbeddedConfig();
  request.name_space = kEmbeddedNamespace;
  request.selection.interfaces = {"keyvalue_basic"};
  request.selection.cases = {std::move(name)};
  request.selection.case_timeout = milliseconds(300);
  return request;
}

CaseReport RunCase(std::string name) {
  const Result<Report> report = RunSuites(Request(std::move(name)), kSuites);
  EXPECT_TRUE(report.ok()) << report.status().ToString();
  if (!report.ok() || report->counts().total != 1) return {};
  return report->interfaces[0].cases[0];
}

TEST(Runner, PassesAndFails) {
  const CaseReport passed = RunCase("passes");
  EXPECT_EQ(passed.name, "passes");
  EXPECT_EQ(passed.outcome, Outcome::kPassed);
  EXPECT_EQ(passed.proves, std::vector<std::string>{"A sentence."});
  const CaseReport failed = RunCase("fails");
  EXPECT_EQ(failed.outcome, Outcome::kFailed);
  ASSERT_EQ(failed.failures.size(), 1u);
  EXPECT_EQ(failed.failures[0].message, "expected 2, got 1");
  EXPECT_EQ(failed.failures[0].file, "src/conformance/runner_test.cc");
  EXPECT_GT(failed.failures[0].line, 1u);
}

TEST(Runner, KeepsABoundedNumberOfFailures) {
  EXPECT_EQ(RunCase("fails_often").failures.size(), CaseRun::kMaxFailures);
}

TEST(Runner, ACallThatFailsIsAFailure) {
  const CaseReport report = RunCase("refused_call");
  ASSERT_EQ(report.failures.size(), 1u);
  EXPECT_NE(report.failures[0].message.find("INVALID_ARGUMENT"), std::string::npos);
}

TEST(Runner, EndsWhatDoesNotEnd) {
  const CaseReport hung = RunCase("hangs");
  EXPECT_EQ(hung.outcome, Outcome::kFailed);
  ASSERT_EQ(hung.failures.size(), 1u);
  EXPECT_EQ(hung.failures[0].message, "the case did not end in time");
  const CaseReport waited = RunCase("never_comes_true");
  ASSERT_EQ(waited.failures.size(), 1u);
  EXPECT_EQ(waited.failures[0].message, "it never came true that pigs fly");
}

TEST(Runner, CleansUp) {
  cleaned = 0;
  EXPECT_EQ(RunCase("makes_something").outcome, Outcome::kPassed);
  EXPECT_EQ(cleaned, 1);
  EXPECT_EQ(RunCase("passes").outcome, Outcome::kPassed);
  EXPECT_EQ(cleaned, 1) << "nothing was noted";
}

TEST(Runner, SkipsWithAReason) {
  const CaseReport more = RunCase("needs_more");
  EXPECT_EQ(more.outcome, Outcome::kSkipped);
  EXPECT_NE(more.skipped_because.find("elsewhere"), std::string::npos);
  const CaseReport other = RunCase("needs_other");
  EXPECT_EQ(other.outcome, Outcome::kSkipped);
  EXPECT_NE(other.skipped_because.find("--other-namespace"), std::string::npos);
  RunRequest request = Request("needs_other");
  request.other_namespace = kEmbeddedOther;
  const Result<Report> report = RunSuites(request, kSuites);
  ASSERT_TRUE(report.ok());
  EXPECT_EQ(report->counts().passed, 1u);
}

// One case that fails takes nothing from the others, and the order is that of the table.
TEST(Runner, RunsAllSideBySide) {
  RunRequest request = Request("*");
  request.selection.jobs = 3;
  size_t last = 0;
  request.on_progress = [&](const Progress& progress) {
    EXPECT_EQ(progress.done, ++last);
    EXPECT_EQ(progress.total, std::size(kCases) + CommonCases().size());
  };
  const Result<Report> report = RunSuites(request, kSuites);
  ASSERT_TRUE(report.ok());
  EXPECT_EQ(last, std::size(kCases) + CommonCases().size());
  const InterfaceReport& interface = report->interfaces[0];
  EXPECT_TRUE(interface.claimed);
  for (size_t i = 0; i < std::size(kCases); ++i) EXPECT_EQ(interface.cases[i].name, kCases[i].name);
  const Counts counts = report->counts();
  EXPECT_EQ(counts.passed, 2u + CommonCases().size());
  EXPECT_EQ(counts.failed, 5u);
  EXPECT_EQ(counts.skipped, 2u);
}

TEST(Runner, CannotStartWithoutANamespaceOrAGateway) {
  RunRequest request = Request("*");
  request.name_space = "nowhere";
  const Result<Report> unknown = RunSuites(request, kSuites);
  ASSERT_FALSE(unknown.ok());
  EXPECT_EQ(unknown.status().code(), Code::kNotFound);

  grpc::ClientOptions nobody;
  nobody.target = "unix:/nowhere/prism.sock";
  request.place = nobody;
  const Result<Report> unreachable = RunSuites(request, kSuites);
  ASSERT_FALSE(unreachable.ok());
  EXPECT_EQ(unreachable.status().code(), Code::kUnavailable);
}

TEST(Selected, IsByPatternsOfTheShell) {
  EXPECT_TRUE(Selected({}, "any"));
  EXPECT_TRUE(Selected({"x", "key*_b?sic"}, "keyvalue_basic"));
  EXPECT_FALSE(Selected({"keyvalue"}, "keyvalue_basic"));
}

}  // namespace
}  // namespace prism::conformance
