#include <algorithm>

#include "drivers/contract/checks.h"
#include "drivers/memstore/data.h"
#include "drivers/memstore/timeseries/calls.h"
#include "drivers/memstore/timeseries/mapping.h"
#include "prism/interfaces/timeseries_interpolation.pb.h"

namespace prism::memstore {
namespace {

using namespace timeseries::v1;  // NOLINT

constexpr int64_t kMaxInstants = 1'000'000;

Result<SeriesGrid> GridOf(const InterpolateRequest& request) {
  const auto check = [&]() -> Status {
    PRISM_RETURN_IF_ERROR(CheckMeasurement(request.measurement()));
    PRISM_RETURN_IF_ERROR(
        CheckRange("from_unix_us", request.from_unix_us(), kMinTimeUs, kEndTimeUs));
    PRISM_RETURN_IF_ERROR(CheckRange("to_unix_us", request.to_unix_us(), kMinTimeUs, kEndTimeUs));
    PRISM_RETURN_IF_ERROR(CheckRange("step_us", request.step_us(), 1, kMaxSpanUs));
    const int64_t span_us = std::max<int64_t>(request.to_unix_us() - request.from_unix_us(), 0);
    PRISM_RETURN_IF_ERROR(CheckRange("the number of instants",
                                     (span_us + request.step_us() - 1) / request.step_us(), 0,
                                     kMaxInstants));
    if (request.method() != LINEAR && request.method() != PREVIOUS) {
      return InvalidArgumentError("method must be LINEAR or PREVIOUS");
    }
    return CheckRange("max_gap_us", request.max_gap_us(), 0, INT64_MAX);
  };
  if (Status status = check(); !status.ok()) return status;
  Result<SeriesTags> filter = TagsOf(request.tags());
  if (!filter.ok()) return std::move(filter).status();
  SeriesGrid grid;
  grid.measurement = request.measurement();
  grid.filter = *std::move(filter);
  grid.from_us = request.from_unix_us();
  grid.to_us = request.to_unix_us();
  grid.step_us = request.step_us();
  grid.method = request.method() == LINEAR ? Interpolation::kLinear : Interpolation::kPrevious;
  grid.max_gap_us = request.max_gap_us();
  return grid;
}

}  // namespace

Stream<InterpolateResponse> TimeSeriesCalls::Interpolate(RequestContext& ctx,
                                                         const InterpolateRequest& request) {
  const Result<SeriesGrid> grid = GridOf(request);
  if (!grid.ok()) co_return grid.status();
  SeriesPlace place;
  InterpolateResponse response;
  for (bool more = true; more;) {
    PRISM_CO_RETURN_IF_ERROR(ctx.cancellation.reason());
    SeriesPage page = series_.Interpolate(*grid, place, kMaxPoints);
    more = page.more;
    if (page.runs.empty()) {
      if (!more) break;
      const TimePoint next_turn = Clock::now();
      PRISM_CO_RETURN_IF_ERROR(co_await SleepUntil(next_turn, ctx.cancellation));
      continue;
    }
    response.Clear();
    for (const SeriesRun& run : page.runs) {
      FillSeries(run, request.measurement(), *response.add_series());
    }
    page = {};
    co_yield response;
  }
  co_return OkStatus();
}

}  // namespace prism::memstore
