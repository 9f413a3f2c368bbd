#pragma once

#include "conformance/case_context.h"

// The cases of list_basic: basic_ends.cc has those about pushes and pops, basic_elements.cc those
// about names, elements and what never meets, basic_together.cc those of several clients at once.
namespace prism::conformance::lists {

Task<void> PushesAtBothEnds(CaseContext& c);
Task<void> PushTellsTheLength(CaseContext& c);
Task<void> RepeatedPushAddsAgain(CaseContext& c);
Task<void> PushTakesAThousand(CaseContext& c);
Task<void> PushesServeWhoWaits(CaseContext& c);
Task<void> PopsAtBothEnds(CaseContext& c);
Task<void> CountBoundsAPop(CaseContext& c);
Task<void> BytesBoundAPop(CaseContext& c);
Task<void> LargeElementPopsAlone(CaseContext& c);
Task<void> ListComesAndGoes(CaseContext& c);
Task<void> ClearRemovesAll(CaseContext& c);
Task<void> AbsenceIsAnAnswer(CaseContext& c);
Task<void> IndexesCountFromBothEnds(CaseContext& c);

Task<void> NamesOfAllKinds(CaseContext& c);
Task<void> BadNamesAreRefused(CaseContext& c);
Task<void> NamesThatAreNoTextAreRefused(CaseContext& c);
Task<void> ElementsAreAnyBytes(CaseContext& c);
Task<void> LargeElements(CaseContext& c);
Task<void> TooLargeAPushIsRefused(CaseContext& c);
Task<void> OtherModelsKeepTheirs(CaseContext& c);
Task<void> NamespacesNeverMeet(CaseContext& c);

Task<void> ReadsSeeAnsweredWrites(CaseContext& c);
Task<void> BatchesStayWhole(CaseContext& c);
Task<void> EveryPushHasItsLength(CaseContext& c);
Task<void> NothingIsLostOrDoubled(CaseContext& c);
Task<void> PushesKeepTheirOrder(CaseContext& c);
Task<void> ClearIsOneStep(CaseContext& c);

}  // namespace prism::conformance::lists
