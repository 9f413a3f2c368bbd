#include "drivers/memstore/graph/shortest.h"

#include <algorithm>
#include <cmath>

namespace prism::memstore {
namespace {

constexpr int64_t kReachedBytes = 256;
constexpr int64_t kPendingBytes = 48;

}  // namespace

Status ShortestPathSearch::Reach(const std::string& id, Reached reached) {
  const auto found = reached_.find(id);
  if (found == reached_.end()) {
    if (reached_.size() == kMaxNodes) {
      return ResourceExhaustedError("the search came by more than " + std::to_string(kMaxNodes) +
                                    " nodes");
    }
    PRISM_RETURN_IF_ERROR(
        memory_.Add(kReachedBytes +
                    static_cast<int64_t>(id.size() + reached.parent.size() + reached.edge.size())));
  } else if (found->second.done || found->second.weight <= reached.weight) {
    return OkStatus();
  }
  PRISM_RETURN_IF_ERROR(memory_.Add(kPendingBytes));
  const double weight = reached.weight;
  const auto at = reached_.insert_or_assign(id, std::move(reached)).first;
  pending_.push({weight, order_++, &at->first});
  return OkStatus();
}

Status ShortestPathSearch::Follow(const std::string& from, const Reached& at, const Hop& hop) {
  double weight = 1;
  if (!query_.weight_property.empty()) {
    const Scalar found = PropertyOf(hop.edge->properties, query_.weight_property);
    if (!found.is_number()) return OkStatus();
    weight = found.type == Scalar::Type::kInteger ? static_cast<double>(found.integer) : found.real;
    if (weight < 0) {
      return FailedPreconditionError("edge '" + hop.edge->id + "' has a negative '" +
                                     query_.weight_property + "'");
    }
  }
  return Reach(hop.node->id, {from, hop.edge->id, at.weight + weight, at.hops + 1, false});
}

Task<Status> ShortestPathSearch::Run(RequestContext& ctx, std::optional<Path>& path) {
  if (!graph_.FindNode(query_.from) || !graph_.FindNode(query_.to)) co_return OkStatus();
  const std::string to(query_.to);
  PRISM_CO_RETURN_IF_ERROR(Reach(std::string(query_.from), Reached()));
  std::vector<Hop> hops;
  while (!pending_.empty()) {
    const std::string& id = *pending_.top().id;
    pending_.pop();
    Reached& at = reached_.find(id)->second;
    // A shorter way was found after this one had been put into the queue.
    if (std::exchange(at.done, true)) continue;
    if (id == to) {
      if (at.hops <= query_.max_hops) path = PathTo(id);
      co_return OkStatus();
    }
    if (query_.weight_property.empty() && at.hops == query_.max_hops) continue;
    EdgePlace place;
    bool more = true;
    while (more) {
      more = graph_.Hops(id, query_.edges, place, Graph::kSlice, hops);
      for (const Hop& hop : hops) PRISM_CO_RETURN_IF_ERROR(Follow(id, at, hop));
      PRISM_CO_RETURN_IF_ERROR(ctx.cancellation.reason());
      if (turns_.Over()) PRISM_CO_RETURN_IF_ERROR(co_await turns_.Next(ctx.cancellation));
    }
  }
  co_return OkStatus();
}

ShortestPathSearch::Path ShortestPathSearch::PathTo(const std::string& id) const {
  Path path;
  const Reached* at = &reached_.find(id)->second;
  path.weight = at->weight;
  path.nodes.push_back(id);
  while (at->hops > 0) {
    path.edges.push_back(at->edge);
    path.nodes.push_back(at->parent);
    at = &reached_.find(at->parent)->second;
  }
  std::reverse(path.nodes.begin(), path.nodes.end());
  std::reverse(path.edges.begin(), path.edges.end());
  return path;
}

}  // namespace prism::memstore
