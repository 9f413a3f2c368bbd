#include <algorithm>
#include <limits>

#include "drivers/contract/checks.h"
#include "drivers/contract/graph.h"
#include "drivers/memstore/data.h"
#include "drivers/memstore/graph/calls.h"
#include "drivers/memstore/graph/shortest.h"
#include "drivers/memstore/graph/walk.h"
#include "drivers/memstore/graph/whole_graph.h"
#include "prism/interfaces/graph_analytics.pb.h"

namespace prism::memstore {
namespace {

using namespace graph::v1;  // NOLINT

constexpr int kPageRows = 1000;
constexpr size_t kPageBytes = 1024 * 1024;
constexpr uint32_t kMaxHops = 1000;
constexpr uint32_t kMaxIterations = 1000;

void WriteVisit(const GraphWalk::Visit& visit, Visit& written) {
  WriteNode(*visit.node, *written.mutable_node());
  written.set_depth(visit.depth);
  if (!visit.edge) return;
  const GraphEdge& edge = *visit.edge;
  written.set_edge_id(edge.id);
  written.set_parent_id(edge.to == visit.node->id ? edge.from : edge.to);
}

// Starts a page when `row` more bytes or a row do not fit. The bytes are of `page` so far.
bool IsFull(int rows, size_t bytes, size_t row) {
  return rows > 0 && (rows == kPageRows || bytes + row > kPageBytes);
}

Status CheckRank(const PageRankRequest& request, WholeGraph::RankRule& rule) {
  if (request.damping() != 0) rule.damping = request.damping();
  if (!(rule.damping > 0 && rule.damping < 1)) {
    return InvalidArgumentError("damping must be above 0 and below 1");
  }
  PRISM_RETURN_IF_ERROR(CheckRange("iterations", request.iterations(), 0, kMaxIterations));
  if (request.iterations() != 0) rule.iterations = request.iterations();
  if (!(request.tolerance() >= 0)) return InvalidArgumentError("tolerance must not be negative");
  if (request.tolerance() != 0) rule.tolerance = request.tolerance();
  return OkStatus();
}

}  // namespace

Stream<TraverseResponse> GraphCalls::Traverse(RequestContext& ctx, const TraverseRequest& request) {
  WalkRule rule;
  PRISM_CO_RETURN_IF_ERROR(ReadRule(request, rule));
  const GraphNodePtr start = graph_.FindNode(request.start_id());
  if (!start) co_return OkStatus();
  GraphWalk walk(graph_, rule);
  std::vector<GraphWalk::Visit> visits;
  TraverseResponse page;
  size_t bytes = 0;
  while (!walk.ended()) {
    visits.clear();
    PRISM_CO_RETURN_IF_ERROR(co_await walk.Next(ctx, start, kPageRows, visits));
    for (const GraphWalk::Visit& visit : visits) {
      Visit written;
      WriteVisit(visit, written);
      const size_t row = written.ByteSizeLong();
      if (IsFull(page.visits_size(), bytes, row)) {
        co_yield page;
        PRISM_CO_RETURN_IF_ERROR(ctx.cancellation.reason());
        page.Clear();
        bytes = 0;
      }
      bytes += row;
      *page.add_visits() = std::move(written);
    }
  }
  page.set_truncated(walk.truncated());
  co_yield page;
  co_return OkStatus();
}

Task<Status> GraphCalls::ShortestPath(RequestContext& ctx, const ShortestPathRequest& request,
                                      ShortestPathResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(CheckGraphName("from", request.from()));
  PRISM_CO_RETURN_IF_ERROR(CheckGraphName("to", request.to()));
  PRISM_CO_RETURN_IF_ERROR(CheckRange("max_hops", request.max_hops(), 0, kMaxHops));
  if (request.max_hops() != 0 && !request.weight_property().empty()) {
    co_return InvalidArgumentError("max_hops cannot be combined with weight_property");
  }
  Result<EdgeChoice> edges = ReadChoice(request.direction(), "edge_labels", request.edge_labels());
  if (!edges.ok()) co_return std::move(edges).status();
  ShortestPathSearch::Query query{request.from(), request.to(), *std::move(edges),
                                  request.weight_property(), kMaxHops};
  if (request.max_hops() != 0) query.max_hops = request.max_hops();
  ShortestPathSearch search(graph_, query);
  std::optional<ShortestPathSearch::Path> path;
  PRISM_CO_RETURN_IF_ERROR(co_await search.Run(ctx, path));
  response.set_found(path.has_value());
  if (!path) co_return OkStatus();
  for (const std::string& id : path->nodes) response.add_node_ids(id);
  for (const std::string& id : path->edges) response.add_edge_ids(id);
  response.set_weight(path->weight);
  co_return OkStatus();
}

Stream<PageRankResponse> GraphCalls::PageRank(RequestContext& ctx, const PageRankRequest& request) {
  WholeGraph::RankRule rule;
  PRISM_CO_RETURN_IF_ERROR(CheckRank(request, rule));
  const auto labels = ReadLabels("edge_labels", request.edge_labels());
  if (!labels.ok()) co_return labels.status();
  WholeGraph whole(graph_);
  PRISM_CO_RETURN_IF_ERROR(co_await whole.Load(ctx, *labels));
  std::vector<double> ranks;
  PRISM_CO_RETURN_IF_ERROR(co_await whole.Rank(ctx, rule, ranks));
  // A heap gives the highest first without sorting all of them at once.
  std::vector<uint32_t> heap(whole.size());
  for (uint32_t node = 0; node < heap.size(); ++node) heap[node] = node;
  const auto below = [&ranks](uint32_t a, uint32_t b) {
    return ranks[a] != ranks[b] ? ranks[a] < ranks[b] : a > b;
  };
  std::make_heap(heap.begin(), heap.end(), below);
  uint64_t left = request.limit() ? request.limit() : std::numeric_limits<uint64_t>::max();
  PageRankResponse page;
  size_t bytes = 0;
  for (; left > 0 && !heap.empty(); --left) {
    const uint32_t node = heap.front();
    std::pop_heap(heap.begin(), heap.end(), below);
    heap.pop_back();
    const size_t row = whole.id(node).size() + 16;
    if (IsFull(page.nodes_size(), bytes, row)) {
      co_yield page;
      PRISM_CO_RETURN_IF_ERROR(ctx.cancellation.reason());
      page.Clear();
      bytes = 0;
    }
    bytes += row;
    RankedNode& ranked = *page.add_nodes();
    ranked.set_id(whole.id(node));
    ranked.set_rank(ranks[node]);
  }
  if (page.nodes_size() > 0) co_yield page;
  co_return OkStatus();
}

Stream<ConnectedComponentsResponse> GraphCalls::ConnectedComponents(
    RequestContext& ctx, const ConnectedComponentsRequest& request) {
  const auto labels = ReadLabels("edge_labels", request.edge_labels());
  if (!labels.ok()) co_return labels.status();
  WholeGraph whole(graph_);
  PRISM_CO_RETURN_IF_ERROR(co_await whole.Load(ctx, *labels));
  std::vector<uint32_t> components;
  PRISM_CO_RETURN_IF_ERROR(co_await whole.Connect(ctx, components));
  const std::vector<uint32_t> order = WholeGraph::ByComponent(components);
  ConnectedComponentsResponse page;
  size_t bytes = 0;
  for (const uint32_t node : order) {
    const std::string& component = whole.id(components[node]);
    const size_t row = whole.id(node).size() + component.size() + 16;
    if (IsFull(page.members_size(), bytes, row)) {
      co_yield page;
      PRISM_CO_RETURN_IF_ERROR(ctx.cancellation.reason());
      page.Clear();
      bytes = 0;
    }
    bytes += row;
    ComponentMember& member = *page.add_members();
    member.set_id(whole.id(node));
    member.set_component(component);
  }
  if (page.members_size() > 0) co_yield page;
  co_return OkStatus();
}

}  // namespace prism::memstore
