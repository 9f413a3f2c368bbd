#pragma once

#include "conformance/case_context.h"

// The cases of pubsub_basic: basic_delivery.cc has those about what a subscription receives,
// basic_ends.cc those about how it ends, basic_limits.cc those about topics and payloads.
namespace prism::conformance::pubsub_suite {

Task<void> EachSubscriptionReceivesOnce(CaseContext& c);
Task<void> MessagesCarryTheirTopic(CaseContext& c);
Task<void> NothingIsKeptForLaterOnes(CaseContext& c);
Task<void> RepeatedIsSentAgain(CaseContext& c);
Task<void> ReceiversAreNotInvented(CaseContext& c);
Task<void> EachPublishersOrderIsKept(CaseContext& c);
Task<void> NamespacesNeverMeet(CaseContext& c);

Task<void> UnsubscribeEndsTheStream(CaseContext& c);
Task<void> CallersEndTheirCalls(CaseContext& c);
Task<void> SomeMessagesWaitForTheirReader(CaseContext& c);
Task<void> SlowReadersSeeNoGaps(CaseContext& c);

Task<void> TopicsOfAllKinds(CaseContext& c);
Task<void> PayloadsAreAnyBytes(CaseContext& c);
Task<void> BadTopicsAreRefused(CaseContext& c);
Task<void> TopicsThatAreNoTextAreRefused(CaseContext& c);
Task<void> LargestPayloadArrives(CaseContext& c);

}  // namespace prism::conformance::pubsub_suite
