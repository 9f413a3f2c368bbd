#pragma once

#include "conformance/case_context.h"

// The cases of document_indexing, in indexing_making.cc and indexing_unique.cc.
namespace prism::conformance::documents {

Task<void> IndexesAreListed(CaseContext& c);
Task<void> SameIndexIsNotMadeAgain(CaseContext& c);
Task<void> DroppedIndexIsGone(CaseContext& c);
Task<void> AnswersStayTheSame(CaseContext& c);
Task<void> IndexesAreLimited(CaseContext& c);
Task<void> BadIndexesAreRefused(CaseContext& c);
Task<void> WhatDoesNotFitIsRefused(CaseContext& c);
Task<void> OtherCollectionsHaveTheirOwn(CaseContext& c);
Task<void> OneOfManyMakersMakesIt(CaseContext& c);

Task<void> UniqueForbidsCombinationsInCommon(CaseContext& c);
Task<void> UniqueTakesWhatHasNoScalar(CaseContext& c);
Task<void> ViolatedIndexIsNotMade(CaseContext& c);
Task<void> OneOfManyWritersHasTheValue(CaseContext& c);
Task<void> NothingSlipsThroughTheMaking(CaseContext& c);

}  // namespace prism::conformance::documents
