#include <algorithm>
#include <cmath>

#include "conformance/testing/faults.h"
#include "conformance/testing/forwarding_graph.h"
#include "conformance/testing/pause.h"

namespace prism::conformance::testing {
namespace graphs {
namespace {

// The last maker wins, and says that it made nothing.
class OverwritesNodes final : public ForwardGraph {
 public:
  using ForwardGraph::ForwardGraph;
  Task<Status> CreateNode(RequestContext& ctx, const CreateNodeRequest& request,
                          CreateNodeResponse& response) override {
    DeleteNodeResponse gone;
    if (!request.node().id().empty()) {
      DeleteNodeRequest remove;
      remove.set_id(request.node().id());
      Task<Status> removal = real_.DeleteNode(ctx, remove, gone);
      Status status = co_await removal;
      if (!status.ok()) co_return status;
    }
    Task<Status> create = real_.CreateNode(ctx, request, response);
    Status status = co_await create;
    if (gone.found()) response.set_created(false);
    co_return status;
  }
};

template <class Change>
class GetsNodesOtherwise final : public ForwardGraph {
 public:
  using ForwardGraph::ForwardGraph;
  Task<Status> GetNode(RequestContext& ctx, const GetNodeRequest& request,
                       GetNodeResponse& response) override {
    Task<Status> get = real_.GetNode(ctx, request, response);
    Status status = co_await get;
    if (response.found()) Change::Apply(*response.mutable_node());
    co_return status;
  }
};

// As a backend does that keeps properties as JSON.
struct ForgetWhatIsADouble {
  static void Apply(Node& node) {
    for (auto& [name, value] : *node.mutable_properties()) {
      const double number = value.double_value();
      if (value.has_double_value() && std::trunc(number) == number) {
        value.set_int64_value(static_cast<int64_t>(number));
      }
    }
  }
};
struct TurnLabels {
  static void Apply(Node& node) {
    std::reverse(node.mutable_labels()->begin(), node.mutable_labels()->end());
  }
};

class ReplacesAllProperties final : public ForwardGraph {
 public:
  using ForwardGraph::ForwardGraph;
  Task<Status> UpdateNode(RequestContext& ctx, const UpdateNodeRequest& request,
                          UpdateNodeResponse& response) override {
    GetNodeRequest get;
    get.set_id(request.id());
    GetNodeResponse before;
    {
      Task<Status> read = real_.GetNode(ctx, get, before);
      Status status = co_await read;
      if (!status.ok()) co_return status;
    }
    UpdateNodeRequest changed = request;
    for (const auto& [name, value] : before.node().properties()) changed.add_remove(name);
    Task<Status> update = real_.UpdateNode(ctx, changed, response);
    co_return co_await update;
  }
};

class SetsBeforeItRemoves final : public ForwardGraph {
 public:
  using ForwardGraph::ForwardGraph;
  Task<Status> UpdateNode(RequestContext& ctx, const UpdateNodeRequest& request,
                          UpdateNodeResponse& response) override {
    UpdateNodeRequest changed = request;
    for (const std::string& name : request.remove()) changed.mutable_set()->erase(name);
    Task<Status> update = real_.UpdateNode(ctx, changed, response);
    co_return co_await update;
  }
};

class UpdateMakesTheNode final : public ForwardGraph {
 public:
  using ForwardGraph::ForwardGraph;
  Task<Status> UpdateNode(RequestContext& ctx, const UpdateNodeRequest& request,
                          UpdateNodeResponse& response) override {
    {
      Task<Status> update = real_.UpdateNode(ctx, request, response);
      Status status = co_await update;
      if (!status.ok() || response.found()) co_return status;
    }
    CreateNodeRequest make;
    make.mutable_node()->set_id(request.id());
    *make.mutable_node()->mutable_properties() = request.set();
    CreateNodeResponse made;
    Task<Status> create = real_.CreateNode(ctx, make, made);
    co_return co_await create;
  }
};

class SetsOneByOne final : public ForwardGraph {
 public:
  using ForwardGraph::ForwardGraph;
  Task<Status> UpdateNode(RequestContext& ctx, const UpdateNodeRequest& request,
                          UpdateNodeResponse& response) override {
    UpdateNodeRequest removal = request;
    removal.clear_set();
    {
      Task<Status> update = real_.UpdateNode(ctx, removal, response);
      Status status = co_await update;
      if (!status.ok()) co_return status;
    }
    for (const auto& [name, value] : request.set()) {
      UpdateNodeRequest one;
      one.set_id(request.id());
      (*one.mutable_set())[name] = value;
      Task<Status> update = real_.UpdateNode(ctx, one, response);
      Status status = co_await update;
      if (!status.ok()) co_return status;
      co_await Pause();
    }
    co_return OkStatus();
  }
};

void EraseNulls(google::protobuf::Map<std::string, Value>& properties) {
  for (auto at = properties.begin(); at != properties.end();) {
    at = at->second.kind_case() == Value::KIND_NOT_SET ? properties.erase(at) : std::next(at);
  }
}

class EdgesTakeNulls final : public ForwardGraph {
 public:
  using ForwardGraph::ForwardGraph;
  Task<Status> CreateEdge(RequestContext& ctx, const CreateEdgeRequest& request,
                          CreateEdgeResponse& response) override {
    CreateEdgeRequest changed = request;
    EraseNulls(*changed.mutable_edge()->mutable_properties());
    Task<Status> create = real_.CreateEdge(ctx, changed, response);
    co_return co_await create;
  }
};

class UpdatesTakeNulls final : public ForwardGraph {
 public:
  using ForwardGraph::ForwardGraph;
  Task<Status> UpdateNode(RequestContext& ctx, const UpdateNodeRequest& request,
                          UpdateNodeResponse& response) override {
    UpdateNodeRequest changed = request;
    EraseNulls(*changed.mutable_set());
    Task<Status> update = real_.UpdateNode(ctx, changed, response);
    co_return co_await update;
  }
};

// What is too much for an edge is cut off.
class EdgesTakeAnyNumber final : public ForwardGraph {
 public:
  using ForwardGraph::ForwardGraph;
  Task<Status> CreateEdge(RequestContext& ctx, const CreateEdgeRequest& request,
                          CreateEdgeResponse& response) override {
    CreateEdgeRequest changed = request;
    auto& properties = *changed.mutable_edge()->mutable_properties();
    while (properties.size() > 256) properties.erase(properties.begin());
    Task<Status> create = real_.CreateEdge(ctx, changed, response);
    co_return co_await create;
  }
};

class CountsOnePart final : public ForwardGraph {
 public:
  using ForwardGraph::ForwardGraph;
  Task<Status> DeleteNode(RequestContext& ctx, const DeleteNodeRequest& request,
                          DeleteNodeResponse& response) override {
    Task<Status> remove = real_.DeleteNode(ctx, request, response);
    Status status = co_await remove;
    response.set_edges(std::min<uint64_t>(response.edges(), 1000));
    co_return status;
  }
};

// Both its ends count.
class CountsLoopsTwice final : public ForwardGraph {
 public:
  using ForwardGraph::ForwardGraph;
  Task<Status> DeleteNode(RequestContext& ctx, const DeleteNodeRequest& request,
                          DeleteNodeResponse& response) override {
    GetEdgesRequest out;
    out.set_node_id(request.id());
    uint64_t loops = 0;
    {
      Stream<GetEdgesResponse> pages = real_.GetEdges(ctx, out);
      while (GetEdgesResponse* page = co_await pages.Next()) {
        for (const Edge& edge : page->edges()) loops += edge.to() == request.id();
      }
    }
    Task<Status> remove = real_.DeleteNode(ctx, request, response);
    Status status = co_await remove;
    response.set_edges(response.edges() + loops);
    co_return status;
  }
};

// Looks for the nodes first, and then writes as if they were still there.
class LooksBeforeItLinks final : public ForwardGraph {
 public:
  using ForwardGraph::ForwardGraph;
  Task<Status> CreateEdge(RequestContext& ctx, const CreateEdgeRequest& request,
                          CreateEdgeResponse& response) override {
    const std::string* const ends[] = {&request.edge().from(), &request.edge().to()};
    bool both = true;
    for (const std::string* id : ends) {
      GetNodeRequest get;
      get.set_id(*id);
      GetNodeResponse node;
      Task<Status> read = real_.GetNode(ctx, get, node);
      Status status = co_await read;
      both = both && status.ok() && node.found();
    }
    if (both) co_await Pause();
    for (const std::string* id : ends) {
      if (!both) break;
      CreateNodeRequest again;
      again.mutable_node()->set_id(*id);
      CreateNodeResponse made;
      Task<Status> create = real_.CreateNode(ctx, again, made);
      Status status = co_await create;
      if (!status.ok()) co_return status;
    }
    Task<Status> create = real_.CreateEdge(ctx, request, response);
    co_return co_await create;
  }
};

class MakesTheNodeItReaches final : public ForwardGraph {
 public:
  using ForwardGraph::ForwardGraph;
  Task<Status> CreateEdge(RequestContext& ctx, const CreateEdgeRequest& request,
                          CreateEdgeResponse& response) override {
    if (!request.edge().to().empty()) {
      CreateNodeRequest missing;
      missing.mutable_node()->set_id(request.edge().to());
      CreateNodeResponse made;
      Task<Status> create = real_.CreateNode(ctx, missing, made);
      (void)co_await create;
    }
    Task<Status> create = real_.CreateEdge(ctx, request, response);
    co_return co_await create;
  }
};

class EdgesShareTheIdsOfNodes final : public ForwardGraph {
 public:
  using ForwardGraph::ForwardGraph;
  Task<Status> CreateEdge(RequestContext& ctx, const CreateEdgeRequest& request,
                          CreateEdgeResponse& response) override {
    GetNodeRequest get;
    get.set_id(request.edge().id());
    GetNodeResponse node;
    {
      Task<Status> read = real_.GetNode(ctx, get, node);
      (void)co_await read;
    }
    if (node.found()) {
      response.set_from_found(true);
      response.set_to_found(true);
      co_return OkStatus();
    }
    Task<Status> create = real_.CreateEdge(ctx, request, response);
    co_return co_await create;
  }
};

class AlwaysFindsTheEdge final : public ForwardGraph {
 public:
  using ForwardGraph::ForwardGraph;
  Task<Status> DeleteEdge(RequestContext& ctx, const DeleteEdgeRequest& request,
                          DeleteEdgeResponse& response) override {
    Task<Status> remove = real_.DeleteEdge(ctx, request, response);
    Status status = co_await remove;
    response.set_found(true);
    co_return status;
  }
};

constexpr std::string_view kBasic = "graph_basic";

constexpr Fault kFaults[] = {
    {"graph_overwrites_nodes", kBasic, "taken_node_stays", &Replace<OverwritesNodes, GraphBasic>},
    {"graph_forgets_what_is_a_double", kBasic, "nodes_come_back",
     &Replace<GetsNodesOtherwise<ForgetWhatIsADouble>, GraphBasic>},
    {"graph_turns_labels", kBasic, "labels_are_a_set",
     &Replace<GetsNodesOtherwise<TurnLabels>, GraphBasic>},
    {"graph_replaces_all_properties", kBasic, "update_changes_properties",
     &Replace<ReplacesAllProperties, GraphBasic>},
    {"graph_sets_before_it_removes", kBasic, "update_changes_properties",
     &Replace<SetsBeforeItRemoves, GraphBasic>},
    {"graph_update_makes_the_node", kBasic, "update_of_nothing_does_nothing",
     &Replace<UpdateMakesTheNode, GraphBasic>},
    {"graph_sets_one_by_one", kBasic, "update_is_atomic", &Replace<SetsOneByOne, GraphBasic>},
    {"graph_edges_take_nulls", kBasic, "no_property_is_null", &Replace<EdgesTakeNulls, GraphBasic>},
    {"graph_updates_take_nulls", kBasic, "no_property_is_null",
     &Replace<UpdatesTakeNulls, GraphBasic>},
    {"graph_edges_take_any_number", kBasic, "too_much_of_an_edge_is_refused",
     &Replace<EdgesTakeAnyNumber, GraphBasic>},
    {"graph_counts_one_part", kBasic, "delete_of_many_edges", &Replace<CountsOnePart, GraphBasic>},
    {"graph_counts_loops_twice", kBasic, "delete_node_takes_its_edges",
     &Replace<CountsLoopsTwice, GraphBasic>},
    {"graph_looks_before_it_links", kBasic, "no_edge_outlives_its_node",
     &Replace<LooksBeforeItLinks, GraphBasic>},
    {"graph_makes_the_node_it_reaches", kBasic, "edges_need_both_nodes",
     &Replace<MakesTheNodeItReaches, GraphBasic>},
    {"graph_edges_share_the_ids_of_nodes", kBasic, "edges_come_back",
     &Replace<EdgesShareTheIdsOfNodes, GraphBasic>},
    {"graph_always_finds_the_edge", kBasic, "delete_edge_keeps_its_nodes",
     &Replace<AlwaysFindsTheEdge, GraphBasic>},
};

}  // namespace
}  // namespace graphs

std::span<const Fault> GraphFaults() { return graphs::kFaults; }

}  // namespace prism::conformance::testing
