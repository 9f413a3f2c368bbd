#pragma once

#include <memory>

#include "drivers/redis/keyspace.h"
#include "drivers/redis/keyvalue/calls.h"
#include "drivers/redis/keyvalue/transaction_calls.h"
#include "drivers/redis/list/calls.h"
#include "drivers/redis/pubsub/calls.h"
#include "drivers/redis/pubsub/persistent_calls.h"
#include "drivers/redis/set/calls.h"
#include "drivers/redis/sortedset/calls.h"
#include "drivers/redis/stream/calls.h"

namespace prism::redis {

// Redis 7.0 or later, or what speaks like it, as the store of one namespace.
class RedisBackend final : public Composed<KeyValueCalls, TransactionCalls, ListCalls, PubSubCalls,
                                           DurableCalls, SetCalls, SortedSetCalls, StreamCalls> {
 public:
  explicit RedisBackend(const std::shared_ptr<Keyspace>& keyspace) : Composed(keyspace) {}
};

}  // namespace prism::redis
