#pragma once

#include "conformance/case_context.h"

// The cases of queue_delayed.
namespace prism::conformance::queues::delayed {

// delayed_times.cc: when messages become ready, and in which order.
Task<void> DelayHoldsBack(CaseContext& c);
Task<void> TimeOfDeliveryHoldsBack(CaseContext& c);
Task<void> PastTimesAreNow(CaseContext& c);
Task<void> BadTimesAreRefused(CaseContext& c);
Task<void> FarthestTimesAreTaken(CaseContext& c);
Task<void> PlaceIsThatOfTheCall(CaseContext& c);
Task<void> WaitingCallGetsItWhenReady(CaseContext& c);
Task<void> NoneIsLostOrEarly(CaseContext& c);

// delayed_counts.cc: what is stored and counted.
Task<void> DuplicatesAreNotScheduled(CaseContext& c);
Task<void> BadMessagesAreRefused(CaseContext& c);
Task<void> ScheduledMessagesAreCounted(CaseContext& c);
Task<void> ReadyOnesAreNotCounted(CaseContext& c);
Task<void> ReleasedForLaterAreCounted(CaseContext& c);
Task<void> NamespacesNeverMeet(CaseContext& c);

}  // namespace prism::conformance::queues::delayed
