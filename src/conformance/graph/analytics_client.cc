#include <sstream>

#include "conformance/graph/analytics_cases.h"

namespace prism::conformance {

Task<void> OwnGraph::MakeNodes(std::string names) {
  GraphClient graph(c_);
  for (const char name : names) co_await graph.Create(NodeOf(IdOf(std::string(1, name))));
}

Task<void> OwnGraph::MakeEdges(std::string names) {
  GraphClient graph(c_);
  std::istringstream words(names);
  for (std::string name; words >> name;) {
    const std::string from = IdOf(name.substr(0, 1));
    co_await graph.Create(EdgeOf(IdOf(name), from, IdOf(name.substr(1, 1)), base_));
  }
}

Task<void> OwnGraph::MakeWeighted(std::string name, int64_t weight) {
  GraphClient graph(c_);
  Edge edge = EdgeOf(IdOf(name), IdOf(name.substr(0, 1)), IdOf(name.substr(1, 1)), base_);
  (*edge.mutable_properties())["w"] = IntegerValue(weight);
  co_await graph.Create(edge);
}

ShortestPathRequest OwnGraph::Way(std::string_view from, std::string_view to) const {
  ShortestPathRequest request;
  request.set_from(IdOf(from));
  request.set_to(IdOf(to));
  request.add_edge_labels(base_);
  return request;
}

std::string OwnGraph::ShortOf(const std::string& id) const {
  return id.starts_with(base_) ? id.substr(base_.size()) : id;
}

Task<std::string> OwnGraph::Find(ShortestPathRequest request, Where where) {
  const ShortestPathResponse way =
      co_await c_.Call(&GraphAnalyticsStub::ShortestPath, std::move(request), where);
  if (!way.found()) co_return "none";
  if (way.edge_ids_size() + 1 != way.node_ids_size()) {
    c_.Fail("a way has one edge less than nodes", where);
    co_return "none";
  }
  std::string text = ShortOf(way.node_ids(0));
  for (int i = 0; i < way.edge_ids_size(); ++i) {
    text += " " + ShortOf(way.edge_ids(i)) + " " + ShortOf(way.node_ids(i + 1));
  }
  co_return text;
}

Task<std::vector<RankedNode>> OwnGraph::Ranks(PageRankRequest request, Where where) {
  const auto pages = co_await c_.CallAll(&GraphAnalyticsStub::PageRank, std::move(request), where);
  std::vector<RankedNode> ours;
  for (const auto& page : pages) {
    for (const RankedNode& node : page.nodes()) {
      if (!node.id().starts_with(base_)) continue;
      ours.push_back(node);
      ours.back().set_id(ShortOf(node.id()));
    }
  }
  co_return ours;
}

Task<std::vector<std::string>> OwnGraph::Components(ConnectedComponentsRequest request,
                                                    Where where) {
  const auto pages =
      co_await c_.CallAll(&GraphAnalyticsStub::ConnectedComponents, std::move(request), where);
  std::vector<std::string> ours;
  for (const auto& page : pages) {
    for (const ComponentMember& member : page.members()) {
      if (!member.id().starts_with(base_)) continue;
      ours.push_back(ShortOf(member.id()) + ":" + ShortOf(member.component()));
    }
  }
  co_return ours;
}

}  // namespace prism::conformance
