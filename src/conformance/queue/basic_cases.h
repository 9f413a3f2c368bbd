#pragma once

#include "conformance/case_context.h"

// The cases of queue_basic that are not beside its table.
namespace prism::conformance::queues::basic {

// basic_messages.cc: what a message is, and what is none.
Task<void> MessagesComeBack(CaseContext& c);
Task<void> IdsDiffer(CaseContext& c);
Task<void> NamesOfAllKinds(CaseContext& c);
Task<void> BadNamesAreRefused(CaseContext& c);
Task<void> PayloadsAreAnyBytes(CaseContext& c);
Task<void> LargePayloads(CaseContext& c);
Task<void> TooLargeAPayloadIsRefused(CaseContext& c);
Task<void> AttributesUpToTheirLimits(CaseContext& c);
Task<void> BadMessagesAreRefused(CaseContext& c);
Task<void> DuplicatesStoreNothing(CaseContext& c);
Task<void> DuplicatesOfEveryRpc(CaseContext& c);
Task<void> OneOfManyDuplicatesIsStored(CaseContext& c);

// basic_waiting.cc: calls that wait.
Task<void> WaitingCallGetsWhatComes(CaseContext& c);
Task<void> WaitEndsEmpty(CaseContext& c);
Task<void> FirstComeFirstServed(CaseContext& c);
Task<void> CancelledWaitRemovesNothing(CaseContext& c);

// basic_order.cc: what is handed out, to whom and in which order.
Task<void> MessagesComeInOrder(CaseContext& c);
Task<void> PlacesAreKept(CaseContext& c);
Task<void> HigherPriorityComesFirst(CaseContext& c);
Task<void> OnlyReadyMessagesAreHandedOut(CaseContext& c);
Task<void> LaterCallsSeeIt(CaseContext& c);
Task<void> EachMessageGoesToOne(CaseContext& c);
Task<void> AnswersAreBounded(CaseContext& c);
Task<void> BytesOfAnswersAreBounded(CaseContext& c);
Task<void> PeekShowsTheNext(CaseContext& c);

}  // namespace prism::conformance::queues::basic
