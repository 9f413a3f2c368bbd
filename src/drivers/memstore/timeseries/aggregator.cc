#include "drivers/memstore/timeseries/aggregator.h"

#include <algorithm>
#include <cmath>

namespace prism::memstore {
namespace {

bool NeedsValues(const AggregateSpec& spec) {
  return std::any_of(spec.aggregations.begin(), spec.aggregations.end(),
                     [](const auto& each) { return each.function == SeriesFunction::kPercentile; });
}

// As the contract defines it; reorders the values.
double Percentile(std::vector<double>& values, double percentile) {
  const double x = percentile / 100 * static_cast<double>(values.size() - 1);
  const auto i = static_cast<size_t>(x);
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(i);
  std::nth_element(values.begin(), at, values.end());
  const double part = x - static_cast<double>(i);
  if (part == 0) return *at;
  const double next = *std::min_element(at + 1, values.end());
  return *at + part * (next - *at);
}

}  // namespace

Aggregator::Aggregator(TimeSeries& series, AggregateSpec spec)
    : series_(series), spec_(std::move(spec)), keeps_values_(NeedsValues(spec_)) {
  batch_ = spec_.range;
  StartBatch(spec_.range.from_us);
}

int64_t Aggregator::WindowOf(int64_t time_us) const {
  const int64_t rest = time_us % spec_.window_us;
  return time_us - (rest < 0 ? rest + spec_.window_us : rest);
}

void Aggregator::StartBatch(int64_t from_us) {
  batch_.from_us = from_us;
  batch_.to_us = std::min(spec_.range.to_us, WindowOf(from_us) + windows_ * spec_.window_us);
  place_ = {};
  next_us_.reset();
  finishing_ = false;
  cells_.clear();
  values_ = 0;
}

Status Aggregator::Step(std::vector<AggregatedRow>& rows, bool& done) {
  done = false;
  if (finishing_) {
    if (!Finish(rows)) return OkStatus();
    done = !next_us_ || *next_us_ >= spec_.range.to_us;
    if (!done) StartBatch(*next_us_);
    return OkStatus();
  }
  const SeriesPage page = series_.Read(batch_, place_, kPointsPerStep);
  if (page.next_us) next_us_ = std::min(next_us_.value_or(INT64_MAX), *page.next_us);
  for (const SeriesRun& run : page.runs) {
    if (!Add(run)) return TakeFewerWindows();
  }
  finishing_ = !page.more;
  return OkStatus();
}

Status Aggregator::TakeFewerWindows() {
  if (windows_ == 1) {
    return ResourceExhaustedError("one window holds more than " + std::to_string(kMaxGroups) +
                                  " groups, or more than " + std::to_string(kMaxPercentileValues) +
                                  " points for percentiles")
        .WithHint("narrow the filter or the window, or group by fewer tags");
  }
  windows_ /= 2;
  StartBatch(batch_.from_us);
  return OkStatus();
}

std::vector<std::string> Aggregator::GroupOf(const SeriesTags& tags) const {
  std::vector<std::string> group;
  for (const std::string& name : spec_.group_by) {
    const auto found =
        std::find_if(tags.begin(), tags.end(), [&](const auto& tag) { return tag.first == name; });
    group.push_back(found == tags.end() ? std::string() : found->second);
  }
  return group;
}

// False when that would be too much to hold.
bool Aggregator::Add(const SeriesRun& run) {
  const std::vector<std::string> group = GroupOf(*run.tags);
  int64_t window_us = 0;
  Cell* cell = nullptr;
  for (const Sample& sample : run.samples) {
    if (!cell || sample.time_us - window_us >= spec_.window_us) {
      window_us = WindowOf(sample.time_us);
      cell = &cells_[{window_us, group}];
      if (cells_.size() > kMaxGroups) return false;
    }
    AddTo(*cell, sample);
  }
  return values_ <= kMaxPercentileValues;
}

void Aggregator::AddTo(Cell& cell, const Sample& sample) {
  if (cell.count == 0) {
    cell.min = cell.max = sample.value;
    cell.first = cell.last = sample;
  }
  ++cell.count;
  cell.sum += sample.value;
  cell.min = std::min(cell.min, sample.value);
  cell.max = std::max(cell.max, sample.value);
  if (sample.time_us < cell.first.time_us) cell.first = sample;
  if (sample.time_us > cell.last.time_us) cell.last = sample;
  if (!keeps_values_) return;
  cell.values.push_back(sample.value);
  ++values_;
}

bool Aggregator::Finish(std::vector<AggregatedRow>& rows) {
  uint64_t cost = 0;
  while (!cells_.empty()) {
    if (cost > kPointsPerStep) return false;
    auto node = cells_.extract(cells_.begin());
    Cell& cell = node.mapped();
    cost += 8 + cell.values.size() / 8;
    AggregatedRow& row = rows.emplace_back();
    row.window_us = node.key().first;
    row.group = std::move(node.key().second);
    for (const SeriesAggregation& each : spec_.aggregations) {
      row.values.push_back(ValueOf(each, cell));
    }
  }
  return true;
}

double Aggregator::ValueOf(const SeriesAggregation& aggregation, Cell& cell) const {
  switch (aggregation.function) {
    case SeriesFunction::kCount:
      return static_cast<double>(cell.count);
    case SeriesFunction::kSum:
      return cell.sum;
    case SeriesFunction::kMin:
      return cell.min;
    case SeriesFunction::kMax:
      return cell.max;
    case SeriesFunction::kAvg:
      return cell.sum / static_cast<double>(cell.count);
    case SeriesFunction::kFirst:
      return cell.first.value;
    case SeriesFunction::kLast:
      return cell.last.value;
    case SeriesFunction::kPercentile:
      break;
  }
  return Percentile(cell.values, aggregation.percentile);
}

}  // namespace prism::memstore
