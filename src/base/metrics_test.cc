#include "base/metrics.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

namespace prism {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

std::vector<std::string> Lines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

// Every sample of a page by "name{labels}". Fails on what exposition format 0.0.4 forbids.
std::map<std::string, double> ParsePage(const std::string& page) {
  static const std::regex kMeta(R"(# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+))");
  static const std::regex kSample(
      R"re(([a-zA-Z_:][a-zA-Z0-9_:]*))re"
      R"re((\{([a-zA-Z_][a-zA-Z0-9_]*="([^"\\]|\\["\\n])*",?)+\})? ([-+0-9.eInfNa]+))re");
  std::map<std::string, double> samples;
  std::set<std::string> families;
  std::string family;
  EXPECT_TRUE(page.empty() || page.back() == '\n');
  for (const std::string& line : Lines(page)) {
    std::smatch match;
    if (std::regex_match(line, match, kMeta)) {
      if (match[1] == "HELP") {
        EXPECT_TRUE(families.insert(match[2]).second) << "family split in two: " << line;
        family = match[2];
      } else {
        EXPECT_EQ(family, match[2]) << "TYPE must follow its HELP";
      }
      continue;
    }
    EXPECT_TRUE(std::regex_match(line, match, kSample)) << line;
    EXPECT_EQ(match[1].str().rfind(family, 0), 0u) << line << " outside its family " << family;
    const std::string key = match[1].str() + match[2].str();
    EXPECT_TRUE(samples.emplace(key, std::stod(match[5])).second) << "twice: " << key;
  }
  return samples;
}

TEST(HistogramTest, BucketsAreInclusiveAboveAndExact) {
  for (size_t i = 0; i < kLatencyBoundsNs.size(); ++i) {
    EXPECT_EQ(Histogram::BucketOf(kLatencyBoundsNs[i] - 1), i);
    EXPECT_EQ(Histogram::BucketOf(kLatencyBoundsNs[i]), i);
    EXPECT_EQ(Histogram::BucketOf(kLatencyBoundsNs[i] + 1), i + 1);
  }
  EXPECT_EQ(Histogram::BucketOf(0), 0u);
  EXPECT_EQ(Histogram::BucketOf(UINT64_MAX), kLatencyBoundsNs.size());
}

TEST(HistogramTest, AgreesWithASearchEverywhere) {
  for (uint64_t ns = 1; ns < uint64_t{1} << 62; ns += ns / 97 + 1) {
    const auto bound = std::lower_bound(kLatencyBoundsNs.begin(), kLatencyBoundsNs.end(), ns);
    ASSERT_EQ(Histogram::BucketOf(ns), size_t(bound - kLatencyBoundsNs.begin())) << ns;
  }
}

TEST(HistogramTest, CountsAndSums) {
  Histogram histogram;
  histogram.Record(microseconds(40));
  histogram.Record(milliseconds(3));
  histogram.Record(nanoseconds(-5));
  EXPECT_EQ(histogram.bucket(2), 1u);
  EXPECT_EQ(histogram.bucket(0), 1u) << "a negative time counts as none";
  EXPECT_EQ(histogram.sum_ns(), 3'040'000u);
}

TEST(MetricsTest, AnEmptyRegistryRendersNothing) { EXPECT_EQ(MetricsRegistry().Render(), ""); }

TEST(MetricsTest, MethodsAreSummedOverWorkers) {
  MetricsRegistry registry;
  for (int worker = 0; worker < 3; ++worker) {
    MethodMetrics& get = registry.AddShard().GetMethod("demo", "/prism.kv/Get");
    get.Begin();
    get.Begin();
    get.End(Code::kOk, microseconds(80));
    get.received_bytes.Add(10);
    get.sent_bytes.Add(20);
  }
  MethodMetrics& get = registry.AddShard().GetMethod("demo", "/prism.kv/Get");
  get.Begin();
  get.End(Code::kNotFound, seconds(90));

  const auto samples = ParsePage(registry.Render());
  const std::string labels = R"(namespace="demo",method="/prism.kv/Get")";
  const auto at = [&](const std::string& name, const std::string& more = "") {
    const auto it = samples.find(name + "{" + labels + more + "}");
    return it == samples.end() ? -1 : it->second;
  };
  EXPECT_EQ(at("prism_requests_total", R"(,code="OK")"), 3);
  EXPECT_EQ(at("prism_requests_total", R"(,code="NOT_FOUND")"), 1);
  EXPECT_EQ(at("prism_requests_total", R"(,code="ABORTED")"), -1) << "codes not seen are not told";
  EXPECT_EQ(at("prism_requests_in_flight"), 3);
  EXPECT_EQ(at("prism_received_bytes_total"), 30);
  EXPECT_EQ(at("prism_sent_bytes_total"), 60);
  EXPECT_EQ(at("prism_request_duration_seconds_bucket", R"(,le="5e-05")"), 0);
  EXPECT_EQ(at("prism_request_duration_seconds_bucket", R"(,le="0.0001")"), 3);
  EXPECT_EQ(at("prism_request_duration_seconds_bucket", R"(,le="60")"), 3);
  EXPECT_EQ(at("prism_request_duration_seconds_bucket", R"(,le="+Inf")"), 4);
  EXPECT_EQ(at("prism_request_duration_seconds_count"), 4);
  EXPECT_DOUBLE_EQ(at("prism_request_duration_seconds_sum"), 90.00024);
}

TEST(MetricsTest, TotalsOfOneNamespaceAndOfAll) {
  MetricsRegistry registry;
  MetricShard& one = registry.AddShard();
  MetricShard& two = registry.AddShard();
  for (MethodMetrics* metrics : {&one.GetMethod("a", "m"), &two.GetMethod("a", "n")}) {
    metrics->Begin();
    metrics->Begin();
    metrics->End(Code::kOk, microseconds(1));
  }
  one.GetMethod("ab", "m").End(Code::kAborted, microseconds(1));
  one.GetMethod("ab", "m").Begin();
  const MethodTotals of_a = registry.Totals("a");
  EXPECT_EQ(of_a.requests, 2u);
  EXPECT_EQ(of_a.errors, 0u);
  EXPECT_EQ(of_a.in_flight, 2u);
  EXPECT_EQ(registry.AllTotals().requests, 3u);
  EXPECT_EQ(registry.AllTotals().errors, 1u);
  EXPECT_EQ(registry.Totals("none").requests, 0u);
}

TEST(MetricsTest, TheSameArgumentsGiveTheSameCell) {
  MetricsRegistry registry;
  MetricShard& shard = registry.AddShard();
  EXPECT_EQ(&shard.GetMethod("a", "m"), &shard.GetMethod("a", "m"));
  EXPECT_NE(&shard.GetMethod("a", "m"), &shard.GetMethod("b", "m"));
  EXPECT_EQ(&shard.GetGauge(kConnectionsMetric), &shard.GetGauge(kConnectionsMetric));
  EXPECT_NE(&shard.GetCounter(kConnectionsRefusedMetric, {{"reason", "limit"}}),
            &shard.GetCounter(kConnectionsRefusedMetric, {{"reason", "tls"}}));
}

TEST(MetricsTest, LabelsAndHelpAreEscaped) {
  static constexpr MetricInfo kOdd = {"odd_total", "back\\slash\nnew line", MetricType::kCounter};
  MetricsRegistry registry;
  registry.AddShard().GetCounter(kOdd, {{"v", "q\"b\\n\nu\xC3\xA9\xFF"}}).Add(7);
  const std::string page = registry.Render();
  ParsePage(page);
  EXPECT_EQ(page,
            "# HELP odd_total back\\\\slash\\nnew line\n"
            "# TYPE odd_total counter\n"
            "odd_total{v=\"q\\\"b\\\\n\\nu\xC3\xA9\xEF\xBF\xBD\"} 7\n");
}

TEST(MetricsTest, SingleCellsAndCallbacks) {
  static constexpr MetricInfo kLag = {"prism_lag_seconds", "Lag.", MetricType::kHistogram};
  static constexpr MetricInfo kInfo = {"prism_build_info", "Build.", MetricType::kGauge};
  MetricsRegistry registry;
  MetricShard& shard = registry.AddShard();
  shard.GetGauge(kConnectionsMetric).Set(5);
  registry.AddShard().GetGauge(kConnectionsMetric).Sub(2);
  shard.GetHistogram(kLag).Record(milliseconds(1));
  registry.AddCallback(kInfo, {{"version", "1"}}, [] { return 1.5; });
  auto samples = ParsePage(registry.Render());
  EXPECT_EQ(samples["prism_connections"], 3);
  EXPECT_EQ(samples["prism_lag_seconds_bucket{le=\"0.001\"}"], 1);
  EXPECT_EQ(samples["prism_lag_seconds_count"], 1);
  EXPECT_EQ(samples["prism_build_info{version=\"1\"}"], 1.5);
}

TEST(MetricsTest, RendersWhileWorkersWriteAndCreate) {
  MetricsRegistry registry;
  std::atomic<int> running{2};
  std::vector<std::thread> workers;
  for (int w = 0; w < 2; ++w) {
    workers.emplace_back([&registry, &running, shard = &registry.AddShard()] {
      for (int i = 0; i < 2000; ++i) {
        MethodMetrics& metrics = shard->GetMethod(std::to_string(i % 50), "m");
        metrics.Begin();
        metrics.End(Code::kOk, microseconds(i));
      }
      --running;
    });
  }
  while (running > 0) registry.Render();
  for (auto& worker : workers) worker.join();
  EXPECT_EQ(
      ParsePage(registry.Render())[R"(prism_requests_total{namespace="7",method="m",code="OK"})"],
      80);
}

}  // namespace
}  // namespace prism
