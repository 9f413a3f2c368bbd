#pragma once

#include "conformance/case_context.h"

// The cases of pubsub_persistent: persistent_delivery.cc has those about what a durable name
// receives, persistent_acks.cc those about acks and delivering again, persistent_names.cc those
// about making and deleting names and about limits.
namespace prism::conformance::pubsub_suite {

Task<void> DurablesReceiveMessages(CaseContext& c);
Task<void> EachNameGetsEveryMessage(CaseContext& c);
Task<void> LiveSubscriptionsReceiveThemToo(CaseContext& c);
Task<void> NamesAreRememberedWhileNobodyReads(CaseContext& c);
Task<void> MessagesOfManyPublishersComeInOrder(CaseContext& c);
Task<void> StreamsOfANameShare(CaseContext& c);
Task<void> NothingIsDropped(CaseContext& c);
Task<void> DurablesOfOtherNamespacesDiffer(CaseContext& c);

Task<void> UnackedComesAgain(CaseContext& c);
Task<void> AckedNeverComesAgain(CaseContext& c);
Task<void> LeftUnackedGoesToAnotherStream(CaseContext& c);
Task<void> AgainComesBeforeNew(CaseContext& c);
Task<void> MaxUnackedHoldsBack(CaseContext& c);
Task<void> AcksAreCounted(CaseContext& c);
Task<void> LateAcksCount(CaseContext& c);
Task<void> OneOfManyAcksIsCounted(CaseContext& c);

Task<void> StartSaysWhereANameBegins(CaseContext& c);
Task<void> ExistingNamesIgnoreStart(CaseContext& c);
Task<void> AckWaitIsReplaced(CaseContext& c);
Task<void> DeleteForgetsTheName(CaseContext& c);
Task<void> LastMessageIdIsTold(CaseContext& c);
Task<void> HundredNamesOfATopic(CaseContext& c);
Task<void> BadPublishingIsRefused(CaseContext& c);
Task<void> BadNamesAreRefused(CaseContext& c);
Task<void> BadReadingIsRefused(CaseContext& c);
Task<void> BadAcksAreRefused(CaseContext& c);

}  // namespace prism::conformance::pubsub_suite
