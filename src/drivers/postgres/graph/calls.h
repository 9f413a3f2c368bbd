#pragma once

#include <memory>

#include "drivers/postgres/space.h"
#include "interfaces/backend.h"
#include "interfaces/graph_basic.prism.h"
#include "interfaces/graph_traversal.prism.h"

namespace prism::postgres {

// The graph contracts. Walks are the gateway's work: the server finds edges and nodes, many of them
// by one statement.
class GraphCalls : public Provides<GraphBasic, GraphTraversal> {
 public:
  explicit GraphCalls(std::shared_ptr<Space> space) : space_(std::move(space)) {}

  Task<Status> CreateNode(RequestContext& ctx, const graph::v1::CreateNodeRequest& request,
                          graph::v1::CreateNodeResponse& response) override;
  Task<Status> GetNode(RequestContext& ctx, const graph::v1::GetNodeRequest& request,
                       graph::v1::GetNodeResponse& response) override;
  Task<Status> UpdateNode(RequestContext& ctx, const graph::v1::UpdateNodeRequest& request,
                          graph::v1::UpdateNodeResponse& response) override;
  Task<Status> DeleteNode(RequestContext& ctx, const graph::v1::DeleteNodeRequest& request,
                          graph::v1::DeleteNodeResponse& response) override;
  Task<Status> CreateEdge(RequestContext& ctx, const graph::v1::CreateEdgeRequest& request,
                          graph::v1::CreateEdgeResponse& response) override;
  Task<Status> GetEdge(RequestContext& ctx, const graph::v1::GetEdgeRequest& request,
                       graph::v1::GetEdgeResponse& response) override;
  Stream<graph::v1::GetEdgesResponse> GetEdges(RequestContext& ctx,
                                               const graph::v1::GetEdgesRequest& request) override;
  Task<Status> DeleteEdge(RequestContext& ctx, const graph::v1::DeleteEdgeRequest& request,
                          graph::v1::DeleteEdgeResponse& response) override;

  Stream<graph::v1::TraverseResponse> Traverse(RequestContext& ctx,
                                               const graph::v1::TraverseRequest& request) override;

 private:
  const std::shared_ptr<Space> space_;
};

}  // namespace prism::postgres
