#pragma once

#include <memory>

#include "drivers/memstore/graph/graph.h"
#include "interfaces/backend.h"
#include "interfaces/graph_analytics.prism.h"
#include "interfaces/graph_basic.prism.h"
#include "interfaces/graph_query.prism.h"
#include "interfaces/graph_traversal.prism.h"

namespace prism::memstore {

struct NamespaceData;

// The graph contracts on one worker. What reads much of a graph works in turns.
class GraphCalls final : public Provides<GraphBasic, GraphTraversal, GraphQuery, GraphAnalytics> {
 public:
  explicit GraphCalls(std::shared_ptr<NamespaceData> data);

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

  Stream<graph::v1::QueryResponse> Query(RequestContext& ctx,
                                         const graph::v1::QueryRequest& request) override;
  Task<Status> GetDialects(RequestContext& ctx, const graph::v1::GetDialectsRequest& request,
                           graph::v1::GetDialectsResponse& response) override;

  Task<Status> ShortestPath(RequestContext& ctx, const graph::v1::ShortestPathRequest& request,
                            graph::v1::ShortestPathResponse& response) override;
  Stream<graph::v1::PageRankResponse> PageRank(RequestContext& ctx,
                                               const graph::v1::PageRankRequest& request) override;
  Stream<graph::v1::ConnectedComponentsResponse> ConnectedComponents(
      RequestContext& ctx, const graph::v1::ConnectedComponentsRequest& request) override;

 private:
  const std::shared_ptr<NamespaceData> data_;
  Graph& graph_;
};

}  // namespace prism::memstore
