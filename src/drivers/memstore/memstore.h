#pragma once

#include <memory>

#include "drivers/memstore/data.h"
#include "drivers/memstore/keyvalue/calls.h"
#include "drivers/memstore/list/calls.h"
#include "drivers/memstore/set/calls.h"
#include "drivers/memstore/sortedset/calls.h"

namespace prism::memstore {

// The reference implementation and embedded default: data in memory, gone with the process. Each
// part maps the contracts of one data model to its engine.
class MemStoreBackend final : public Composed<KeyValueCalls, ListCalls, SetCalls, SortedSetCalls> {
 public:
  explicit MemStoreBackend(const std::shared_ptr<NamespaceData>& data) : Composed(data) {}
};

}  // namespace prism::memstore
