#pragma once

#include "conformance/case_context.h"

// The cases of object_basic, by the file that has them.
namespace prism::conformance::object_basic {

// basic_put.cc
Task<void> ObjectsComeBack(CaseContext& c);
Task<void> AnyBytesInAnyPieces(CaseContext& c);
Task<void> PutReplaces(CaseContext& c);
Task<void> EtagsNameContents(CaseContext& c);
Task<void> AnnouncedContentIsChecked(CaseContext& c);
Task<void> WrongContentIsRefused(CaseContext& c);
Task<void> PartsHaveAnOrder(CaseContext& c);
Task<void> HeadersHaveLimits(CaseContext& c);
Task<void> CancelledPutStoresNothing(CaseContext& c);
Task<void> LongKeysAreTaken(CaseContext& c);
Task<void> BadKeysAreRefused(CaseContext& c);
Task<void> SlashesHaveNoMeaning(CaseContext& c);
Task<void> NamespacesNeverMeet(CaseContext& c);

// basic_get.cc
Task<void> AbsenceIsAnAnswer(CaseContext& c);
Task<void> RangesAreCutOut(CaseContext& c);
Task<void> SuffixesAreTheLastBytes(CaseContext& c);
Task<void> GetWithAnEtag(CaseContext& c);
Task<void> HeadDescribes(CaseContext& c);
Task<void> DeleteRemoves(CaseContext& c);
Task<void> DeleteWithAnEtag(CaseContext& c);
Task<void> ReadsSeeAnsweredWrites(CaseContext& c);

// basic_conditions.cc
Task<void> IfAbsentNeedsAbsence(CaseContext& c);
Task<void> IfEtagNeedsThatObject(CaseContext& c);
Task<void> ConditionIsTestedAtTheEnd(CaseContext& c);
Task<void> EarlyAnswersArrive(CaseContext& c);
Task<void> OneOfManyFirstPutsIsStored(CaseContext& c);
Task<void> OneOfManyReplacementsIsStored(CaseContext& c);
Task<void> NoReplacementIsLost(CaseContext& c);
Task<void> PutBecomesVisibleAtItsEnd(CaseContext& c);
Task<void> GetReturnsTheBytesOfOnePut(CaseContext& c);
Task<void> ContentsNeverMix(CaseContext& c);

// basic_listing.cc
Task<void> RowsComeInOrder(CaseContext& c);
Task<void> PrefixBounds(CaseContext& c);
Task<void> DelimiterGathers(CaseContext& c);
Task<void> NothingIsNoPage(CaseContext& c);
Task<void> PagesHoldAThousandRows(CaseContext& c);
Task<void> PagesHoldAMebibyte(CaseContext& c);
Task<void> LimitBoundsTheStream(CaseContext& c);
Task<void> CursorsResume(CaseContext& c);
Task<void> CursorsDoNotExpire(CaseContext& c);
Task<void> ForeignCursorsAreRefused(CaseContext& c);
Task<void> DamagedCursorsAreRefused(CaseContext& c);
Task<void> BadListingsAreRefused(CaseContext& c);
Task<void> ListingIsWeaklyConsistent(CaseContext& c);

}  // namespace prism::conformance::object_basic
