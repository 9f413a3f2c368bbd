#include "drivers/memstore/graph/walk.h"

namespace prism::memstore {
namespace {

constexpr int kHopsAtOnce = 64;
// A set's node, a frame and its share of tables.
constexpr int64_t kVisitBytes = 320;

}  // namespace

bool GraphWalk::Follows(const Hop& hop) const {
  return rule_.Follows(hop.edge->properties) && rule_.Enters(*hop.node);
}

Status GraphWalk::Enter(const GraphNodePtr& node, uint32_t depth, GraphEdgePtr edge,
                        std::vector<Visit>& visits) {
  if (visited_.contains(node->id)) return OkStatus();
  if (visited_.size() == rule_.limit) {
    truncated_ = true;
    frames_.clear();
    return OkStatus();
  }
  PRISM_RETURN_IF_ERROR(memory_.Add(kVisitBytes + 2 * static_cast<int64_t>(node->id.size())));
  visited_.insert(node->id);
  visits.push_back({node, depth, std::move(edge)});
  if (depth < rule_.max_depth) frames_.push_back({node->id, depth, {}, {}, 0, true});
  return OkStatus();
}

Status GraphWalk::Step(std::vector<Visit>& visits) {
  Frame& frame = rule_.depth_first ? frames_.back() : frames_.front();
  if (frame.next < frame.hops.size()) {
    const Hop hop = std::move(frame.hops[frame.next++]);
    return Follows(hop) ? Enter(hop.node, frame.depth + 1, hop.edge, visits) : OkStatus();
  }
  if (frame.more) {
    frame.next = 0;
    frame.more = graph_.Hops(frame.id, rule_.edges, frame.place, kHopsAtOnce, frame.hops);
  } else if (rule_.depth_first) {
    frames_.pop_back();
  } else {
    frames_.pop_front();
  }
  return OkStatus();
}

Task<Status> GraphWalk::Next(RequestContext& ctx, const GraphNodePtr& start, size_t max,
                             std::vector<Visit>& visits) {
  if (!started_) PRISM_CO_RETURN_IF_ERROR(Enter(start, 0, nullptr, visits));
  started_ = true;
  for (uint32_t steps = 1; visits.size() < max && !frames_.empty(); ++steps) {
    PRISM_CO_RETURN_IF_ERROR(Step(visits));
    if (steps % kHopsAtOnce != 0) continue;
    PRISM_CO_RETURN_IF_ERROR(ctx.cancellation.reason());
    if (turns_.Over()) PRISM_CO_RETURN_IF_ERROR(co_await turns_.Next(ctx.cancellation));
  }
  ended_ = frames_.empty();
  co_return OkStatus();
}

}  // namespace prism::memstore
