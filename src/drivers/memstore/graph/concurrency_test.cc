#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "drivers/memstore/graph/graph.h"

namespace prism::memstore {
namespace {

class GraphConcurrencyTest : public ::testing::Test {
 protected:
  bool Node(const std::string& id) {
    GraphNode node;
    node.id = id;
    node.labels = {"N"};
    return *graph_.CreateNode(std::move(node));
  }
  bool Edge(const std::string& id, const std::string& from, const std::string& to) {
    GraphEdge edge;
    edge.id = id;
    edge.from = from;
    edge.to = to;
    edge.label = "L";
    return graph_.CreateEdge(std::move(edge))->created;
  }
  std::shared_ptr<Budget> budget_ = std::make_shared<Budget>("mem", int64_t{1} << 28);
  Graph graph_{budget_, &Clock::now};
};

// Counting up in one property from several threads loses nothing.
TEST_F(GraphConcurrencyTest, NoUpdateIsLost) {
  constexpr int kEach = 5000;
  Node("a");
  const auto work = [this] {
    for (int i = 0; i < kEach; ++i) {
      const auto add = [](GraphNode& node) {
        PropertyValue& value = node.properties.try_emplace("n", int64_t{0}).first->second;
        ++std::get<int64_t>(value);
        return OkStatus();
      };
      EXPECT_TRUE(*graph_.UpdateNode("a", add));
    }
  };
  std::thread one(work), two(work);
  one.join();
  two.join();
  EXPECT_EQ(std::get<int64_t>(graph_.FindNode("a")->properties.at("n")), 2 * kEach);
}

// While nodes and edges come and go, no reader sees an edge without its nodes, and in the end
// nothing is left behind.
TEST_F(GraphConcurrencyTest, EdgesNeverDangle) {
  constexpr int kNodes = 40;
  constexpr int kSteps = 20'000;
  const auto name = [](unsigned n) { return "n" + std::to_string(n % kNodes); };
  const auto work = [&](unsigned seed) {
    for (int i = 0; i < kSteps; ++i) {
      seed = seed * 1664525 + 1013904223;
      const unsigned draw = seed >> 8;
      const std::string edge = "e" + std::to_string(draw % 200);
      uint64_t edges = 0;
      switch (seed >> 29) {
        case 0:
          graph_.RemoveNode(name(draw), edges);
          break;
        case 1:
        case 2:
          Node(name(draw));
          break;
        case 3:
          graph_.RemoveEdge(edge);
          break;
        default:
          Edge(edge, name(draw), name(draw / kNodes));
      }
    }
  };
  std::atomic<bool> stop{false};
  std::atomic<int> seen{0};
  std::thread reader([&] {
    std::vector<Hop> hops;
    for (unsigned i = 0; !stop; ++i) {
      EdgePlace place;
      graph_.Hops(name(i), {true, true, {}}, place, 1000, hops);
      for (const Hop& hop : hops) {
        ++seen;
        const std::string& other = hop.in ? hop.edge->from : hop.edge->to;
        EXPECT_EQ(hop.node->id, other);
        EXPECT_EQ(hop.in ? hop.edge->to : hop.edge->from, name(i));
      }
    }
  });
  std::thread one(work, 1), two(work, 2);
  one.join();
  two.join();
  stop = true;
  reader.join();
  EXPECT_GT(seen, 0);
  for (unsigned i = 0; i < 200; ++i) {
    const GraphEdgePtr edge = graph_.FindEdge("e" + std::to_string(i));
    if (!edge) continue;
    EXPECT_TRUE(graph_.FindNode(edge->from) && graph_.FindNode(edge->to));
  }
  EXPECT_EQ(graph_.ScanNodes("N", "").size(), graph_.ScanNodes("", "").size());
  for (unsigned i = 0; i < kNodes; ++i) {
    uint64_t edges = 0;
    graph_.RemoveNode(name(i), edges);
  }
  EXPECT_TRUE(graph_.ScanNodes("N", "").empty());
  EXPECT_EQ(budget_->used_bytes(), 0);
}

}  // namespace
}  // namespace prism::memstore
