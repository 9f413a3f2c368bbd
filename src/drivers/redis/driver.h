#pragma once

#include <span>

#include "drivers/registry.h"

namespace prism::redis {

// The driver "redis"; docs/configuration.md lists its settings.
Result<std::unique_ptr<BackendFactory>> Open(const Settings& settings);
std::span<const InterfaceInfo* const> Interfaces();

}  // namespace prism::redis
