#pragma once

#include "drivers/memstore/graph/walk.h"
#include "prism/interfaces/graph_traversal.pb.h"

namespace prism::memstore {

// Between the messages of the graph contracts and what the engine knows. INVALID_ARGUMENT where the
// contracts say so.
using PropertyMap = google::protobuf::Map<std::string, graph::v1::Value>;
using Strings = google::protobuf::RepeatedPtrField<std::string>;

// Ids, labels and property names; `what` is named in the refusal.
Status CheckGraphName(std::string_view what, std::string_view name);
Result<PropertyValue> ReadValue(std::string_view name, const graph::v1::Value& value);
Result<GraphNode> ReadNode(const graph::v1::Node& node);
Result<GraphEdge> ReadEdge(const graph::v1::Edge& edge);
// Adds to those that are there, or takes their place.
Status ReadProperties(const PropertyMap& from, GraphProperties& properties);
// Whether what a node or an edge has is within the contract's limits.
Status CheckSize(const GraphNode& node);
// `field` is what the request calls the labels.
Result<EdgeChoice> ReadChoice(graph::v1::Direction direction, std::string_view field,
                              const Strings& labels);
Result<std::vector<std::string>> ReadLabels(std::string_view field, const Strings& labels);
Result<std::vector<PropertyFilter>> ReadFilters(
    const google::protobuf::RepeatedPtrField<graph::v1::PropertyCondition>& conditions);

void WriteValue(const PropertyValue& value, graph::v1::Value& written);
void WriteNode(const GraphNode& node, graph::v1::Node& written);
void WriteEdge(const GraphEdge& edge, graph::v1::Edge& written);

}  // namespace prism::memstore
