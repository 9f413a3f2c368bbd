#include "drivers/memstore/pubsub/patterns.h"

#include <algorithm>

namespace prism::memstore {

Result<Patterns::Node*> Patterns::Child(Node& node, std::string_view token) {
  if (token == "*") {
    if (!node.any) {
      PRISM_RETURN_IF_ERROR(charged_.Grow(CostOf(token)));
      node.any = std::make_unique<Node>();
    }
    return node.any.get();
  }
  const auto found = node.children.find(token);
  if (found != node.children.end()) return &found->second;
  PRISM_RETURN_IF_ERROR(charged_.Grow(CostOf(token)));
  return &node.children[std::string(token)];
}

Status Patterns::Add(const Tokens& pattern, Mailbox* mailbox) {
  Node* node = &root_;
  for (const std::string_view token : pattern) {
    if (token == ">") {
      node->below.push_back(mailbox);
      return OkStatus();
    }
    Result<Node*> child = Child(*node, token);
    if (!child.ok()) {
      RemoveFrom(root_, pattern, 0, mailbox);
      return child.status();
    }
    node = *child;
  }
  node->here.push_back(mailbox);
  return OkStatus();
}

void Patterns::Remove(const Tokens& pattern, Mailbox* mailbox) {
  RemoveFrom(root_, pattern, 0, mailbox);
}

// Nodes that nothing needs go on the way back.
void Patterns::RemoveFrom(Node& node, const Tokens& pattern, size_t index, Mailbox* mailbox) {
  if (index == pattern.size()) {
    std::erase(node.here, mailbox);
    return;
  }
  const std::string_view token = pattern[index];
  if (token == ">") {
    std::erase(node.below, mailbox);
    return;
  }
  if (token == "*") {
    if (!node.any) return;
    RemoveFrom(*node.any, pattern, index + 1, mailbox);
    if (!node.any->unused()) return;
    node.any.reset();
    charged_.Shrink(CostOf(token));
    return;
  }
  const auto found = node.children.find(token);
  if (found == node.children.end()) return;
  RemoveFrom(found->second, pattern, index + 1, mailbox);
  if (!found->second.unused()) return;
  node.children.erase(found);
  charged_.Shrink(CostOf(token));
}

}  // namespace prism::memstore
