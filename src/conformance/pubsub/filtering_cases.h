#pragma once

#include "conformance/case_context.h"

// The cases of pubsub_filtering: filtering_matching.cc has those about what a filter accepts,
// filtering_delivery.cc those about messages and limits.
namespace prism::conformance::pubsub_suite {

Task<void> EqualsIsTheWholeValue(CaseContext& c);
Task<void> PrefixIsTheBeginning(CaseContext& c);
Task<void> ExistsIsOfAnyValue(CaseContext& c);
Task<void> RangeIsOfNumbers(CaseContext& c);
Task<void> NoTextIsInARange(CaseContext& c);
Task<void> ListsCombine(CaseContext& c);
Task<void> NegationAcceptsAbsence(CaseContext& c);

Task<void> AttributesCome(CaseContext& c);
Task<void> WithoutFilterAllCome(CaseContext& c);
Task<void> PlainMessagesAreFilteredToo(CaseContext& c);
Task<void> OnlyMatchingMessagesWait(CaseContext& c);
Task<void> EachFilterReceivesItsOwn(CaseContext& c);
Task<void> RepeatedAttributesAreSentAgain(CaseContext& c);
Task<void> LargestFiltersAreTaken(CaseContext& c);
Task<void> BadFiltersAreRefused(CaseContext& c);
Task<void> LargestAttributesAreTaken(CaseContext& c);
Task<void> BadAttributesAreRefused(CaseContext& c);
Task<void> BadFilteringTopicsAreRefused(CaseContext& c);
Task<void> FilteringNamespacesNeverMeet(CaseContext& c);

}  // namespace prism::conformance::pubsub_suite
