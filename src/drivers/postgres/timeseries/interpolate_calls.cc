#include "drivers/contract/index_range.h"
#include "drivers/contract/interpolation.h"
#include "drivers/contract/timeseries.h"
#include "drivers/postgres/timeseries/calls.h"
#include "drivers/postgres/timeseries/statements.h"
#include "drivers/postgres/timeseries/tags.h"

namespace prism::postgres {
namespace {

using namespace timeseries::v1;  // NOLINT

constexpr int kMostNeighbours = 1000;  // that a statement answers

// The two points of a row, which are the neighbours of its instant and of all up to the second one.
class Neighbours {
 public:
  Neighbours(const Rows& rows, int row) {
    if (!rows.IsNull(row, 2)) before_ = {rows.Int(row, 2), rows.Double(row, 3)};
    if (!rows.IsNull(row, 4)) after_ = {rows.Int(row, 4), rows.Double(row, 5)};
    has_before_ = !rows.IsNull(row, 2);
    has_after_ = !rows.IsNull(row, 4);
  }
  const Sample* AtOrAfter(int64_t) const { return has_after_ ? &after_ : nullptr; }
  const Sample* Before(int64_t) const { return has_before_ ? &before_ : nullptr; }

 private:
  Sample before_, after_;
  bool has_before_ = false, has_after_ = false;
};

// Where the server is to go on: in the series from the instant on, or behind it.
struct Place {
  int64_t series = 0;
  int64_t instant_us = 0;
};

// False at the end.
bool GoOn(const Rows& rows, const InstantGrid& grid, Place& place) {
  if (rows.empty()) return false;
  const int last = rows.count() - 1;
  const bool broken_off = rows.IsNull(last, 1);
  if (rows.count() < kMostNeighbours && !broken_off) return false;
  place = {rows.Int(last, 0) + 1, grid.from_us};
  if (broken_off || rows.IsNull(last, 4)) return true;
  const int64_t steps = (rows.Int(last, 4) - grid.from_us) / grid.step_us + 1;
  if (steps > (grid.to_us - 1 - grid.from_us) / grid.step_us) return true;
  place = {rows.Int(last, 0), grid.from_us + steps * grid.step_us};
  return true;
}

// The part of the grid that the row decides on.
InstantGrid PartOf(const InstantGrid& grid, const Rows& rows, int row) {
  InstantGrid part = grid;
  part.from_us = rows.Int(row, 1);
  if (!rows.IsNull(row, 4)) part.to_us = std::min(grid.to_us, rows.Int(row, 4) + 1);
  return part;
}

// Fills pages with points.
class Pages {
 public:
  explicit Pages(const std::string& measurement) : measurement_(measurement) {}

  void Begin(SeriesTags tags) {
    tags_ = std::move(tags);
    series_ = nullptr;
    tag_bytes_ = 16 + measurement_.size();
    for (const auto& [name, value] : tags_) tag_bytes_ += name.size() + value.size() + 12;
  }
  // False, with nothing added, if the page is full.
  bool Add(const Sample& sample) {
    if (points_ == kMaxPoints) return false;
    if (!room_.Take(kPointBytes + (series_ ? 0 : tag_bytes_))) return false;
    if (!series_) {
      series_ = page_.add_series();
      NameSeries(measurement_, tags_, *series_);
    }
    Point& point = *series_->add_points();
    point.set_time_unix_us(sample.time_us);
    point.set_value(sample.value);
    ++points_;
    return true;
  }
  InterpolateResponse& page() { return page_; }
  void Clear() {
    page_.Clear();
    series_ = nullptr;
    points_ = 0;
    room_ = AnswerRoom();
  }

 private:
  static constexpr size_t kPointBytes = 24;  // in an answer

  const std::string& measurement_;
  SeriesTags tags_;
  size_t tag_bytes_ = 0;
  InterpolateResponse page_;
  SeriesPoints* series_ = nullptr;
  size_t points_ = 0;
  AnswerRoom room_;
};

}  // namespace

Stream<InterpolateResponse> TimeSeriesCalls::Interpolate(RequestContext& ctx,
                                                         const InterpolateRequest& request) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const InstantGrid grid = GridOf(request);
  const std::vector<std::string> tags = KeysOf(SortedTags(request.tags()));
  Place place = {0, grid.from_us};
  Pages pages(request.measurement());
  int64_t begun = 0;
  for (bool more = grid.from_us < grid.to_us; more;) {
    Arguments arguments;
    arguments.Text(space_->name()).Text(request.measurement()).Array(tags);
    arguments.Int(grid.from_us).Int(grid.to_us).Int(grid.step_us);
    arguments.Int(place.series).Int(place.instant_us);
    const Result<Rows> rows = co_await space_->Run(ctx, kTsNeighbours, arguments);
    if (!rows.ok()) co_return rows.status();
    more = GoOn(*rows, grid, place);
    for (int row = 0; row < rows->count() && !rows->IsNull(row, 1); ++row) {
      if (rows->Int(row, 0) != begun) {
        begun = rows->Int(row, 0);
        pages.Begin(TagsIn(*rows, row, 6));
      }
      const Neighbours points(*rows, row);
      GridWalk walk(PartOf(grid, *rows, row), points);
      Sample sample;
      while (walk.Next(sample)) {
        if (pages.Add(sample)) continue;
        co_yield pages.page();
        pages.Clear();
        pages.Add(sample);
      }
    }
  }
  if (pages.page().series_size() > 0) co_yield pages.page();
  co_return OkStatus();
}

}  // namespace prism::postgres
