#pragma once

#include <memory>
#include <utility>

#include "drivers/memstore/document/documents.h"
#include "drivers/memstore/graph/graph.h"
#include "drivers/memstore/keyvalue/transactions.h"
#include "drivers/memstore/list/lists.h"
#include "drivers/memstore/log/logs.h"
#include "drivers/memstore/object/objects.h"
#include "drivers/memstore/pubsub/topics.h"
#include "drivers/memstore/queue/queues.h"
#include "drivers/memstore/set/sets.h"
#include "drivers/memstore/sortedset/sorted_sets.h"
#include "drivers/memstore/timeseries/timeseries.h"

namespace prism::memstore {

// What one namespace holds, shared by the backends of all workers. Data models never meet: a list
// and a set of the same name are two things.
struct NamespaceData {
  NamespaceData(std::shared_ptr<Budget> budget, NowFunction now)
      : budget(std::move(budget)), now(std::move(now)) {}

  const std::shared_ptr<Budget> budget;
  const NowFunction now;
  Store store{budget, now};
  Transactions transactions{store};
  Queues queues{budget, now};
  Topics topics{budget};
  Logs durable_topics{budget, now, Log::Keeping::kUntilAcked};
  Logs streams{budget, now, Log::Keeping::kWithinBounds};
  Documents documents{budget, now};
  Objects objects{budget, now};
  Graph graph{budget, now};
  TimeSeries timeseries{budget, now};
  Lists lists{budget};
  Sets sets{budget};
  SortedSets sorted_sets{budget};
};

}  // namespace prism::memstore
