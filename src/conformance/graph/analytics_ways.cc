#include "conformance/graph/analytics_cases.h"

namespace prism::conformance {
namespace {

using graph::v1::ANY;
using graph::v1::IN;

constexpr uint32_t kMostHops = 1000;

}  // namespace

Task<void> FewestEdges(CaseContext& c) {
  OwnGraph graph(c);
  co_await graph.MakeNodes("abcde");
  co_await graph.MakeEdges("ab bc cd de");
  c.ExpectEq(co_await graph.Find(graph.Way("a", "e")), "a ab b bc c cd d de e");
  co_await graph.MakeEdges("bd");
  c.ExpectEq(co_await graph.Find(graph.Way("a", "e")), "a ab b bd d de e");
  const auto way = co_await c.Call(&GraphAnalyticsStub::ShortestPath, graph.Way("a", "e"));
  c.ExpectEq(way.weight(), 3.0);
  co_await graph.MakeEdges("ae ae2");
  const std::string either = co_await graph.Find(graph.Way("a", "e"));
  c.Expect(either == "a ae e" || either == "a ae2 e", "one of the shortest is returned");
}

Task<void> DirectionsAreKept(CaseContext& c) {
  OwnGraph graph(c);
  co_await graph.MakeNodes("abc");
  co_await graph.MakeEdges("ab cb");
  c.ExpectEq(co_await graph.Find(graph.Way("a", "c")), "none");
  ShortestPathRequest request = graph.Way("b", "c");
  request.set_direction(IN);
  c.ExpectEq(co_await graph.Find(request), "b cb c");
  request = graph.Way("a", "c");
  request.set_direction(ANY);
  c.ExpectEq(co_await graph.Find(request), "a ab b cb c");
}

Task<void> LabelsAreChosen(CaseContext& c) {
  OwnGraph graph(c);
  co_await graph.MakeNodes("abc");
  co_await graph.MakeEdges("ab bc");
  GraphClient client(c);
  co_await client.Create(
      EdgeOf(graph.IdOf("short"), graph.IdOf("a"), graph.IdOf("c"), graph.label() + "other"));
  ShortestPathRequest request = graph.Way("a", "c");
  c.ExpectEq(co_await graph.Find(request), "a ab b bc c");
  request.add_edge_labels(graph.label() + "other");
  c.ExpectEq(co_await graph.Find(request), "a short c");
  request.clear_edge_labels();
  c.ExpectEq(co_await graph.Find(request), "a short c");
}

Task<void> LeastSum(CaseContext& c) {
  OwnGraph graph(c);
  co_await graph.MakeNodes("abcd");
  co_await graph.MakeWeighted("ad", 10);
  co_await graph.MakeWeighted("ab", 2);
  co_await graph.MakeWeighted("bc", 3);
  co_await graph.MakeWeighted("cd", 4);
  co_await graph.MakeEdges("bd");  // without a weight
  GraphClient client(c);
  Edge text = EdgeOf(graph.IdOf("text"), graph.IdOf("b"), graph.IdOf("d"), graph.label());
  (*text.mutable_properties())["w"] = TextValue("0");
  co_await client.Create(text);
  ShortestPathRequest request = graph.Way("a", "d");
  request.set_weight_property("w");
  c.ExpectEq(co_await graph.Find(request), "a ab b bc c cd d");
  const auto way = co_await c.Call(&GraphAnalyticsStub::ShortestPath, request);
  c.ExpectEq(way.weight(), 9.0);
  co_await graph.MakeWeighted("bd2", 0);
  c.ExpectEq(co_await graph.Find(request), "a ab b bd2 d");
}

Task<void> NegativeEdgesAreRefused(CaseContext& c) {
  OwnGraph graph(c);
  co_await graph.MakeNodes("abc");
  co_await graph.MakeWeighted("ab", 1);
  co_await graph.MakeWeighted("bc", -1);
  ShortestPathRequest request = graph.Way("a", "c");
  request.set_weight_property("w");
  co_await c.Refused(&GraphAnalyticsStub::ShortestPath, request, Code::kFailedPrecondition,
                     graph.IdOf("bc"));
}

Task<void> NoWayIsAnAnswer(CaseContext& c) {
  OwnGraph graph(c);
  co_await graph.MakeNodes("abx");
  co_await graph.MakeEdges("ab");
  c.ExpectEq(co_await graph.Find(graph.Way("a", "b")), "a ab b");
  c.ExpectEq(co_await graph.Find(graph.Way("a", "x")), "none");
  c.ExpectEq(co_await graph.Find(graph.Way("a", "absent")), "none");
  c.ExpectEq(co_await graph.Find(graph.Way("absent", "a")), "none");
  c.ExpectEq(co_await graph.Find(graph.Way("absent", "absent")), "none");
}

Task<void> FromANodeToItself(CaseContext& c) {
  OwnGraph graph(c);
  co_await graph.MakeNodes("a");
  co_await graph.MakeEdges("aa");
  const auto way = co_await c.Call(&GraphAnalyticsStub::ShortestPath, graph.Way("a", "a"));
  c.Expect(way.found(), "a node is reached from itself");
  c.ExpectEq(way.node_ids_size(), 1);
  c.ExpectEq(way.edge_ids_size(), 0);
  c.ExpectEq(way.weight(), 0.0);
}

Task<void> HopsAreBounded(CaseContext& c) {
  OwnGraph graph(c);
  co_await graph.MakeNodes("abcd");
  co_await graph.MakeEdges("ab bc cd");
  ShortestPathRequest request = graph.Way("a", "d");
  request.set_max_hops(2);
  c.ExpectEq(co_await graph.Find(request), "none");
  request.set_max_hops(3);
  c.ExpectEq(co_await graph.Find(request), "a ab b bc c cd d");
  request.set_max_hops(kMostHops);
  c.ExpectEq(co_await graph.Find(request), "a ab b bc c cd d");
}

// A chain of `edges` edges of weight 1 in the graph's label, nodes "0" and up.
static Task<void> MakeChain(CaseContext& c, OwnGraph& graph, int edges) {
  int next_node = 0;
  int next_edge = 0;
  co_await c.Concurrently(16, [&](int) -> Task<void> {
    GraphClient client(c);
    while (next_node <= edges && c.ok()) {
      co_await client.Create(NodeOf(graph.IdOf(std::to_string(next_node++))));
    }
  });
  co_await c.Concurrently(16, [&](int) -> Task<void> {
    GraphClient client(c);
    while (next_edge < edges && c.ok()) {
      const int i = next_edge++;
      Edge edge = EdgeOf(graph.IdOf("e" + std::to_string(i)), graph.IdOf(std::to_string(i)),
                         graph.IdOf(std::to_string(i + 1)), graph.label());
      (*edge.mutable_properties())["w"] = IntegerValue(1);
      co_await client.Create(edge);
    }
  });
}

Task<void> LongWays(CaseContext& c) {
  OwnGraph graph(c);
  co_await MakeChain(c, graph, kMostHops + 1);
  for (const char* weight : {"", "w"}) {
    ShortestPathRequest request = graph.Way("0", std::to_string(kMostHops));
    request.set_weight_property(weight);
    const auto way = co_await c.Call(&GraphAnalyticsStub::ShortestPath, request);
    c.ExpectEq(way.edge_ids_size(), static_cast<int>(kMostHops));
    c.ExpectEq(way.weight(), static_cast<double>(kMostHops));
    request.set_to(graph.IdOf(std::to_string(kMostHops + 1)));
    c.ExpectEq(co_await graph.Find(request), "none");
  }
}

Task<void> BadPathsAreRefused(CaseContext& c) {
  OwnGraph graph(c);
  co_await graph.MakeNodes("ab");
  const auto refused = [&c](ShortestPathRequest request, std::string field) -> Task<void> {
    co_await c.Refused(&GraphAnalyticsStub::ShortestPath, std::move(request),
                       Code::kInvalidArgument, field);
  };
  ShortestPathRequest request = graph.Way("a", "b");
  request.set_max_hops(kMostHops + 1);
  co_await refused(request, "max_hops");
  request.set_max_hops(1);
  request.set_weight_property("w");
  co_await refused(request, "weight_property");
  request = graph.Way("a", "b");
  for (int i = 0; i < 64; ++i) request.add_edge_labels("l" + std::to_string(i));
  co_await refused(request, "edge_labels");
  request = graph.Way("a", "b");
  request.set_from("");
  co_await refused(request, "from");
  request = graph.Way("a", "b");
  request.set_to(std::string(kMaxGraphNameBytes + 1, 'x'));
  co_await refused(request, "to");
}

Task<void> OtherNamespacesHaveTheirWays(CaseContext& c) {
  OwnGraph graph(c);
  co_await graph.MakeNodes("ab");
  co_await graph.MakeEdges("ab");
  c.ExpectEq(co_await graph.Find(graph.Way("a", "b")), "a ab b");
  const auto way = co_await c.other().Call(&GraphAnalyticsStub::ShortestPath, graph.Way("a", "b"));
  c.Expect(!way.found(), "the other namespace has no such way");
}

}  // namespace prism::conformance
