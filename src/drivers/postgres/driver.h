#pragma once

#include <span>

#include "drivers/registry.h"

namespace prism::postgres {

// The driver "postgres"; docs/configuration.md lists its settings.
Result<std::unique_ptr<BackendFactory>> Open(const Settings& settings);
std::span<const InterfaceInfo* const> Interfaces();

}  // namespace prism::postgres
