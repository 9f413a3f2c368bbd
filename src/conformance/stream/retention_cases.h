#pragma once

#include "conformance/case_context.h"

// The cases of stream_retention: retention_bounds.cc has those about bounds, retention_compact.cc
// those about compaction, retention_delete.cc those about streams that go.
namespace prism::conformance::streams {

Task<void> RetentionIsReadBack(CaseContext& c);
Task<void> OldestRecordsGoFirst(CaseContext& c);
Task<void> BytesAreBounded(CaseContext& c);
Task<void> AgeIsBounded(CaseContext& c);
Task<void> WithinAllBoundsNothingGoes(CaseContext& c);
Task<void> WithoutRetentionAllStays(CaseContext& c);
Task<void> GroupsDoNotHoldRecords(CaseContext& c);
Task<void> BoundsHoldForEachPartition(CaseContext& c);
Task<void> BadBoundsAreRefused(CaseContext& c);

Task<void> CompactionKeepsTheNewest(CaseContext& c);
Task<void> CompactionIsRepeatable(CaseContext& c);
Task<void> CompactionOfPartitions(CaseContext& c);
Task<void> CompactionWhileRecordsCome(CaseContext& c);

Task<void> DeletedStreamsAreGone(CaseContext& c);
Task<void> OneOfManyDeletesFindsIt(CaseContext& c);
Task<void> DeletingEndsMembers(CaseContext& c);
Task<void> FollowersOutliveAStream(CaseContext& c);
Task<void> RetentionStaysInItsNamespace(CaseContext& c);

}  // namespace prism::conformance::streams
