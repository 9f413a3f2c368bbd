#include "conformance/graph/client.h"

#include <set>

namespace prism::conformance {
namespace {

constexpr int kLanes = 16;

}  // namespace

Node NodeOf(std::string id, std::vector<std::string> labels) {
  Node node;
  node.set_id(std::move(id));
  for (std::string& label : labels) node.add_labels(std::move(label));
  return node;
}

Edge EdgeOf(std::string id, std::string from, std::string to, std::string label) {
  Edge edge;
  edge.set_id(std::move(id));
  edge.set_from(std::move(from));
  edge.set_to(std::move(to));
  edge.set_label(std::move(label));
  return edge;
}

graph::v1::Value TextValue(std::string text) {
  graph::v1::Value value;
  value.set_string_value(std::move(text));
  return value;
}

graph::v1::Value IntegerValue(int64_t number) {
  graph::v1::Value value;
  value.set_int64_value(number);
  return value;
}

CreateNodeRequest CreateOf(Node node) {
  CreateNodeRequest request;
  *request.mutable_node() = std::move(node);
  return request;
}

CreateEdgeRequest CreateOf(Edge edge) {
  CreateEdgeRequest request;
  *request.mutable_edge() = std::move(edge);
  return request;
}

GetEdgesRequest EdgesOf(std::string node, graph::v1::Direction direction) {
  GetEdgesRequest request;
  request.set_node_id(std::move(node));
  request.set_direction(direction);
  return request;
}

std::string TextOf(const google::protobuf::Message& message) { return message.ShortDebugString(); }

std::vector<std::string> IdsOf(const std::vector<GetEdgesResponse>& pages) {
  std::vector<std::string> ids;
  for (const GetEdgesResponse& page : pages) {
    for (const Edge& edge : page.edges()) ids.push_back(edge.id());
  }
  return ids;
}

Task<CreateNodeResponse> GraphClient::Create(Node node, Where where) {
  CreateNodeResponse made =
      co_await caller_.Call(&GraphBasicStub::CreateNode, CreateOf(std::move(node)), where);
  caller_.Note(made.id());
  co_return made;
}

Task<CreateEdgeResponse> GraphClient::Create(Edge edge, Where where) {
  return caller_.Call(&GraphBasicStub::CreateEdge, CreateOf(std::move(edge)), where);
}

Task<GetNodeResponse> GraphClient::GetNode(std::string id, Where where) {
  GetNodeResponse got =
      co_await caller_.Call(&GraphBasicStub::GetNode, WithId<GetNodeRequest>(std::move(id)), where);
  if (got.found() != got.has_node()) caller_.Fail("a node is told just when it is found", where);
  co_return got;
}

Task<GetEdgeResponse> GraphClient::GetEdge(std::string id, Where where) {
  GetEdgeResponse got =
      co_await caller_.Call(&GraphBasicStub::GetEdge, WithId<GetEdgeRequest>(std::move(id)), where);
  if (got.found() != got.has_edge()) caller_.Fail("an edge is told just when it is found", where);
  co_return got;
}

Task<DeleteNodeResponse> GraphClient::DeleteNode(std::string id, Where where) {
  return caller_.Call(&GraphBasicStub::DeleteNode, WithId<DeleteNodeRequest>(std::move(id)), where);
}

Task<bool> GraphClient::DeleteEdge(std::string id, Where where) {
  const auto response = co_await caller_.Call(&GraphBasicStub::DeleteEdge,
                                              WithId<DeleteEdgeRequest>(std::move(id)), where);
  co_return response.found();
}

Task<bool> GraphClient::Update(UpdateNodeRequest request, Where where) {
  const auto response =
      co_await caller_.Call(&GraphBasicStub::UpdateNode, std::move(request), where);
  co_return response.found();
}

Task<std::vector<std::string>> GraphClient::Edges(std::string node, graph::v1::Direction direction,
                                                  Where where) {
  const auto pages = co_await caller_.CallAll(&GraphBasicStub::GetEdges,
                                              EdgesOf(std::move(node), direction), where);
  co_return IdsOf(pages);
}

Task<void> CreateEdges(CaseContext& c, int n, std::string from, std::string to,
                       std::string prefix) {
  int next = 0;
  co_await c.Concurrently(kLanes, [&](int) -> Task<void> {
    GraphClient graph(c);
    while (next < n && c.ok()) {
      const std::string id = prefix + "-" + std::to_string(1000 + next++);
      const CreateEdgeResponse made = co_await graph.Create(EdgeOf(id, from, to, "many"));
      c.Expect(made.created(), "the edge is made");
    }
  });
}

// Whether it succeeds is no promise of the contract that is under test.
Task<void> DeleteNotedNodes(CaseContext& c) {
  if (!c.claims(GraphBasic::Info())) co_return;
  const std::set<Noted> nodes(c.noted().begin(), c.noted().end());
  for (const Noted& node : nodes) {
    if (node.name.empty()) continue;
    Caller caller = c.In(node.name_space);
    (void)co_await caller.Try(&GraphBasicStub::DeleteNode, WithId<DeleteNodeRequest>(node.name));
  }
}

}  // namespace prism::conformance
