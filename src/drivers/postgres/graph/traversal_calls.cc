#include "drivers/contract/graph.h"
#include "drivers/postgres/graph/calls.h"
#include "drivers/postgres/graph/element.h"
#include "drivers/postgres/graph/statements.h"
#include "drivers/postgres/graph/walk.h"
#include "prism/interfaces/graph_traversal.pb.h"

namespace prism::postgres {
namespace {

using namespace graph::v1;  // NOLINT

constexpr int kPageRows = 1000;
constexpr size_t kPageBytes = 1024 * 1024;

Visit Written(GraphWalk::Visit visit) {
  Visit written;
  WriteNode(visit.node, *written.mutable_node());
  written.set_depth(visit.depth);
  written.set_edge_id(std::move(visit.edge));
  written.set_parent_id(std::move(visit.parent));
  return written;
}

}  // namespace

Stream<TraverseResponse> GraphCalls::Traverse(RequestContext& ctx, const TraverseRequest& request) {
  WalkRule rule;
  PRISM_CO_RETURN_IF_ERROR(ReadRule(request, rule));
  GraphWalk walk(*space_, rule);
  std::vector<GraphWalk::Visit> visits;
  {
    Arguments arguments;
    arguments.Text(space_->name()).Text(request.start_id());
    const Result<Rows> rows = co_await space_->Run(ctx, kGraphGetNode, arguments);
    if (!rows.ok()) co_return rows.status();
    if (rows->empty()) co_return OkStatus();
    walk.Start(rows->Int(0, 0), NodeAt(*rows, 0, 1), visits);
  }
  TraverseResponse page;
  size_t bytes = 0;
  while (true) {
    for (GraphWalk::Visit& visit : visits) {
      Visit written = Written(std::move(visit));
      const size_t row = written.ByteSizeLong();
      const int rows = page.visits_size();
      if (rows > 0 && (rows == kPageRows || bytes + row > kPageBytes)) {
        co_yield page;
        page.Clear();
        bytes = 0;
      }
      bytes += row;
      *page.add_visits() = std::move(written);
    }
    visits.clear();
    if (walk.ended()) break;
    PRISM_CO_RETURN_IF_ERROR(ctx.cancellation.reason());
    PRISM_CO_RETURN_IF_ERROR(co_await walk.Next(ctx, visits));
  }
  page.set_truncated(walk.truncated());
  co_yield page;
  co_return OkStatus();
}

}  // namespace prism::postgres
