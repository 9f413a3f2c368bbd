#pragma once

#include "conformance/case_context.h"

// The cases of set_basic: basic_members.cc has those about members, basic_listing.cc those about
// GetMembers, basic_concurrency.cc those with several clients.
namespace prism::conformance::sets::basic {

Task<void> MembersComeBack(CaseContext& c);
Task<void> MembersAreAnyBytes(CaseContext& c);
Task<void> LongMembers(CaseContext& c);
Task<void> AddCountsWhatIsNew(CaseContext& c);
Task<void> RemoveCountsWhatWasThere(CaseContext& c);
Task<void> CallsTakeAThousandMembers(CaseContext& c);
Task<void> ContainsAnswersInOrder(CaseContext& c);
Task<void> AbsentSetHasNoMembers(CaseContext& c);
Task<void> SetIsGoneWithItsLastMember(CaseContext& c);
Task<void> ClearRemovesAll(CaseContext& c);
Task<void> LongNamesAreTaken(CaseContext& c);
Task<void> BadNamesAreRefused(CaseContext& c);
Task<void> RefusedCallsChangeNothing(CaseContext& c);
Task<void> ReadsSeeAnsweredWrites(CaseContext& c);
Task<void> NamespacesNeverMeet(CaseContext& c);
Task<void> OtherModelsNeverMeet(CaseContext& c);

Task<void> PagesHoldAThousandMembers(CaseContext& c);
Task<void> PagesHoldAMebibyte(CaseContext& c);
Task<void> LimitEndsTheStream(CaseContext& c);
Task<void> CursorsResume(CaseContext& c);
Task<void> CursorsDoNotExpire(CaseContext& c);
Task<void> ForeignCursorsAreRefused(CaseContext& c);
Task<void> DamagedCursorsAreRefused(CaseContext& c);
Task<void> StreamsWaitForTheirCallers(CaseContext& c);

Task<void> EachMemberIsAddedOnce(CaseContext& c);
Task<void> EachMemberIsRemovedOnce(CaseContext& c);
Task<void> ClearsAndAddsAddUp(CaseContext& c);
Task<void> GroupsAreAddedAtOnce(CaseContext& c);
Task<void> ListingIsWeaklyConsistent(CaseContext& c);
Task<void> CursorsMeetWhatStays(CaseContext& c);

}  // namespace prism::conformance::sets::basic
