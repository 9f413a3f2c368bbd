#pragma once

#include <map>
#include <memory>
#include <set>
#include <shared_mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "drivers/contract/graph.h"
#include "drivers/memstore/clock.h"
#include "drivers/memstore/reservation.h"

namespace prism::memstore {

// A node or an edge as it was written once: immutable, shared with readers, and charged until the
// last of them lets go of it.
struct GraphNode : NodeContents {
  Reservation reservation;
};
struct GraphEdge : EdgeContents {
  Reservation reservation;
};
using GraphNodePtr = std::shared_ptr<const GraphNode>;
using GraphEdgePtr = std::shared_ptr<const GraphEdge>;

// Where the edges of a node go on: those that leave it, then those that reach it, each by label
// and id.
struct EdgePlace {
  bool in = false;
  std::string label, id;
};

// An edge and the node at its other end.
struct Hop {
  GraphEdgePtr edge;
  GraphNodePtr node;
  bool in = false;  // it came as one that reaches the node
};

// The nodes and edges of one namespace. Thread-safe: readers share one lock, writers take it alone,
// both for a bounded step. Ordered trees, because walks go on by id and nothing is ever rehashed.
class Graph {
 public:
  static constexpr int kSlice = 256;
  static constexpr int kMaxEdgesAtOnce = 1000;

  Graph(std::shared_ptr<Budget> budget, NowFunction) : budget_(std::move(budget)) {}

  const std::shared_ptr<Budget>& budget() const { return budget_; }

  // False if the id is taken. RESOURCE_EXHAUSTED.
  Result<bool> CreateNode(GraphNode node);
  GraphNodePtr FindNode(std::string_view id) const;
  // Makes what `change` makes of the node's properties, perhaps several times; false if there is no
  // such node. `change` may fail.
  template <class Change>
  Result<bool> UpdateNode(std::string_view id, const Change& change);
  // Removes at most kMaxEdgesAtOnce of the node's edges, then the node if it has no others.
  enum class Removal { kAbsent, kPart, kDone };
  Removal RemoveNode(std::string_view id, uint64_t& edges);

  struct EdgeCreation {
    bool created = false;
    bool from_found = false, to_found = false;
  };
  Result<EdgeCreation> CreateEdge(GraphEdge edge);
  GraphEdgePtr FindEdge(std::string_view id) const;
  bool RemoveEdge(std::string_view id);

  // At most `max` of the node's edges behind the place, which moves. False: there are no more.
  bool Hops(std::string_view id, const EdgeChoice& choice, EdgePlace& place, int max,
            std::vector<Hop>& hops) const;
  // At most kSlice nodes by ascending id behind `after`, "": from the first, that have the label,
  // "": all.
  std::vector<GraphNodePtr> ScanNodes(std::string_view label, std::string_view after) const;

 private:
  struct Record;
  struct Link {
    GraphEdgePtr edge;
    const Record* other;
  };
  struct ByLabel {
    using is_transparent = void;
    struct Key {
      std::string_view label, id;
    };
    static Key Of(const Link& link) { return {link.edge->label, link.edge->id}; }
    static Key Of(const Key& key) { return key; }
    template <class A, class B>
    bool operator()(const A& a, const B& b) const {
      const Key left = Of(a), right = Of(b);
      const int order = left.label.compare(right.label);
      return order != 0 ? order < 0 : left.id < right.id;
    }
  };
  using Links = std::set<Link, ByLabel>;
  // Its address stays as long as the node does.
  struct Record {
    GraphNodePtr node;
    Links out, in;
  };
  using Nodes = std::map<std::string, Record, std::less<>>;

  bool Replace(std::string_view id, const GraphNodePtr& before, GraphNodePtr after);
  static Status Charge(GraphNode& node, std::shared_ptr<Budget> budget);
  void Unlink(const GraphEdgePtr& edge);
  static bool Take(const Links& links, const EdgeChoice& choice, EdgePlace& place, size_t max,
                   std::vector<Hop>& hops);

  const std::shared_ptr<Budget> budget_;
  mutable std::shared_mutex mutex_;
  Nodes nodes_;
  std::map<std::string_view, GraphEdgePtr> edges_;  // the keys are in the edges
  std::map<std::string, std::set<std::string_view>, std::less<>> labels_;  // of ids in nodes_
};

template <class Change>
Result<bool> Graph::UpdateNode(std::string_view id, const Change& change) {
  while (true) {
    const GraphNodePtr before = FindNode(id);
    if (!before) return false;
    GraphNode after{NodeContents(*before), {}};
    PRISM_RETURN_IF_ERROR(change(after));
    PRISM_RETURN_IF_ERROR(Charge(after, budget_));
    if (Replace(id, before, std::make_shared<GraphNode>(std::move(after)))) return true;
  }
}

}  // namespace prism::memstore
