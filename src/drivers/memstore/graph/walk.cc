#include "drivers/memstore/graph/walk.h"

#include <algorithm>

namespace prism::memstore {
namespace {

constexpr int kHopsAtOnce = 64;
// A set's node, a frame and its share of tables.
constexpr int64_t kVisitBytes = 320;

template <class Filters>
bool MatchAll(const Filters& filters, const GraphProperties& properties) {
  return std::all_of(filters.begin(), filters.end(),
                     [&](const auto& filter) { return filter.Matches(properties); });
}

}  // namespace

bool PropertyFilter::Matches(const GraphProperties& properties) const {
  const Scalar found = PropertyOf(properties, property);
  if (kind == Kind::kExists) return found.is_scalar();
  const Scalar wanted = ScalarOf(value);
  if (!Comparable(found, wanted)) return kind == Kind::kNotEqual;
  switch (kind) {
    case Kind::kNotEqual:
      return Compare(found, wanted) != 0;
    case Kind::kGreater:
      return Compare(found, wanted) > 0;
    case Kind::kGreaterOrEqual:
      return Compare(found, wanted) >= 0;
    case Kind::kLess:
      return Compare(found, wanted) < 0;
    case Kind::kLessOrEqual:
      return Compare(found, wanted) <= 0;
    case Kind::kContains:
      return found.text.find(wanted.text) != std::string_view::npos;
    case Kind::kStartsWith:
      return found.text.starts_with(wanted.text);
    default:
      return Compare(found, wanted) == 0;
  }
}

bool GraphWalk::Follows(const Hop& hop) const {
  if (!MatchAll(rule_.edge_filters, hop.edge->properties)) return false;
  const auto& labels = rule_.node_labels;
  const auto has = [&hop](const std::string& label) { return hop.node->HasLabel(label); };
  if (!labels.empty() && std::none_of(labels.begin(), labels.end(), has)) return false;
  return MatchAll(rule_.node_filters, hop.node->properties);
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
