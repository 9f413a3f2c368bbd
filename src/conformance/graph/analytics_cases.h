#pragma once

#include <string>
#include <vector>

#include "conformance/graph/client.h"
#include "interfaces/graph_analytics.prism.h"
#include "prism/interfaces/graph_analytics.pb.h"

namespace prism::conformance {

using graph::v1::ComponentMember;
using graph::v1::ConnectedComponentsRequest;
using graph::v1::PageRankRequest;
using graph::v1::RankedNode;
using graph::v1::ShortestPathRequest;
using graph::v1::ShortestPathResponse;

// A graph of the case's own, by short names: node "a" has the id base + "a", edge "ab" leads from
// "a" to "b". The computations are over the whole graph of the namespace, where others work too, so
// all edges have a label that nothing else has.
class OwnGraph {
 public:
  explicit OwnGraph(CaseContext& c) : c_(c), base_(c.Unique("g")) {}

  std::string IdOf(std::string_view name) const { return base_ + std::string(name); }
  const std::string& label() const { return base_; }
  // Makes the nodes of the letters in `names`.
  Task<void> MakeNodes(std::string names);
  // Edges "ab bc": each with its letters as the name, or with a number behind: "ab2".
  Task<void> MakeEdges(std::string names);
  // One edge with an integer property "w".
  Task<void> MakeWeighted(std::string name, int64_t weight);

  ShortestPathRequest Way(std::string_view from, std::string_view to) const;
  // The way as "a ab b bc c", "none" if there is none.
  Task<std::string> Find(ShortestPathRequest request, Where where = Where::current());
  // Our nodes of the ranking, in its order, by their short names.
  Task<std::vector<RankedNode>> Ranks(PageRankRequest request, Where where = Where::current());
  // Our nodes with their components, in the stream's order: "b:a".
  Task<std::vector<std::string>> Components(ConnectedComponentsRequest request,
                                            Where where = Where::current());

 private:
  std::string ShortOf(const std::string& id) const;

  CaseContext& c_;
  const std::string base_;
};

Task<void> FewestEdges(CaseContext& c);
Task<void> DirectionsAreKept(CaseContext& c);
Task<void> LabelsAreChosen(CaseContext& c);
Task<void> LeastSum(CaseContext& c);
Task<void> NegativeEdgesAreRefused(CaseContext& c);
Task<void> NoWayIsAnAnswer(CaseContext& c);
Task<void> FromANodeToItself(CaseContext& c);
Task<void> HopsAreBounded(CaseContext& c);
Task<void> LongWays(CaseContext& c);
Task<void> BadPathsAreRefused(CaseContext& c);
Task<void> OtherNamespacesHaveTheirWays(CaseContext& c);

Task<void> RanksFollowTheEdges(CaseContext& c);
Task<void> RanksSumUpToOne(CaseContext& c);
Task<void> EdgesCountSeveralTimes(CaseContext& c);
Task<void> RanksAreLimited(CaseContext& c);
Task<void> RanksByLabel(CaseContext& c);
Task<void> RankingEndsWhenTold(CaseContext& c);
Task<void> BadRankingsAreRefused(CaseContext& c);
Task<void> ComponentsIgnoreDirections(CaseContext& c);
Task<void> ComponentsComeTogether(CaseContext& c);
Task<void> ComponentsByLabel(CaseContext& c);
Task<void> PagesHaveAtMostAThousand(CaseContext& c);
Task<void> PagesHaveAtMostAMebibyte(CaseContext& c);

}  // namespace prism::conformance
