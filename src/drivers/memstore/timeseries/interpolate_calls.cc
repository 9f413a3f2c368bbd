#include "drivers/contract/timeseries.h"
#include "drivers/memstore/data.h"
#include "drivers/memstore/timeseries/calls.h"
#include "drivers/memstore/timeseries/mapping.h"
#include "prism/interfaces/timeseries_interpolation.pb.h"

namespace prism::memstore {
namespace {

using namespace timeseries::v1;  // NOLINT

}  // namespace

Stream<InterpolateResponse> TimeSeriesCalls::Interpolate(RequestContext& ctx,
                                                         const InterpolateRequest& request) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const SeriesGrid grid = {request.measurement(), SortedTags(request.tags()), GridOf(request)};
  SeriesPlace place;
  InterpolateResponse response;
  for (bool more = true; more;) {
    PRISM_CO_RETURN_IF_ERROR(ctx.cancellation.reason());
    SeriesPage page = series_.Interpolate(grid, place, kMaxPoints);
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
