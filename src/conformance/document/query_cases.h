#pragma once

#include "conformance/case_context.h"

// The cases of document_query: query_filters.cc has those about what is found, query_pages.cc those
// about how it comes, query_aggregates.cc those about Aggregate.
namespace prism::conformance::documents {

Task<void> ConditionsCompareScalars(CaseContext& c);
Task<void> NumbersCompareExactly(CaseContext& c);
Task<void> TextsCompareByBytes(CaseContext& c);
Task<void> FiltersCombine(CaseContext& c);
Task<void> PathsLeadThroughObjectsAndArrays(CaseContext& c);
Task<void> BackslashesKeepDots(CaseContext& c);
Task<void> LargestFilterIsTaken(CaseContext& c);
Task<void> BadQueriesAreRefused(CaseContext& c);
Task<void> OtherCollectionsAreNotSearched(CaseContext& c);

Task<void> SortOrdersTypesAndValues(CaseContext& c);
Task<void> SortTakesSeveralPaths(CaseContext& c);
Task<void> PagesHoldAThousandDocuments(CaseContext& c);
Task<void> PagesHoldAMebibyte(CaseContext& c);
Task<void> NothingFoundIsNoPage(CaseContext& c);
Task<void> CursorResumes(CaseContext& c);
Task<void> ForeignCursorsAreRefused(CaseContext& c);
Task<void> FieldsSelect(CaseContext& c);
Task<void> FindOneReturnsTheFirst(CaseContext& c);
Task<void> FindIsWeaklyConsistent(CaseContext& c);

Task<void> GroupsAreComputed(CaseContext& c);
Task<void> FunctionsCompute(CaseContext& c);
Task<void> NoGroupsAreOneAnswer(CaseContext& c);
Task<void> SumsAreExactWhileTheyFit(CaseContext& c);
Task<void> ManyGroupsComeInPages(CaseContext& c);
Task<void> TooManyGroupsAreRefused(CaseContext& c);
Task<void> AggregateIsWeaklyConsistent(CaseContext& c);
Task<void> BadAggregatesAreRefused(CaseContext& c);

}  // namespace prism::conformance::documents
