#pragma once

#include <string>
#include <vector>

#include "conformance/case_context.h"
#include "interfaces/graph_basic.prism.h"
#include "prism/interfaces/graph_basic.pb.h"

namespace prism::conformance {

using graph::v1::CreateEdgeRequest;
using graph::v1::CreateEdgeResponse;
using graph::v1::CreateNodeRequest;
using graph::v1::CreateNodeResponse;
using graph::v1::DeleteEdgeRequest;
using graph::v1::DeleteNodeRequest;
using graph::v1::DeleteNodeResponse;
using graph::v1::Edge;
using graph::v1::GetEdgeRequest;
using graph::v1::GetEdgeResponse;
using graph::v1::GetEdgesRequest;
using graph::v1::GetEdgesResponse;
using graph::v1::GetNodeRequest;
using graph::v1::GetNodeResponse;
using graph::v1::Node;
using graph::v1::UpdateNodeRequest;

inline constexpr size_t kMaxGraphNameBytes = 4096;

Node NodeOf(std::string id, std::vector<std::string> labels = {});
Edge EdgeOf(std::string id, std::string from, std::string to, std::string label);
graph::v1::Value TextValue(std::string text);
graph::v1::Value IntegerValue(int64_t number);
CreateNodeRequest CreateOf(Node node);
CreateEdgeRequest CreateOf(Edge edge);
// Of the requests that are nothing but an id.
template <class Request>
Request WithId(std::string id) {
  Request request;
  request.set_id(std::move(id));
  return request;
}
GetEdgesRequest EdgesOf(std::string node, graph::v1::Direction direction);

// All of a message as text, its properties by name: equal messages have equal texts.
std::string TextOf(const google::protobuf::Message& message);
std::vector<std::string> IdsOf(const std::vector<GetEdgesResponse>& pages);

// graph_basic as plain functions: all must succeed. Nodes that are made are deleted after the case,
// and their edges with them.
class GraphClient {
 public:
  explicit GraphClient(Caller& caller) : caller_(caller) {}

  Task<CreateNodeResponse> Create(Node node, Where where = Where::current());
  Task<CreateEdgeResponse> Create(Edge edge, Where where = Where::current());
  Task<GetNodeResponse> GetNode(std::string id, Where where = Where::current());
  Task<GetEdgeResponse> GetEdge(std::string id, Where where = Where::current());
  Task<DeleteNodeResponse> DeleteNode(std::string id, Where where = Where::current());
  Task<bool> DeleteEdge(std::string id, Where where = Where::current());
  Task<bool> Update(UpdateNodeRequest request, Where where = Where::current());
  // The ids of the node's edges, in the order in which they came.
  Task<std::vector<std::string>> Edges(std::string node, graph::v1::Direction direction,
                                       Where where = Where::current());

 private:
  Caller& caller_;
};

// Makes `n` edges with the label and ids "<prefix>-1000" and up, several at a time.
Task<void> CreateEdges(CaseContext& c, int n, std::string from, std::string to, std::string prefix);

// Deletes all nodes that were noted.
Task<void> DeleteNotedNodes(CaseContext& c);

}  // namespace prism::conformance
