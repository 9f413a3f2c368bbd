#pragma once

#include <functional>

#include "base/request_context.h"
#include "drivers/memstore/graph/cypher_eval.h"
#include "drivers/memstore/turns.h"
#include "loop/task.h"

namespace prism::memstore::cypher {

// Finds everything that the patterns of a query match, one after the other, by backtracking. A node
// may be matched by several parts of the pattern, an edge only by one. Used by one call.
class Matcher {
 public:
  // What to do with a match. False: that was enough.
  using Sink = std::function<Result<bool>(const Bindings&)>;

  Matcher(const Graph& graph, const Query& query, Sink sink);

  // Works in turns.
  Task<Status> Run(RequestContext& ctx);

 private:
  // Either finds a node to begin with, or follows an edge from a node that is found.
  struct Step {
    const NodePattern* node = nullptr;
    const EdgePattern* edge = nullptr;  // null: begins
    EdgeChoice choice;
    int from = -1;       // slot of the node that the edge is followed from
    bool bound = false;  // the node's variable has its value already
    bool reversed = false;
    const Expression* id = nullptr;         // what the node's id must equal; null: unknown
    std::vector<const Expression*> checks;  // that can be computed once this step has matched
  };

  void Prepare(const Expression& condition);
  void PrepareProperties(int slot, Position position, const std::vector<PropertyPattern>& from);
  void Plan(const Chain& chain);
  void AddStep(Step step);
  const Expression* FindId(int slot) const;
  bool IsBound(const Expression& expression) const;
  size_t StartOf(const Chain& chain);

  Task<Status> Visit(RequestContext& ctx, size_t step);
  Task<Status> Begin(RequestContext& ctx, size_t step);
  Task<Status> Follow(RequestContext& ctx, size_t step);
  Task<Status> FollowPath(RequestContext& ctx, size_t step, GraphNodePtr node, int hops);
  Task<Status> TryNode(RequestContext& ctx, size_t step, const GraphNodePtr& node);
  Result<bool> Checks(const Step& step) const;
  Result<bool> Fits(const EdgePattern& pattern, const GraphEdge& edge) const;
  bool IsUsed(const GraphEdgePtr& edge) const;
  bool Due() { return ++work_ % 64 == 0; }
  Task<Status> Breathe(RequestContext& ctx);

  const Graph& graph_;
  const Query& query_;
  const Sink sink_;
  std::vector<ExpressionPtr> made_;            // from patterns of properties
  std::vector<const Expression*> conditions_;  // all must hold
  std::vector<bool> attached_;                 // by condition
  std::vector<bool> bound_;                    // by slot, while planning
  std::vector<Step> steps_;
  Bindings bindings_;
  std::vector<GraphEdgePtr> used_;
  std::vector<CypherValue> path_;  // of the path of variable length that is being followed
  bool enough_ = false;
  uint64_t work_ = 0;
  Turns turns_;
};

}  // namespace prism::memstore::cypher
