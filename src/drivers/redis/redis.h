#pragma once

#include <memory>

#include "drivers/redis/keyspace.h"
#include "drivers/redis/keyvalue/calls.h"

namespace prism::redis {

// Redis 6.2 or later, or what speaks like it, as the store of one namespace.
class RedisBackend final : public Composed<KeyValueCalls> {
 public:
  explicit RedisBackend(const std::shared_ptr<Keyspace>& keyspace) : Composed(keyspace) {}
};

}  // namespace prism::redis
