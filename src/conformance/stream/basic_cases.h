#pragma once

#include "conformance/case_context.h"

// The cases of stream_basic: basic_records.cc has those about what is appended, basic_reading.cc
// those about offsets and reads, basic_streams.cc those about streams as a whole.
namespace prism::conformance::streams {

Task<void> RecordsComeBack(CaseContext& c);
Task<void> RecordsNeverChange(CaseContext& c);
Task<void> TimeNeverDecreases(CaseContext& c);
Task<void> OneAfterTheOther(CaseContext& c);
Task<void> NoneIsLostOrComesTwice(CaseContext& c);
Task<void> LongNamesAreTaken(CaseContext& c);
Task<void> BadNamesAreRefused(CaseContext& c);
Task<void> BadAttributesAreRefused(CaseContext& c);
Task<void> LargePayloads(CaseContext& c);
Task<void> TooLargeAPayloadIsRefused(CaseContext& c);

Task<void> ReadsBeginWhereTold(CaseContext& c);
Task<void> LimitEndsARead(CaseContext& c);
Task<void> PagesAreBounded(CaseContext& c);
Task<void> ReadersKeepTheirOwnPace(CaseContext& c);
Task<void> LatestIsTheNewest(CaseContext& c);
Task<void> PlaceToComeIsAPlace(CaseContext& c);
Task<void> FollowWaits(CaseContext& c);
Task<void> FollowMissesNothing(CaseContext& c);
Task<void> FollowersOfNothingWait(CaseContext& c);
Task<void> NonsenseIsNoOffset(CaseContext& c);

Task<void> AbsentStreamReadsAsEmpty(CaseContext& c);
Task<void> StreamsComeIntoBeing(CaseContext& c);
Task<void> SeveralPartitionsAreReadOneByOne(CaseContext& c);
Task<void> RemovedRecordsLeaveOffsets(CaseContext& c);
Task<void> NamespacesNeverMeet(CaseContext& c);

}  // namespace prism::conformance::streams
