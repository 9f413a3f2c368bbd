#include "drivers/memstore/hash_table.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/hash.h"

namespace prism::memstore {
namespace {

struct Node {
  std::string text;
  uint64_t hash = KeyHasher::Process()(text);
  Node* next_in_bucket = nullptr;
  std::string_view key() const { return text; }
};

TEST(HashTable, FindsAllWhileItGrowsAndShrinks) {
  constexpr int kNodes = 5000;
  std::vector<Node> nodes;
  nodes.reserve(kNodes);
  HashTable<Node> table;
  EXPECT_EQ(table.Find("0", KeyHasher::Process()("0")), nullptr);
  const auto expect_from = [&](int first) {
    for (int i = 0; i < static_cast<int>(nodes.size()); ++i) {
      ASSERT_EQ(table.Find(nodes[i].text, nodes[i].hash), i < first ? nullptr : &nodes[i]) << i;
    }
  };
  for (int i = 0; i < kNodes; ++i) {
    table.Insert(&nodes.emplace_back(Node{std::to_string(i)}));
    if (i % 257 == 0) expect_from(0);
  }
  EXPECT_GE(table.capacity(), size_t{kNodes});
  for (int i = 0; i < kNodes - 10; ++i) {
    table.Remove(&nodes[i]);
    if (i % 257 == 0) expect_from(i + 1);
  }
  EXPECT_EQ(table.size(), 10u);
  EXPECT_LE(table.capacity(), 256u) << "what it does not need is given back";
  for (int i = 0; i < kNodes - 10; ++i) table.Insert(&nodes[i]);
  expect_from(0);
}

}  // namespace
}  // namespace prism::memstore
