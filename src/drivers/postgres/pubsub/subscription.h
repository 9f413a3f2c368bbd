#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/random_id.h"
#include "drivers/contract/attribute_filter.h"
#include "drivers/contract/topic_name.h"
#include "drivers/contract/waiting_messages.h"

namespace prism::postgres {

class SharedEar;

// One live subscription: what it wants, and what waits for its reader.
struct Subscription {
  // `name` is a topic, or a pattern with `*` or `>` tokens, and was checked.
  Subscription(std::string name, AttributeFilter attribute_filter)
      : topic(std::move(name)), filter(std::move(attribute_filter)) {
    if (Result<Tokens> split = SplitPattern(topic); split.ok()) tokens = *std::move(split);
  }
  Subscription(const Subscription&) = delete;
  Subscription& operator=(const Subscription&) = delete;

  const std::string topic;
  const AttributeFilter filter;
  const std::string id = RandomId();
  Tokens tokens;  // of `topic`
  std::vector<SharedEar*> joined;
  uint64_t opened_after = 0;  // the number of the last notice that is not for it
  WaitingMessages waiting;
};

}  // namespace prism::postgres
