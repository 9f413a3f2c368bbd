#include "drivers/memstore/graph/whole_graph.h"

#include <algorithm>
#include <cmath>

namespace prism::memstore {
namespace {

// Per node: its id, its list of targets, and the numbers that Rank or Connect keep.
constexpr int64_t kNodeBytes = 2 * (sizeof(std::string) + sizeof(std::vector<uint32_t>)) + 48;
constexpr int64_t kEdgeBytes = 2 * sizeof(uint32_t);

uint32_t RootOf(std::vector<uint32_t>& parents, uint32_t node) {
  while (parents[node] != node) {
    parents[node] = parents[parents[node]];
    node = parents[node];
  }
  return node;
}

}  // namespace

Task<Status> WholeGraph::Load(RequestContext& ctx, const std::vector<std::string>& edge_labels) {
  while (true) {
    const auto nodes = graph_.ScanNodes("", ids_.empty() ? "" : ids_.back());
    if (nodes.empty()) break;
    if (ids_.size() + nodes.size() > kMaxNodes) {
      co_return ResourceExhaustedError("the graph has more than " + std::to_string(kMaxNodes) +
                                       " nodes");
    }
    int64_t bytes = 0;
    for (const GraphNodePtr& node : nodes) {
      bytes += kNodeBytes + static_cast<int64_t>(node->id.size());
    }
    PRISM_CO_RETURN_IF_ERROR(memory_.Add(bytes));
    for (const GraphNodePtr& node : nodes) ids_.push_back(node->id);
    PRISM_CO_RETURN_IF_ERROR(ctx.cancellation.reason());
    if (turns_.Over()) PRISM_CO_RETURN_IF_ERROR(co_await turns_.Next(ctx.cancellation));
  }
  EdgeChoice choice;
  choice.labels = edge_labels;
  co_return co_await LoadEdges(ctx, choice);
}

Task<Status> WholeGraph::LoadEdges(RequestContext& ctx, const EdgeChoice& choice) {
  targets_.resize(ids_.size());
  std::vector<Hop> hops;
  for (size_t node = 0; node < ids_.size(); ++node) {
    EdgePlace place;
    bool more = true;
    while (more) {
      more = graph_.Hops(ids_[node], choice, place, Graph::kSlice, hops);
      if (!hops.empty()) {
        PRISM_CO_RETURN_IF_ERROR(memory_.Add(kEdgeBytes * static_cast<int64_t>(hops.size())));
      }
      for (const Hop& hop : hops) {
        const auto at = std::lower_bound(ids_.begin(), ids_.end(), hop.node->id);
        // A node that was made after the nodes were read does not take part.
        if (at == ids_.end() || *at != hop.node->id) continue;
        targets_[node].push_back(static_cast<uint32_t>(at - ids_.begin()));
      }
      PRISM_CO_RETURN_IF_ERROR(ctx.cancellation.reason());
      if (turns_.Over()) PRISM_CO_RETURN_IF_ERROR(co_await turns_.Next(ctx.cancellation));
    }
  }
  co_return OkStatus();
}

// Returns what could not be given to anybody.
double WholeGraph::DistributeFrom(const std::vector<uint32_t>& targets, double rank,
                                  std::vector<double>& next) {
  if (targets.empty()) return rank;
  const double share = rank / static_cast<double>(targets.size());
  for (const uint32_t target : targets) next[target] += share;
  return 0;
}

Task<Status> WholeGraph::Rank(RequestContext& ctx, const RankRule& rule,
                              std::vector<double>& ranks) {
  const auto count = static_cast<double>(size());
  ranks.assign(size(), 1 / count);
  std::vector<double> next;
  double change = 1;
  for (uint32_t i = 0; i < rule.iterations && change >= rule.tolerance; ++i) {
    next.assign(size(), 0);
    double left_over = 0;
    for (size_t node = 0; node < size(); ++node) {
      left_over += DistributeFrom(targets_[node], ranks[node], next);
      if (Due()) PRISM_CO_RETURN_IF_ERROR(co_await turns_.Next(ctx.cancellation));
    }
    change = 0;
    const double everyone = (1 - rule.damping + rule.damping * left_over) / count;
    for (size_t node = 0; node < size(); ++node) {
      const double rank = everyone + rule.damping * next[node];
      change += std::abs(rank - ranks[node]);
      ranks[node] = rank;
      if (Due()) PRISM_CO_RETURN_IF_ERROR(co_await turns_.Next(ctx.cancellation));
    }
    PRISM_CO_RETURN_IF_ERROR(ctx.cancellation.reason());
  }
  co_return OkStatus();
}

Task<Status> WholeGraph::Connect(RequestContext& ctx, std::vector<uint32_t>& components) {
  components.resize(size());
  for (uint32_t node = 0; node < size(); ++node) components[node] = node;
  for (uint32_t node = 0; node < size(); ++node) {
    for (const uint32_t target : targets_[node]) {
      const uint32_t one = RootOf(components, node), other = RootOf(components, target);
      // The root is always the least, so that it names the component.
      components[std::max(one, other)] = std::min(one, other);
      if (Due()) PRISM_CO_RETURN_IF_ERROR(co_await turns_.Next(ctx.cancellation));
    }
    if (Due()) PRISM_CO_RETURN_IF_ERROR(co_await turns_.Next(ctx.cancellation));
  }
  for (uint32_t node = 0; node < size(); ++node) {
    components[node] = RootOf(components, node);
    if (Due()) PRISM_CO_RETURN_IF_ERROR(co_await turns_.Next(ctx.cancellation));
  }
  co_return ctx.cancellation.reason();
}

std::vector<uint32_t> WholeGraph::ByComponent(const std::vector<uint32_t>& components) {
  std::vector<uint32_t> begins(components.size() + 1), order(components.size());
  for (const uint32_t component : components) ++begins[component + 1];
  for (size_t i = 1; i < begins.size(); ++i) begins[i] += begins[i - 1];
  for (uint32_t node = 0; node < components.size(); ++node) {
    order[begins[components[node]]++] = node;
  }
  return order;
}

}  // namespace prism::memstore
