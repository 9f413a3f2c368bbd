#include <cmath>
#include <map>

#include "conformance/graph/analytics_cases.h"

namespace prism::conformance {
namespace {

using Words = std::vector<std::string>;

constexpr double kRounding = 1e-6;

PageRankRequest RanksOf(const OwnGraph& graph) {
  PageRankRequest request;
  request.add_edge_labels(graph.label());
  return request;
}

ConnectedComponentsRequest ComponentsOf(const OwnGraph& graph) {
  ConnectedComponentsRequest request;
  request.add_edge_labels(graph.label());
  return request;
}

std::map<std::string, double> ByName(const std::vector<RankedNode>& nodes) {
  std::map<std::string, double> ranks;
  for (const RankedNode& node : nodes) ranks[node.id()] = node.rank();
  return ranks;
}

Words NamesOf(const std::vector<RankedNode>& nodes) {
  Words names;
  for (const RankedNode& node : nodes) names.push_back(node.id());
  return names;
}

}  // namespace

// d gets from three, c from one; a and b get from none and are alike, as is e, but e gives nothing.
Task<void> RanksFollowTheEdges(CaseContext& c) {
  OwnGraph graph(c);
  co_await graph.MakeNodes("ebacd");
  co_await graph.MakeEdges("ad bd cd dc");
  const auto ranks = co_await graph.Ranks(RanksOf(graph));
  const Words expected = {"d", "c", "a", "b", "e"};
  c.ExpectEq(NamesOf(ranks), expected);
  if (!c.ok()) co_return;
  c.Expect(std::abs(ranks[2].rank() - ranks[3].rank()) < kRounding, "a and b rank alike");
  c.Expect(ranks[1].rank() > 2 * ranks[2].rank(), "c gets what d has");
}

Task<void> RanksSumUpToOne(CaseContext& c) {
  OwnGraph graph(c);
  co_await graph.MakeNodes("abc");
  co_await graph.MakeEdges("ab");
  double sum = 0;
  double last = 2;
  std::string last_id;
  const auto pages = co_await c.CallAll(&GraphAnalyticsStub::PageRank, RanksOf(graph));
  for (const auto& page : pages) {
    c.Expect(page.nodes_size() > 0, "no page is empty");
    for (const RankedNode& node : page.nodes()) {
      c.Expect(node.rank() < last || (node.rank() == last && node.id() > last_id),
               "ranks descend, equal ones by id");
      sum += node.rank();
      last = node.rank();
      last_id = node.id();
    }
  }
  c.Expect(std::abs(sum - 1) < 1e-3, "the ranks sum up to 1");
}

Task<void> EdgesCountSeveralTimes(CaseContext& c) {
  OwnGraph graph(c);
  co_await graph.MakeNodes("abc");
  co_await graph.MakeEdges("ab ab2 ab3 ac");
  auto ranks = ByName(co_await graph.Ranks(RanksOf(graph)));
  // What b and c have beside what every node has is a's, three parts to one.
  const double base = ranks["a"];
  c.Expect(std::abs((ranks["b"] - base) - 3 * (ranks["c"] - base)) < kRounding,
           "three edges carry three times as much as one");
  c.Expect(ranks["c"] > base, "one edge carries something");
}

Task<void> RanksAreLimited(CaseContext& c) {
  OwnGraph graph(c);
  co_await graph.MakeNodes("abc");
  co_await graph.MakeEdges("ab cb");
  PageRankRequest request = RanksOf(graph);
  request.set_limit(2);
  const auto pages = co_await c.CallAll(&GraphAnalyticsStub::PageRank, request);
  c.ExpectEq(pages.size(), size_t{1});
  if (!c.ok()) co_return;
  c.ExpectEq(pages[0].nodes_size(), 2);
  // With little damping the edges hardly matter.
  request = RanksOf(graph);
  const auto usual = ByName(co_await graph.Ranks(request));
  request.set_damping(0.01);
  const auto flat = ByName(co_await graph.Ranks(request));
  c.Expect(flat.contains("b") && usual.contains("b"), "the nodes are ranked");
  if (!c.ok()) co_return;
  c.Expect(flat.at("b") / flat.at("a") < usual.at("b") / usual.at("a"), "damping counts");
}

Task<void> RanksByLabel(CaseContext& c) {
  OwnGraph graph(c);
  co_await graph.MakeNodes("abc");
  co_await graph.MakeEdges("ab");
  GraphClient client(c);
  const std::string other = graph.label() + "other";
  co_await client.Create(EdgeOf(graph.IdOf("ac"), graph.IdOf("a"), graph.IdOf("c"), other));
  PageRankRequest request = RanksOf(graph);
  auto ranks = ByName(co_await graph.Ranks(request));
  c.Expect(ranks["b"] > ranks["a"] + kRounding, "an edge of the label counts");
  c.Expect(std::abs(ranks["c"] - ranks["a"]) < kRounding, "an edge of another label does not");
  request.add_edge_labels(other);
  ranks = ByName(co_await graph.Ranks(request));
  c.Expect(std::abs(ranks["c"] - ranks["b"]) < kRounding, "edges of both labels count");
  request.clear_edge_labels();
  ranks = ByName(co_await graph.Ranks(request));
  c.Expect(ranks["c"] > ranks["a"] + kRounding, "without labels every edge counts");
}

// Along a chain each node has more than the one before it, which takes as many steps as the chain
// has.
Task<void> RankingEndsWhenTold(CaseContext& c) {
  OwnGraph graph(c);
  co_await graph.MakeNodes("abcd");
  co_await graph.MakeEdges("ab bc cd");
  PageRankRequest once = RanksOf(graph);
  once.set_iterations(1);
  PageRankRequest coarse = RanksOf(graph);
  coarse.set_tolerance(1000);
  PageRankRequest exact = RanksOf(graph);
  exact.set_iterations(1000);
  exact.set_tolerance(1e-12);
  std::vector<double> gains;
  const std::vector<PageRankRequest> requests = {once, coarse, exact};
  for (const PageRankRequest& request : requests) {
    auto ranks = ByName(co_await graph.Ranks(request));
    gains.push_back(ranks["d"] / ranks["b"]);
  }
  // 1 + 0.85 + 0.85^2 + 0.85^3 to 1 + 0.85.
  constexpr double kExact = 3.186625 / 1.85;
  c.Expect(std::abs(gains[2] - kExact) < kRounding, "many steps come to the exact ranks");
  c.Expect(gains[0] < 0.9 * kExact, "one step does less than many");
  c.Expect(gains[1] < 0.9 * kExact, "a large tolerance ends it early");
}

Task<void> BadRankingsAreRefused(CaseContext& c) {
  const auto refused = [&c](PageRankRequest request, std::string field) -> Task<void> {
    co_await c.Refused(&GraphAnalyticsStub::PageRank, std::move(request), Code::kInvalidArgument,
                       field);
  };
  PageRankRequest request;
  request.set_damping(1);
  co_await refused(request, "damping");
  request.set_damping(-0.1);
  co_await refused(request, "damping");
  request.Clear();
  request.set_iterations(1001);
  co_await refused(request, "iterations");
  request.Clear();
  request.set_tolerance(-1);
  co_await refused(request, "tolerance");
  request.Clear();
  for (int i = 0; i < 65; ++i) request.add_edge_labels("l" + std::to_string(i));
  co_await refused(request, "edge_labels");
}

Task<void> ComponentsIgnoreDirections(CaseContext& c) {
  OwnGraph graph(c);
  co_await graph.MakeNodes("fedcba");
  co_await graph.MakeEdges("cb ab fe");
  const Words expected = {"a:a", "b:a", "c:a", "d:d", "e:e", "f:e"};
  c.ExpectEq(co_await graph.Components(ComponentsOf(graph)), expected);
  co_await graph.MakeEdges("df dc");
  const Words joined = {"a:a", "b:a", "c:a", "d:a", "e:a", "f:a"};
  c.ExpectEq(co_await graph.Components(ComponentsOf(graph)), joined);
}

// One component is told before the next, though their ids lie between each other.
Task<void> ComponentsComeTogether(CaseContext& c) {
  OwnGraph graph(c);
  co_await graph.MakeNodes("dcba");
  co_await graph.MakeEdges("ca db");
  const Words expected = {"a:a", "c:a", "b:b", "d:b"};
  c.ExpectEq(co_await graph.Components(ComponentsOf(graph)), expected);
}

Task<void> ComponentsByLabel(CaseContext& c) {
  OwnGraph graph(c);
  co_await graph.MakeNodes("abc");
  co_await graph.MakeEdges("ab");
  GraphClient client(c);
  const std::string other = graph.label() + "other";
  co_await client.Create(EdgeOf(graph.IdOf("bc"), graph.IdOf("b"), graph.IdOf("c"), other));
  const Words apart = {"a:a", "b:a", "c:c"};
  c.ExpectEq(co_await graph.Components(ComponentsOf(graph)), apart);
  ConnectedComponentsRequest request = ComponentsOf(graph);
  request.add_edge_labels(other);
  const Words joined = {"a:a", "b:a", "c:a"};
  c.ExpectEq(co_await graph.Components(request), joined);
  request.clear_edge_labels();
  c.ExpectEq(co_await graph.Components(request), joined);
}

Task<void> PagesHaveAtMostAThousand(CaseContext& c) {
  OwnGraph graph(c);
  int next = 0;
  co_await c.Concurrently(16, [&](int) -> Task<void> {
    GraphClient client(c);
    while (next < 1100 && c.ok()) {
      co_await client.Create(NodeOf(graph.IdOf(std::to_string(1000 + next++))));
    }
  });
  size_t members = 0;
  const auto components =
      co_await c.CallAll(&GraphAnalyticsStub::ConnectedComponents, ComponentsOf(graph));
  for (const auto& page : components) {
    c.Expect(page.members_size() > 0 && page.members_size() <= 1000, "a page has 1 to 1000 nodes");
    members += static_cast<size_t>(page.members_size());
  }
  c.ExpectLe(size_t{1100}, members, "every node is told");
  const auto ranks = co_await c.CallAll(&GraphAnalyticsStub::PageRank, RanksOf(graph));
  for (const auto& page : ranks) {
    c.Expect(page.nodes_size() > 0 && page.nodes_size() <= 1000, "a page has 1 to 1000 nodes");
  }
  c.ExpectLe(size_t{2}, ranks.size(), "pages");
}

// So few nodes that only their long ids fill a page.
Task<void> PagesHaveAtMostAMebibyte(CaseContext& c) {
  constexpr int kNodes = 300;
  constexpr size_t kMostBytes = size_t{1} << 20;
  OwnGraph graph(c);
  const std::string padding(kMaxGraphNameBytes - graph.IdOf("1000").size(), 'x');
  int next = 0;
  co_await c.Concurrently(16, [&](int) -> Task<void> {
    GraphClient client(c);
    while (next < kNodes && c.ok()) {
      co_await client.Create(NodeOf(graph.IdOf(std::to_string(1000 + next++) + padding)));
    }
  });
  const auto components =
      co_await c.CallAll(&GraphAnalyticsStub::ConnectedComponents, ComponentsOf(graph));
  for (const auto& page : components) {
    size_t bytes = 0;
    for (const ComponentMember& member : page.members()) bytes += member.ByteSizeLong();
    c.ExpectLe(bytes, kMostBytes, "bytes of a page of components");
  }
  const auto ranks = co_await c.CallAll(&GraphAnalyticsStub::PageRank, RanksOf(graph));
  for (const auto& page : ranks) {
    size_t bytes = 0;
    for (const RankedNode& node : page.nodes()) bytes += node.ByteSizeLong();
    c.ExpectLe(bytes, kMostBytes, "bytes of a page of ranks");
  }
  const auto ours = co_await graph.Ranks(RanksOf(graph));
  c.ExpectEq(ours.size(), size_t{kNodes});
}

}  // namespace prism::conformance
