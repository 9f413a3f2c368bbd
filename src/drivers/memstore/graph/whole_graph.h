#pragma once

#include <vector>

#include "base/request_context.h"
#include "drivers/memstore/graph/graph.h"
#include "drivers/memstore/turns.h"
#include "loop/task.h"

namespace prism::memstore {

// The shape of the graph by numbers, for computations over all of it: nodes are numbered in the
// order of their ids. Used by one call; charged as long as it lives. All works in turns.
class WholeGraph {
 public:
  static constexpr size_t kMaxNodes = 1'000'000;

  explicit WholeGraph(const Graph& graph) : graph_(graph) {}

  // RESOURCE_EXHAUSTED. Edges with one of these labels, ascending; none: all.
  Task<Status> Load(RequestContext& ctx, const std::vector<std::string>& edge_labels);

  struct RankRule {
    double damping = 0.85;
    uint32_t iterations = 100;
    double tolerance = 1e-6;
  };
  // By node.
  Task<Status> Rank(RequestContext& ctx, const RankRule& rule, std::vector<double>& ranks);
  // The least node of the component, by node.
  Task<Status> Connect(RequestContext& ctx, std::vector<uint32_t>& components);

  // The nodes by component and then by number.
  static std::vector<uint32_t> ByComponent(const std::vector<uint32_t>& components);

  size_t size() const { return ids_.size(); }
  const std::string& id(size_t node) const { return ids_[node]; }

 private:
  Task<Status> LoadEdges(RequestContext& ctx, const EdgeChoice& choice);
  // True when it is time to look whether the turn is over.
  bool Due() { return ++steps_ % 1024 == 0 && turns_.Over(); }
  static double DistributeFrom(const std::vector<uint32_t>& targets, double rank,
                               std::vector<double>& next);

  const Graph& graph_;
  std::vector<std::string> ids_;
  std::vector<std::vector<uint32_t>> targets_;  // of the edges that leave, by node
  Reservation memory_{graph_.budget()};
  uint64_t steps_ = 0;
  Turns turns_;
};

}  // namespace prism::memstore
