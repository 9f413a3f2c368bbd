#pragma once

#include "conformance/case_context.h"

// The cases of stream_partitioning: partitioning_number.cc has those about how many partitions
// there are, partitioning_records.cc those about the records in them.
namespace prism::conformance::streams {

Task<void> PartitionsAreNumbered(CaseContext& c);
Task<void> PartitionsGrowAndNeverShrink(CaseContext& c);
Task<void> GrowingAtTheSameTime(CaseContext& c);
Task<void> GrowingKeepsRecords(CaseContext& c);
Task<void> GroupsReadNewPartitions(CaseContext& c);
Task<void> AbsentStreamHasNone(CaseContext& c);
Task<void> BadNumbersAreRefused(CaseContext& c);
Task<void> PartitionsStayInTheirNamespace(CaseContext& c);

Task<void> AppendsGoWhereTold(CaseContext& c);
Task<void> KeysChooseThePartition(CaseContext& c);
Task<void> OrderHoldsInEachPartition(CaseContext& c);
Task<void> PartitionsTellTheirPlaces(CaseContext& c);
Task<void> PartitionsReadAsStreamsDo(CaseContext& c);
Task<void> PartitionPagesAreBounded(CaseContext& c);
Task<void> FollowersOfAPartitionWait(CaseContext& c);
Task<void> OffsetsBelongToTheirPartition(CaseContext& c);
Task<void> MissingPartitions(CaseContext& c);
Task<void> BadRecordsAreRefused(CaseContext& c);

}  // namespace prism::conformance::streams
