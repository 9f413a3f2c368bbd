#include "conformance/registry.h"

#include "conformance/graph/suites.h"
#include "conformance/keyvalue/suites.h"
#include "conformance/timeseries/suites.h"

namespace prism::conformance {

// A table that names every suite: nothing registers itself, so no linker can drop one.
std::span<const Suite* const> AllSuites() {
  static const Suite* const kSuites[] = {
      &GraphBasicSuite(),
      &GraphTraversalSuite(),
      &KeyValueBasicSuite(),
      &KeyValueBatchSuite(),
      &KeyValueCasSuite(),
      &KeyValueScanSuite(),
      &KeyValueTransactionalSuite(),
      &KeyValueTTLSuite(),
      &TimeSeriesAggregationSuite(),
      &TimeSeriesBasicSuite(),
      &TimeSeriesInterpolationSuite(),
      &TimeSeriesRetentionSuite(),
  };
  return kSuites;
}

}  // namespace prism::conformance
