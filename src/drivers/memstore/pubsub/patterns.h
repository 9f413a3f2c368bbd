#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/hash.h"
#include "drivers/memstore/charged.h"
#include "drivers/contract/topic_name.h"

namespace prism::memstore {

class Mailbox;

// Subscriptions by pattern, as a tree of tokens: a topic's matches are found along its own tokens,
// whatever other patterns there are. Guarded by its owner.
class Patterns {
 public:
  explicit Patterns(std::shared_ptr<Budget> budget) : charged_(std::move(budget)) {}

  // RESOURCE_EXHAUSTED if the budget has no room for the tokens.
  Status Add(const Tokens& pattern, Mailbox* mailbox);
  // What was added with the same pattern.
  void Remove(const Tokens& pattern, Mailbox* mailbox);

  // Calls fn(Mailbox*) for each match.
  template <class Fn>
  void Match(const Tokens& topic, Fn&& fn) const {
    MatchFrom(root_, topic, 0, fn);
  }

 private:
  struct Hash {
    using is_transparent = void;
    size_t operator()(std::string_view token) const { return KeyHasher::Process()(token); }
  };
  struct Node {
    std::unordered_map<std::string, Node, Hash, std::equal_to<>> children;
    std::unique_ptr<Node> any;    // below `*`
    std::vector<Mailbox*> here;   // patterns that end here
    std::vector<Mailbox*> below;  // patterns that go on with `>`
    bool unused() const { return children.empty() && !any && here.empty() && below.empty(); }
  };

  static int64_t CostOf(std::string_view token) {
    return static_cast<int64_t>(sizeof(Node) + sizeof(std::string) + 64 + token.size());
  }
  Result<Node*> Child(Node& node, std::string_view token);
  void RemoveFrom(Node& node, const Tokens& pattern, size_t index, Mailbox* mailbox);

  template <class Fn>
  static void MatchFrom(const Node& node, const Tokens& topic, size_t index, Fn& fn) {
    if (index == topic.size()) {
      for (Mailbox* mailbox : node.here) fn(mailbox);
      return;
    }
    for (Mailbox* mailbox : node.below) fn(mailbox);
    const auto child = node.children.find(topic[index]);
    if (child != node.children.end()) MatchFrom(child->second, topic, index + 1, fn);
    if (node.any) MatchFrom(*node.any, topic, index + 1, fn);
  }

  Node root_;
  Charged charged_;
};

}  // namespace prism::memstore
