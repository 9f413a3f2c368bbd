#pragma once

#include "conformance/case_context.h"

// The cases of set_operations: operations_results.cc has those about what comes out,
// operations_moments.cc those with several clients or many members.
namespace prism::conformance::sets::operations {

Task<void> UnionIsInAny(CaseContext& c);
Task<void> IntersectionIsInAll(CaseContext& c);
Task<void> DifferenceIsInTheFirstAlone(CaseContext& c);
Task<void> MembersAreAnyBytes(CaseContext& c);
Task<void> AbsentSetsHaveNoMembers(CaseContext& c);
Task<void> SetsMayBeNamedTwice(CaseContext& c);
Task<void> StoreReplacesTheDestination(CaseContext& c);
Task<void> NoResultLeavesTheDestinationAbsent(CaseContext& c);
Task<void> DestinationMayBeASource(CaseContext& c);
Task<void> RepeatedStoresAreTheSame(CaseContext& c);
Task<void> OneTo128Sets(CaseContext& c);
Task<void> BadNamesAreRefused(CaseContext& c);
Task<void> OtherNamespacesDoNotCount(CaseContext& c);

Task<void> ResultsComeInPages(CaseContext& c);
Task<void> PagesHoldAMebibyte(CaseContext& c);
Task<void> AHundredThousandMembersAreTaken(CaseContext& c);
Task<void> StreamsAreOfOneMoment(CaseContext& c);
Task<void> StoredAtOneMoment(CaseContext& c);
Task<void> NoStoreIsLost(CaseContext& c);

}  // namespace prism::conformance::sets::operations
