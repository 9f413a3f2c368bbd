#include "drivers/memstore/timeseries/timeseries.h"

#include <algorithm>

#include "drivers/memstore/timeseries/page_filler.h"
#include "drivers/memstore/wall_clock.h"

namespace prism::memstore {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

// What an insert that finds no memory gives back before it gives up.
constexpr int kCollectForMemory = 4096;
// Farther than that nothing needs to be remembered.
constexpr int64_t kFarUs = int64_t{50} * 366 * 24 * 3600 * 1'000'000;

}  // namespace

TimeSeries::TimeSeries(std::shared_ptr<Budget> budget, NowFunction now)
    : budget_(budget), now_(std::move(now)), measurements_(budget) {}

int64_t TimeSeries::NowUs() const { return UnixMicros(now_()); }

TimePoint TimeSeries::DueOf(const Measurement& measurement) const {
  const int64_t at_us = measurement.NextDrop();
  const int64_t now_us = NowUs();
  if (at_us > now_us + kFarUs) return kNever;
  return now_() + microseconds(std::max<int64_t>(at_us - now_us, 0));
}

Status TimeSeries::Insert(std::span<const SeriesWrite> writes, Inserted& inserted) {
  std::vector<std::string_view> names;
  int64_t most = 0;
  for (const SeriesWrite& write : writes) {
    names.push_back(write.measurement);
    most += Measurement::MostBytes(write.tags, write.samples.size());
  }
  if (!budget_->Charge(most)) {
    Collect(kCollectForMemory);
    if (!budget_->Charge(most)) return budget_->Exceeded(most);
  }
  Locked locked(measurements_, names);
  Status status;
  for (const std::string_view name : names) {
    Measurement* measurement = locked.Make(name);
    status = measurement ? measurement->Open(*budget_, due_, name) : budget_->Exceeded(most);
    if (!status.ok()) break;
  }
  if (status.ok()) status = InsertLocked(locked, writes, inserted);
  if (!status.ok()) budget_->Release(most);
  for (const std::string_view name : names) locked.DropIfEmpty(name);
  return status;
}

Status TimeSeries::InsertLocked(Locked& locked, std::span<const SeriesWrite> writes,
                                Inserted& inserted) {
  const int64_t now_us = NowUs();
  for (const SeriesWrite& write : writes) {
    Measurement& measurement = *locked.Find(write.measurement);
    const int64_t oldest_us = measurement.OldestSeen(now_us);
    const int64_t bytes = measurement.Insert(write.tags, write.samples, oldest_us);
    budget_->Release(Measurement::MostBytes(write.tags, write.samples.size()) - bytes);
    inserted.expired += static_cast<uint64_t>(
        std::count_if(write.samples.begin(), write.samples.end(),
                      [&](const Sample& sample) { return sample.time_us < oldest_us; }));
    if (!measurement.max_age_us()) continue;
    const TimePoint due = DueOf(measurement);
    measurement.due_entry().SetIfEarlier(due);
    inserted.due = std::min(inserted.due, due);
  }
  return OkStatus();
}

SeriesPage TimeSeries::Read(const SeriesRange& range, SeriesPlace& place, size_t max_points) {
  SeriesPage page;
  PageFiller filler(page, max_points, range.measurement.size());
  const auto visit = [&](const Measurement::Entry& entry, std::optional<int64_t> after,
                         int64_t oldest_us) {
    int64_t from_us = std::max(range.from_us, oldest_us);
    int64_t to_us = range.to_us;
    if (after) (range.descending ? to_us : from_us) = range.descending ? *after : *after + 1;
    bool fits = true;
    filler.Begin(entry);
    const auto add = [&](const Sample& sample) {
      fits = filler.Add(sample);
      if (fits) place = {entry.key, true, true, sample.time_us};
      return fits;
    };
    if (range.descending) {
      entry.series.Descend(from_us, to_us, add);
    } else {
      entry.series.Ascend(from_us, to_us, add);
      const Sample* next = fits ? entry.series.AtOrAfter(std::max(to_us, oldest_us)) : nullptr;
      if (next) page.next_us = std::min(page.next_us.value_or(INT64_MAX), next->time_us);
    }
    return fits;
  };
  measurements_.Look(range.measurement, [&](Measurement* measurement) {
    if (!measurement) return;
    const int64_t oldest_us = measurement->OldestSeen(NowUs());
    page.more = !measurement->ForEach(range.filter, place,
                                      [&](const auto& entry, std::optional<int64_t> after) {
                                        return visit(entry, after, oldest_us);
                                      });
  });
  return page;
}

Status TimeSeries::SetMaxAge(std::string_view name, std::optional<int64_t> max_age_us) {
  if (!max_age_us) {
    measurements_.Look(name, [&](Measurement* measurement) {
      if (!measurement) return;
      measurement->SetMaxAge(std::nullopt);
      measurement->due_entry().Set(kNever);
    });
    return OkStatus();
  }
  return measurements_.Make(name, [&](Measurement& measurement) {
    PRISM_RETURN_IF_ERROR(measurement.Open(*budget_, due_, name));
    measurement.SetMaxAge(max_age_us);
    measurement.due_entry().Set(DueOf(measurement));
    return OkStatus();
  });
}

std::optional<int64_t> TimeSeries::MaxAge(std::string_view name) {
  return measurements_.Look(name, [](Measurement* measurement) {
    return measurement ? measurement->max_age_us() : std::nullopt;
  });
}

int TimeSeries::Collect(int max) {
  int done = 0;
  while (done < max) {
    const std::string name = due_.Front(now_());
    if (name.empty()) break;
    measurements_.Look(name, [&](Measurement* measurement) {
      if (!measurement) return;
      const int dropped = measurement->Drop(NowUs(), max - done);
      // With a wall clock that was set back nothing may be due after all: then not busily.
      const TimePoint least = dropped > 0 ? TimePoint() : now_() + milliseconds(1);
      measurement->due_entry().Set(std::max(DueOf(*measurement), least));
      done += 1 + dropped;
    });
  }
  return done;
}

}  // namespace prism::memstore
