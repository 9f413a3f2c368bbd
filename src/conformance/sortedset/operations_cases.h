#pragma once

#include "conformance/case_context.h"

// The cases of sortedset_operations: operations_results.cc has those about what comes out,
// operations_stores.cc those about destinations and many clients.
namespace prism::conformance::sorted {

Task<void> UnionJoinsAll(CaseContext& c);
Task<void> IntersectionJoinsTheCommon(CaseContext& c);
Task<void> DifferenceKeepsTheFirst(CaseContext& c);
Task<void> WeightsMultiply(CaseContext& c);
Task<void> AggregatesJoin(CaseContext& c);
Task<void> NoScoreIsNaN(CaseContext& c);
Task<void> AbsentSourcesAreEmpty(CaseContext& c);
Task<void> SourcesMayRepeat(CaseContext& c);
Task<void> ResultsComeInOrder(CaseContext& c);
Task<void> PagesHoldAThousand(CaseContext& c);
Task<void> PagesHoldAMebibyte(CaseContext& c);
Task<void> SourcesAreOfTheNamespace(CaseContext& c);
Task<void> SourcesAreCounted(CaseContext& c);
Task<void> BadWeightsAreRefused(CaseContext& c);
Task<void> DifferenceTakesNoWeights(CaseContext& c);
Task<void> BadNamesOfOperationsAreRefused(CaseContext& c);

Task<void> StoreReplaces(CaseContext& c);
Task<void> NothingLeavesNoDestination(CaseContext& c);
Task<void> DestinationMayBeASource(CaseContext& c);
Task<void> RepeatedStoresAgree(CaseContext& c);
Task<void> AHundredThousandAreJoined(CaseContext& c);
Task<void> RefusedStoresChangeNothing(CaseContext& c);
Task<void> NoStoreIsLost(CaseContext& c);
Task<void> SourcesAreOfOneMoment(CaseContext& c);
Task<void> StoresAreOneStep(CaseContext& c);

}  // namespace prism::conformance::sorted
