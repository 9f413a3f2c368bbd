#pragma once

#include "conformance/case_context.h"

// The cases of stream_replay: replay_seek.cc has those about moving groups, replay_range.cc those
// about ranges and arguments.
namespace prism::conformance::streams {

Task<void> SeekingBackDeliversAgain(CaseContext& c);
Task<void> SeekingForwardSkips(CaseContext& c);
Task<void> SeekingToTheOldest(CaseContext& c);
Task<void> OldAcksDoNotCount(CaseContext& c);
Task<void> SeekingByTime(CaseContext& c);
Task<void> SeekingWhileMembersReceive(CaseContext& c);
Task<void> SeekingInPartitions(CaseContext& c);
Task<void> SeekingMovesOneGroup(CaseContext& c);
Task<void> SeekingNoGroup(CaseContext& c);

Task<void> RangesAreHalfOpen(CaseContext& c);
Task<void> RangesEndWhereTheyBegan(CaseContext& c);
Task<void> EmptyRangesHaveNoPage(CaseContext& c);
Task<void> LongRangesComeInPages(CaseContext& c);
Task<void> RangesOfPartitionsAreRefused(CaseContext& c);
Task<void> BadRangesAreRefused(CaseContext& c);
Task<void> BadSeeksAreRefused(CaseContext& c);
Task<void> ReplayStaysInItsNamespace(CaseContext& c);

}  // namespace prism::conformance::streams
