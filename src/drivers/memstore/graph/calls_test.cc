#include "drivers/memstore/graph/calls.h"

#include <set>

#include "drivers/memstore/graph/graph_fixture.h"

namespace prism::memstore {
namespace {

using namespace graph::v1;  // NOLINT

class GraphCallsTest : public GraphFixture {
 protected:
  GetNodeResponse Get(const std::string& id) {
    return Ok(&GraphCalls::GetNode, Parse<GetNodeRequest>("id: '" + id + "'"));
  }
  bool HasEdge(const std::string& id) {
    return Ok(&GraphCalls::GetEdge, Parse<GetEdgeRequest>("id: '" + id + "'")).found();
  }
  DeleteNodeResponse Delete(const std::string& id) {
    return Ok(&GraphCalls::DeleteNode, Parse<DeleteNodeRequest>("id: '" + id + "'"));
  }
  std::vector<GetEdgesResponse> Pages(const GetEdgesRequest& request, Code code = Code::kOk) {
    return Drain(backend_.GetEdges(context_, request), code);
  }
  std::string Edges(const std::string& request) {
    std::string ids;
    for (const auto& page : Pages(Parse<GetEdgesRequest>(request))) {
      for (const auto& edge : page.edges()) ids += edge.id() + ' ';
    }
    return ids;
  }
};

TEST_F(GraphCallsTest, ANodeComesBackAsItWasMade) {
  Node("a", "labels: ['Z', 'A', 'Z'] " + Text("name", "x") + Integer("n", -5) +
                "properties {key: 'd' value {double_value: 0.5}}"
                "properties {key: 'b' value {bool_value: true}}");
  const auto got = Get("a");
  ASSERT_TRUE(got.found());
  ASSERT_EQ(got.node().labels_size(), 2);
  EXPECT_EQ(got.node().labels(0), "A");
  const auto& properties = got.node().properties();
  EXPECT_EQ(properties.at("name").string_value(), "x");
  EXPECT_EQ(properties.at("n").int64_value(), -5);
  EXPECT_EQ(properties.at("d").double_value(), 0.5);
  EXPECT_TRUE(properties.at("b").bool_value());
  EXPECT_FALSE(Get("b").found());
}

TEST_F(GraphCallsTest, ATakenIdIsAnAnswerAndAMissingOneIsMade) {
  Node("a", Text("name", "x"));
  const auto again = Ok(&GraphCalls::CreateNode, Parse<CreateNodeRequest>("node {id: 'a'}"));
  EXPECT_FALSE(again.created());
  EXPECT_EQ(Get("a").node().properties_size(), 1);
  const auto made = Ok(&GraphCalls::CreateNode, Parse<CreateNodeRequest>("node {}"));
  EXPECT_TRUE(made.created());
  EXPECT_TRUE(Get(made.id()).found());
}

TEST_F(GraphCallsTest, UpdatesRemoveThenSet) {
  Node("a", Text("x", "1") + Text("y", "2") + Text("z", "3"));
  const auto request = Parse<UpdateNodeRequest>(
      "id: 'a' remove: ['x', 'y', 'none'] set {key: 'y' value {int64_value: 7}}");
  EXPECT_TRUE(Ok(&GraphCalls::UpdateNode, request).found());
  const auto node = Get("a").node();
  EXPECT_EQ(node.properties_size(), 2);
  EXPECT_EQ(node.properties().at("y").int64_value(), 7);
  EXPECT_EQ(node.properties().at("z").string_value(), "3");
  EXPECT_FALSE(Ok(&GraphCalls::UpdateNode, Parse<UpdateNodeRequest>("id: 'b'")).found());
}

TEST_F(GraphCallsTest, AnEdgeNeedsItsNodes) {
  Node("a");
  const auto missing = Ok(&GraphCalls::CreateEdge,
                          Parse<CreateEdgeRequest>("edge {id: 'e' from: 'a' to: 'b' label: 'L'}"));
  EXPECT_FALSE(missing.created());
  EXPECT_TRUE(missing.from_found());
  EXPECT_FALSE(missing.to_found());
  Node("b");
  Edge("e", "a", "b", "L", Text("k", "v"));
  const auto edge = Ok(&GraphCalls::GetEdge, Parse<GetEdgeRequest>("id: 'e'")).edge();
  EXPECT_EQ(edge.from(), "a");
  EXPECT_EQ(edge.to(), "b");
  EXPECT_EQ(edge.label(), "L");
  EXPECT_EQ(edge.properties().at("k").string_value(), "v");
  const auto taken = Ok(&GraphCalls::CreateEdge,
                        Parse<CreateEdgeRequest>("edge {id: 'e' from: 'b' to: 'a' label: 'L'}"));
  EXPECT_FALSE(taken.created());
  EXPECT_TRUE(taken.from_found() && taken.to_found());
}

TEST_F(GraphCallsTest, ANodeTakesItsEdgesAlong) {
  Node("a"), Node("b"), Node("c");
  Edge("ab", "a", "b"), Edge("ba", "b", "a"), Edge("bc", "b", "c"), Edge("aa", "a", "a");
  const auto deleted = Delete("a");
  EXPECT_TRUE(deleted.found());
  EXPECT_EQ(deleted.edges(), 3u);
  EXPECT_FALSE(Get("a").found());
  EXPECT_FALSE(HasEdge("ab") || HasEdge("ba") || HasEdge("aa"));
  EXPECT_EQ(Edges("node_id: 'b' direction: ANY"), "bc ");
  EXPECT_FALSE(Delete("a").found());
}

TEST_F(GraphCallsTest, ANodeWithManyEdgesGoesToo) {
  Node("a"), Node("b");
  for (int i = 0; i < 2500; ++i) Edge("e" + std::to_string(i), i % 2 ? "a" : "b", "a");
  EXPECT_EQ(Delete("a").edges(), 2500u);
  EXPECT_EQ(Edges("node_id: 'b'"), "");
  Delete("b");
  EXPECT_EQ(budget_->used_bytes(), 0);
}

TEST_F(GraphCallsTest, EdgesComeInOrder) {
  Node("a"), Node("b");
  Edge("3", "a", "b", "K"), Edge("1", "a", "b", "L"), Edge("2", "a", "b", "L");
  Edge("5", "b", "a", "K"), Edge("4", "a", "a", "K");
  EXPECT_EQ(Edges("node_id: 'a'"), "3 4 1 2 ");
  EXPECT_EQ(Edges("node_id: 'a' direction: IN"), "4 5 ");
  EXPECT_EQ(Edges("node_id: 'a' direction: ANY"), "3 4 1 2 5 ");
  EXPECT_EQ(Edges("node_id: 'a' direction: ANY labels: ['K', 'none']"), "3 4 5 ");
  EXPECT_EQ(Edges("node_id: 'a' direction: ANY labels: 'L'"), "1 2 ");
  EXPECT_EQ(Edges("node_id: 'none'"), "");
}

TEST_F(GraphCallsTest, EdgePagesResume) {
  Node("a");
  for (int i = 0; i < 1200; ++i) Edge("e" + std::to_string(i), "a", "a", i % 3 ? "x" : "y:1");
  Node("b");
  for (int i = 0; i < 1100; ++i) Edge("f" + std::to_string(i), "b", "a");
  auto request = Parse<GetEdgesRequest>("node_id: 'a' direction: ANY");
  const auto pages = Pages(request);
  ASSERT_EQ(pages.size(), 3u);
  EXPECT_EQ(pages[0].edges_size(), 1000);
  EXPECT_TRUE(pages[2].cursor().empty());
  std::set<std::string> ids;
  for (const auto& page : pages) {
    for (const auto& edge : page.edges()) ids.insert(edge.id());
  }
  EXPECT_EQ(ids.size(), 2300u);
  for (int page = 0; page < 2; ++page) {
    request.set_cursor(pages[page].cursor());
    const auto rest = Pages(request);
    ASSERT_FALSE(rest.empty());
    EXPECT_EQ(rest[0].edges(0).id(), pages[page + 1].edges(0).id());
  }
  request.set_direction(OUT);
  EXPECT_TRUE(Pages(request, Code::kInvalidArgument).empty());
  request.clear_cursor();
  request.set_limit(7);
  const auto limited = Pages(request);
  ASSERT_EQ(limited.size(), 1u);
  EXPECT_EQ(limited[0].edges_size(), 7);
  EXPECT_FALSE(limited[0].cursor().empty());
}

TEST_F(GraphCallsTest, ACursorIsOfItsNodeAndLabels) {
  Node("a"), Node("aoi3:b");
  Edge("e1", "a", "a", "boi"), Edge("e2", "a", "a", "boi");
  const auto pages =
      Pages(Parse<GetEdgesRequest>("node_id: 'a' direction: ANY labels: 'boi' limit: 1"));
  ASSERT_EQ(pages.size(), 1u);
  auto other = Parse<GetEdgesRequest>("node_id: 'aoi3:b' direction: ANY");
  other.set_cursor(pages[0].cursor());
  EXPECT_TRUE(Pages(other, Code::kInvalidArgument).empty());
}

TEST_F(GraphCallsTest, DeletesAnEdge) {
  Node("a"), Node("b");
  Edge("e", "a", "b");
  const auto request = Parse<DeleteEdgeRequest>("id: 'e'");
  EXPECT_TRUE(Ok(&GraphCalls::DeleteEdge, request).found());
  EXPECT_FALSE(Ok(&GraphCalls::DeleteEdge, request).found());
  EXPECT_EQ(Edges("node_id: 'a' direction: ANY"), "");
  EXPECT_TRUE(Get("a").found() && Get("b").found());
  Delete("a"), Delete("b");
  EXPECT_EQ(budget_->used_bytes(), 0);
}

TEST_F(GraphCallsTest, RefusesMisuse) {
  const auto node = [this](const std::string& text, const std::string& part) {
    ExpectRefused(&GraphCalls::CreateNode, Parse<CreateNodeRequest>("node {" + text + "}"), part);
  };
  const std::string long_name(4097, 'x');
  node("id: '" + long_name + "'", "4096");
  node("labels: ''", "label");
  node("properties {key: 'a' value {}}", "no kind");
  node("properties {key: '' value {bool_value: true}}", "name");
  node("properties {key: 'a' value {double_value: inf}}", "finite");
  node(Text("a", std::string(1024 * 1024, 'x')), "1048576");
  std::string labels, properties;
  for (int i = 0; i < 65; ++i) labels += "labels: 'l" + std::to_string(i) + "' ";
  node(labels, "64");
  for (int i = 0; i < 257; ++i) properties += Integer("p" + std::to_string(i), i);
  node(properties, "256");
  const auto edge = [this](const std::string& text, const std::string& part) {
    ExpectRefused(&GraphCalls::CreateEdge, Parse<CreateEdgeRequest>("edge {" + text + "}"), part);
  };
  edge("to: 'a' label: 'L'", "from");
  edge("from: 'a' label: 'L'", "to");
  edge("from: 'a' to: 'a'", "label");
  ExpectRefused(&GraphCalls::GetNode, GetNodeRequest(), "id has 1 to 4096 bytes");
  EXPECT_TRUE(Pages(GetEdgesRequest(), Code::kInvalidArgument).empty());
}

TEST_F(GraphCallsTest, ChargesAndIsBounded) {
  Node("a", Text("x", std::string(100'000, 'x')));
  EXPECT_GT(budget_->used_bytes(), 100'000);
  ASSERT_TRUE(budget_->Charge(budget_->max_bytes() - budget_->used_bytes() - 100));
  EXPECT_EQ(Try(&GraphCalls::CreateNode, Parse<CreateNodeRequest>("node {id: 'b'}")).code(),
            Code::kResourceExhausted);
  EXPECT_FALSE(Get("b").found());
}

}  // namespace
}  // namespace prism::memstore
