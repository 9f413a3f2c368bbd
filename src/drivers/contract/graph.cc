#include "drivers/contract/graph.h"

#include <algorithm>
#include <cmath>

#include "base/random_id.h"
#include "drivers/contract/checks.h"

namespace prism {
namespace {

namespace api = graph::v1;

constexpr int kMaxLabels = 64;
constexpr int kMaxConditions = 64;
constexpr uint32_t kMaxDepth = 1000;
constexpr uint32_t kMaxVisits = 100'000;
constexpr uint32_t kUsualVisits = 10'000;

Status CheckContents(const GraphProperties& properties, size_t label_bytes) {
  size_t bytes = label_bytes;
  for (const auto& [name, value] : properties) {
    const auto* text = std::get_if<std::string>(&value);
    bytes += name.size() + (text ? text->size() : sizeof(int64_t));
  }
  return CheckSize(properties.size(), bytes);
}

Status ReadFilter(const api::PropertyCondition& condition, PropertyFilter& filter) {
  PRISM_RETURN_IF_ERROR(CheckGraphName("the property of a condition", condition.property()));
  filter.property = condition.property();
  if (condition.operator_() < api::PropertyCondition::EQUAL ||
      condition.operator_() > api::PropertyCondition::EXISTS) {
    return InvalidArgumentError("the condition on '" + filter.property + "' has no operator");
  }
  filter.kind = static_cast<PropertyFilter::Kind>(condition.operator_());
  const bool takes_value = filter.kind != PropertyFilter::Kind::kExists;
  if (takes_value != condition.has_value()) {
    return InvalidArgumentError("the condition on '" + filter.property + "' " +
                                (takes_value ? "needs a value" : "does not take a value"));
  }
  if (!takes_value) return OkStatus();
  Result<PropertyValue> value = ReadValue(filter.property, condition.value());
  if (!value.ok()) return std::move(value).status();
  filter.value = *std::move(value);
  const bool of_strings = filter.kind == PropertyFilter::Kind::kContains ||
                          filter.kind == PropertyFilter::Kind::kStartsWith;
  if (of_strings && !std::holds_alternative<std::string>(filter.value)) {
    return InvalidArgumentError("the condition on '" + filter.property + "' takes a string");
  }
  return OkStatus();
}

Result<std::vector<PropertyFilter>> ReadFilters(
    const google::protobuf::RepeatedPtrField<api::PropertyCondition>& conditions) {
  PRISM_RETURN_IF_ERROR(CheckRange("conditions", conditions.size(), 0, kMaxConditions));
  std::vector<PropertyFilter> filters(conditions.size());
  for (int i = 0; i < conditions.size(); ++i) {
    PRISM_RETURN_IF_ERROR(ReadFilter(conditions[i], filters[i]));
  }
  return filters;
}

template <class Filters>
bool MatchAll(const Filters& filters, const GraphProperties& properties) {
  return std::all_of(filters.begin(), filters.end(),
                     [&](const auto& filter) { return filter.Matches(properties); });
}

}  // namespace

Scalar ScalarOf(const PropertyValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return Scalar::String(*text);
  if (const auto* integer = std::get_if<int64_t>(&value)) return Scalar::Integer(*integer);
  if (const auto* real = std::get_if<double>(&value)) return Scalar::Double(*real);
  return Scalar::Bool(std::get<bool>(value));
}

Scalar PropertyOf(const GraphProperties& properties, const std::string& name) {
  const auto found = properties.find(name);
  return found == properties.end() ? Scalar() : ScalarOf(found->second);
}

bool NodeContents::HasLabel(std::string_view label) const {
  return std::binary_search(labels.begin(), labels.end(), label);
}

std::string ScopeOf(const api::GetEdgesRequest& request, const EdgeChoice& choice) {
  std::string scope = std::to_string(request.node_id().size()) + ':' + request.node_id();
  scope += choice.out ? 'o' : '-';
  scope += choice.in ? 'i' : '-';
  for (const std::string& label : choice.labels) {
    scope += std::to_string(label.size()) + ':' + label;
  }
  return scope;
}

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

bool WalkRule::Follows(const GraphProperties& edge) const { return MatchAll(edge_filters, edge); }

bool WalkRule::Enters(const NodeContents& node) const {
  const auto has = [&node](const std::string& label) { return node.HasLabel(label); };
  if (!node_labels.empty() && std::none_of(node_labels.begin(), node_labels.end(), has)) {
    return false;
  }
  return MatchAll(node_filters, node.properties);
}

Status CheckGraphName(std::string_view what, std::string_view name) {
  if (!name.empty() && name.size() <= kMaxKeyBytes) return OkStatus();
  return InvalidArgumentError(std::string(what) + " has 1 to " + std::to_string(kMaxKeyBytes) +
                              " bytes, not " + std::to_string(name.size()));
}

Result<PropertyValue> ReadValue(std::string_view name, const api::Value& value) {
  switch (value.kind_case()) {
    case api::Value::kStringValue:
      return PropertyValue(value.string_value());
    case api::Value::kInt64Value:
      return PropertyValue(value.int64_value());
    case api::Value::kDoubleValue:
      if (std::isfinite(value.double_value())) return PropertyValue(value.double_value());
      return InvalidArgumentError("'" + std::string(name) + "' is not a finite number");
    case api::Value::kBoolValue:
      return PropertyValue(value.bool_value());
    default:
      return InvalidArgumentError("'" + std::string(name) + "' has no kind of value");
  }
}

Status ReadProperties(const PropertyMap& from, GraphProperties& properties) {
  for (const auto& [name, value] : from) {
    PRISM_RETURN_IF_ERROR(CheckGraphName("a property's name", name));
    Result<PropertyValue> read = ReadValue(name, value);
    if (!read.ok()) return std::move(read).status();
    properties.insert_or_assign(name, *std::move(read));
  }
  return OkStatus();
}

Result<std::vector<std::string>> ReadLabels(std::string_view field, const Strings& labels) {
  PRISM_RETURN_IF_ERROR(CheckRange(field, labels.size(), 0, kMaxLabels));
  std::vector<std::string> read;
  for (const std::string& label : labels) {
    PRISM_RETURN_IF_ERROR(CheckGraphName("a label", label));
    read.push_back(label);
  }
  std::sort(read.begin(), read.end());
  read.erase(std::unique(read.begin(), read.end()), read.end());
  return read;
}

Status CheckSize(size_t properties, size_t bytes) {
  if (properties > kMaxGraphProperties) {
    return InvalidArgumentError("more than " + std::to_string(kMaxGraphProperties) + " properties");
  }
  if (bytes <= kMaxGraphElementBytes) return OkStatus();
  return InvalidArgumentError("labels and properties have " + std::to_string(bytes) +
                              " bytes; at most " + std::to_string(kMaxGraphElementBytes) +
                              " are allowed");
}

Status CheckSize(const NodeContents& node) {
  size_t bytes = 0;
  for (const std::string& label : node.labels) bytes += label.size();
  return CheckContents(node.properties, bytes);
}

Result<NodeContents> ReadNode(const api::Node& node) {
  NodeContents read;
  read.id = node.id().empty() ? RandomId() : node.id();
  PRISM_RETURN_IF_ERROR(CheckGraphName("a node's id", read.id));
  Result<std::vector<std::string>> labels = ReadLabels("labels", node.labels());
  if (!labels.ok()) return std::move(labels).status();
  read.labels = *std::move(labels);
  PRISM_RETURN_IF_ERROR(ReadProperties(node.properties(), read.properties));
  PRISM_RETURN_IF_ERROR(CheckSize(read));
  return read;
}

Result<EdgeContents> ReadEdge(const api::Edge& edge) {
  EdgeContents read;
  read.id = edge.id().empty() ? RandomId() : edge.id();
  read.from = edge.from();
  read.to = edge.to();
  read.label = edge.label();
  PRISM_RETURN_IF_ERROR(CheckGraphName("an edge's id", read.id));
  PRISM_RETURN_IF_ERROR(CheckGraphName("from", read.from));
  PRISM_RETURN_IF_ERROR(CheckGraphName("to", read.to));
  PRISM_RETURN_IF_ERROR(CheckGraphName("an edge's label", read.label));
  PRISM_RETURN_IF_ERROR(ReadProperties(edge.properties(), read.properties));
  PRISM_RETURN_IF_ERROR(CheckContents(read.properties, read.label.size()));
  return read;
}

Result<EdgeChoice> ReadChoice(api::Direction direction, std::string_view field,
                              const Strings& labels) {
  if (direction < api::OUT || direction > api::ANY) {
    return InvalidArgumentError("direction is OUT, IN or ANY");
  }
  Result<std::vector<std::string>> read = ReadLabels(field, labels);
  if (!read.ok()) return std::move(read).status();
  return EdgeChoice{direction != api::IN, direction != api::OUT, *std::move(read)};
}

Status ReadRule(const api::TraverseRequest& request, WalkRule& rule) {
  PRISM_RETURN_IF_ERROR(CheckGraphName("start_id", request.start_id()));
  PRISM_RETURN_IF_ERROR(CheckRange("max_depth", request.max_depth(), 0, kMaxDepth));
  PRISM_RETURN_IF_ERROR(CheckRange("limit", request.limit(), 0, kMaxVisits));
  PRISM_RETURN_IF_ERROR(CheckRange("order", request.order(), 0, 1));
  Result<EdgeChoice> edges = ReadChoice(request.direction(), "edge_labels", request.edge_labels());
  if (!edges.ok()) return std::move(edges).status();
  Result<std::vector<PropertyFilter>> of_edges = ReadFilters(request.edge_conditions());
  if (!of_edges.ok()) return std::move(of_edges).status();
  Result<std::vector<PropertyFilter>> of_nodes = ReadFilters(request.node_conditions());
  if (!of_nodes.ok()) return std::move(of_nodes).status();
  Result<std::vector<std::string>> labels = ReadLabels("node_labels", request.node_labels());
  if (!labels.ok()) return std::move(labels).status();
  rule.depth_first = request.order() == api::TraverseRequest::DEPTH_FIRST;
  rule.edges = *std::move(edges);
  rule.edge_filters = *std::move(of_edges);
  rule.node_filters = *std::move(of_nodes);
  rule.node_labels = *std::move(labels);
  rule.max_depth = request.max_depth();
  rule.limit = request.limit() ? request.limit() : kUsualVisits;
  return OkStatus();
}

void WriteValue(const PropertyValue& value, api::Value& written) {
  if (const auto* text = std::get_if<std::string>(&value)) {
    written.set_string_value(*text);
  } else if (const auto* integer = std::get_if<int64_t>(&value)) {
    written.set_int64_value(*integer);
  } else if (const auto* real = std::get_if<double>(&value)) {
    written.set_double_value(*real);
  } else {
    written.set_bool_value(std::get<bool>(value));
  }
}

void WriteProperties(const GraphProperties& properties, PropertyMap& written) {
  for (const auto& [name, value] : properties) WriteValue(value, written[name]);
}

void WriteNode(const NodeContents& node, api::Node& written) {
  written.set_id(node.id);
  for (const std::string& label : node.labels) written.add_labels(label);
  WriteProperties(node.properties, *written.mutable_properties());
}

void WriteEdge(const EdgeContents& edge, api::Edge& written) {
  written.set_id(edge.id);
  written.set_from(edge.from);
  written.set_to(edge.to);
  written.set_label(edge.label);
  WriteProperties(edge.properties, *written.mutable_properties());
}

}  // namespace prism
