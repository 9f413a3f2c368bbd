#include "drivers/memstore/graph/cypher_match.h"

#include <algorithm>

namespace prism::memstore::cypher {

using Kind = Expression::Kind;

Matcher::Matcher(const Graph& graph, const Query& query, Sink sink)
    : graph_(graph), query_(query), sink_(std::move(sink)) {
  bindings_.resize(query.slots);
  bound_.resize(query.slots);
  if (query.where) Prepare(*query.where);
  for (const Chain& chain : query.chains) {
    for (const NodePattern& node : chain.nodes) {
      PrepareProperties(node.slot, node.position, node.properties);
    }
    for (const EdgePattern& edge : chain.edges) {
      if (!edge.variable) PrepareProperties(edge.slot, edge.position, edge.properties);
    }
  }
  attached_.resize(conditions_.size());
  for (const Chain& chain : query.chains) Plan(chain);
}

// What is joined by AND is tested part by part, each as soon as it can be.
void Matcher::Prepare(const Expression& condition) {
  if (condition.kind != Kind::kAnd) {
    conditions_.push_back(&condition);
    return;
  }
  for (const ExpressionPtr& argument : condition.arguments) Prepare(*argument);
}

void Matcher::PrepareProperties(int slot, Position position,
                                const std::vector<PropertyPattern>& from) {
  for (const PropertyPattern& pattern : from) {
    auto make = [&](Kind kind) {
      auto made = std::make_shared<Expression>();
      made->kind = kind;
      made->position = position;
      return made;
    };
    ExpressionPtr variable = make(Kind::kVariable), property = make(Kind::kProperty);
    ExpressionPtr equal = make(Kind::kEqual);
    variable->slot = slot;
    property->name = pattern.name;
    property->arguments.push_back(std::move(variable));
    equal->arguments.push_back(std::move(property));
    equal->arguments.push_back(pattern.value);
    conditions_.push_back(equal.get());
    made_.push_back(std::move(equal));
  }
}

bool Matcher::IsBound(const Expression& expression) const {
  std::vector<int> slots;
  CollectSlots(expression, slots);
  return std::all_of(slots.begin(), slots.end(), [this](int slot) { return bound_[slot]; });
}

// The other side of a condition `id(variable) = ...`, if it can be computed by now.
const Expression* Matcher::FindId(int slot) const {
  for (const Expression* condition : conditions_) {
    if (condition->kind != Kind::kEqual) continue;
    for (int side = 0; side < 2; ++side) {
      const Expression& call = *condition->arguments[side];
      const bool is_id = call.kind == Kind::kFunction && call.name == "id" &&
                         call.arguments[0]->kind == Kind::kVariable &&
                         call.arguments[0]->slot == slot;
      const Expression& other = *condition->arguments[1 - side];
      if (is_id && IsBound(other)) return &other;
    }
  }
  return nullptr;
}

// Where there are few nodes to begin with.
size_t Matcher::StartOf(const Chain& chain) {
  const auto first = [&chain](auto is_good) {
    return static_cast<size_t>(std::find_if(chain.nodes.begin(), chain.nodes.end(), is_good) -
                               chain.nodes.begin());
  };
  size_t start = first([this](const NodePattern& node) { return bound_[node.slot]; });
  if (start < chain.nodes.size()) return start;
  start = first([this](const NodePattern& node) { return FindId(node.slot) != nullptr; });
  if (start < chain.nodes.size()) return start;
  start = first([](const NodePattern& node) { return !node.labels.empty(); });
  return start < chain.nodes.size() ? start : 0;
}

void Matcher::Plan(const Chain& chain) {
  const size_t start = StartOf(chain);
  Step begin;
  begin.node = &chain.nodes[start];
  begin.id = FindId(begin.node->slot);
  AddStep(std::move(begin));
  for (size_t i = start; i + 1 < chain.nodes.size(); ++i) {
    Step step;
    step.node = &chain.nodes[i + 1];
    step.edge = &chain.edges[i];
    step.from = chain.nodes[i].slot;
    step.choice = {step.edge->out, step.edge->in, step.edge->labels};
    AddStep(std::move(step));
  }
  for (size_t i = start; i > 0; --i) {
    Step step;
    step.node = &chain.nodes[i - 1];
    step.edge = &chain.edges[i - 1];
    step.from = chain.nodes[i].slot;
    step.reversed = true;
    step.choice = {step.edge->in, step.edge->out, step.edge->labels};
    AddStep(std::move(step));
  }
}

void Matcher::AddStep(Step step) {
  step.bound = bound_[step.node->slot];
  bound_[step.node->slot] = true;
  if (step.edge) bound_[step.edge->slot] = true;
  for (size_t i = 0; i < conditions_.size(); ++i) {
    if (attached_[i] || !IsBound(*conditions_[i])) continue;
    attached_[i] = true;
    step.checks.push_back(conditions_[i]);
  }
  steps_.push_back(std::move(step));
}

Task<Status> Matcher::Run(RequestContext& ctx) { return Visit(ctx, 0); }

Task<Status> Matcher::Visit(RequestContext& ctx, size_t step) {
  if (step == steps_.size()) {
    const Result<bool> more = sink_(bindings_);
    if (!more.ok()) co_return more.status();
    enough_ = !*more;
    co_return OkStatus();
  }
  const Step& next = steps_[step];
  if (!next.edge) co_return co_await Begin(ctx, step);
  if (!next.edge->variable) co_return co_await Follow(ctx, step);
  const GraphNodePtr from = *bindings_[next.from].If<GraphNodePtr>();
  // A path within another one's search begins anew.
  std::vector<CypherValue> outer;
  outer.swap(path_);
  const Status status = co_await FollowPath(ctx, step, from, 0);
  outer.swap(path_);
  co_return status;
}

Task<Status> Matcher::Begin(RequestContext& ctx, size_t step) {
  const Step& begin = steps_[step];
  if (begin.bound) {
    const GraphNodePtr node = *bindings_[begin.node->slot].If<GraphNodePtr>();
    co_return co_await TryNode(ctx, step, node);
  }
  if (begin.id) {
    const Result<CypherValue> id = Evaluate(*begin.id, bindings_);
    if (!id.ok()) co_return id.status();
    const std::string* text = id->If<std::string>();
    const GraphNodePtr node = text ? graph_.FindNode(*text) : nullptr;
    if (!node) co_return OkStatus();
    co_return co_await TryNode(ctx, step, node);
  }
  const std::string label = begin.node->labels.empty() ? "" : begin.node->labels.front();
  std::string after;
  while (true) {
    const std::vector<GraphNodePtr> nodes = graph_.ScanNodes(label, after);
    if (nodes.empty()) co_return OkStatus();
    for (const GraphNodePtr& node : nodes) {
      PRISM_CO_RETURN_IF_ERROR(co_await TryNode(ctx, step, node));
      if (enough_) co_return OkStatus();
      if (Due()) PRISM_CO_RETURN_IF_ERROR(co_await Breathe(ctx));
    }
    after = nodes.back()->id;
  }
}

Task<Status> Matcher::Follow(RequestContext& ctx, size_t step) {
  const Step& follow = steps_[step];
  const GraphNodePtr from = *bindings_[follow.from].If<GraphNodePtr>();
  EdgePlace place;
  std::vector<Hop> hops;
  bool more = true;
  while (more) {
    more = graph_.Hops(from->id, follow.choice, place, Graph::kSlice, hops);
    for (const Hop& hop : hops) {
      if (Due()) PRISM_CO_RETURN_IF_ERROR(co_await Breathe(ctx));
      if (IsUsed(hop.edge)) continue;
      used_.push_back(hop.edge);
      bindings_[follow.edge->slot] = hop.edge;
      PRISM_CO_RETURN_IF_ERROR(co_await TryNode(ctx, step, hop.node));
      used_.pop_back();
      if (enough_) co_return OkStatus();
    }
    if (Due()) PRISM_CO_RETURN_IF_ERROR(co_await Breathe(ctx));
  }
  co_return OkStatus();
}

Task<Status> Matcher::FollowPath(RequestContext& ctx, size_t step, GraphNodePtr node, int hops) {
  const Step& follow = steps_[step];
  if (hops >= follow.edge->min_hops) {
    std::vector<CypherValue> edges = path_;
    if (follow.reversed) std::reverse(edges.begin(), edges.end());
    bindings_[follow.edge->slot] = ListOf(std::move(edges));
    PRISM_CO_RETURN_IF_ERROR(co_await TryNode(ctx, step, node));
  }
  if (enough_ || hops == follow.edge->max_hops) co_return OkStatus();
  EdgePlace place;
  std::vector<Hop> found;
  bool more = true;
  while (more) {
    more = graph_.Hops(node->id, follow.choice, place, Graph::kSlice, found);
    for (const Hop& hop : found) {
      if (Due()) PRISM_CO_RETURN_IF_ERROR(co_await Breathe(ctx));
      if (IsUsed(hop.edge)) continue;
      const Result<bool> fits = Fits(*follow.edge, *hop.edge);
      if (!fits.ok()) co_return fits.status();
      if (!*fits) continue;
      used_.push_back(hop.edge);
      path_.emplace_back(hop.edge);
      PRISM_CO_RETURN_IF_ERROR(co_await FollowPath(ctx, step, hop.node, hops + 1));
      path_.pop_back();
      used_.pop_back();
      if (enough_) co_return OkStatus();
    }
    if (Due()) PRISM_CO_RETURN_IF_ERROR(co_await Breathe(ctx));
  }
  co_return OkStatus();
}

Task<Status> Matcher::TryNode(RequestContext& ctx, size_t step, const GraphNodePtr& node) {
  const Step& current = steps_[step];
  for (const std::string& label : current.node->labels) {
    if (!node->HasLabel(label)) co_return OkStatus();
  }
  CypherValue& binding = bindings_[current.node->slot];
  if (!current.bound) {
    binding = node;
  } else if ((*binding.If<GraphNodePtr>())->id != node->id) {
    co_return OkStatus();
  }
  const Result<bool> holds = Checks(current);
  if (!holds.ok()) co_return holds.status();
  if (!*holds) co_return OkStatus();
  co_return co_await Visit(ctx, step + 1);
}

Result<bool> Matcher::Checks(const Step& step) const {
  for (const Expression* check : step.checks) {
    const Result<CypherValue> value = Evaluate(*check, bindings_);
    if (!value.ok()) return value.status();
    if (!value->is_null() && !value->If<bool>()) {
      return ErrorAt(check->position, "a condition must be true or false");
    }
    if (!value->is_true()) return false;
  }
  return true;
}

Result<bool> Matcher::Fits(const EdgePattern& pattern, const GraphEdge& edge) const {
  for (const PropertyPattern& property : pattern.properties) {
    const Result<CypherValue> wanted = Evaluate(*property.value, bindings_);
    if (!wanted.ok()) return wanted.status();
    const auto found = edge.properties.find(property.name);
    if (found == edge.properties.end()) return false;
    if (!Equals(ValueOf(found->second), *wanted).is_true()) return false;
  }
  return true;
}

bool Matcher::IsUsed(const GraphEdgePtr& edge) const {
  return std::any_of(used_.begin(), used_.end(),
                     [&edge](const GraphEdgePtr& used) { return used->id == edge->id; });
}

Task<Status> Matcher::Breathe(RequestContext& ctx) {
  PRISM_CO_RETURN_IF_ERROR(ctx.cancellation.reason());
  if (turns_.Over()) PRISM_CO_RETURN_IF_ERROR(co_await turns_.Next(ctx.cancellation));
  co_return OkStatus();
}

}  // namespace prism::memstore::cypher
