#pragma once

#include <memory>

#include "drivers/memstore/data.h"
#include "drivers/memstore/document/calls.h"
#include "drivers/memstore/graph/calls.h"
#include "drivers/memstore/keyvalue/calls.h"
#include "drivers/memstore/list/calls.h"
#include "drivers/memstore/object/calls.h"
#include "drivers/memstore/pubsub/calls.h"
#include "drivers/memstore/queue/calls.h"
#include "drivers/memstore/set/calls.h"
#include "drivers/memstore/sortedset/calls.h"
#include "drivers/memstore/stream/calls.h"
#include "drivers/memstore/timeseries/calls.h"

namespace prism::memstore {

// The reference implementation and embedded default: data in memory, gone with the process. Each
// part maps the contracts of one data model to its engine.
class MemStoreBackend final
    : public Composed<DocumentCalls, GraphCalls, KeyValueCalls, ListCalls, ObjectCalls, PubSubCalls,
                      QueueCalls, SetCalls, SortedSetCalls, StreamCalls, TimeSeriesCalls> {
 public:
  explicit MemStoreBackend(const std::shared_ptr<NamespaceData>& data) : Composed(data) {}
};

}  // namespace prism::memstore
