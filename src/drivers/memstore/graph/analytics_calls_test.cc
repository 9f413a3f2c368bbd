#include <functional>

#include "drivers/memstore/graph/graph_fixture.h"
#include "loop/worker.h"
#include "prism/interfaces/graph_analytics.pb.h"

namespace prism::memstore {
namespace {

using namespace graph::v1;  // NOLINT

class AnalyticsTest : public GraphFixture {
 protected:
  // The nodes of the way and its weight.
  std::string Way(const std::string& text) {
    const auto found = Ok(&GraphCalls::ShortestPath, Parse<ShortestPathRequest>(text));
    if (!found.found()) return "none";
    EXPECT_EQ(found.edge_ids_size() + 1, found.node_ids_size());
    std::string way;
    for (const auto& id : found.node_ids()) way += id + ' ';
    return way + std::to_string(static_cast<int>(found.weight()));
  }
  std::vector<RankedNode> Rank(const std::string& text) {
    const auto request = Parse<PageRankRequest>(text);
    std::vector<RankedNode> nodes;
    for (const auto& page : Drain(backend_.PageRank(context_, request))) {
      nodes.insert(nodes.end(), page.nodes().begin(), page.nodes().end());
    }
    return nodes;
  }
  std::string Components(const std::string& text = "") {
    const auto request = Parse<ConnectedComponentsRequest>(text);
    std::string members;
    for (const auto& page : Drain(backend_.ConnectedComponents(context_, request))) {
      for (const auto& member : page.members()) {
        members += member.id() + ':' + member.component() + ' ';
      }
    }
    return members;
  }
};

class WayTest : public AnalyticsTest {
 protected:
  void SetUp() override {
    for (const std::string id : {"a", "b", "c", "d", "z"}) Node(id);
    Edge("ab", "a", "b", "K", Number("w", 1));
    Edge("bc", "b", "c", "K", Integer("w", 1));
    Edge("cd", "c", "d", "K", Number("w", 1));
    Edge("ad", "a", "d", "L", Number("w", 10));
    Edge("ac", "a", "c", "M");
  }
};

TEST_F(WayTest, FewestEdges) {
  EXPECT_EQ(Way("from: 'a' to: 'd'"), "a d 1");
  EXPECT_EQ(Way("from: 'a' to: 'd' edge_labels: 'K'"), "a b c d 3");
  EXPECT_EQ(Way("from: 'd' to: 'a'"), "none");
  EXPECT_EQ(Way("from: 'd' to: 'a' direction: IN"), "d a 1");
  EXPECT_EQ(Way("from: 'd' to: 'b' direction: ANY edge_labels: 'K'"), "d c b 2");
  EXPECT_EQ(Way("from: 'a' to: 'a'"), "a 0");
  EXPECT_EQ(Way("from: 'a' to: 'z'"), "none");
  EXPECT_EQ(Way("from: 'a' to: 'missing'"), "none");
}

TEST_F(WayTest, LeastWeight) {
  EXPECT_EQ(Way("from: 'a' to: 'd' weight_property: 'w'"), "a b c d 3");
  EXPECT_EQ(Way("from: 'a' to: 'c' weight_property: 'w'"), "a b c 2");
  EXPECT_EQ(Way("from: 'a' to: 'c' weight_property: 'w' edge_labels: 'M'"), "none");
}

TEST_F(WayTest, ANegativeWeightIsNamed) {
  Edge("bad", "b", "z", "K", Number("w", -1));
  const Status status = Try(&GraphCalls::ShortestPath,
                            Parse<ShortestPathRequest>("from: 'a' to: 'd' weight_property: 'w'"));
  EXPECT_EQ(status.code(), Code::kFailedPrecondition);
  EXPECT_NE(status.message().find("'bad'"), std::string::npos);
}

TEST_F(WayTest, AtMostSoManyHops) {
  EXPECT_EQ(Way("from: 'a' to: 'd' edge_labels: 'K' max_hops: 3"), "a b c d 3");
  EXPECT_EQ(Way("from: 'a' to: 'd' edge_labels: 'K' max_hops: 2"), "none");
  ExpectRefused(&GraphCalls::ShortestPath,
                Parse<ShortestPathRequest>("from: 'a' to: 'd' max_hops: 2 weight_property: 'w'"),
                "combined");
  ExpectRefused(&GraphCalls::ShortestPath, Parse<ShortestPathRequest>("to: 'd'"),
                "from has 1 to 4096 bytes");
}

// Dijkstra against trying all ways, on many small graphs.
TEST_F(AnalyticsTest, LeastWeightIsLeast) {
  constexpr int kNodes = 7;
  unsigned seed = 1;
  const auto draw = [&seed](unsigned below) {
    seed = seed * 1664525 + 1013904223;
    return (seed >> 16) % below;
  };
  for (int round = 0; round < 30; ++round) {
    const std::string prefix = std::to_string(round) + "-";
    double weights[kNodes][kNodes];
    for (auto& row : weights) std::fill(std::begin(row), std::end(row), 1e9);
    for (int i = 0; i < kNodes; ++i) Node(prefix + std::to_string(i));
    for (int i = 0; i < 12; ++i) {
      const int from = static_cast<int>(draw(kNodes)), to = static_cast<int>(draw(kNodes));
      const double weight = draw(9);
      Edge(prefix + "e" + std::to_string(i), prefix + std::to_string(from),
           prefix + std::to_string(to), "L", Number("w", weight));
      weights[from][to] = std::min(weights[from][to], weight);
    }
    for (int i = 0; i < kNodes; ++i) weights[i][i] = 0;
    for (int k = 0; k < kNodes; ++k) {
      for (int i = 0; i < kNodes; ++i) {
        for (int j = 0; j < kNodes; ++j) {
          weights[i][j] = std::min(weights[i][j], weights[i][k] + weights[k][j]);
        }
      }
    }
    for (int to = 0; to < kNodes; ++to) {
      ShortestPathRequest request;
      request.set_from(prefix + "0");
      request.set_to(prefix + std::to_string(to));
      request.set_weight_property("w");
      const auto found = Ok(&GraphCalls::ShortestPath, request);
      EXPECT_EQ(found.found(), weights[0][to] < 1e9);
      if (found.found()) {
        EXPECT_EQ(found.weight(), weights[0][to]);
      }
    }
  }
}

TEST_F(AnalyticsTest, RanksByWhoPoints) {
  for (const std::string id : {"a", "b", "c", "d"}) Node(id);
  Edge("1", "a", "b"), Edge("2", "a", "c"), Edge("3", "b", "c"), Edge("4", "c", "a");
  Edge("5", "d", "c"), Edge("x", "a", "d", "OTHER");
  const auto ranked = Rank("edge_labels: 'L'");
  ASSERT_EQ(ranked.size(), 4u);
  EXPECT_EQ(ranked[0].id(), "c");
  EXPECT_EQ(ranked[3].id(), "d");
  // The known solution of this graph.
  EXPECT_NEAR(ranked[0].rank(), 0.394149, 1e-4);
  EXPECT_NEAR(ranked[1].rank(), 0.372526, 1e-4);
  EXPECT_NEAR(ranked[2].rank(), 0.195824, 1e-4);
  EXPECT_NEAR(ranked[3].rank(), 0.0375, 1e-4);
  EXPECT_EQ(Rank("edge_labels: 'L' limit: 2").size(), 2u);
}

TEST_F(AnalyticsTest, RanksSumUpAndTiesComeById) {
  for (int i = 0; i < 5; ++i) Node("n" + std::to_string(i));
  Edge("1", "n0", "n1");
  const auto ranked = Rank("");
  double sum = 0;
  for (const auto& node : ranked) sum += node.rank();
  EXPECT_NEAR(sum, 1, 1e-9);
  EXPECT_EQ(ranked[0].id(), "n1");
  EXPECT_EQ(ranked[1].id(), "n0");
  EXPECT_EQ(ranked[4].id(), "n4");
  EXPECT_TRUE(Rank("iterations: 1 damping: 0.5 tolerance: 0.1").size() == 5);
}

TEST_F(AnalyticsTest, AnEmptyGraphHasNoPage) {
  EXPECT_TRUE(Rank("").empty());
  EXPECT_EQ(Components(), "");
}

TEST_F(AnalyticsTest, RefusesMisuse) {
  for (const std::string text : {"damping: 1", "damping: -0.1", "damping: nan", "iterations: 1001",
                                 "tolerance: -1", "edge_labels: ''"}) {
    const auto request = Parse<PageRankRequest>(text);
    EXPECT_TRUE(Drain(backend_.PageRank(context_, request), Code::kInvalidArgument).empty());
  }
}

TEST_F(AnalyticsTest, ComponentsAreNamedByTheirLeast) {
  for (const std::string id : {"a", "b", "c", "d", "e", "f"}) Node(id);
  Edge("1", "f", "b"), Edge("2", "d", "f"), Edge("3", "c", "a"), Edge("4", "a", "e", "OTHER");
  EXPECT_EQ(Components(), "a:a c:a e:a b:b d:b f:b ");
  EXPECT_EQ(Components("edge_labels: 'L'"), "a:a c:a b:b d:b f:b e:e ");
}

TEST_F(AnalyticsTest, WorkingMemoryIsCharged) {
  for (int i = 0; i < 300; ++i) Node("n" + std::to_string(i));
  const int64_t used = budget_->used_bytes();
  ASSERT_TRUE(budget_->Charge(budget_->max_bytes() - used - 5000));
  const ConnectedComponentsRequest request;
  EXPECT_TRUE(
      Drain(backend_.ConnectedComponents(context_, request), Code::kResourceExhausted).empty());
  EXPECT_EQ(budget_->used_bytes(), budget_->max_bytes() - 5000);
}

// On a worker, long work lets other calls run, and a cancelled call ends it.
TEST_F(AnalyticsTest, GivesWayAndEndsWhenCancelled) {
  for (int i = 0; i < 20'000; ++i) Node("n" + std::to_string(i));
  for (int i = 1; i < 20'000; ++i) {
    Edge("e" + std::to_string(i), "n" + std::to_string(i), "n" + std::to_string(i / 2));
  }
  Worker worker(0);
  int turns = 0;
  Code code = Code::kOk;
  PageRankRequest request;
  request.set_tolerance(1e-300);
  request.set_iterations(1000);
  RequestContext ctx;
  const auto rank = [&]() -> Task<void> {
    Stream<PageRankResponse> stream = backend_.PageRank(ctx, request);
    while ([[maybe_unused]] PageRankResponse* page = co_await stream.Next()) {
    }
    code = stream.status().code();
    worker.Stop();
  };
  std::function<void()> other = [&] {
    if (++turns == 20) ctx.cancellation.Cancel(CancelledError("enough"));
    if (turns < 20) worker.Post(other);
  };
  worker.Post([&] { Spawn(rank()); });
  worker.Post(other);
  worker.Run();
  EXPECT_EQ(turns, 20);
  EXPECT_EQ(code, Code::kCancelled);
}

}  // namespace
}  // namespace prism::memstore
