#pragma once

#include <memory>

#include "drivers/memstore/data.h"
#include "drivers/memstore/document/calls.h"
#include "drivers/memstore/graph/calls.h"
#include "drivers/memstore/keyvalue/calls.h"
#include "drivers/memstore/object/calls.h"

namespace prism::memstore {

// The reference implementation and embedded default: data in memory, gone with the process. Each
// part maps the contracts of one data model to its engine.
class MemStoreBackend final
    : public Composed<KeyValueCalls, DocumentCalls, ObjectCalls, GraphCalls> {
 public:
  explicit MemStoreBackend(const std::shared_ptr<NamespaceData>& data) : Composed(data) {}
};

}  // namespace prism::memstore
