#pragma once

#include "conformance/list/waiting.h"

// The cases of list_blocking: blocking_pops.cc has those about pops, blocking_moves.cc those about
// moves, blocking_turns.cc those about who is served, blocking_together.cc those of many at once.
namespace prism::conformance::lists {

Task<void> PopsWhatIsThere(CaseContext& c);
Task<void> PopsFromTheFirstListThatHasOne(CaseContext& c);
Task<void> WaitsForAnyOfItsLists(CaseContext& c);
Task<void> TakesUpTo128Lists(CaseContext& c);
Task<void> PopsAnyBytes(CaseContext& c);
Task<void> TimeoutFindsNothing(CaseContext& c);
Task<void> ZeroDoesNotWait(CaseContext& c);
Task<void> TimeoutsAreBounded(CaseContext& c);
Task<void> DeadlineMayPassEarlier(CaseContext& c);
Task<void> BadListsAreRefusedToWaiters(CaseContext& c);

Task<void> MovesFromEndToEnd(CaseContext& c);
Task<void> MoveRotatesAList(CaseContext& c);
Task<void> MoveWaitsForAnElement(CaseContext& c);
Task<void> MoveServesItsDestination(CaseContext& c);
Task<void> MovesInACircleEnd(CaseContext& c);
Task<void> MoveIsOneStep(CaseContext& c);
Task<void> MovedElementIsAlwaysFound(CaseContext& c);

Task<void> FirstComeFirstServed(CaseContext& c);
Task<void> PushServesAsManyAsItHas(CaseContext& c);
Task<void> ServedCallLeavesItsOtherLists(CaseContext& c);
Task<void> PlainPopsFindNothing(CaseContext& c);
Task<void> CancelledWaitRemovesNothing(CaseContext& c);
Task<void> CancelledWaitLeavesTheQueue(CaseContext& c);
Task<void> OtherNamespacesServeNobody(CaseContext& c);

Task<void> EachElementReachesOne(CaseContext& c);
Task<void> TimeoutsLoseNothing(CaseContext& c);
Task<void> MovesLoseNothing(CaseContext& c);

}  // namespace prism::conformance::lists
