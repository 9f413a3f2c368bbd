#pragma once

#include "conformance/case_context.h"

// The cases of graph_query: query_rows.cc has those about what is found, query_limits.cc those
// about what is refused and how much is answered.
namespace prism::conformance {

Task<void> RowsComeInOrder(CaseContext& c);
Task<void> EdgesAreMatched(CaseContext& c);
Task<void> CellsHoldWhatWasFound(CaseContext& c);
Task<void> NothingFoundNamesTheColumns(CaseContext& c);
Task<void> ParametersAreValues(CaseContext& c);
Task<void> QueriesSeeWhatWasWritten(CaseContext& c);
Task<void> NoElementIsSeenHalfWritten(CaseContext& c);
Task<void> OtherNamespacesAreNotQueried(CaseContext& c);

Task<void> DialectsAreTold(CaseContext& c);
Task<void> UnknownDialectsAreRefused(CaseContext& c);
Task<void> BadTextIsRefusedWithItsPlace(CaseContext& c);
Task<void> QueriesThatWriteAreRefused(CaseContext& c);
Task<void> MissingParametersAreRefused(CaseContext& c);
Task<void> TextIsBounded(CaseContext& c);
Task<void> RowsOfAPageAreBounded(CaseContext& c);
Task<void> BytesOfAPageAreBounded(CaseContext& c);
Task<void> ResultsHaveAtMostSoManyRows(CaseContext& c);
Task<void> ResultsHaveAtMostSoManyBytes(CaseContext& c);

}  // namespace prism::conformance
