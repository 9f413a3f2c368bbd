#pragma once

#include <deque>
#include <unordered_set>

#include "base/hash.h"
#include "base/request_context.h"
#include "drivers/memstore/graph/graph.h"
#include "drivers/memstore/turns.h"
#include "loop/task.h"

namespace prism::memstore {

// Visits what can be reached from a node, each node once. Used by one call. What it has to remember
// is charged.
class GraphWalk {
 public:
  struct Visit {
    GraphNodePtr node;
    uint32_t depth = 0;
    GraphEdgePtr edge;  // that reached it; null for the start
  };

  GraphWalk(const Graph& graph, const WalkRule& rule) : graph_(graph), rule_(rule) {}

  // Adds visits until there are `max` or it ends. Works in turns. The first call begins at `start`.
  Task<Status> Next(RequestContext& ctx, const GraphNodePtr& start, size_t max,
                    std::vector<Visit>& visits);
  bool ended() const { return ended_; }
  // It ended at its limit and there may be more nodes.
  bool truncated() const { return truncated_; }

 private:
  // A visited node whose edges are being followed.
  struct Frame {
    std::string id;
    uint32_t depth;
    EdgePlace place;
    std::vector<Hop> hops;
    size_t next = 0;
    bool more = true;
  };
  struct Hash {
    size_t operator()(const std::string& id) const { return KeyHasher::Process()(id); }
  };

  bool Follows(const Hop& hop) const;
  Status Enter(const GraphNodePtr& node, uint32_t depth, GraphEdgePtr edge,
               std::vector<Visit>& visits);
  // Follows one edge of the current frame, or reads more of them, or leaves it.
  Status Step(std::vector<Visit>& visits);

  const Graph& graph_;
  const WalkRule& rule_;
  std::deque<Frame> frames_;
  std::unordered_set<std::string, Hash> visited_;
  Reservation memory_{graph_.budget()};
  bool started_ = false;
  bool ended_ = false;
  bool truncated_ = false;
  Turns turns_;
};

}  // namespace prism::memstore
