#include "base/log.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

namespace prism {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using SystemTime = std::chrono::system_clock::time_point;

// 2026-01-02T03:04:05.678Z
const SystemTime kTime{milliseconds(1'767'323'045'678)};

std::string Text(std::string_view message, LogFields fields = {}) {
  return FormatLogLine(LogFormat::kText, LogLevel::kInfo, kTime, message, fields);
}
std::string Json(std::string_view message, LogFields fields = {}) {
  return FormatLogLine(LogFormat::kJson, LogLevel::kWarn, kTime, message, fields);
}

TEST(LogTest, TextLine) {
  const std::string owned = "two words";
  EXPECT_EQ(Text("listening", {{"address", "127.0.0.1:50051"},
                               {"name", owned},
                               {"workers", 4},
                               {"bytes", size_t{1} << 40},
                               {"share", 0.25},
                               {"tls", true}}),
            "2026-01-02T03:04:05.678Z INFO  listening address=127.0.0.1:50051 name=\"two words\" "
            "workers=4 bytes=1099511627776 share=0.25 tls=true");
}

TEST(LogTest, JsonLine) {
  EXPECT_EQ(Json("slow \"peer\"", {{"peer", "a b"}, {"delta", -3}, {"ok", false}}),
            "{\"time\":\"2026-01-02T03:04:05.678Z\",\"level\":\"warn\",\"message\":"
            "\"slow \\\"peer\\\"\",\"peer\":\"a b\",\"delta\":-3,\"ok\":false}");
}

TEST(LogTest, TextQuotesWhatWouldBeMisread) {
  EXPECT_EQ(Text("m", {{"a", ""}, {"b", "x=y"}, {"c", "q\"q"}, {"d", "\\"}, {"e e", "1"}}),
            "2026-01-02T03:04:05.678Z INFO  m a=\"\" b=\"x=y\" c=\"q\\\"q\" d=\"\\\\\" "
            "\"e e\"=1");
}

TEST(LogTest, NoValueCanForgeALineOrReachTheTerminal) {
  const std::string_view hostile("a\nb\r\t\x1B[31m\x7F\x00z\xC2\x9B", 15);
  const std::string escaped = "a\\nb\\r\\t\\u001b[31m\\u007f\\u0000z\\u009b";
  EXPECT_EQ(Text(hostile), "2026-01-02T03:04:05.678Z INFO  " + escaped);
  EXPECT_EQ(Text("m", {{"k", hostile}}), "2026-01-02T03:04:05.678Z INFO  m k=\"" + escaped + "\"");
  EXPECT_NE(Json(hostile).find("\"" + escaped + "\""), std::string::npos);
}

TEST(LogTest, IllFormedUtf8IsReplacedAndTheRestKept) {
  EXPECT_NE(Json("caf\xC3\xA9 \xE2\x82 \xFF!").find("\"caf\xC3\xA9 \\ufffd\\ufffd \\ufffd!\""),
            std::string::npos);
}

TEST(LogTest, JsonHasNoNumberForInfinity) {
  EXPECT_NE(Json("m", {{"x", std::numeric_limits<double>::infinity()}}).find("\"x\":null"),
            std::string::npos);
}

TEST(LogTest, LevelAndSinkApply) {
  std::vector<std::string> lines;
  SetLogSink([&](std::string_view line) { lines.emplace_back(line); });
  Log(LogLevel::kDebug, "hidden");
  Log(LogLevel::kInfo, "shown", {{"n", 1}});
  SetLogLevel(LogLevel::kOff);
  Log(LogLevel::kError, "hidden");
  SetLogLevel(LogLevel::kDebug);
  SetLogFormat(LogFormat::kJson);
  Log(LogLevel::kDebug, "now shown");
  SetLogLevel(LogLevel::kInfo);
  SetLogFormat(LogFormat::kText);
  SetLogSink(nullptr);
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[0].substr(23), "Z INFO  shown n=1");
  EXPECT_NE(lines[1].find("\"message\":\"now shown\"}"), std::string::npos);
}

TEST(LogTest, WritesOneLineToStderr) {
  testing::internal::CaptureStderr();
  Log(LogLevel::kWarn, "percent %v {} stays", {{"k", "v"}});
  const std::string written = testing::internal::GetCapturedStderr();
  EXPECT_EQ(written.substr(23), "Z WARN  percent %v {} stays k=v\n");
}

TEST(LogLimiterTest, LetsOneThroughPerIntervalAndCounts) {
  LogLimiter limiter(seconds(10));
  const TimePoint start{seconds(100)};
  EXPECT_EQ(limiter.Admit(start), 0u);
  EXPECT_EQ(limiter.Admit(start + seconds(1)), std::nullopt);
  EXPECT_EQ(limiter.Admit(start + seconds(9)), std::nullopt);
  EXPECT_EQ(limiter.Admit(start + seconds(10)), 2u);
  EXPECT_EQ(limiter.Admit(start + seconds(11)), std::nullopt);
}

}  // namespace
}  // namespace prism
