#pragma once

#include "interfaces/backend.h"
#include "interfaces/graph_analytics.prism.h"
#include "interfaces/graph_basic.prism.h"
#include "interfaces/graph_query.prism.h"
#include "interfaces/graph_traversal.prism.h"
#include "loop/stream.h"
#include "loop/task.h"
#include "prism/interfaces/graph_analytics.pb.h"
#include "prism/interfaces/graph_basic.pb.h"
#include "prism/interfaces/graph_query.pb.h"
#include "prism/interfaces/graph_traversal.pb.h"

// As forwarding.h, of the graphs.
namespace prism::conformance::testing::graphs {

using namespace graph::v1;  // NOLINT: only tests include this, for its many messages

class ForwardGraph : public GraphBasic {
 public:
  explicit ForwardGraph(Backend& real) : real_(*FindAs<GraphBasic>(real)) {}

  Task<Status> CreateNode(RequestContext& ctx, const CreateNodeRequest& request,
                          CreateNodeResponse& response) override {
    return real_.CreateNode(ctx, request, response);
  }
  Task<Status> GetNode(RequestContext& ctx, const GetNodeRequest& request,
                       GetNodeResponse& response) override {
    return real_.GetNode(ctx, request, response);
  }
  Task<Status> UpdateNode(RequestContext& ctx, const UpdateNodeRequest& request,
                          UpdateNodeResponse& response) override {
    return real_.UpdateNode(ctx, request, response);
  }
  Task<Status> DeleteNode(RequestContext& ctx, const DeleteNodeRequest& request,
                          DeleteNodeResponse& response) override {
    return real_.DeleteNode(ctx, request, response);
  }
  Task<Status> CreateEdge(RequestContext& ctx, const CreateEdgeRequest& request,
                          CreateEdgeResponse& response) override {
    return real_.CreateEdge(ctx, request, response);
  }
  Task<Status> GetEdge(RequestContext& ctx, const GetEdgeRequest& request,
                       GetEdgeResponse& response) override {
    return real_.GetEdge(ctx, request, response);
  }
  Stream<GetEdgesResponse> GetEdges(RequestContext& ctx, const GetEdgesRequest& request) override {
    return real_.GetEdges(ctx, request);
  }
  Task<Status> DeleteEdge(RequestContext& ctx, const DeleteEdgeRequest& request,
                          DeleteEdgeResponse& response) override {
    return real_.DeleteEdge(ctx, request, response);
  }

 protected:
  GraphBasic& real_;
};

class ForwardWalks : public GraphTraversal {
 public:
  explicit ForwardWalks(Backend& real)
      : basic_(*FindAs<GraphBasic>(real)), real_(*FindAs<GraphTraversal>(real)) {}

  Stream<TraverseResponse> Traverse(RequestContext& ctx, const TraverseRequest& request) override {
    return real_.Traverse(ctx, request);
  }

 protected:
  GraphBasic& basic_;
  GraphTraversal& real_;
};

class ForwardQueries : public GraphQuery {
 public:
  explicit ForwardQueries(Backend& real) : real_(*FindAs<GraphQuery>(real)) {}

  Stream<QueryResponse> Query(RequestContext& ctx, const QueryRequest& request) override {
    return real_.Query(ctx, request);
  }
  Task<Status> GetDialects(RequestContext& ctx, const GetDialectsRequest& request,
                           GetDialectsResponse& response) override {
    return real_.GetDialects(ctx, request, response);
  }

 protected:
  GraphQuery& real_;
};

class ForwardAnalytics : public GraphAnalytics {
 public:
  explicit ForwardAnalytics(Backend& real) : real_(*FindAs<GraphAnalytics>(real)) {}

  Task<Status> ShortestPath(RequestContext& ctx, const ShortestPathRequest& request,
                            ShortestPathResponse& response) override {
    return real_.ShortestPath(ctx, request, response);
  }
  Stream<PageRankResponse> PageRank(RequestContext& ctx, const PageRankRequest& request) override {
    return real_.PageRank(ctx, request);
  }
  Stream<ConnectedComponentsResponse> ConnectedComponents(
      RequestContext& ctx, const ConnectedComponentsRequest& request) override {
    return real_.ConnectedComponents(ctx, request);
  }

 protected:
  GraphAnalytics& real_;
};

// What a fake changes of requests and of answers: the base of those that change only one of them.
struct Unchanged {
  template <class Message>
  static void Apply(Message&) {}
};

}  // namespace prism::conformance::testing::graphs
