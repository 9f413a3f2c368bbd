#pragma once

#include <memory>

#include "drivers/memstore/keyvalue/store.h"
#include "drivers/registry.h"

namespace prism::memstore {

// Opens a memstore. Its one setting is max_bytes, of keys, values and their overhead in all its
// namespaces together; 1 GiB unless set. The data live as long as the factory.
Result<std::unique_ptr<BackendFactory>> Open(const Settings& settings);
Result<std::unique_ptr<BackendFactory>> OpenWithClock(const Settings& settings, NowFunction now);

std::span<const InterfaceInfo* const> Interfaces();

}  // namespace prism::memstore
