#include "conformance/graph/query_client.h"

namespace prism::conformance {
namespace {

constexpr int kLanes = 8;

std::string ShowValue(const graph::v1::Value& value) {
  switch (value.kind_case()) {
    case graph::v1::Value::kStringValue:
      return "'" + value.string_value() + "'";
    case graph::v1::Value::kInt64Value:
      return std::to_string(value.int64_value());
    case graph::v1::Value::kDoubleValue:
      return Show(value.double_value());
    case graph::v1::Value::kBoolValue:
      return Show(value.bool_value());
    default:
      return "a value without a kind";
  }
}

Node LabelledNode(std::string id, std::string label) {
  Node node = NodeOf(std::move(id));
  node.add_labels(std::move(label));
  return node;
}

}  // namespace

Task<bool> SpeaksCypher(CaseContext& c) {
  const GetDialectsResponse known =
      co_await c.Call(&GraphQueryStub::GetDialects, GetDialectsRequest());
  for (const Dialect& dialect : known.dialects()) {
    if (dialect.name() == kCypher) co_return true;
  }
  if (known.dialects_size() == 0) {
    c.Fail("there is no dialect");
  } else {
    c.Skip("asks in " + std::string(kCypher) + ", which is not spoken here");
  }
  co_return false;
}

QueryRequest Asking(std::string_view text, std::string_view label) {
  QueryRequest request;
  request.set_dialect(std::string(kCypher));
  for (const char letter : text) {
    if (letter == '@') {
      request.mutable_text()->append("`").append(label).append("`");
    } else {
      request.mutable_text()->push_back(letter);
    }
  }
  return request;
}

std::string ShowCell(const Cell& cell) {
  switch (cell.kind_case()) {
    case Cell::kValue:
      return ShowValue(cell.value());
    case Cell::kNode:
      return "(" + cell.node().id() + ")";
    case Cell::kEdge:
      return "[" + cell.edge().id() + "]";
    case Cell::kList: {
      std::string text;
      for (const Cell& element : cell.list().cells()) text += ShowCell(element) + ";";
      return "{" + text + "}";
    }
    default:
      return "null";
  }
}

Words RowsOf(const std::vector<QueryResponse>& pages) {
  Words rows;
  for (const QueryResponse& page : pages) {
    for (const Cells& row : page.rows()) {
      std::string text;
      for (const Cell& cell : row.cells()) text += (text.empty() ? "" : ",") + ShowCell(cell);
      rows.push_back(std::move(text));
    }
  }
  return rows;
}

Task<Words> Ask(Caller& caller, QueryRequest request, Where where) {
  const auto pages = co_await caller.CallAll(&GraphQueryStub::Query, std::move(request), where);
  co_return RowsOf(pages);
}

Task<std::string> MakePeople(CaseContext& c) {
  GraphClient graph(c);
  const std::string label = c.Unique("people");
  int rank = 0;
  for (const std::string name : {"a", "b", "c", "d"}) {
    Node node = LabelledNode(label + "-" + name, label);
    (*node.mutable_properties())["name"] = TextValue(name);
    (*node.mutable_properties())["rank"] = IntegerValue(++rank);
    co_await graph.Create(node);
  }
  for (const std::string way : {"ab", "bc", "cd", "ac", "dd"}) {
    const bool knows = way != "ac" && way != "dd";
    Edge edge = EdgeOf(label + "-" + way, label + "-" + way[0], label + "-" + way[1],
                       knows ? "KNOWS" : "LIKES");
    (*edge.mutable_properties())["way"] = TextValue(way);
    co_await graph.Create(edge);
  }
  co_return label;
}

Task<std::string> MakeNumbers(CaseContext& c, int n) {
  const std::string label = c.Unique("numbers");
  int next = 0;
  co_await c.Concurrently(kLanes, [&](int) -> Task<void> {
    GraphClient graph(c);
    while (next < n && c.ok()) {
      const int number = next++;
      Node node = LabelledNode(label + "-" + std::to_string(number), label);
      (*node.mutable_properties())["i"] = IntegerValue(number);
      co_await graph.Create(node);
    }
  });
  co_return label;
}

Task<std::string> MakeTexts(CaseContext& c, int n, size_t bytes) {
  GraphClient graph(c);
  const std::string label = c.Unique("texts");
  for (int i = 0; i < n; ++i) {
    Node node = LabelledNode(label + "-" + std::to_string(i), label);
    (*node.mutable_properties())["text"] = TextValue(std::string(bytes, 'x'));
    co_await graph.Create(node);
  }
  co_return label;
}

}  // namespace prism::conformance
