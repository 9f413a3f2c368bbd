#include "conformance/graph/client.h"
#include "conformance/graph/suites.h"
#include "interfaces/graph_traversal.prism.h"
#include "prism/interfaces/graph_traversal.pb.h"

namespace prism::conformance {
namespace {

using graph::v1::PropertyCondition;
using graph::v1::TraverseRequest;
using graph::v1::TraverseResponse;
using graph::v1::Value;
using graph::v1::Visit;

using Words = std::vector<std::string>;

// a -> b -> d -> e -> a and a -> c -> d; the edges are 1 to 6, that from c to d has another label.
Task<std::string> MakeGraph(CaseContext& c) {
  GraphClient graph(c);
  const std::string base = c.Unique("g");
  int rank = 0;
  for (const char* name : {"a", "b", "c", "d", "e"}) {
    Node node = NodeOf(base + name);
    node.add_labels(rank == 1 ? "B" : "N");
    (*node.mutable_properties())["rank"] = IntegerValue(rank++);
    co_await graph.Create(node);
  }
  const Words ways = {"ab", "ac", "bd", "cd", "de", "ea"};
  for (size_t i = 0; i < ways.size(); ++i) {
    const std::string id = base + std::to_string(i + 1);
    Edge edge = EdgeOf(id, base + ways[i][0], base + ways[i][1], i == 3 ? "y" : "x");
    (*edge.mutable_properties())["rank"] = IntegerValue(static_cast<int64_t>(i) + 1);
    co_await graph.Create(edge);
  }
  co_return base;
}

TraverseRequest From(std::string start, uint32_t max_depth = 10) {
  TraverseRequest request;
  request.set_start_id(std::move(start));
  request.set_max_depth(max_depth);
  return request;
}

void AddCondition(google::protobuf::RepeatedPtrField<PropertyCondition>& conditions,
                  const std::string& property, PropertyCondition::Operator op, int64_t number) {
  PropertyCondition& condition = *conditions.Add();
  condition.set_property(property);
  condition.set_operator_(op);
  condition.mutable_value()->set_int64_value(number);
}

// Each visit as "d2 3b": the node, its depth, the edge that reached it and from where.
Task<Words> Walk(CaseContext& c, std::string base, TraverseRequest request,
                 Where where = Where::current()) {
  const auto pages = co_await c.CallAll(&GraphTraversalStub::Traverse, request, where);
  const auto last = [&base](const std::string& id) {
    return id.substr(std::min(base.size(), id.size()));
  };
  Words visits;
  for (const TraverseResponse& page : pages) {
    for (const Visit& visit : page.visits()) {
      visits.push_back(last(visit.node().id()) + std::to_string(visit.depth()) + " " +
                       last(visit.edge_id()) + last(visit.parent_id()));
    }
  }
  co_return visits;
}

Task<void> BreadthFirst(CaseContext& c) {
  const std::string base = co_await MakeGraph(c);
  const Words expected = {"a0 ", "b1 1a", "c1 2a", "d2 3b", "e3 5d"};
  c.ExpectEq(co_await Walk(c, base, From(base + "a")), expected);
  const auto pages = co_await c.CallAll(&GraphTraversalStub::Traverse, From(base + "b", 0));
  c.Expect(pages.size() == 1 && pages[0].visits_size() == 1, "the start is visited");
  if (!c.ok()) co_return;
  Node start = NodeOf(base + "b", {"B"});
  (*start.mutable_properties())["rank"] = IntegerValue(1);
  c.ExpectEq(TextOf(pages[0].visits(0).node()), TextOf(start));
}

Task<void> DepthFirst(CaseContext& c) {
  const std::string base = co_await MakeGraph(c);
  TraverseRequest request = From(base + "a");
  request.set_order(TraverseRequest::DEPTH_FIRST);
  const Words expected = {"a0 ", "b1 1a", "d2 3b", "e3 5d", "c1 2a"};
  c.ExpectEq(co_await Walk(c, base, request), expected);
  // b and c are next to d, but the walk comes by other ways first.
  request.set_start_id(base + "d");
  request.set_direction(graph::v1::ANY);
  const Words around = {"d0 ", "e1 5d", "a2 6e", "b3 1a", "c3 2a"};
  c.ExpectEq(co_await Walk(c, base, request), around);
  request.set_max_depth(2);
  const Words near = {"d0 ", "e1 5d", "a2 6e", "b1 3d", "c1 4d"};
  c.ExpectEq(co_await Walk(c, base, request), near);
}

Task<void> EdgesAreChosen(CaseContext& c) {
  const std::string base = co_await MakeGraph(c);
  TraverseRequest in = From(base + "a");
  in.set_direction(graph::v1::IN);
  const Words back = {"a0 ", "e1 6a", "d2 5e", "b3 3d", "c3 4d"};
  c.ExpectEq(co_await Walk(c, base, in), back);
  TraverseRequest any = From(base + "d", 1);
  any.set_direction(graph::v1::ANY);
  const Words around = {"d0 ", "e1 5d", "b1 3d", "c1 4d"};
  c.ExpectEq(co_await Walk(c, base, any), around);
  TraverseRequest labelled = From(base + "c");
  labelled.add_edge_labels("y");
  const Words only = {"c0 ", "d1 4c"};
  c.ExpectEq(co_await Walk(c, base, labelled), only);
  TraverseRequest conditions = From(base + "a");
  AddCondition(*conditions.mutable_edge_conditions(), "rank", PropertyCondition::GREATER, 1);
  AddCondition(*conditions.mutable_edge_conditions(), "rank", PropertyCondition::LESS, 5);
  const Words some = {"a0 ", "c1 2a", "d2 4c"};
  c.ExpectEq(co_await Walk(c, base, conditions), some);
  const Words near = {"a0 ", "b1 1a", "c1 2a"};
  c.ExpectEq(co_await Walk(c, base, From(base + "a", 1)), near);
  const Words start = {"a0 "};
  c.ExpectEq(co_await Walk(c, base, From(base + "a", 0)), start);
}

Task<void> NodesAreChosen(CaseContext& c) {
  const std::string base = co_await MakeGraph(c);
  TraverseRequest labelled = From(base + "a");
  labelled.add_node_labels("B");
  labelled.add_node_labels("none");
  const Words only = {"a0 ", "b1 1a"};
  c.ExpectEq(co_await Walk(c, base, labelled), only);
  // Only b, which lacks the label, leads on to d.
  TraverseRequest around = From(base + "a");
  around.add_node_labels("N");
  around.add_edge_labels("x");
  const Words not_behind = {"a0 ", "c1 2a"};
  c.ExpectEq(co_await Walk(c, base, around), not_behind);
  // What is behind d is not reached although its rank would do.
  TraverseRequest conditions = From(base + "a");
  AddCondition(*conditions.mutable_node_conditions(), "rank", PropertyCondition::NOT_EQUAL, 3);
  AddCondition(*conditions.mutable_node_conditions(), "rank", PropertyCondition::GREATER, 0);
  const Words some = {"a0 ", "b1 1a", "c1 2a"};
  c.ExpectEq(co_await Walk(c, base, conditions), some);
}

// Whether the only neighbor of `start` meets a condition on its property "p". A value without a
// kind is none.
Task<bool> Meets(CaseContext& c, std::string start, PropertyCondition::Operator op, Value value) {
  TraverseRequest request = From(std::move(start), 1);
  PropertyCondition& condition = *request.add_node_conditions();
  condition.set_property("p");
  condition.set_operator_(op);
  if (value.kind_case() != Value::KIND_NOT_SET) *condition.mutable_value() = std::move(value);
  const auto pages = co_await c.CallAll(&GraphTraversalStub::Traverse, request);
  int visits = 0;
  for (const TraverseResponse& page : pages) visits += page.visits_size();
  co_return visits == 2;  // the start always, its neighbor if it meets the condition
}

// A node whose only neighbor has this property "p", or none if the value is of no kind.
Task<std::string> MakeNeighbor(CaseContext& c, Value value) {
  GraphClient graph(c);
  const std::string start = c.Unique("start");
  Node neighbor = NodeOf(c.Unique("held"));
  if (value.kind_case() != Value::KIND_NOT_SET) (*neighbor.mutable_properties())["p"] = value;
  co_await graph.Create(NodeOf(start));
  co_await graph.Create(neighbor);
  co_await graph.Create(EdgeOf(c.Unique("edge"), start, neighbor.id(), "x"));
  co_return start;
}

Value DoubleValue(double number) {
  Value value;
  value.set_double_value(number);
  return value;
}

Value BoolValue(bool truth) {
  Value value;
  value.set_bool_value(truth);
  return value;
}

Task<void> PropertiesAreCompared(CaseContext& c) {
  const std::string start = co_await MakeNeighbor(c, IntegerValue(3));
  const Value text = TextValue("3");
  c.ExpectEq(co_await Meets(c, start, PropertyCondition::EQUAL, DoubleValue(3)), true);
  c.ExpectEq(co_await Meets(c, start, PropertyCondition::GREATER, DoubleValue(2.5)), true);
  c.ExpectEq(co_await Meets(c, start, PropertyCondition::LESS_OR_EQUAL, DoubleValue(2.5)), false);
  c.ExpectEq(co_await Meets(c, start, PropertyCondition::LESS, DoubleValue(3.5)), true);
  c.ExpectEq(co_await Meets(c, start, PropertyCondition::EQUAL, text), false);
  c.ExpectEq(co_await Meets(c, start, PropertyCondition::LESS, text), false);
  c.ExpectEq(co_await Meets(c, start, PropertyCondition::NOT_EQUAL, text), true);
  // No double is this integer; the nearest one is 1 less.
  constexpr int64_t kLarge = (int64_t{1} << 53) + 1;
  const std::string large = co_await MakeNeighbor(c, IntegerValue(kLarge));
  const Value nearest = DoubleValue(9007199254740992.0);
  c.ExpectEq(co_await Meets(c, large, PropertyCondition::EQUAL, IntegerValue(kLarge)), true);
  c.ExpectEq(co_await Meets(c, large, PropertyCondition::EQUAL, nearest), false);
  c.ExpectEq(co_await Meets(c, large, PropertyCondition::GREATER, nearest), true);
}

Task<void> OperatorsCompare(CaseContext& c) {
  const std::string text = co_await MakeNeighbor(c, TextValue("ab%c"));
  using Condition = PropertyCondition;
  c.ExpectEq(co_await Meets(c, text, Condition::CONTAINS, TextValue("b%c")), true);
  c.ExpectEq(co_await Meets(c, text, Condition::CONTAINS, TextValue("a%c")), false);
  c.ExpectEq(co_await Meets(c, text, Condition::CONTAINS, TextValue("")), true);
  c.ExpectEq(co_await Meets(c, text, Condition::STARTS_WITH, TextValue("ab%")), true);
  c.ExpectEq(co_await Meets(c, text, Condition::STARTS_WITH, TextValue("b")), false);
  c.ExpectEq(co_await Meets(c, text, Condition::STARTS_WITH, TextValue("AB")), false);
  c.ExpectEq(co_await Meets(c, text, Condition::LESS_OR_EQUAL, TextValue("ab%c")), true);
  c.ExpectEq(co_await Meets(c, text, Condition::GREATER_OR_EQUAL, TextValue("ab%c")), true);
  c.ExpectEq(co_await Meets(c, text, Condition::GREATER_OR_EQUAL, TextValue("ab%d")), false);
  // In bytes, upper case comes before lower case, and both before letters of two bytes.
  c.ExpectEq(co_await Meets(c, text, Condition::GREATER, TextValue("B")), true);
  c.ExpectEq(co_await Meets(c, text, Condition::LESS, TextValue("\xc3\xa4")), true);
  c.ExpectEq(co_await Meets(c, text, Condition::EXISTS, Value()), true);
  const std::string number = co_await MakeNeighbor(c, IntegerValue(12));
  c.ExpectEq(co_await Meets(c, number, Condition::CONTAINS, TextValue("1")), false);
  c.ExpectEq(co_await Meets(c, number, Condition::STARTS_WITH, TextValue("1")), false);
  c.ExpectEq(co_await Meets(c, number, Condition::LESS, DoubleValue(12)), false);
  const std::string truth = co_await MakeNeighbor(c, BoolValue(true));
  c.ExpectEq(co_await Meets(c, truth, Condition::GREATER, BoolValue(false)), true);
  c.ExpectEq(co_await Meets(c, truth, Condition::EQUAL, IntegerValue(1)), false);
  const std::string nothing = co_await MakeNeighbor(c, Value());
  c.ExpectEq(co_await Meets(c, nothing, Condition::EXISTS, Value()), false);
  c.ExpectEq(co_await Meets(c, nothing, Condition::EQUAL, TextValue("")), false);
  c.ExpectEq(co_await Meets(c, nothing, Condition::LESS, BoolValue(true)), false);
  c.ExpectEq(co_await Meets(c, nothing, Condition::NOT_EQUAL, IntegerValue(0)), true);
}

Task<void> LimitTruncates(CaseContext& c) {
  const std::string base = co_await MakeGraph(c);
  TraverseRequest request = From(base + "a");
  request.set_limit(3);
  const auto cut = co_await c.CallAll(&GraphTraversalStub::Traverse, request);
  c.Expect(!cut.empty() && cut.back().truncated(), "the last page tells that there was more");
  const Words three = {"a0 ", "b1 1a", "c1 2a"};
  c.ExpectEq(co_await Walk(c, base, request), three);
  request.set_limit(100);
  const auto whole = co_await c.CallAll(&GraphTraversalStub::Traverse, request);
  c.Expect(!whole.empty() && !whole.back().truncated(), "a whole walk is not truncated");
}

Task<void> AbsentStartHasNoPage(CaseContext& c) {
  const auto pages = co_await c.CallAll(&GraphTraversalStub::Traverse, From(c.Unique("absent")));
  c.ExpectEq(pages.size(), size_t{0});
}

// Large nodes, of which a page takes only one.
Task<void> PagesAreBounded(CaseContext& c) {
  GraphClient graph(c);
  const std::string base = c.Unique("n");
  for (int i = 0; i < 5; ++i) {
    Node node = NodeOf(base + std::to_string(i));
    (*node.mutable_properties())["text"] = TextValue(std::string(600'000, 'x'));
    co_await graph.Create(node);
    co_await graph.Create(EdgeOf(node.id(), base + "0", node.id(), "x"));
  }
  const auto pages = co_await c.CallAll(&GraphTraversalStub::Traverse, From(base + "0"));
  c.ExpectEq(pages.size(), size_t{5});
  for (const TraverseResponse& page : pages) c.ExpectEq(page.visits_size(), 1);
}

// A node "<base>0" with edges to all others.
Task<void> MakeStar(CaseContext& c, std::string base, int nodes) {
  int next = 1;
  GraphClient setup(c);
  co_await setup.Create(NodeOf(base + "0"));
  co_await c.Concurrently(16, [&](int) -> Task<void> {
    GraphClient graph(c);
    while (next < nodes && c.ok()) {
      const std::string id = base + std::to_string(next++);
      co_await graph.Create(NodeOf(id));
      co_await graph.Create(EdgeOf(id, base + "0", id, "x"));
    }
  });
}

Task<void> SmallNodesShareAPage(CaseContext& c) {
  constexpr int kNodes = 1050;
  const std::string base = c.Unique("n");
  co_await MakeStar(c, base, kNodes);
  const auto pages = co_await c.CallAll(&GraphTraversalStub::Traverse, From(base + "0"));
  int visits = 0;
  for (const TraverseResponse& page : pages) {
    c.Expect(page.visits_size() > 0, "no page is empty");
    c.ExpectLe(page.visits_size(), 1000, "visits of a page");
    visits += page.visits_size();
  }
  c.ExpectEq(visits, kNodes);
}

Task<void> TenThousandIsTheDefault(CaseContext& c) {
  constexpr int kNodes = 10'001;
  const std::string base = c.Unique("n");
  co_await MakeStar(c, base, kNodes);
  for (const int limit : {0, kNodes}) {
    TraverseRequest request = From(base + "0");
    request.set_limit(static_cast<uint32_t>(limit));
    const auto pages = co_await c.CallAll(&GraphTraversalStub::Traverse, request);
    int visits = 0;
    for (const TraverseResponse& page : pages) visits += page.visits_size();
    c.ExpectEq(visits, limit > 0 ? limit : 10'000);
    const bool truncated = !pages.empty() && pages.back().truncated();
    c.ExpectEq(truncated, limit == 0);
  }
}

Task<void> BadWalksAreRefused(CaseContext& c) {
  constexpr Code kBad = Code::kInvalidArgument;
  const auto walk = &GraphTraversalStub::Traverse;
  co_await c.Refused(walk, From(""), kBad, "start_id");
  co_await c.Refused(walk, From(std::string(kMaxGraphNameBytes + 1, 'x')), kBad, "start_id");
  co_await c.Refused(walk, From("a", 1001), kBad, "max_depth");
  TraverseRequest limit = From("a");
  limit.set_limit(100'001);
  co_await c.Refused(walk, limit, kBad, "limit");
  TraverseRequest labels = From("a");
  for (int i = 0; i <= 64; ++i) labels.add_node_labels("l");
  co_await c.Refused(walk, labels, kBad, "node_labels");
  TraverseRequest condition = From("a");
  AddCondition(*condition.mutable_node_conditions(), "odd", PropertyCondition::OPERATOR_UNSPECIFIED,
               1);
  co_await c.Refused(walk, condition, kBad, "odd");
}

Task<void> OtherNamespacesAreNotWalked(CaseContext& c) {
  const std::string base = co_await MakeGraph(c);
  const auto pages = co_await c.other().CallAll(&GraphTraversalStub::Traverse, From(base + "a"));
  c.ExpectEq(pages.size(), size_t{0});
}

constexpr const InterfaceInfo* kBasic = &GraphBasic::Info();

constexpr Case kCases[] = {
    {"breadth_first",
     {"Walks along edges from one node.",
      "Visits the start node and what can be reached from it, each node once, and streams "
      "the visits page by page.",
      "The edges of a node are followed in the order of graph_basic's GetEdges.",
      "BREADTH_FIRST visits all nodes of one depth before those of the next, in the order "
      "in which they were reached; DEPTH_FIRST follows each edge to the end before it takes "
      "the next, and visits a node before those behind it.",
      "`depth` of a visit counts the edges of the way that reached the node."},
     &BreadthFirst,
     {kBasic}},
    {"depth_first",
     {"BREADTH_FIRST visits all nodes of one depth before those of the next, in the order "
      "in which they were reached; DEPTH_FIRST follows each edge to the end before it takes "
      "the next, and visits a node before those behind it.",
      "The edges of a node are followed in the order of graph_basic's GetEdges."},
     &DepthFirst,
     {kBasic}},
    {"edges_are_chosen",
     {"Only edges in `direction`, with one of `edge_labels` if there are any, for which all "
      "`edge_conditions` hold, are followed, and none from nodes at `max_depth` (0 to "
      "1000)."},
     &EdgesAreChosen,
     {kBasic}},
    {"nodes_are_chosen",
     {"A node that lacks all of `node_labels`, if there are any, or for which not all "
      "`node_conditions` hold, is neither visited nor passed through.",
      "The start node always is."},
     &NodesAreChosen,
     {kBasic}},
    {"properties_are_compared",
     {"Compares one property.",
      "A node or edge without the property, or with one of another type, meets no condition, but "
      "NOT_EQUAL, which is the negation of EQUAL.",
      "Integers and doubles are one type and compare by exact value, strings by their UTF-8 bytes, "
      "and false is less than true."},
     &PropertiesAreCompared,
     {kBasic}},
    {"operators_compare",
     {"Compares one property.",
      "A node or edge without the property, or with one of another type, meets no condition, but "
      "NOT_EQUAL, which is the negation of EQUAL.",
      "Integers and doubles are one type and compare by exact value, strings by their UTF-8 bytes, "
      "and false is less than true."},
     &OperatorsCompare,
     {kBasic}},
    {"limit_truncates",
     {"At most `limit` nodes are visited (1 to 100000; 0 means 10000).",
      "When the walk ends for that reason, while more may have been reached, the last page "
      "has `truncated`."},
     &LimitTruncates,
     {kBasic}},
    {"ten_thousand_is_the_default",
     {"At most `limit` nodes are visited (1 to 100000; 0 means 10000).",
      "When the walk ends for that reason, while more may have been reached, the last page "
      "has `truncated`."},
     &TenThousandIsTheDefault,
     {kBasic}},
    {"absent_start_has_no_page",
     {"An absent start node has no page."},
     &AbsentStartHasNoPage,
     {kBasic}},
    {"pages_are_bounded",
     {"A page has at most 1000 visits and 1 MiB, unless a single node is larger."},
     &PagesAreBounded,
     {kBasic}},
    {"small_nodes_share_a_page",
     {"A page has at most 1000 visits and 1 MiB, unless a single node is larger.",
      "No page is empty."},
     &SmallNodesShareAPage,
     {kBasic}},
    {"bad_walks_are_refused", {"Limits are those of graph_basic."}, &BadWalksAreRefused, {kBasic}},
    {"other_namespaces_are_not_walked",
     {"An absent start node has no page."},
     &OtherNamespacesAreNotWalked,
     {kBasic},
     true},
};

constexpr Suite kSuite = {&GraphTraversal::Info(), kCases, {}, &DeleteNotedNodes};

}  // namespace

const Suite& GraphTraversalSuite() { return kSuite; }

}  // namespace prism::conformance
