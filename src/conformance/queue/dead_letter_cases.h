#pragma once

#include "conformance/case_context.h"

// The cases of queue_dead_letter.
namespace prism::conformance::queues::dead_letter {

// dead_letter_moves.cc: what becomes a dead letter, and when.
Task<void> ReleasedMessageMoves(CaseContext& c);
Task<void> TimedOutMessageMoves(CaseContext& c);
Task<void> RemovalsDoNotCount(CaseContext& c);
Task<void> OrderIsThatOfArrival(CaseContext& c);
Task<void> ConfigurationIsReplaced(CaseContext& c);
Task<void> RemovedConfigurationMovesNothing(CaseContext& c);
Task<void> DeadLettersHaveDeadLetters(CaseContext& c);
Task<void> OneQueueServesMany(CaseContext& c);
Task<void> NeverInBothQueues(CaseContext& c);
Task<void> NamespacesNeverMeet(CaseContext& c);

// dead_letter_pages.cc: reading them, and moving them back.
Task<void> NoConfigurationIsNotFound(CaseContext& c);
Task<void> PagesAreBounded(CaseContext& c);
Task<void> CursorResumes(CaseContext& c);
Task<void> DamagedCursorsAreRefused(CaseContext& c);
Task<void> OnlyReadyOnesAreListed(CaseContext& c);
Task<void> RedriveMovesBack(CaseContext& c);
Task<void> RedriveTakesTheFirst(CaseContext& c);
Task<void> RedriveOfNothingMovesNone(CaseContext& c);
Task<void> ConcurrentRedrivesMoveEachOnce(CaseContext& c);
Task<void> BadRequestsAreRefused(CaseContext& c);

}  // namespace prism::conformance::queues::dead_letter
