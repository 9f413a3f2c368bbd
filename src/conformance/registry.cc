#include "conformance/registry.h"

#include "conformance/document/suites.h"
#include "conformance/graph/suites.h"
#include "conformance/keyvalue/suites.h"
#include "conformance/list/suites.h"
#include "conformance/object/suites.h"
#include "conformance/pubsub/suites.h"
#include "conformance/queue/suites.h"
#include "conformance/set/suites.h"
#include "conformance/sortedset/suites.h"
#include "conformance/stream/suites.h"
#include "conformance/timeseries/suites.h"

namespace prism::conformance {

// A table that names every suite: nothing registers itself, so no linker can drop one.
std::span<const Suite* const> AllSuites() {
  static const Suite* const kSuites[] = {
      &DocumentBasicSuite(),
      &DocumentIndexingSuite(),
      &DocumentQuerySuite(),
      &GraphAnalyticsSuite(),
      &GraphBasicSuite(),
      &GraphQuerySuite(),
      &GraphTraversalSuite(),
      &KeyValueBasicSuite(),
      &KeyValueBatchSuite(),
      &KeyValueCasSuite(),
      &KeyValueScanSuite(),
      &KeyValueTransactionalSuite(),
      &KeyValueTTLSuite(),
      &ListBasicSuite(),
      &ListBlockingSuite(),
      &ListIndexingSuite(),
      &ListRangeSuite(),
      &ObjectBasicSuite(),
      &PubSubBasicSuite(),
      &PubSubFilteringSuite(),
      &PubSubOrderingSuite(),
      &PubSubPersistentSuite(),
      &PubSubWildcardsSuite(),
      &QueueBasicSuite(),
      &QueueDeadLetterSuite(),
      &QueueDelayedSuite(),
      &QueuePrioritySuite(),
      &QueueVisibilitySuite(),
      &SetBasicSuite(),
      &SetCardinalitySuite(),
      &SetOperationsSuite(),
      &SetRandomSuite(),
      &SortedSetBasicSuite(),
      &SortedSetLexSuite(),
      &SortedSetOperationsSuite(),
      &SortedSetRangeSuite(),
      &SortedSetRankSuite(),
      &StreamBasicSuite(),
      &StreamConsumerGroupsSuite(),
      &StreamPartitioningSuite(),
      &StreamReplaySuite(),
      &StreamRetentionSuite(),
      &TimeSeriesAggregationSuite(),
      &TimeSeriesBasicSuite(),
      &TimeSeriesInterpolationSuite(),
      &TimeSeriesRetentionSuite(),
  };
  return kSuites;
}

}  // namespace prism::conformance
