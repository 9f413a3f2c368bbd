#pragma once

#include <string_view>

namespace prism::postgres {

// The tables `ts_...`, what writes them and what takes away the expired, see schema.h.
extern const std::string_view kTimeSeriesSchema;
// The functions that read them.
extern const std::string_view kTimeSeriesReads;
extern const std::string_view kTimeSeriesAggregates;

}  // namespace prism::postgres
