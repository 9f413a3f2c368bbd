#pragma once

#include <memory>

#include "drivers/postgres/document/calls.h"
#include "drivers/postgres/graph/calls.h"
#include "drivers/postgres/keyvalue/calls.h"
#include "drivers/postgres/keyvalue/transaction_calls.h"
#include "drivers/postgres/pubsub/calls.h"
#include "drivers/postgres/queue/calls.h"
#include "drivers/postgres/space.h"
#include "drivers/postgres/stream/calls.h"
#include "drivers/postgres/timeseries/calls.h"

namespace prism::postgres {

// Postgres 14 or later as the store of one namespace.
class PostgresBackend final
    : public Composed<KeyValueCalls, TransactionCalls, DocumentCalls, GraphCalls, PubSubCalls,
                      QueueCalls, StreamCalls, TimeSeriesCalls> {
 public:
  explicit PostgresBackend(const std::shared_ptr<Space>& space) : Composed(space) {}
};

}  // namespace prism::postgres
