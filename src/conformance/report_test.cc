#include "conformance/report.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <optional>

#include "conformance/show.h"

namespace prism::conformance {
namespace {

using std::chrono::milliseconds;

Report Example() {
  CaseReport passed{"goes", {"It goes."}, Outcome::kPassed, "", {}, milliseconds(1500)};
  CaseReport failed{
      "breaks",         {}, Outcome::kFailed, "", {{"src/x.cc", 7, "expected \"<a>\"\n& got \x01"}},
      milliseconds(500)};
  CaseReport skipped{"waits", {}, Outcome::kSkipped, "needs <more>", {}, {}};
  Report report;
  report.name_space = "demo";
  report.interfaces.push_back({"keyvalue_basic", true, {passed, failed}});
  report.interfaces.push_back({"keyvalue_cas", false, {skipped}});
  report.took = milliseconds(2000);
  return report;
}

TEST(Report, Counts) {
  const Report report = Example();
  EXPECT_EQ(report.counts().total, 3u);
  EXPECT_EQ(report.counts().passed, 1u);
  EXPECT_EQ(report.counts().failed, 1u);
  EXPECT_EQ(report.counts().skipped, 1u);
  EXPECT_EQ(report.interfaces[0].took(), milliseconds(2000));
}

TEST(Report, Json) {
  const boost::json::value json = boost::json::parse(ToJson(Example()));
  const auto& interface = json.at("interfaces").at(0);
  EXPECT_EQ(interface.at("interface"), "keyvalue_basic");
  EXPECT_EQ(interface.at("total").to_number<int>(), 2);
  EXPECT_EQ(interface.at("passed").to_number<int>(), 1);
  EXPECT_EQ(interface.at("failed").to_number<int>(), 1);
  const auto& failed = interface.at("cases").at(1);
  EXPECT_EQ(failed.at("name"), "breaks");
  EXPECT_EQ(failed.at("result"), "failed");
  EXPECT_EQ(failed.at("failures").at(0).at("file"), "src/x.cc");
  EXPECT_EQ(failed.at("failures").at(0).at("line").to_number<int>(), 7);
  EXPECT_EQ(interface.at("cases").at(0).at("duration_ms").to_number<double>(), 1500.0);
  EXPECT_EQ(interface.at("cases").at(0).at("proves").at(0), "It goes.");
  EXPECT_EQ(json.at("interfaces").at(1).at("claimed"), false);
  EXPECT_EQ(json.at("interfaces").at(1).at("cases").at(0).at("reason"), "needs <more>");
  EXPECT_EQ(json.at("total").to_number<int>(), 3);
}

TEST(Report, Junit) {
  EXPECT_EQ(ToJunit(Example()),
            R"(<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="conformance" tests="3" failures="1" errors="0" skipped="1" time="2.000">
  <testsuite name="keyvalue_basic" tests="2" failures="1" errors="0" skipped="0" time="2.000">
    <testcase classname="keyvalue_basic" name="goes" time="1.500">
    </testcase>
    <testcase classname="keyvalue_basic" name="breaks" time="0.500">
      <failure message="expected &quot;&lt;a&gt;&quot;&#10;&amp; got ?">)"
            R"(src/x.cc:7: expected &quot;&lt;a&gt;&quot;&#10;&amp; got ?&#10;</failure>
    </testcase>
  </testsuite>
  <testsuite name="keyvalue_cas" tests="1" failures="0" errors="0" skipped="1" time="0.000">
    <testcase classname="keyvalue_cas" name="waits" time="0.000">
      <skipped message="needs &lt;more&gt;"/>
    </testcase>
  </testsuite>
</testsuites>
)");
}

TEST(Show, WritesValuesOnOneLine) {
  EXPECT_EQ(Show(std::string("a\"\\\n\xff")), R"("a\"\\\x0a\xff")");
  EXPECT_EQ(Show(std::string(100, 'x')), "\"" + std::string(80, 'x') + "\"... of 100 bytes");
  EXPECT_EQ(Show(true), "true");
  EXPECT_EQ(Show(-5), "-5");
  EXPECT_EQ(Show(Code::kNotFound), "NOT_FOUND");
  EXPECT_EQ(Show(std::optional<std::string>()), "absent");
  EXPECT_EQ(Show(std::vector<bool>{true, false}), "[true, false]");
  EXPECT_EQ(Show(std::vector<int>(10, 1)), "[1, 1, 1, 1, 1, 1, 1, 1, ... of 10]");
}

TEST(Show, TellsWhereSequencesDiffer) {
  const std::vector<int> actual = {1, 2};
  const std::vector<int> expected = {1, 3, 4};
  EXPECT_EQ(ShowDifference(actual, expected),
            "expected [1, 3, 4], got [1, 2]; they differ from place 1 on: 3 against 2");
  EXPECT_EQ(ShowDifference(expected, {1, 3}),
            "expected [1, 3], got [1, 3, 4]; they differ from place 2 on: its end against 4");
}

}  // namespace
}  // namespace prism::conformance
