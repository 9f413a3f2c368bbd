#pragma once

#include "conformance/case_context.h"

// The cases of graph_basic: basic_elements.cc has those about nodes and edges, basic_edges.cc those
// about GetEdges.
namespace prism::conformance {

Task<void> NodesComeBack(CaseContext& c);
Task<void> LabelsAreASet(CaseContext& c);
Task<void> FreshIdsDiffer(CaseContext& c);
Task<void> TakenNodeStays(CaseContext& c);
Task<void> OneOfManyMakersSucceeds(CaseContext& c);
Task<void> UpdateChangesProperties(CaseContext& c);
Task<void> UpdateOfNothingDoesNothing(CaseContext& c);
Task<void> UpdateIsAtomic(CaseContext& c);
Task<void> DeleteNodeTakesItsEdges(CaseContext& c);
Task<void> DeleteOfManyEdges(CaseContext& c);
Task<void> NoEdgeOutlivesItsNode(CaseContext& c);
Task<void> NoEdgeOutlivesALongDelete(CaseContext& c);
Task<void> EdgesComeBack(CaseContext& c);
Task<void> EdgesNeedBothNodes(CaseContext& c);
Task<void> DeleteEdgeKeepsItsNodes(CaseContext& c);
Task<void> AbsenceIsAnAnswer(CaseContext& c);
Task<void> LongNamesAreTaken(CaseContext& c);
Task<void> BadNamesAreRefused(CaseContext& c);
Task<void> TooMuchIsRefused(CaseContext& c);
Task<void> TooMuchOfAnEdgeIsRefused(CaseContext& c);
Task<void> UpdatesMayNotGrowANodeTooLarge(CaseContext& c);
Task<void> NoPropertyIsNull(CaseContext& c);
Task<void> NamespacesNeverMeet(CaseContext& c);

Task<void> EdgesComeInOrder(CaseContext& c);
Task<void> LoopComesOnce(CaseContext& c);
Task<void> LabelsRestrict(CaseContext& c);
Task<void> NoEdgesNoPage(CaseContext& c);
Task<void> PagesAreBounded(CaseContext& c);
Task<void> CursorResumes(CaseContext& c);
Task<void> ForeignCursorsAreRefused(CaseContext& c);
Task<void> LongListingsResume(CaseContext& c);
Task<void> ListingIsWeaklyConsistent(CaseContext& c);
Task<void> LongListingIsWeaklyConsistent(CaseContext& c);
Task<void> BadListingsAreRefused(CaseContext& c);

}  // namespace prism::conformance
