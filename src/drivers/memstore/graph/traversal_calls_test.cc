#include "drivers/memstore/graph/graph_fixture.h"
#include "prism/interfaces/graph_traversal.pb.h"

namespace prism::memstore {
namespace {

using namespace graph::v1;  // NOLINT

class TraversalTest : public GraphFixture {
 protected:
  //     a -> b -> d -> e      and back from e to a
  //     a -> c -> d
  void SetUp() override {
    Node("a", "labels: 'P' " + Integer("age", 1));
    Node("b", "labels: 'P' " + Integer("age", 2));
    Node("c", "labels: 'Q' " + Integer("age", 3));
    Node("d", "labels: ['P', 'Q'] " + Integer("age", 4));
    Node("e", "labels: 'R'");
    Edge("1", "a", "b", "K", Number("w", 1));
    Edge("2", "a", "c", "L", Number("w", 2));
    Edge("3", "b", "d", "K", Number("w", 3));
    Edge("4", "c", "d", "L");
    Edge("5", "d", "e", "K");
    Edge("6", "e", "a", "K");
  }
  std::vector<TraverseResponse> Pages(const std::string& text, Code code = Code::kOk) {
    const auto request = Parse<TraverseRequest>(text);
    return Drain(backend_.Traverse(context_, request), code);
  }
  // The visits with their depths, and a mark if the walk was cut.
  std::string Walk(const std::string& request) {
    std::string text;
    for (const auto& page : Pages("start_id: 'a' " + request)) {
      for (const auto& visit : page.visits()) {
        text += visit.node().id() + std::to_string(visit.depth()) + ' ';
      }
      if (page.truncated()) text += "...";
    }
    return text;
  }
};

TEST_F(TraversalTest, BreadthFirstGoesByDepth) {
  EXPECT_EQ(Walk("max_depth: 9"), "a0 b1 c1 d2 e3 ");
  EXPECT_EQ(Walk("max_depth: 1"), "a0 b1 c1 ");
  EXPECT_EQ(Walk(""), "a0 ");
}

TEST_F(TraversalTest, DepthFirstGoesToTheEnd) {
  EXPECT_EQ(Walk("order: DEPTH_FIRST max_depth: 9"), "a0 b1 d2 e3 c1 ");
  EXPECT_EQ(Walk("order: DEPTH_FIRST max_depth: 2"), "a0 b1 d2 c1 ");
}

TEST_F(TraversalTest, FollowsTheDirection) {
  EXPECT_EQ(Walk("direction: IN max_depth: 2"), "a0 e1 d2 ");
  EXPECT_EQ(Walk("direction: ANY max_depth: 1"), "a0 b1 c1 e1 ");
}

TEST_F(TraversalTest, FiltersEdges) {
  EXPECT_EQ(Walk("max_depth: 9 edge_labels: 'L'"), "a0 c1 d2 ");
  EXPECT_EQ(Walk("max_depth: 9 edge_conditions {property: 'w' operator: LESS "
                 "value {int64_value: 2}}"),
            "a0 b1 ");
  EXPECT_EQ(Walk("max_depth: 9 edge_conditions {property: 'w' operator: EXISTS}"), "a0 b1 c1 d2 ");
  EXPECT_EQ(Walk("max_depth: 1 edge_conditions {property: 'w' operator: NOT_EQUAL "
                 "value {int64_value: 1}}"),
            "a0 c1 ");
}

TEST_F(TraversalTest, FiltersNodesAndDoesNotPassThem) {
  EXPECT_EQ(Walk("max_depth: 9 node_labels: 'Q'"), "a0 c1 d2 ");
  EXPECT_EQ(Walk("max_depth: 9 node_labels: ['Q', 'R']"), "a0 c1 d2 e3 ");
  EXPECT_EQ(Walk("max_depth: 9 node_conditions {property: 'age' operator: GREATER_OR_EQUAL "
                 "value {double_value: 3}}"),
            "a0 c1 d2 ");
}

TEST_F(TraversalTest, TellsTheWay) {
  const auto pages = Pages("start_id: 'a' max_depth: 1 direction: ANY");
  ASSERT_EQ(pages.size(), 1u);
  EXPECT_EQ(pages[0].visits(0).edge_id(), "");
  EXPECT_EQ(pages[0].visits(0).parent_id(), "");
  EXPECT_EQ(pages[0].visits(1).edge_id(), "1");
  EXPECT_EQ(pages[0].visits(1).parent_id(), "a");
  EXPECT_EQ(pages[0].visits(3).edge_id(), "6");
  EXPECT_EQ(pages[0].visits(3).parent_id(), "a");
  EXPECT_EQ(pages[0].visits(3).node().labels(0), "R");
}

TEST_F(TraversalTest, EndsAtItsLimit) {
  EXPECT_EQ(Walk("max_depth: 9 limit: 3"), "a0 b1 c1 ...");
  EXPECT_EQ(Walk("max_depth: 9 limit: 5"), "a0 b1 c1 d2 e3 ");
  EXPECT_EQ(Walk("max_depth: 9 limit: 1 order: DEPTH_FIRST"), "a0 ...");
}

TEST_F(TraversalTest, PagesAreBounded) {
  Node("hub");
  for (int i = 0; i < 2500; ++i) {
    Node("n" + std::to_string(i));
    Edge("h" + std::to_string(i), "hub", "n" + std::to_string(i));
  }
  for (const std::string order : {"BREADTH_FIRST", "DEPTH_FIRST"}) {
    const auto pages = Pages("start_id: 'hub' max_depth: 1 order: " + order);
    ASSERT_EQ(pages.size(), 3u);
    EXPECT_EQ(pages[0].visits_size(), 1000);
    EXPECT_EQ(pages[2].visits_size(), 501);
  }
}

TEST_F(TraversalTest, AnAbsentStartHasNoPage) { EXPECT_TRUE(Pages("start_id: 'none'").empty()); }

TEST_F(TraversalTest, RefusesMisuse) {
  for (const std::string request :
       {"", "start_id: 'a' max_depth: 1001", "start_id: 'a' limit: 100001",
        "start_id: 'a' order: 2", "start_id: 'a' direction: 3",
        "start_id: 'a' node_conditions {property: 'x'}",
        "start_id: 'a' node_conditions {property: 'x' operator: EQUAL}",
        "start_id: 'a' node_conditions {operator: EXISTS}",
        "start_id: 'a' edge_conditions {property: 'x' operator: CONTAINS value {int64_value: 1}}",
        "start_id: 'a' edge_labels: ''"}) {
    EXPECT_TRUE(Pages(request, Code::kInvalidArgument).empty()) << request;
  }
}

TEST_F(TraversalTest, WhatItRemembersIsCharged) {
  const int64_t used = budget_->used_bytes();
  ASSERT_TRUE(budget_->Charge(budget_->max_bytes() - used - 700));
  EXPECT_TRUE(Pages("start_id: 'a' max_depth: 9", Code::kResourceExhausted).empty());
  EXPECT_EQ(budget_->used_bytes(), budget_->max_bytes() - 700);
}

}  // namespace
}  // namespace prism::memstore
