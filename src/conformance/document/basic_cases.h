#pragma once

#include "conformance/case_context.h"

// The cases of document_basic: basic_contents.cc has those about what a document is,
// basic_writes.cc those about changing it.
namespace prism::conformance::documents {

Task<void> DocumentsComeBack(CaseContext& c);
Task<void> IdIsNotInTheDocument(CaseContext& c);
Task<void> NumbersAreKept(CaseContext& c);
Task<void> LastMemberOfANameCounts(CaseContext& c);
Task<void> WhatIsNoDocumentIsRefused(CaseContext& c);
Task<void> NestingIsLimited(CaseContext& c);
Task<void> TooLargeIsRefused(CaseContext& c);
Task<void> LongNamesAreTaken(CaseContext& c);
Task<void> BadNamesAreRefused(CaseContext& c);
Task<void> CollectionsNeverMeet(CaseContext& c);
Task<void> NamespacesNeverMeet(CaseContext& c);
Task<void> AbsenceIsAnAnswer(CaseContext& c);

Task<void> FreshIdsDiffer(CaseContext& c);
Task<void> TakenIdStays(CaseContext& c);
Task<void> OneOfManyInsertsSucceeds(CaseContext& c);
Task<void> ReplacementTakesThePlace(CaseContext& c);
Task<void> MergePatchFollowsTheRules(CaseContext& c);
Task<void> BadChangesAreRefused(CaseContext& c);
Task<void> ExpectedVersionGuardsUpdates(CaseContext& c);
Task<void> VersionsGrow(CaseContext& c);
Task<void> DeleteRemoves(CaseContext& c);
Task<void> ExpectedVersionGuardsDeletes(CaseContext& c);
Task<void> WritesAreSeenWhole(CaseContext& c);
Task<void> NoUpdateIsLost(CaseContext& c);
Task<void> NoMergeIsLost(CaseContext& c);
Task<void> UniqueIndexForbids(CaseContext& c);

}  // namespace prism::conformance::documents
