#pragma once

#include "conformance/case_context.h"

// The cases of queue_visibility that are not beside its table.
namespace prism::conformance::queues::visibility {

// visibility_receipts.cc: what receipts do, and when they are void.
Task<void> ReceivedMessageIsHidden(CaseContext& c);
Task<void> TimeoutMakesItReady(CaseContext& c);
Task<void> AckedIsGone(CaseContext& c);
Task<void> OneOfManyAcksIsFound(CaseContext& c);
Task<void> ExtendedLater(CaseContext& c);
Task<void> ExtendedSooner(CaseContext& c);
Task<void> ReleaseGivesBack(CaseContext& c);
Task<void> ReleaseForLater(CaseContext& c);
Task<void> VoidReceiptsChangeNothing(CaseContext& c);
Task<void> ReceiptsOfOtherQueuesAreVoid(CaseContext& c);
Task<void> ReceiptsOfOtherNamespacesAreVoid(CaseContext& c);

// visibility_delivery.cc: what is received, by whom and how often.
Task<void> DeliveriesAreBounded(CaseContext& c);
Task<void> OneLineOfWaitingCalls(CaseContext& c);
Task<void> CancelledWaitIsNoDelivery(CaseContext& c);
Task<void> OneOfManyReceives(CaseContext& c);
Task<void> NothingIsLost(CaseContext& c);
Task<void> BadTimesAreRefused(CaseContext& c);
Task<void> LongestTimesAreTaken(CaseContext& c);

}  // namespace prism::conformance::queues::visibility
