#include <limits>
#include <set>

#include "conformance/graph/basic_cases.h"
#include "conformance/graph/client.h"

namespace prism::conformance {
namespace {

using graph::v1::Value;

template <class... Labels>
Node LabelledNode(std::string id, Labels... labels) {
  Node node = NodeOf(std::move(id));
  (node.add_labels(labels), ...);
  return node;
}

// Of every kind, also those values that are easily lost.
void AddProperties(google::protobuf::Map<std::string, Value>& properties) {
  properties["text"] = TextValue("\xc3\xa4 \"quoted\"");
  properties["empty"] = TextValue("");
  properties["least"] = IntegerValue(std::numeric_limits<int64_t>::min());
  properties["most"] = IntegerValue(std::numeric_limits<int64_t>::max());
  properties["zero"] = IntegerValue(0);
  properties["real"].set_double_value(0.1);
  properties["tiny"].set_double_value(5e-324);
  properties["whole"].set_double_value(3);
  properties["yes"].set_bool_value(true);
  properties["no"].set_bool_value(false);
}

}  // namespace

Task<void> NodesComeBack(CaseContext& c) {
  GraphClient graph(c);
  Node node = LabelledNode(c.Unique("node"), "a", "b");
  AddProperties(*node.mutable_properties());
  const CreateNodeResponse made = co_await graph.Create(node);
  c.Expect(made.created(), "the node is made");
  c.ExpectEq(made.id(), node.id());
  const GetNodeResponse got = co_await graph.GetNode(node.id());
  c.ExpectEq(TextOf(got.node()), TextOf(node));
}

Task<void> LabelsAreASet(CaseContext& c) {
  GraphClient graph(c);
  const std::string id = c.Unique("node");
  co_await graph.Create(LabelledNode(id, "b", "\xc3\xa4", "a", "b", "Z"));
  const GetNodeResponse got = co_await graph.GetNode(id);
  const Node expected = LabelledNode(id, "Z", "a", "b", "\xc3\xa4");
  c.ExpectEq(TextOf(got.node()), TextOf(expected));
}

Task<void> FreshIdsDiffer(CaseContext& c) {
  GraphClient graph(c);
  std::set<std::string> nodes;
  std::set<std::string> edges;
  for (int i = 0; i < 5; ++i) {
    const CreateNodeResponse node = co_await graph.Create(LabelledNode("", "n"));
    c.Expect(node.created() && !node.id().empty(), "a node is made under an id");
    const GetNodeResponse got = co_await graph.GetNode(node.id());
    c.ExpectEq(got.node().id(), node.id());
    nodes.insert(node.id());
    const CreateEdgeResponse edge = co_await graph.Create(EdgeOf("", node.id(), node.id(), "e"));
    c.Expect(edge.created() && !edge.id().empty(), "an edge is made under an id");
    const GetEdgeResponse read = co_await graph.GetEdge(edge.id());
    c.ExpectEq(read.edge().id(), edge.id());
    edges.insert(edge.id());
  }
  c.ExpectEq(nodes.size(), size_t{5});
  c.ExpectEq(edges.size(), size_t{5});
}

Task<void> TakenNodeStays(CaseContext& c) {
  GraphClient graph(c);
  const std::string id = c.Unique("node");
  co_await graph.Create(LabelledNode(id, "first"));
  const CreateNodeResponse again = co_await graph.Create(LabelledNode(id, "second"));
  c.Expect(!again.created(), "a taken id makes no node");
  const GetNodeResponse got = co_await graph.GetNode(id);
  c.ExpectEq(TextOf(got.node()), TextOf(LabelledNode(id, "first")));
}

Task<void> OneOfManyMakersSucceeds(CaseContext& c) {
  for (int round = 0; round < 10 && c.ok(); ++round) {
    const std::string id = c.Unique("node");
    int made = 0;
    int linked = 0;
    int removed = 0;
    co_await c.Concurrently(8, [&](int client) -> Task<void> {
      GraphClient graph(c);
      const CreateNodeResponse node =
          co_await graph.Create(LabelledNode(id, std::to_string(client)));
      made += node.created();
      const CreateEdgeResponse edge = co_await graph.Create(EdgeOf(id, id, id, "e"));
      linked += edge.created();
    });
    co_await c.Concurrently(8, [&](int) -> Task<void> {
      GraphClient graph(c);
      const DeleteNodeResponse gone = co_await graph.DeleteNode(id);
      removed += gone.found();
    });
    c.ExpectEq(made, 1);
    c.ExpectEq(linked, 1);
    c.ExpectEq(removed, 1);
  }
}

Task<void> UpdateChangesProperties(CaseContext& c) {
  GraphClient graph(c);
  Node node = LabelledNode(c.Unique("node"), "label");
  auto& properties = *node.mutable_properties();
  for (const char* name : {"goes", "stays", "changes", "both"}) properties[name] = IntegerValue(1);
  co_await graph.Create(node);
  UpdateNodeRequest request;
  request.set_id(node.id());
  for (const char* name : {"goes", "both", "never there"}) request.add_remove(name);
  (*request.mutable_set())["changes"] = TextValue("changed");
  (*request.mutable_set())["both"] = IntegerValue(2);
  (*request.mutable_set())["new"] = IntegerValue(3);
  properties.erase("goes");
  for (const auto& [name, value] : request.set()) properties[name] = value;
  for (int i = 0; i < 2; ++i) {
    c.ExpectEq(co_await graph.Update(request), true);
    const GetNodeResponse got = co_await graph.GetNode(node.id());
    c.ExpectEq(TextOf(got.node()), TextOf(node));
  }
}

Task<void> UpdateOfNothingDoesNothing(CaseContext& c) {
  GraphClient graph(c);
  UpdateNodeRequest request;
  request.set_id(c.Unique("absent"));
  (*request.mutable_set())["new"] = IntegerValue(3);
  c.ExpectEq(co_await graph.Update(request), false);
  const GetNodeResponse got = co_await graph.GetNode(request.id());
  c.Expect(!got.found(), "an update makes no node");
}

// Writers set two properties to the same number; a mixture of two writes would show.
Task<void> UpdateIsAtomic(CaseContext& c) {
  const std::string id = c.Unique("node");
  GraphClient setup(c);
  co_await setup.Create(NodeOf(id));
  int answered = 0;
  co_await c.Concurrently(4, [&](int client) -> Task<void> {
    GraphClient graph(c);
    for (int i = 1; i <= 50 && c.ok(); ++i) {
      if (client == 0) {
        UpdateNodeRequest request;
        request.set_id(id);
        (*request.mutable_set())["a"] = IntegerValue(i);
        (*request.mutable_set())["b"] = IntegerValue(i);
        co_await graph.Update(request);
        answered = i;
        continue;
      }
      const int before = answered;
      const GetNodeResponse got = co_await graph.GetNode(id);
      auto properties = got.node().properties();
      c.ExpectEq(properties["a"].int64_value(), properties["b"].int64_value());
      c.ExpectLe(int64_t{before}, properties["a"].int64_value(), "a read after a write");
    }
  });
}

Task<void> DeleteNodeTakesItsEdges(CaseContext& c) {
  GraphClient graph(c);
  const std::string a = c.Unique("a");
  const std::string b = c.Unique("b");
  const std::string id = c.Unique("e");
  co_await graph.Create(NodeOf(a));
  co_await graph.Create(NodeOf(b));
  co_await graph.Create(EdgeOf(id + "1", a, b, "x"));
  co_await graph.Create(EdgeOf(id + "2", b, a, "x"));
  co_await graph.Create(EdgeOf(id + "3", a, a, "x"));
  co_await graph.Create(EdgeOf(id + "4", b, b, "x"));
  const DeleteNodeResponse gone = co_await graph.DeleteNode(a);
  c.Expect(gone.found(), "the node was there");
  c.ExpectEq(gone.edges(), uint64_t{3});
  const DeleteNodeResponse again = co_await graph.DeleteNode(a);
  c.Expect(!again.found() && again.edges() == 0, "a repetition finds nothing");
  for (const char* lost : {"1", "2", "3"}) {
    const GetEdgeResponse got = co_await graph.GetEdge(id + lost);
    c.Expect(!got.found(), "an edge goes with its node");
  }
  const auto left = co_await graph.Edges(b, graph::v1::ANY);
  c.Expect(left.size() == 1 && left[0] == id + "4", "the other node keeps its own");
}

Task<void> DeleteOfManyEdges(CaseContext& c) {
  GraphClient graph(c);
  const std::string a = c.Unique("a");
  const std::string b = c.Unique("b");
  co_await graph.Create(NodeOf(a));
  co_await graph.Create(NodeOf(b));
  co_await CreateEdges(c, 1200, a, b, c.Unique("e"));
  const DeleteNodeResponse gone = co_await graph.DeleteNode(a);
  c.ExpectEq(gone.edges(), uint64_t{1200});
  const auto left = co_await graph.Edges(b, graph::v1::ANY);
  c.ExpectEq(left.size(), size_t{0});
}

Task<void> NoEdgeOutlivesItsNode(CaseContext& c) {
  for (int round = 0; round < 10 && c.ok(); ++round) {
    const std::string a = c.Unique("a");
    const std::string b = c.Unique("b");
    GraphClient setup(c);
    co_await setup.Create(NodeOf(a));
    co_await setup.Create(NodeOf(b));
    co_await c.Concurrently(6, [&](int client) -> Task<void> {
      GraphClient graph(c);
      for (int i = 0; i < 4 && client > 0; ++i) {
        co_await graph.Create(EdgeOf("", client % 2 ? a : b, client % 2 ? b : a, "e"));
      }
      if (client == 0) co_await graph.DeleteNode(a);
    });
    const auto left = co_await setup.Edges(b, graph::v1::ANY);
    c.ExpectEq(left.size(), size_t{0});
  }
}

// Others make edges of a node while it loses the many that it has, a part at a time.
Task<void> NoEdgeOutlivesALongDelete(CaseContext& c) {
  constexpr int kEdges = 1500;
  const std::string a = c.Unique("a");
  const std::string b = c.Unique("b");
  GraphClient setup(c);
  co_await setup.Create(NodeOf(a));
  co_await setup.Create(NodeOf(b));
  co_await CreateEdges(c, kEdges, a, b, c.Unique("e"));
  bool over = false;
  uint64_t made = kEdges;
  uint64_t removed = 0;
  co_await c.Concurrently(5, [&](int client) -> Task<void> {
    GraphClient graph(c);
    if (client == 0) {
      const DeleteNodeResponse gone = co_await graph.DeleteNode(a);
      over = true;
      c.Expect(gone.found(), "the node was there");
      removed = gone.edges();
    }
    for (int i = 0; i < 500 && client > 0 && !over && c.ok(); ++i) {
      const bool from_a = client % 2 == 1;
      const CreateEdgeResponse edge =
          co_await graph.Create(EdgeOf("", from_a ? a : b, from_a ? b : a, "late"));
      made += edge.created();
    }
  });
  c.ExpectEq(removed, made);
  const GetNodeResponse got = co_await setup.GetNode(a);
  c.Expect(!got.found(), "the node is gone");
  const auto left = co_await setup.Edges(b, graph::v1::ANY);
  c.ExpectEq(left.size(), size_t{0});
}

Task<void> EdgesComeBack(CaseContext& c) {
  GraphClient graph(c);
  const std::string a = c.Unique("a");
  const std::string b = c.Unique("b");
  co_await graph.Create(NodeOf(a));
  co_await graph.Create(NodeOf(b));
  // The last one has the id of a node.
  const std::vector<Edge> edges = {EdgeOf(c.Unique("e"), a, b, "x"),
                                   EdgeOf(c.Unique("e"), a, b, "x"),
                                   EdgeOf(c.Unique("e"), b, b, "y"), EdgeOf(a, b, a, "x")};
  for (Edge edge : edges) {
    AddProperties(*edge.mutable_properties());
    const CreateEdgeResponse made = co_await graph.Create(edge);
    c.Expect(made.created() && made.from_found() && made.to_found(), "the edge is made");
    c.ExpectEq(made.id(), edge.id());
    const GetEdgeResponse got = co_await graph.GetEdge(edge.id());
    c.ExpectEq(TextOf(got.edge()), TextOf(edge));
  }
  c.ExpectEq(co_await graph.DeleteEdge(a), true);
  const GetNodeResponse node = co_await graph.GetNode(a);
  c.Expect(node.found(), "an edge's id is not that of the node");
}

Task<void> EdgesNeedBothNodes(CaseContext& c) {
  GraphClient graph(c);
  const std::string here = c.Unique("here");
  const std::string gone = c.Unique("gone");
  const std::string id = c.Unique("e");
  co_await graph.Create(NodeOf(here));
  const std::vector<std::pair<std::string, std::string>> ends = {
      {here, gone}, {gone, here}, {gone, gone}};
  for (const auto& [from, to] : ends) {
    const CreateEdgeResponse made = co_await graph.Create(EdgeOf(id, from, to, "x"));
    c.Expect(!made.created(), "no edge is made");
    c.ExpectEq(made.from_found(), from == here);
    c.ExpectEq(made.to_found(), to == here);
  }
  const GetEdgeResponse none = co_await graph.GetEdge(id);
  c.Expect(!none.found(), "nothing changes");
  co_await graph.Create(EdgeOf(id, here, here, "x"));
  const CreateEdgeResponse taken = co_await graph.Create(EdgeOf(id, here, here, "y"));
  c.Expect(!taken.created() && taken.from_found() && taken.to_found(), "the id is taken");
  const GetEdgeResponse kept = co_await graph.GetEdge(id);
  c.ExpectEq(kept.edge().label(), "x");
}

Task<void> DeleteEdgeKeepsItsNodes(CaseContext& c) {
  GraphClient graph(c);
  const std::string node = c.Unique("node");
  const std::string id = c.Unique("e");
  co_await graph.Create(NodeOf(node));
  co_await graph.Create(EdgeOf(id, node, node, "x"));
  c.ExpectEq(co_await graph.DeleteEdge(id), true);
  c.ExpectEq(co_await graph.DeleteEdge(id), false);
  const GetEdgeResponse edge = co_await graph.GetEdge(id);
  const GetNodeResponse kept = co_await graph.GetNode(node);
  c.Expect(!edge.found() && kept.found(), "the edge is gone and the node is not");
}

Task<void> AbsenceIsAnAnswer(CaseContext& c) {
  GraphClient graph(c);
  const std::string id = c.Unique("absent");
  const GetNodeResponse node = co_await graph.GetNode(id);
  const GetEdgeResponse edge = co_await graph.GetEdge(id);
  const DeleteNodeResponse gone = co_await graph.DeleteNode(id);
  c.Expect(!node.found() && !edge.found() && !gone.found(), "nothing is found");
  c.ExpectEq(co_await graph.DeleteEdge(id), false);
}

Task<void> LongNamesAreTaken(CaseContext& c) {
  GraphClient graph(c);
  const std::string base = c.Unique("n");
  const std::string id = base + std::string(kMaxGraphNameBytes - base.size(), 'x');
  const std::string name(kMaxGraphNameBytes, 'p');
  Node node = LabelledNode(id, name, "l");
  (*node.mutable_properties())[name] = IntegerValue(1);
  co_await graph.Create(node);
  const CreateEdgeResponse made = co_await graph.Create(EdgeOf(id, id, id, name));
  c.Expect(made.created(), "an edge with the longest names is made");
  const GetNodeResponse got = co_await graph.GetNode(id);
  c.ExpectEq(got.node().properties_size(), 1);
}

Task<void> BadNamesAreRefused(CaseContext& c) {
  constexpr Code kBad = Code::kInvalidArgument;
  const std::string id = c.Unique("node");
  const std::string large(kMaxGraphNameBytes + 1, 'x');
  co_await c.Refused(&GraphBasicStub::CreateNode, CreateOf(NodeOf(large)), kBad, "id");
  co_await c.Refused(&GraphBasicStub::CreateEdge, CreateOf(EdgeOf(large, id, id, "x")), kBad, "id");
  const std::vector<std::string> bad_names = {"", large};
  for (const std::string& bad : bad_names) {
    const std::vector<std::string> labels = {bad};
    co_await c.Refused(&GraphBasicStub::CreateNode, CreateOf(NodeOf(id, labels)), kBad, "label");
    Node node = NodeOf(id);
    (*node.mutable_properties())[bad] = IntegerValue(1);
    co_await c.Refused(&GraphBasicStub::CreateNode, CreateOf(node), kBad, "property");
    co_await c.Refused(&GraphBasicStub::CreateEdge, CreateOf(EdgeOf(id, bad, id, "x")), kBad,
                       "from");
    co_await c.Refused(&GraphBasicStub::CreateEdge, CreateOf(EdgeOf(id, id, bad, "x")), kBad, "to");
    co_await c.Refused(&GraphBasicStub::CreateEdge, CreateOf(EdgeOf(id, id, id, bad)), kBad,
                       "label");
    co_await c.Refused(&GraphBasicStub::GetNode, WithId<GetNodeRequest>(bad), kBad, "id");
    co_await c.Refused(&GraphBasicStub::GetEdge, WithId<GetEdgeRequest>(bad), kBad, "id");
    co_await c.Refused(&GraphBasicStub::DeleteNode, WithId<DeleteNodeRequest>(bad), kBad, "id");
    co_await c.Refused(&GraphBasicStub::DeleteEdge, WithId<DeleteEdgeRequest>(bad), kBad, "id");
    UpdateNodeRequest update;
    update.set_id(id);
    update.add_remove(bad);
    co_await c.Refused(&GraphBasicStub::UpdateNode, update, kBad, "remove");
  }
}

Task<void> TooMuchIsRefused(CaseContext& c) {
  constexpr Code kBad = Code::kInvalidArgument;
  GraphClient graph(c);
  Node most = NodeOf(c.Unique("most"));
  for (int i = 0; i < 64; ++i) most.add_labels("l" + std::to_string(i));
  for (int i = 0; i < 256; ++i) {
    (*most.mutable_properties())["p" + std::to_string(i)] = IntegerValue(i);
  }
  const CreateNodeResponse made = co_await graph.Create(most);
  c.Expect(made.created(), "a node with as much as is allowed is made");
  UpdateNodeRequest update;
  update.set_id(most.id());
  (*update.mutable_set())["one more"] = IntegerValue(1);
  co_await c.Refused(&GraphBasicStub::UpdateNode, update, kBad, "properties");
  const GetNodeResponse kept = co_await graph.GetNode(most.id());
  c.ExpectEq(kept.node().properties_size(), 256);
  Node labels = NodeOf(c.Unique("node"), std::vector<std::string>(64, "l"));
  labels.add_labels("m");
  co_await c.Refused(&GraphBasicStub::CreateNode, CreateOf(labels), kBad, "labels");
  Node bytes = NodeOf(c.Unique("node"));
  (*bytes.mutable_properties())["text"] = TextValue(std::string(size_t{1} << 20, 'x'));
  co_await c.Refused(&GraphBasicStub::CreateNode, CreateOf(bytes), kBad, "properties");
}

Task<void> TooMuchOfAnEdgeIsRefused(CaseContext& c) {
  constexpr Code kBad = Code::kInvalidArgument;
  GraphClient graph(c);
  const std::string node = c.Unique("node");
  co_await graph.Create(NodeOf(node));
  Edge most = EdgeOf(c.Unique("e"), node, node, "x");
  auto& properties = *most.mutable_properties();
  for (int i = 0; i < 256; ++i) properties["p" + std::to_string(i)] = IntegerValue(i);
  const CreateEdgeResponse made = co_await graph.Create(most);
  c.Expect(made.created(), "an edge with as much as is allowed is made");
  most.set_id(c.Unique("e"));
  properties["one more"] = IntegerValue(1);
  co_await c.Refused(&GraphBasicStub::CreateEdge, CreateOf(most), kBad, "properties");
  Edge bytes = EdgeOf(c.Unique("e"), node, node, "x");
  (*bytes.mutable_properties())["text"] = TextValue(std::string(size_t{1} << 20, 'x'));
  co_await c.Refused(&GraphBasicStub::CreateEdge, CreateOf(bytes), kBad, "properties");
}

// Neither half would be too much.
Task<void> UpdatesMayNotGrowANodeTooLarge(CaseContext& c) {
  GraphClient graph(c);
  Node node = NodeOf(c.Unique("node"));
  (*node.mutable_properties())["first"] = TextValue(std::string(600'000, 'x'));
  co_await graph.Create(node);
  UpdateNodeRequest update;
  update.set_id(node.id());
  (*update.mutable_set())["second"] = TextValue(std::string(600'000, 'x'));
  co_await c.Refused(&GraphBasicStub::UpdateNode, update, Code::kInvalidArgument, "properties");
  const GetNodeResponse kept = co_await graph.GetNode(node.id());
  c.ExpectEq(kept.node().properties_size(), 1);
  update.add_remove("first");
  c.ExpectEq(co_await graph.Update(update), true);
}

// Not the properties that a node is made with, not those of an edge and not those of an update.
Task<void> NoPropertyIsNull(CaseContext& c) {
  constexpr Code kBad = Code::kInvalidArgument;
  GraphClient graph(c);
  const std::string id = c.Unique("node");
  co_await graph.Create(NodeOf(id));
  std::vector<Value> bad_values(3);
  bad_values[1].set_double_value(std::numeric_limits<double>::infinity());
  bad_values[2].set_double_value(std::numeric_limits<double>::quiet_NaN());
  for (const Value& bad : bad_values) {
    Node node = NodeOf(c.Unique("node"));
    (*node.mutable_properties())["odd"] = bad;
    co_await c.Refused(&GraphBasicStub::CreateNode, CreateOf(node), kBad, "odd");
    Edge edge = EdgeOf(c.Unique("e"), id, id, "x");
    (*edge.mutable_properties())["odd"] = bad;
    co_await c.Refused(&GraphBasicStub::CreateEdge, CreateOf(edge), kBad, "odd");
    UpdateNodeRequest update;
    update.set_id(id);
    (*update.mutable_set())["odd"] = bad;
    (*update.mutable_set())["right"] = IntegerValue(1);
    co_await c.Refused(&GraphBasicStub::UpdateNode, update, kBad, "odd");
  }
  const GetNodeResponse kept = co_await graph.GetNode(id);
  c.ExpectEq(TextOf(kept.node()), TextOf(NodeOf(id)));
}

Task<void> NamespacesNeverMeet(CaseContext& c) {
  GraphClient here(c);
  GraphClient there(c.other());
  const std::string id = c.Unique("node");
  co_await here.Create(LabelledNode(id, "here"));
  const GetNodeResponse none = co_await there.GetNode(id);
  c.Expect(!none.found(), "the node is not in the other namespace");
  const CreateNodeResponse made = co_await there.Create(LabelledNode(id, "there"));
  c.Expect(made.created(), "its id is free there");
  co_await there.DeleteNode(id);
  const GetNodeResponse kept = co_await here.GetNode(id);
  c.Expect(kept.found(), "it stays here");
}

}  // namespace prism::conformance
