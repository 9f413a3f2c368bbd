#include "base/metrics.h"

#include <fmt/format.h>

#include <cassert>
#include <iterator>
#include <map>
#include <variant>

#include "base/utf8.h"

namespace prism {
namespace {

constexpr MetricInfo kRequests = {"prism_requests_total", "Finished requests, by gRPC code.",
                                  MetricType::kCounter};
constexpr MetricInfo kDuration = {"prism_request_duration_seconds",
                                  "Time from a request's headers to its final status.",
                                  MetricType::kHistogram};
constexpr MetricInfo kInFlight = {"prism_requests_in_flight", "Requests begun and not finished.",
                                  MetricType::kGauge};
constexpr MetricInfo kReceivedBytes = {"prism_received_bytes_total",
                                       "Bytes of request messages received.", MetricType::kCounter};
constexpr MetricInfo kSentBytes = {"prism_sent_bytes_total", "Bytes of response messages sent.",
                                   MetricType::kCounter};

// The format escapes exactly these three; it has no way to write ill-formed UTF-8.
std::string EscapeLabel(std::string_view value) {
  std::string out;
  while (!value.empty()) {
    const size_t length = Utf8CharLength(value);
    if (value[0] == '\n') {
      out += "\\n";
    } else if (value[0] == '"' || value[0] == '\\') {
      out += '\\';
      out += value[0];
    } else if (length == 0) {
      out += "\xEF\xBF\xBD";
    } else {
      out += value.substr(0, length);
    }
    value.remove_prefix(length == 0 ? 1 : length);
  }
  return out;
}

// `a="x",b="y"`, without braces.
std::string LabelText(MetricLabels labels) {
  std::string out;
  for (const auto& [key, value] : labels) {
    fmt::format_to(std::back_inserter(out), "{}{}=\"{}\"", out.empty() ? "" : ",", key,
                   EscapeLabel(value));
  }
  return out;
}

// What the cells of one label set add up to, over the workers.
struct Total {
  uint64_t count = 0;
  int64_t level = 0;
  std::array<uint64_t, Histogram::kBuckets> buckets{};
  uint64_t sum_ns = 0;

  void Add(const Counter& cell) { count += cell.value(); }
  void Add(const Gauge& cell) { level += cell.value(); }
  void Add(const Histogram& cell) {
    for (size_t i = 0; i < buckets.size(); ++i) buckets[i] += cell.bucket(i);
    sum_ns += cell.sum_ns();
  }
};

// Every family with its samples, in the order in which they are written.
class Page {
 public:
  template <class Cell>
  void Add(const MetricInfo& info, const std::string& labels, const Cell& cell) {
    FamilyOf(info).totals[labels].Add(cell);
  }
  void AddMethod(const std::string& labels, const MethodMetrics& cell) {
    for (int code = 0; code < kCodeCount; ++code) {
      if (cell.requests[code].value() == 0) continue;
      Add(kRequests, fmt::format("{},code=\"{}\"", labels, CodeName(static_cast<Code>(code))),
          cell.requests[code]);
    }
    Add(kDuration, labels, cell.duration);
    Add(kInFlight, labels, cell.in_flight);
    Add(kReceivedBytes, labels, cell.received_bytes);
    Add(kSentBytes, labels, cell.sent_bytes);
  }
  void AddValue(const MetricInfo& info, const std::string& labels, double value) {
    FamilyOf(info).values[labels] += value;
  }
  std::string Write() const;

 private:
  struct Family {
    const MetricInfo* info = nullptr;
    std::map<std::string, Total> totals;
    std::map<std::string, double> values;
  };

  Family& FamilyOf(const MetricInfo& info) {
    Family& family = families_[info.name];
    if (!family.info) family.info = &info;
    return family;
  }
  static void WriteTotal(std::string& out, const MetricInfo& info, const std::string& labels,
                         const Total& total);

  std::map<std::string_view, Family> families_;
};

template <class Value>
void WriteSample(std::string& out, std::string_view name, std::string_view labels, Value value) {
  if (labels.empty()) {
    fmt::format_to(std::back_inserter(out), "{} {}\n", name, value);
  } else {
    fmt::format_to(std::back_inserter(out), "{}{{{}}} {}\n", name, labels, value);
  }
}

void WriteHistogram(std::string& out, const MetricInfo& info, const std::string& labels,
                    const Total& total) {
  const std::string name = fmt::format("{}_bucket", info.name);
  const std::string_view comma = labels.empty() ? "" : ",";
  uint64_t count = 0;
  for (size_t i = 0; i < total.buckets.size(); ++i) {
    count += total.buckets[i];
    const std::string bound =
        i < kLatencyBoundsNs.size() ? fmt::format("{:g}", kLatencyBoundsNs[i] / 1e9) : "+Inf";
    WriteSample(out, name, fmt::format("{}{}le=\"{}\"", labels, comma, bound), count);
  }
  WriteSample(out, fmt::format("{}_sum", info.name), labels, total.sum_ns / 1e9);
  WriteSample(out, fmt::format("{}_count", info.name), labels, count);
}

void Page::WriteTotal(std::string& out, const MetricInfo& info, const std::string& labels,
                      const Total& total) {
  switch (info.type) {
    case MetricType::kCounter:
      return WriteSample(out, info.name, labels, total.count);
    case MetricType::kGauge:
      return WriteSample(out, info.name, labels, total.level);
    case MetricType::kHistogram:
      return WriteHistogram(out, info, labels, total);
  }
}

std::string_view TypeName(MetricType type) {
  switch (type) {
    case MetricType::kCounter:
      return "counter";
    case MetricType::kGauge:
      return "gauge";
    default:
      return "histogram";
  }
}

std::string EscapeHelp(std::string_view help) {
  std::string out;
  for (const char c : help) {
    if (c == '\\' || c == '\n') out += '\\';
    out += c == '\n' ? 'n' : c;
  }
  return out;
}

std::string Page::Write() const {
  std::string out;
  for (const auto& [name, family] : families_) {
    fmt::format_to(std::back_inserter(out), "# HELP {0} {1}\n# TYPE {0} {2}\n", name,
                   EscapeHelp(family.info->help), TypeName(family.info->type));
    for (const auto& [labels, total] : family.totals) WriteTotal(out, *family.info, labels, total);
    for (const auto& [labels, value] : family.values) WriteSample(out, name, labels, value);
  }
  return out;
}

}  // namespace

struct MetricShard::Cells {
  using Any = std::variant<Counter, Gauge, Histogram>;
  // A line of its own, so that workers do not share one.
  struct alignas(64) Cell {
    template <class T>
    explicit Cell(std::in_place_type_t<T> type) : any(type) {}
    Any any;
  };
  std::map<std::pair<const MetricInfo*, std::string>, Cell> single;
  std::map<std::string, MethodMetrics> methods;

  template <class Map>
  static void List(const Map& map, std::vector<const typename Map::value_type*>& out) {
    for (const auto& entry : map) out.push_back(&entry);
  }
};

MetricShard::MetricShard() : cells_(std::make_unique<Cells>()) {}
MetricShard::~MetricShard() = default;

template <class Cell>
Cell& MetricShard::Get(const MetricInfo& info, MetricLabels labels) {
  std::lock_guard lock(mutex_);
  const auto [entry, added] =
      cells_->single.try_emplace({&info, LabelText(labels)}, std::in_place_type<Cell>);
  return std::get<Cell>(entry->second.any);
}

Counter& MetricShard::GetCounter(const MetricInfo& info, MetricLabels labels) {
  assert(info.type == MetricType::kCounter);
  return Get<Counter>(info, labels);
}

Gauge& MetricShard::GetGauge(const MetricInfo& info, MetricLabels labels) {
  assert(info.type == MetricType::kGauge);
  return Get<Gauge>(info, labels);
}

Histogram& MetricShard::GetHistogram(const MetricInfo& info, MetricLabels labels) {
  assert(info.type == MetricType::kHistogram);
  return Get<Histogram>(info, labels);
}

MethodMetrics& MetricShard::GetMethod(std::string_view name_space, std::string_view method) {
  std::string labels = LabelText({{"namespace", name_space}, {"method", method}});
  std::lock_guard lock(mutex_);
  return cells_->methods[std::move(labels)];
}

struct MetricsRegistry::Callback {
  const MetricInfo* info;
  std::string labels;
  std::function<double()> read;
};

MetricsRegistry::MetricsRegistry() = default;
MetricsRegistry::~MetricsRegistry() = default;

MetricShard& MetricsRegistry::AddShard() {
  std::lock_guard lock(mutex_);
  return *shards_.emplace_back(std::make_unique<MetricShard>());
}

void MetricsRegistry::AddCallback(const MetricInfo& info, MetricLabels labels,
                                  std::function<double()> read) {
  assert(info.type != MetricType::kHistogram);
  std::lock_guard lock(mutex_);
  callbacks_.push_back({&info, LabelText(labels), std::move(read)});
}

MethodTotals MetricsRegistry::Totals(std::string_view name_space) const {
  return Sum(LabelText({{"namespace", name_space}}));
}

MethodTotals MetricsRegistry::AllTotals() const { return Sum(""); }

MethodTotals MetricsRegistry::Sum(std::string_view label_prefix) const {
  MethodTotals totals;
  std::lock_guard lock(mutex_);
  for (const auto& shard : shards_) {
    std::lock_guard shard_lock(shard->mutex_);
    for (const auto& [labels, metrics] : shard->cells_->methods) {
      if (!labels.starts_with(label_prefix)) continue;
      for (size_t code = 0; code < metrics.requests.size(); ++code) {
        totals.requests += metrics.requests[code].value();
        if (code != 0) totals.errors += metrics.requests[code].value();
      }
      totals.in_flight += static_cast<uint64_t>(metrics.in_flight.value());
    }
  }
  return totals;
}

std::string MetricsRegistry::Render() const {
  std::lock_guard lock(mutex_);
  // Entries stay where they are, so a worker that makes one waits for the listing only.
  std::vector<const decltype(MetricShard::Cells::single)::value_type*> single;
  std::vector<const decltype(MetricShard::Cells::methods)::value_type*> methods;
  for (const auto& shard : shards_) {
    std::lock_guard shard_lock(shard->mutex_);
    MetricShard::Cells::List(shard->cells_->single, single);
    MetricShard::Cells::List(shard->cells_->methods, methods);
  }
  Page page;
  for (const auto* entry : single) {
    const auto& [info, labels] = entry->first;
    std::visit(
        [&, info = info, &labels = labels](const auto& cell) { page.Add(*info, labels, cell); },
        entry->second.any);
  }
  for (const auto* entry : methods) page.AddMethod(entry->first, entry->second);
  for (const Callback& callback : callbacks_) {
    page.AddValue(*callback.info, callback.labels, callback.read());
  }
  return page.Write();
}

}  // namespace prism
