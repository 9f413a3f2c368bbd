#pragma once

#include "conformance/case_context.h"

// The cases of stream_consumer_groups: groups_life.cc has those about groups and their arguments,
// groups_delivery.cc those about how records reach members, groups_pending.cc those about acks and
// claims.
namespace prism::conformance::streams {

Task<void> GroupsBeginWhereTold(CaseContext& c);
Task<void> ExistingGroupStays(CaseContext& c);
Task<void> DeletingForgets(CaseContext& c);
Task<void> GroupsAreIndependent(CaseContext& c);
Task<void> InfoTellsHowFar(CaseContext& c);
Task<void> HundredGroups(CaseContext& c);
Task<void> HundredMembers(CaseContext& c);
Task<void> AbsentGroups(CaseContext& c);
Task<void> GroupNamesAreBounded(CaseContext& c);
Task<void> BadGroupsAreRefused(CaseContext& c);
Task<void> BadClaimsAndAcksAreRefused(CaseContext& c);
Task<void> GroupsOfNamespacesNeverMeet(CaseContext& c);

Task<void> FirstPageComesAtOnce(CaseContext& c);
Task<void> EachRecordGoesToOneMember(CaseContext& c);
Task<void> MaxPendingHoldsBack(CaseContext& c);
Task<void> AckWaitFrees(CaseContext& c);
Task<void> LeavingFrees(CaseContext& c);
Task<void> SecondStreamReplaces(CaseContext& c);
Task<void> NoneIsLostWhenMembersLeave(CaseContext& c);
Task<void> GroupsSpanPartitions(CaseContext& c);
Task<void> RemovedRecordsAreNotDelivered(CaseContext& c);
Task<void> WhoHasNothingIsNoMember(CaseContext& c);

Task<void> AcksCountThePending(CaseContext& c);
Task<void> AckedStaysAcked(CaseContext& c);
Task<void> ClaimsTakeOver(CaseContext& c);
Task<void> ClaimsTakeTheLongestIdle(CaseContext& c);
Task<void> ClaimsTakeTheFreeFirst(CaseContext& c);
Task<void> ClaimsFillAPage(CaseContext& c);
Task<void> ManyClaimsMeetOnce(CaseContext& c);

}  // namespace prism::conformance::streams
