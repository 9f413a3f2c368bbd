#pragma once

#include <optional>
#include <queue>
#include <unordered_map>

#include "base/hash.h"
#include "base/request_context.h"
#include "drivers/memstore/graph/graph.h"
#include "drivers/memstore/turns.h"
#include "loop/task.h"

namespace prism::memstore {

// Searches for a shortest way: breadth first by edges, by Dijkstra's algorithm with weights. Used
// by one call. What it has to remember is charged.
class ShortestPathSearch {
 public:
  static constexpr size_t kMaxNodes = 1'000'000;

  struct Query {
    std::string_view from, to;
    EdgeChoice edges;
    std::string weight_property;  // empty: every edge weighs 1
    uint32_t max_hops = 0;
  };
  struct Path {
    std::vector<std::string> nodes, edges;
    double weight = 0;
  };

  ShortestPathSearch(const Graph& graph, const Query& query) : graph_(graph), query_(query) {}

  // No path: there is none. FAILED_PRECONDITION for a negative weight; RESOURCE_EXHAUSTED. Works in
  // turns.
  Task<Status> Run(RequestContext& ctx, std::optional<Path>& path);

 private:
  struct Reached {
    std::string parent, edge;
    double weight = 0;
    uint32_t hops = 0;
    bool done = false;
  };
  struct Pending {
    double weight;
    uint64_t order;  // first come first served among equals, which makes it breadth first
    const std::string* id;
    bool operator<(const Pending& other) const {
      return weight != other.weight ? weight > other.weight : order > other.order;
    }
  };
  struct Hash {
    size_t operator()(const std::string& id) const { return KeyHasher::Process()(id); }
  };

  Status Reach(const std::string& id, Reached reached);
  Status Follow(const std::string& from, const Reached& at, const Hop& hop);
  Path PathTo(const std::string& id) const;

  const Graph& graph_;
  const Query& query_;
  std::unordered_map<std::string, Reached, Hash> reached_;
  std::priority_queue<Pending> pending_;
  uint64_t order_ = 0;
  Reservation memory_{graph_.budget()};
  Turns turns_;
};

}  // namespace prism::memstore
