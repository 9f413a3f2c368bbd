#pragma once

#include "conformance/case_context.h"

// The cases of sortedset_basic: basic_writes.cc has those about what the calls do,
// basic_limits.cc those about names, members and scores, basic_races.cc those of many clients.
namespace prism::conformance::sorted {

Task<void> MembersHaveScores(CaseContext& c);
Task<void> AlwaysAddsOrReplaces(CaseContext& c);
Task<void> OnlyNewLeavesTheOthers(CaseContext& c);
Task<void> OnlyExistingAddsNothing(CaseContext& c);
Task<void> IfGreaterOnlyRaises(CaseContext& c);
Task<void> IfLessOnlyLowers(CaseContext& c);
Task<void> EntriesApplyInTheirOrder(CaseContext& c);
Task<void> RepeatedAddsCountLess(CaseContext& c);
Task<void> RemoveCountsThoseThere(CaseContext& c);
Task<void> IncrementAdds(CaseContext& c);
Task<void> IncrementToNaNIsRefused(CaseContext& c);
Task<void> ClearRemovesAll(CaseContext& c);
Task<void> LastMemberTakesTheSetAlong(CaseContext& c);
Task<void> MembersComeInOrder(CaseContext& c);
Task<void> NamespacesNeverMeet(CaseContext& c);
Task<void> OtherModelsNeverMeet(CaseContext& c);

Task<void> ScoresAreDoubles(CaseContext& c);
Task<void> MinusZeroIsZero(CaseContext& c);
Task<void> NaNIsRefused(CaseContext& c);
Task<void> CallsTakeAThousand(CaseContext& c);
Task<void> LongNamesAreTaken(CaseContext& c);
Task<void> BadNamesAreRefused(CaseContext& c);
Task<void> MembersAreAnyBytes(CaseContext& c);
Task<void> LongMembersAreRefused(CaseContext& c);

Task<void> NoIncrementIsLost(CaseContext& c);
Task<void> OneOfManyAddsAMember(CaseContext& c);
Task<void> OneOfManyRemovesAMember(CaseContext& c);
Task<void> GreatestOfManyStays(CaseContext& c);
Task<void> AddsAndClearsBalance(CaseContext& c);
Task<void> ReadsSeeWholeAdds(CaseContext& c);
Task<void> ReadsSeeAnsweredWrites(CaseContext& c);

}  // namespace prism::conformance::sorted
