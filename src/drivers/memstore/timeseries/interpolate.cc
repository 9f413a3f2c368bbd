#include <algorithm>

#include "drivers/contract/interpolation.h"
#include "drivers/memstore/timeseries/page_filler.h"
#include "drivers/memstore/wall_clock.h"

namespace prism::memstore {
namespace {

// The points of a series that have not expired.
struct SeenPoints {
  const Series& series;
  int64_t oldest_us;

  const Sample* AtOrAfter(int64_t time_us) const {
    return series.AtOrAfter(std::max(time_us, oldest_us));
  }
  const Sample* Before(int64_t time_us) const {
    const Sample* found = series.Before(time_us);
    return found && found->time_us >= oldest_us ? found : nullptr;
  }
};

}  // namespace

SeriesPage TimeSeries::Interpolate(const SeriesGrid& grid, SeriesPlace& place, size_t max_points) {
  SeriesPage page;
  PageFiller filler(page, max_points, grid.measurement.size());
  measurements_.Look(grid.measurement, [&](Measurement* measurement) {
    if (!measurement) return;
    const int64_t oldest_us = measurement->OldestSeen(NowUs());
    const auto visit = [&](const Measurement::Entry& entry, std::optional<int64_t> after) {
      const SeenPoints points{entry.series, oldest_us};
      GridWalk walk(grid.instants, points);
      if (after) walk.StartBehind(*after);
      filler.Begin(entry);
      Sample sample;
      while (walk.Next(sample)) {
        if (!filler.Add(sample)) return false;
        place = {entry.key, true, true, sample.time_us};
      }
      return true;
    };
    page.more = !measurement->ForEach(grid.filter, place, visit);
  });
  return page;
}

}  // namespace prism::memstore
