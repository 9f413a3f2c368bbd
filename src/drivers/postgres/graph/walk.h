#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "drivers/contract/graph.h"
#include "drivers/postgres/graph/listing.h"

namespace prism::postgres {

// Visits what can be reached from a node, each node once. Many edges and nodes come by one
// statement; beside them it remembers only numbers of nodes. Used by one call.
class GraphWalk {
 public:
  struct Visit {
    NodeContents node;
    uint32_t depth = 0;
    std::string edge;    // that reached it; empty for the start
    std::string parent;  // at the edge's other end
  };

  GraphWalk(const Space& space, const WalkRule& rule)
      : space_(space), rule_(rule), listing_(rule.edges) {}

  // Adds the first visit.
  void Start(int64_t number, NodeContents node, std::vector<Visit>& visits);
  // Goes on by one statement and adds what that found: at most 1 MiB or one node, or nothing.
  Task<Status> Next(RequestContext& ctx, std::vector<Visit>& visits);
  bool ended() const { return ended_; }
  // It ended at its limit and there may be more nodes.
  bool truncated() const { return truncated_; }

 private:
  // A visited node whose edges are to be followed.
  struct Frame {
    int64_t node = 0;
    uint32_t depth = 0;
  };
  // An edge that is followed.
  struct Way {
    int64_t node = 0;
    uint32_t depth = 0;
    std::string edge;
    std::string parent;
  };
  // What is being done: several frames, or one when depth comes first.
  struct Stage {
    std::deque<Frame> frames;
    EdgePlace place;  // in the first of them
    std::deque<Way> ways;
    // Those that ways lead to and that have been read; null: it is gone.
    std::unordered_map<int64_t, std::optional<NodeContents>> nodes;
  };

  Task<Status> ReadWays(RequestContext& ctx, Stage& stage);
  Task<Status> ReadNodes(RequestContext& ctx, Stage& stage);
  void AddWay(const Rows& rows, int row, Stage& stage);
  void PassFrames(const Rows& rows, int64_t most, size_t asked, Stage& stage);
  std::vector<int64_t> Wanted(const Stage& stage) const;
  // Goes the ways whose nodes have been read.
  void Go(std::vector<Visit>& visits);
  // Goes the first way. False: its node has not been read.
  bool GoOne(Stage& stage, std::vector<Visit>& visits);
  void Visited(int64_t number, Visit visit, std::vector<Visit>& visits);
  bool IsKnown(int64_t node) const { return visited_.contains(node) || refused_.contains(node); }
  // Forgets stages that are done and takes up the next.
  void Proceed();

  const Space& space_;
  const WalkRule& rule_;
  const Listing listing_;
  std::deque<Stage> stages_;  // the last is being done; one unless depth comes first
  std::deque<Frame> waiting_;
  std::unordered_set<int64_t> visited_;
  std::unordered_set<int64_t> refused_;  // by the rule, some of them
  bool ended_ = false;
  bool truncated_ = false;
};

}  // namespace prism::postgres
