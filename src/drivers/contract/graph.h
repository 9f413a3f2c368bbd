#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "drivers/contract/scalar.h"
#include "prism/interfaces/graph_basic.pb.h"
#include "prism/interfaces/graph_traversal.pb.h"

namespace prism {

inline constexpr size_t kMaxGraphProperties = 256;
inline constexpr size_t kMaxGraphElementBytes = 1024 * 1024;

using PropertyValue = std::variant<std::string, int64_t, double, bool>;
using GraphProperties = std::map<std::string, PropertyValue>;
Scalar ScalarOf(const PropertyValue& value);
// kMissing if there is none of the name.
Scalar PropertyOf(const GraphProperties& properties, const std::string& name);

// What a node and an edge are, wherever they are kept.
struct NodeContents {
  std::string id;
  std::vector<std::string> labels;  // ascending, each once
  GraphProperties properties;
  bool HasLabel(std::string_view label) const;
};
struct EdgeContents {
  std::string id;
  std::string from, to;
  std::string label;
  GraphProperties properties;
};

// Which edges of a node.
struct EdgeChoice {
  bool out = true;
  bool in = false;
  std::vector<std::string> labels;  // ascending, each once; none: all
};

// What a listing's cursor is about.
std::string ScopeOf(const graph::v1::GetEdgesRequest& request, const EdgeChoice& choice);

// Compares one property of a node or an edge.
struct PropertyFilter {
  enum class Kind : uint8_t {
    kEqual = 1,  // the numbers are the contract's
    kNotEqual,
    kGreater,
    kGreaterOrEqual,
    kLess,
    kLessOrEqual,
    kContains,
    kStartsWith,
    kExists,
  };
  std::string property;
  Kind kind = Kind::kExists;
  PropertyValue value;
  bool Matches(const GraphProperties& properties) const;
};

struct WalkRule {
  bool depth_first = false;
  EdgeChoice edges;
  std::vector<PropertyFilter> edge_filters;
  std::vector<std::string> node_labels;  // one of these; none: any
  std::vector<PropertyFilter> node_filters;
  uint32_t max_depth = 0;
  uint32_t limit = 0;  // nodes

  bool Follows(const GraphProperties& edge) const;
  bool Enters(const NodeContents& node) const;
};

// Between the messages of the graph contracts and what drivers know. INVALID_ARGUMENT where the
// contracts say so.
using PropertyMap = google::protobuf::Map<std::string, graph::v1::Value>;
using Strings = google::protobuf::RepeatedPtrField<std::string>;

// Ids, labels and property names; `what` is named in the refusal.
Status CheckGraphName(std::string_view what, std::string_view name);
Result<PropertyValue> ReadValue(std::string_view name, const graph::v1::Value& value);
Result<NodeContents> ReadNode(const graph::v1::Node& node);
Result<EdgeContents> ReadEdge(const graph::v1::Edge& edge);
// Adds to those that are there, or takes their place.
Status ReadProperties(const PropertyMap& from, GraphProperties& properties);
// Whether what a node or an edge has is within the contract's limits. The bytes are those of
// labels, names and values.
Status CheckSize(size_t properties, size_t bytes);
Status CheckSize(const NodeContents& node);
// `field` is what the request calls the labels.
Result<EdgeChoice> ReadChoice(graph::v1::Direction direction, std::string_view field,
                              const Strings& labels);
Result<std::vector<std::string>> ReadLabels(std::string_view field, const Strings& labels);
Status ReadRule(const graph::v1::TraverseRequest& request, WalkRule& rule);

void WriteValue(const PropertyValue& value, graph::v1::Value& written);
void WriteProperties(const GraphProperties& properties, PropertyMap& written);
void WriteNode(const NodeContents& node, graph::v1::Node& written);
void WriteEdge(const EdgeContents& edge, graph::v1::Edge& written);

}  // namespace prism
