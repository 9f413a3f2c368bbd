#include "drivers/memstore/graph/graph.h"

#include <algorithm>
#include <mutex>

namespace prism::memstore {
namespace {

// What trees, shared ownership and small pieces of memory cost beside the contents.
constexpr int64_t kTreeNodeBytes = 48;
constexpr int64_t kNodeBytes = sizeof(GraphNode) + 6 * kTreeNodeBytes;
constexpr int64_t kEdgeBytes = sizeof(GraphEdge) + 6 * kTreeNodeBytes;
constexpr int64_t kLabelBytes = sizeof(std::string) + 3 * kTreeNodeBytes;
constexpr int64_t kPropertyBytes = sizeof(GraphProperties::value_type) + 2 * kTreeNodeBytes;

int64_t CostOf(const GraphProperties& properties) {
  int64_t bytes = 0;
  for (const auto& [name, value] : properties) {
    bytes += kPropertyBytes + static_cast<int64_t>(name.size());
    if (const auto* text = std::get_if<std::string>(&value)) {
      bytes += static_cast<int64_t>(text->size());
    }
  }
  return bytes;
}

}  // namespace

Status Graph::Charge(GraphNode& node, std::shared_ptr<Budget> budget) {
  int64_t bytes = kNodeBytes + 2 * static_cast<int64_t>(node.id.size()) + CostOf(node.properties);
  for (const std::string& label : node.labels) {
    bytes += kLabelBytes + 2 * static_cast<int64_t>(label.size());
  }
  node.reservation = Reservation(std::move(budget));
  return node.reservation.Add(bytes);
}

Result<bool> Graph::CreateNode(GraphNode node) {
  PRISM_RETURN_IF_ERROR(Charge(node, budget_));
  const auto made = std::make_shared<GraphNode>(std::move(node));
  std::lock_guard lock(mutex_);
  const auto [at, fresh] = nodes_.try_emplace(made->id);
  if (!fresh) return false;
  at->second.node = made;
  for (const std::string& label : made->labels) labels_[label].insert(at->first);
  return true;
}

GraphNodePtr Graph::FindNode(std::string_view id) const {
  std::shared_lock lock(mutex_);
  const auto found = nodes_.find(id);
  return found == nodes_.end() ? nullptr : found->second.node;
}

bool Graph::Replace(std::string_view id, const GraphNodePtr& before, GraphNodePtr after) {
  std::lock_guard lock(mutex_);
  const auto found = nodes_.find(id);
  if (found == nodes_.end() || found->second.node != before) return false;
  found->second.node = std::move(after);
  return true;
}

Graph::Removal Graph::RemoveNode(std::string_view id, uint64_t& edges) {
  std::vector<GraphEdgePtr> gone;  // freed behind the lock
  std::lock_guard lock(mutex_);
  const auto found = nodes_.find(id);
  if (found == nodes_.end()) return Removal::kAbsent;
  Record& record = found->second;
  for (; edges < kMaxEdgesAtOnce && !(record.out.empty() && record.in.empty()); ++edges) {
    gone.push_back(record.out.empty() ? record.in.begin()->edge : record.out.begin()->edge);
    Unlink(gone.back());
  }
  if (!(record.out.empty() && record.in.empty())) return Removal::kPart;
  for (const std::string& label : record.node->labels) {
    const auto ids = labels_.find(label);
    ids->second.erase(found->first);
    if (ids->second.empty()) labels_.erase(ids);
  }
  nodes_.erase(found);
  return Removal::kDone;
}

Result<Graph::EdgeCreation> Graph::CreateEdge(GraphEdge edge) {
  edge.reservation = Reservation(budget_);
  PRISM_RETURN_IF_ERROR(edge.reservation.Add(
      kEdgeBytes +
      static_cast<int64_t>(edge.id.size() + edge.from.size() + edge.to.size() + edge.label.size()) +
      CostOf(edge.properties)));
  const auto made = std::make_shared<GraphEdge>(std::move(edge));
  EdgeCreation creation;
  std::lock_guard lock(mutex_);
  const auto from = nodes_.find(made->from), to = nodes_.find(made->to);
  creation.from_found = from != nodes_.end();
  creation.to_found = to != nodes_.end();
  if (!creation.from_found || !creation.to_found) return creation;
  creation.created = edges_.try_emplace(made->id, made).second;
  if (!creation.created) return creation;
  from->second.out.insert({made, &to->second});
  to->second.in.insert({made, &from->second});
  return creation;
}

GraphEdgePtr Graph::FindEdge(std::string_view id) const {
  std::shared_lock lock(mutex_);
  const auto found = edges_.find(id);
  return found == edges_.end() ? nullptr : found->second;
}

bool Graph::RemoveEdge(std::string_view id) {
  GraphEdgePtr gone;  // freed behind the lock
  std::lock_guard lock(mutex_);
  const auto found = edges_.find(id);
  if (found == edges_.end()) return false;
  gone = found->second;
  Unlink(gone);
  return true;
}

void Graph::Unlink(const GraphEdgePtr& edge) {
  const ByLabel::Key key{edge->label, edge->id};
  const auto erase = [&key](Links& links) {
    const auto found = links.find(key);
    links.erase(found);
  };
  erase(nodes_.find(edge->from)->second.out);
  erase(nodes_.find(edge->to)->second.in);
  edges_.erase(edge->id);
}

// False: the links are at their end.
bool Graph::Take(const Links& links, const EdgeChoice& choice, EdgePlace& place, size_t max,
                 std::vector<Hop>& hops) {
  auto at = links.upper_bound(ByLabel::Key{place.label, place.id});
  // Edges that are passed over take time too.
  for (size_t steps = 0; at != links.end(); ++steps) {
    if (hops.size() == max || steps == max) return true;
    const GraphEdge& edge = *at->edge;
    if (!choice.labels.empty()) {
      const auto label = std::lower_bound(choice.labels.begin(), choice.labels.end(), edge.label);
      if (label == choice.labels.end()) return false;
      if (*label != edge.label) {
        at = links.lower_bound(ByLabel::Key{*label, {}});
        continue;
      }
    }
    place.label = edge.label;
    place.id = edge.id;
    const bool came_as_out = place.in && choice.out && edge.from == edge.to;
    if (!came_as_out) hops.push_back({at->edge, at->other->node, place.in});
    ++at;
  }
  return false;
}

bool Graph::Hops(std::string_view id, const EdgeChoice& choice, EdgePlace& place, int max,
                 std::vector<Hop>& hops) const {
  hops.clear();
  std::shared_lock lock(mutex_);
  const auto found = nodes_.find(id);
  if (found == nodes_.end()) return false;
  const auto wanted = static_cast<size_t>(max);
  if (!place.in) {
    if (choice.out && Take(found->second.out, choice, place, wanted, hops)) return true;
    place = {true, "", ""};
  }
  return choice.in && Take(found->second.in, choice, place, wanted, hops);
}

std::vector<GraphNodePtr> Graph::ScanNodes(std::string_view label, std::string_view after) const {
  std::vector<GraphNodePtr> nodes;
  std::shared_lock lock(mutex_);
  if (label.empty()) {
    auto at = nodes_.upper_bound(after);
    for (; at != nodes_.end() && nodes.size() < kSlice; ++at) nodes.push_back(at->second.node);
    return nodes;
  }
  const auto ids = labels_.find(label);
  if (ids == labels_.end()) return nodes;
  auto at = ids->second.upper_bound(after);
  for (; at != ids->second.end() && nodes.size() < kSlice; ++at) {
    nodes.push_back(nodes_.find(*at)->second.node);
  }
  return nodes;
}

}  // namespace prism::memstore
