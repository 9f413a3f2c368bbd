#pragma once

#include "conformance/case_context.h"

// The cases of timeseries_basic.
namespace prism::conformance::points {

// basic_points.cc: what is stored, and which of it a query chooses.
Task<void> PointsComeBack(CaseContext& c);
Task<void> PointsAreReplaced(CaseContext& c);
Task<void> TagsMakeTheSeries(CaseContext& c);
Task<void> SimilarTagsAreOtherSeries(CaseContext& c);
Task<void> FiltersChoose(CaseContext& c);
Task<void> RangesAreHalfOpen(CaseContext& c);
Task<void> DescendingTurnsTheOrder(CaseContext& c);
Task<void> LatestPoint(CaseContext& c);
Task<void> RepetitionStoresOnce(CaseContext& c);
Task<void> ExpiredPointsAreCounted(CaseContext& c);
Task<void> AbsenceIsNoError(CaseContext& c);
Task<void> NamespacesNeverMeet(CaseContext& c);

// basic_limits.cc: the largest that is taken, and what is refused.
Task<void> LargestIsTaken(CaseContext& c);
Task<void> BadPointsAreRefused(CaseContext& c);
Task<void> TooManyPointsAreRefused(CaseContext& c);
Task<void> BadQueriesAreRefused(CaseContext& c);

// basic_paging.cc: pages, limits and cursors.
Task<void> PagesHoldAThousandPoints(CaseContext& c);
Task<void> PagesHoldAMebibyte(CaseContext& c);
Task<void> ManySeriesShareAPage(CaseContext& c);
Task<void> LimitBoundsTheStream(CaseContext& c);
Task<void> CursorsResume(CaseContext& c);
Task<void> EmptyCursorMeansTheEnd(CaseContext& c);
Task<void> CursorsMayBeUsedAgain(CaseContext& c);
Task<void> ForeignCursorsAreRefused(CaseContext& c);
Task<void> DamagedCursorsAreRefused(CaseContext& c);

// basic_moments.cc: what holds while others write.
Task<void> ReadsSeeTheirWrites(CaseContext& c);
Task<void> NoPointIsLost(CaseContext& c);
Task<void> LastWriterStays(CaseContext& c);
Task<void> QueriesAreWeaklyConsistent(CaseContext& c);

}  // namespace prism::conformance::points
