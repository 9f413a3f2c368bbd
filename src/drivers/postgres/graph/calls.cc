#include "drivers/postgres/graph/calls.h"

#include <algorithm>
#include <limits>

#include "drivers/contract/graph.h"
#include "drivers/contract/page_cursor.h"
#include "drivers/postgres/graph/element.h"
#include "drivers/postgres/graph/listing.h"
#include "drivers/postgres/graph/statements.h"
#include "prism/interfaces/graph_basic.pb.h"

namespace prism::postgres {
namespace {

using namespace graph::v1;  // NOLINT

constexpr uint64_t kPageRows = 1000;
constexpr int64_t kPageBytes = 1024 * 1024;
constexpr int64_t kEdgesAtOnce = 1000;

Result<EdgePlace> ReadCursor(const std::string& scope, const std::string& cursor) {
  EdgePlace place;
  if (cursor.empty()) return place;
  const Result<std::string> text = DecodePageCursor(scope, cursor);
  if (!text.ok()) return text.status();
  place.in = text->front() == 'i';
  place.place = text->substr(1);
  return place;
}

std::string CursorOf(const std::string& scope, const EdgePlace& place) {
  return EncodePageCursor(scope, (place.in ? 'i' : 'o') + place.place);
}

void AddEdge(const Rows& rows, int row, const std::string& node, GetEdgesResponse& page) {
  const EdgePlace place = Listing::PlaceAt(rows, row);
  LabelAndId parts = PartsOf(place.place);
  Edge& edge = *page.add_edges();
  edge.set_id(std::move(parts.id));
  edge.set_label(std::move(parts.label));
  edge.set_from(node);
  edge.set_to(std::string(rows.Text(row, Listing::kOther)));
  if (place.in) edge.mutable_from()->swap(*edge.mutable_to());
  WriteProperties(PropertiesIn(rows, row, Listing::kOther + 1), *edge.mutable_properties());
}

}  // namespace

Task<Status> GraphCalls::CreateNode(RequestContext& ctx, const CreateNodeRequest& request,
                                    CreateNodeResponse& response) {
  const Result<NodeContents> node = ReadNode(request.node());
  if (!node.ok()) co_return node.status();
  const PropertyArrays properties = ArraysOf(node->properties);
  Arguments arguments;
  arguments.Text(space_->name())
      .Text(node->id)
      .Array(std::span<const std::string>(node->labels))
      .Array(std::span<const std::string>(properties.names))
      .Array(std::span<const std::string>(properties.values));
  const Result<Rows> rows = co_await space_->Run(ctx, kGraphCreateNode, arguments);
  if (!rows.ok()) co_return rows.status();
  response.set_id(node->id);
  response.set_created(rows->changed() > 0);
  co_return OkStatus();
}

Task<Status> GraphCalls::GetNode(RequestContext& ctx, const GetNodeRequest& request,
                                 GetNodeResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(CheckGraphName("id", request.id()));
  Arguments arguments;
  arguments.Text(space_->name()).Text(request.id());
  const Result<Rows> rows = co_await space_->Run(ctx, kGraphGetNode, arguments);
  if (!rows.ok()) co_return rows.status();
  response.set_found(!rows->empty());
  if (rows->empty()) co_return OkStatus();
  WriteNode(NodeAt(*rows, 0, 1), *response.mutable_node());
  co_return OkStatus();
}

Task<Status> GraphCalls::UpdateNode(RequestContext& ctx, const UpdateNodeRequest& request,
                                    UpdateNodeResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(CheckGraphName("id", request.id()));
  for (const std::string& name : request.remove()) {
    PRISM_CO_RETURN_IF_ERROR(CheckGraphName("a name in remove", name));
  }
  GraphProperties set;
  PRISM_CO_RETURN_IF_ERROR(ReadProperties(request.set(), set));
  const PropertyArrays properties = ArraysOf(set);
  const std::vector<std::string> remove(request.remove().begin(), request.remove().end());
  Arguments arguments;
  arguments.Text(space_->name())
      .Text(request.id())
      .Array(std::span<const std::string>(remove))
      .Array(std::span<const std::string>(properties.names))
      .Array(std::span<const std::string>(properties.values))
      .Int(static_cast<int64_t>(kMaxGraphProperties))
      .Int(static_cast<int64_t>(kMaxGraphElementBytes));
  const Result<Rows> rows = co_await space_->Run(ctx, kGraphUpdateNode, arguments);
  if (!rows.ok()) co_return rows.status();
  response.set_found(!rows->IsNull(0, 0));
  co_return CheckSize(static_cast<size_t>(rows->Int(0, 0)), static_cast<size_t>(rows->Int(0, 1)));
}

Task<Status> GraphCalls::DeleteNode(RequestContext& ctx, const DeleteNodeRequest& request,
                                    DeleteNodeResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(CheckGraphName("id", request.id()));
  while (true) {
    Arguments arguments;
    arguments.Text(space_->name()).Text(request.id()).Int(kEdgesAtOnce);
    const Result<Rows> rows = co_await space_->Run(ctx, kGraphDeleteNode, arguments);
    if (!rows.ok()) co_return rows.status();
    // Another call may remove the node between two parts.
    response.set_found(response.found() || rows->Bool(0, 0));
    response.set_edges(response.edges() + static_cast<uint64_t>(rows->Int(0, 1)));
    if (rows->Bool(0, 2)) co_return OkStatus();
    PRISM_CO_RETURN_IF_ERROR(ctx.cancellation.reason());
  }
}

Task<Status> GraphCalls::CreateEdge(RequestContext& ctx, const CreateEdgeRequest& request,
                                    CreateEdgeResponse& response) {
  const Result<EdgeContents> edge = ReadEdge(request.edge());
  if (!edge.ok()) co_return edge.status();
  const PropertyArrays properties = ArraysOf(edge->properties);
  const std::string place = PlaceOf(edge->label, edge->id);
  Arguments arguments;
  arguments.Text(space_->name())
      .Text(edge->from)
      .Text(edge->to)
      .Text(edge->id)
      .Text(place)
      .Array(std::span<const std::string>(properties.names))
      .Array(std::span<const std::string>(properties.values));
  const Result<Rows> rows = co_await space_->Run(ctx, kGraphCreateEdge, arguments);
  if (!rows.ok()) co_return rows.status();
  response.set_id(edge->id);
  response.set_created(rows->Bool(0, 0));
  response.set_from_found(rows->Bool(0, 1));
  response.set_to_found(rows->Bool(0, 2));
  co_return OkStatus();
}

Task<Status> GraphCalls::GetEdge(RequestContext& ctx, const GetEdgeRequest& request,
                                 GetEdgeResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(CheckGraphName("id", request.id()));
  Arguments arguments;
  arguments.Text(space_->name()).Text(request.id());
  const Result<Rows> rows = co_await space_->Run(ctx, kGraphGetEdge, arguments);
  if (!rows.ok()) co_return rows.status();
  response.set_found(!rows->empty());
  if (rows->empty()) co_return OkStatus();
  LabelAndId parts = PartsOf(std::string(rows->Text(0, 0)).append(rows->Text(0, 1)));
  Edge& edge = *response.mutable_edge();
  edge.set_id(std::move(parts.id));
  edge.set_label(std::move(parts.label));
  edge.set_from(std::string(rows->Text(0, 2)));
  edge.set_to(std::string(rows->Text(0, 3)));
  WriteProperties(PropertiesIn(*rows, 0, 4), *edge.mutable_properties());
  co_return OkStatus();
}

Task<Status> GraphCalls::DeleteEdge(RequestContext& ctx, const DeleteEdgeRequest& request,
                                    DeleteEdgeResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(CheckGraphName("id", request.id()));
  Arguments arguments;
  arguments.Text(space_->name()).Text(request.id());
  const Result<Rows> rows = co_await space_->Run(ctx, kGraphDeleteEdge, arguments);
  if (!rows.ok()) co_return rows.status();
  response.set_found(rows->changed() > 0);
  co_return OkStatus();
}

// Each page is read when it is pulled, so a slow caller holds nothing.
Stream<GetEdgesResponse> GraphCalls::GetEdges(RequestContext& ctx, const GetEdgesRequest& request) {
  PRISM_CO_RETURN_IF_ERROR(CheckGraphName("node_id", request.node_id()));
  const Result<EdgeChoice> choice = ReadChoice(request.direction(), "labels", request.labels());
  if (!choice.ok()) co_return choice.status();
  const std::string scope = ScopeOf(request, *choice);
  Result<EdgePlace> place = ReadCursor(scope, request.cursor());
  if (!place.ok()) co_return place.status();
  int64_t node = 0;
  {
    Arguments arguments;
    arguments.Text(space_->name()).Text(request.node_id());
    const Result<Rows> rows = co_await space_->Run(ctx, kGraphFindNode, arguments);
    if (!rows.ok()) co_return rows.status();
    if (rows->empty()) co_return OkStatus();
    node = rows->Int(0, 0);
  }
  const Listing listing(*choice);
  const std::span<const int64_t> nodes(&node, 1);
  uint64_t left = request.limit() ? request.limit() : std::numeric_limits<uint64_t>::max();
  GetEdgesResponse page;
  for (bool more = true; more && left > 0;) {
    page.Clear();
    {
      const auto wanted = static_cast<int64_t>(std::min(left, kPageRows));
      const Result<Rows> rows =
          co_await listing.Read(*space_, ctx, kGraphEdges, nodes, *place, wanted, kPageBytes);
      if (!rows.ok()) co_return rows.status();
      if (rows->empty()) co_return OkStatus();
      for (int row = 0; row < rows->count(); ++row) AddEdge(*rows, row, request.node_id(), page);
      *place = Listing::PlaceAt(*rows, rows->count() - 1);
      more = Listing::MayHaveMore(*rows, wanted);
      left -= static_cast<uint64_t>(rows->count());
    }
    if (more) page.set_cursor(CursorOf(scope, *place));
    co_yield page;
  }
  co_return OkStatus();
}

}  // namespace prism::postgres
