#include "load/report.h"

#include <cstdio>
#include <string>

namespace prism::bench {
namespace {

std::string Quoted(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte >= 0x7f || c == '"' || c == '\\') {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04x", byte);
      quoted += escape;
    } else {
      quoted += c;
    }
  }
  return quoted + '"';
}

// {"wrong_value": 3}: the kinds that occurred.
std::string FailuresAsJson(const Stats& stats) {
  std::string json = "{";
  for (auto f = static_cast<size_t>(Failure::kConnect); f < kFailures; ++f) {
    if (stats.failures[f] == 0) continue;
    if (json.size() > 1) json += ", ";
    json += Quoted(NameOf(static_cast<Failure>(f))) + ": " + std::to_string(stats.failures[f]);
  }
  return json + "}";
}

double Us(uint64_t ns) { return static_cast<double>(ns) / 1000; }

double PerCallUs(double cpu_s, const Stats& stats) {
  return stats.latency.count() == 0 ? 0 : cpu_s * 1e6 / static_cast<double>(stats.latency.count());
}

void PrintJson(const Options& o, const Result& r) {
  const Stats& s = r.stats;
  const auto count = [](uint64_t n) { return static_cast<unsigned long long>(n); };
  std::printf("{\"stage\": \"%s\", \"method\": \"%s\", \"connections\": %d, \"streams\": %d, ",
              r.stage, o.method == Method::kGet ? "get" : "set", o.connections, o.streams);
  std::printf("\"threads\": %d, \"rate\": %.0f, \"seconds\": %.6f, \"requests\": %llu, ", o.threads,
              o.rate, r.seconds, count(s.latency.count()));
  std::printf("\"answered\": %llu, \"failed\": %llu, \"failures\": %s, ", count(s.answered),
              count(s.failed()), FailuresAsJson(s).c_str());
  std::printf("\"first_failure\": %s, \"retried\": %llu, \"goaways\": %llu, \"reopened\": %llu, ",
              Quoted(s.first_failure).c_str(),
              count(s.failures[static_cast<size_t>(Failure::kRetried)]), count(s.goaways),
              count(s.reopened));
  std::printf("\"requests_per_s\": %.1f, ", r.seconds > 0 ? s.latency.count() / r.seconds : 0);
  std::printf("\"latency_us\": {\"mean\": %.3f, \"p50\": %.3f, \"p90\": %.3f, \"p99\": %.3f, ",
              s.latency.mean() / 1000, Us(s.latency.Quantile(0.5)), Us(s.latency.Quantile(0.9)),
              Us(s.latency.Quantile(0.99)));
  std::printf("\"p999\": %.3f, \"max\": %.3f}, ", Us(s.latency.Quantile(0.999)),
              Us(s.latency.max()));
  std::printf("\"server_cpu_s\": %.6f, \"server_cpu_us_per_request\": %.4f, ", r.server_cpu_s,
              PerCallUs(r.server_cpu_s, s));
  std::printf("\"load_cpu_s\": %.6f, \"load_cpu_us_per_request\": %.4f}\n", r.load_cpu_s,
              PerCallUs(r.load_cpu_s, s));
}

void PrintText(const Options& o, const Result& r) {
  const Stats& s = r.stats;
  std::printf("%s: %d x %d, %s%s\n", o.method == Method::kGet ? "get" : "set", o.connections,
              o.streams, o.rate > 0 ? "open loop" : "closed loop",
              o.rate > 0 ? ", latency counted from when each call was due" : "");
  std::printf("  %.0f requests/s (%llu in %.2f s)\n",
              r.seconds > 0 ? s.latency.count() / r.seconds : 0,
              static_cast<unsigned long long>(s.latency.count()), r.seconds);
  std::printf("  latency us: p50 %.1f  p99 %.1f  p99.9 %.1f  max %.1f\n",
              Us(s.latency.Quantile(0.5)), Us(s.latency.Quantile(0.99)),
              Us(s.latency.Quantile(0.999)), Us(s.latency.max()));
  if (!o.cpu_pids.empty()) {
    std::printf("  CPU us/request: server %.2f, load %.2f\n", PerCallUs(r.server_cpu_s, s),
                PerCallUs(r.load_cpu_s, s));
  }
  std::printf("  failed %llu %s, retried %llu, goaways %llu\n",
              static_cast<unsigned long long>(s.failed()), FailuresAsJson(s).c_str(),
              static_cast<unsigned long long>(s.failures[static_cast<size_t>(Failure::kRetried)]),
              static_cast<unsigned long long>(s.goaways));
  if (s.failed() > 0) std::printf("  first in %s: %s\n", r.stage, s.first_failure.c_str());
}

}  // namespace

void PrintReport(const Options& options, const Result& result) {
  if (options.json) {
    PrintJson(options, result);
  } else {
    PrintText(options, result);
  }
  std::fflush(stdout);
}

}  // namespace prism::bench
