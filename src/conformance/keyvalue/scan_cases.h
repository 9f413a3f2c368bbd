#pragma once

#include "conformance/case_context.h"

// The cases of keyvalue_scan that are not beside its table.
namespace prism::conformance::scan {

// scan_paging.cc: pages, limits and cursors.
Task<void> PagesHoldAThousandRows(CaseContext& c);
Task<void> PagesHoldAMebibyte(CaseContext& c);
Task<void> LargeRowHasItsOwnPage(CaseContext& c);
Task<void> NothingIsNoPage(CaseContext& c);
Task<void> LimitBoundsTheStream(CaseContext& c);
Task<void> CursorsResume(CaseContext& c);
Task<void> EmptyCursorMeansTheEnd(CaseContext& c);
Task<void> CursorsOutliveTheirKeys(CaseContext& c);
Task<void> ForeignCursorsAreRefused(CaseContext& c);
Task<void> DamagedCursorsAreRefused(CaseContext& c);

// scan_moments.cc: what holds while others write.
Task<void> ScansAreWeaklyConsistent(CaseContext& c);
Task<void> CountsUnderWrites(CaseContext& c);
Task<void> ValuesAreOfTheMoment(CaseContext& c);
Task<void> StreamsWaitForTheirCallers(CaseContext& c);

}  // namespace prism::conformance::scan
