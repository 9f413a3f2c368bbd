#pragma once

#include <string_view>

#include "drivers/memstore/timeseries/timeseries.h"
#include "prism/interfaces/timeseries_basic.pb.h"

namespace prism::memstore {

void FillSeries(const SeriesRun& run, std::string_view measurement,
                timeseries::v1::SeriesPoints& points);

}  // namespace prism::memstore
