#pragma once

#include <google/protobuf/text_format.h>

#include "drivers/memstore/calls_fixture.h"
#include "drivers/memstore/graph/calls.h"
#include "prism/interfaces/graph_basic.pb.h"

namespace prism::memstore {

// A graph of one namespace, with requests in protobuf's text form.
class GraphFixture : public CallsFixture<GraphCalls> {
 protected:
  template <class Request>
  static Request Parse(const std::string& text) {
    Request request;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &request)) << text;
    return request;
  }
  // Makes a node with this id and the rest of its text form.
  void Node(const std::string& id, const std::string& rest = "") {
    EXPECT_TRUE(Ok(&GraphCalls::CreateNode,
                   Parse<graph::v1::CreateNodeRequest>("node {id: '" + id + "' " + rest + "}"))
                    .created());
  }
  void Edge(const std::string& id, const std::string& from, const std::string& to,
            const std::string& label = "L", const std::string& rest = "") {
    EXPECT_TRUE(
        Ok(&GraphCalls::CreateEdge,
           Parse<graph::v1::CreateEdgeRequest>("edge {id: '" + id + "' from: '" + from + "' to: '" +
                                               to + "' label: '" + label + "' " + rest + "}"))
            .created());
  }
  static std::string Text(const std::string& name, const std::string& value) {
    return "properties {key: '" + name + "' value {string_value: '" + value + "'}} ";
  }
  static std::string Number(const std::string& name, double value) {
    return "properties {key: '" + name + "' value {double_value: " + std::to_string(value) + "}} ";
  }
  static std::string Integer(const std::string& name, int64_t value) {
    return "properties {key: '" + name + "' value {int64_value: " + std::to_string(value) + "}} ";
  }
};

}  // namespace prism::memstore
