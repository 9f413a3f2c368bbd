#pragma once

#include "conformance/suite.h"

namespace prism::conformance {

const Suite& TimeSeriesAggregationSuite();
const Suite& TimeSeriesBasicSuite();
const Suite& TimeSeriesInterpolationSuite();
const Suite& TimeSeriesRetentionSuite();

}  // namespace prism::conformance
