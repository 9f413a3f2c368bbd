#include "drivers/memstore/graph/calls.h"

#include <algorithm>
#include <limits>

#include "drivers/contract/graph.h"
#include "drivers/contract/page_cursor.h"
#include "drivers/memstore/data.h"
#include "drivers/memstore/turns.h"
#include "prism/interfaces/graph_basic.pb.h"

namespace prism::memstore {
namespace {

using namespace graph::v1;  // NOLINT

constexpr int kPageRows = 1000;
constexpr size_t kPageBytes = 1024 * 1024;

// Which list, how long the label is, the label and the id.
std::string TextOf(const EdgePlace& place) {
  return (place.in ? 'i' : 'o') + std::to_string(place.label.size()) + ':' + place.label + place.id;
}

// Of a text whose checksum was right.
EdgePlace PlaceOf(const std::string& text) {
  const size_t colon = text.find(':');
  const size_t label = std::stoul(text.substr(1, colon - 1));
  return {text.front() == 'i', text.substr(colon + 1, label), text.substr(colon + 1 + label)};
}

}  // namespace

GraphCalls::GraphCalls(std::shared_ptr<NamespaceData> data)
    : data_(std::move(data)), graph_(data_->graph) {}

Task<Status> GraphCalls::CreateNode(RequestContext&, const CreateNodeRequest& request,
                                    CreateNodeResponse& response) {
  Result<NodeContents> node = ReadNode(request.node());
  if (!node.ok()) co_return std::move(node).status();
  response.set_id(node->id);
  const Result<bool> created = graph_.CreateNode(GraphNode{*std::move(node), {}});
  if (!created.ok()) co_return created.status();
  response.set_created(*created);
  co_return OkStatus();
}

Task<Status> GraphCalls::GetNode(RequestContext&, const GetNodeRequest& request,
                                 GetNodeResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(CheckGraphName("id", request.id()));
  const GraphNodePtr node = graph_.FindNode(request.id());
  response.set_found(node != nullptr);
  if (node) WriteNode(*node, *response.mutable_node());
  co_return OkStatus();
}

Task<Status> GraphCalls::UpdateNode(RequestContext&, const UpdateNodeRequest& request,
                                    UpdateNodeResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(CheckGraphName("id", request.id()));
  for (const std::string& name : request.remove()) {
    PRISM_CO_RETURN_IF_ERROR(CheckGraphName("a name in remove", name));
  }
  const auto change = [&request](GraphNode& node) {
    for (const std::string& name : request.remove()) node.properties.erase(name);
    PRISM_RETURN_IF_ERROR(ReadProperties(request.set(), node.properties));
    return CheckSize(node);
  };
  const Result<bool> found = graph_.UpdateNode(request.id(), change);
  if (!found.ok()) co_return found.status();
  response.set_found(*found);
  co_return OkStatus();
}

Task<Status> GraphCalls::DeleteNode(RequestContext& ctx, const DeleteNodeRequest& request,
                                    DeleteNodeResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(CheckGraphName("id", request.id()));
  Turns turns;
  while (true) {
    uint64_t edges = 0;
    const Graph::Removal removal = graph_.RemoveNode(request.id(), edges);
    response.set_edges(response.edges() + edges);
    // Another call may remove the node between two parts.
    response.set_found(response.found() || removal != Graph::Removal::kAbsent);
    if (removal != Graph::Removal::kPart) co_return OkStatus();
    PRISM_CO_RETURN_IF_ERROR(ctx.cancellation.reason());
    if (turns.Over()) PRISM_CO_RETURN_IF_ERROR(co_await turns.Next(ctx.cancellation));
  }
}

Task<Status> GraphCalls::CreateEdge(RequestContext&, const CreateEdgeRequest& request,
                                    CreateEdgeResponse& response) {
  Result<EdgeContents> edge = ReadEdge(request.edge());
  if (!edge.ok()) co_return std::move(edge).status();
  response.set_id(edge->id);
  const Result<Graph::EdgeCreation> creation = graph_.CreateEdge(GraphEdge{*std::move(edge), {}});
  if (!creation.ok()) co_return creation.status();
  response.set_created(creation->created);
  response.set_from_found(creation->from_found);
  response.set_to_found(creation->to_found);
  co_return OkStatus();
}

Task<Status> GraphCalls::GetEdge(RequestContext&, const GetEdgeRequest& request,
                                 GetEdgeResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(CheckGraphName("id", request.id()));
  const GraphEdgePtr edge = graph_.FindEdge(request.id());
  response.set_found(edge != nullptr);
  if (edge) WriteEdge(*edge, *response.mutable_edge());
  co_return OkStatus();
}

Task<Status> GraphCalls::DeleteEdge(RequestContext&, const DeleteEdgeRequest& request,
                                    DeleteEdgeResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(CheckGraphName("id", request.id()));
  response.set_found(graph_.RemoveEdge(request.id()));
  co_return OkStatus();
}

Stream<GetEdgesResponse> GraphCalls::GetEdges(RequestContext& ctx, const GetEdgesRequest& request) {
  PRISM_CO_RETURN_IF_ERROR(CheckGraphName("node_id", request.node_id()));
  const Result<EdgeChoice> choice = ReadChoice(request.direction(), "labels", request.labels());
  if (!choice.ok()) co_return choice.status();
  const std::string scope = ScopeOf(request, *choice);
  EdgePlace place;
  if (!request.cursor().empty()) {
    const Result<std::string> text = DecodePageCursor(scope, request.cursor());
    if (!text.ok()) co_return text.status();
    place = PlaceOf(*text);
  }
  uint64_t left = request.limit() ? request.limit() : std::numeric_limits<uint64_t>::max();
  std::vector<Hop> hops;
  GetEdgesResponse page;
  size_t bytes = 0;
  std::string last;
  bool more = true;
  while (more && left > 0) {
    const int wanted = static_cast<int>(std::min<uint64_t>(left, Graph::kSlice));
    more = graph_.Hops(request.node_id(), *choice, place, wanted, hops);
    left -= hops.size();
    for (const Hop& hop : hops) {
      Edge edge;
      WriteEdge(*hop.edge, edge);
      const size_t row = edge.ByteSizeLong();
      const bool full = page.edges_size() == kPageRows || bytes + row > kPageBytes;
      if (full && page.edges_size() > 0) {
        page.set_cursor(EncodePageCursor(scope, last));
        co_yield page;
        page.Clear();
        bytes = 0;
      }
      bytes += row;
      *page.add_edges() = std::move(edge);
      last = TextOf({hop.in, hop.edge->label, hop.edge->id});
    }
    PRISM_CO_RETURN_IF_ERROR(ctx.cancellation.reason());
  }
  if (page.edges_size() == 0) co_return OkStatus();
  if (more) page.set_cursor(EncodePageCursor(scope, last));
  co_yield page;
  co_return OkStatus();
}

}  // namespace prism::memstore
