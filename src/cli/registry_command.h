#pragma once

#include "cli/console.h"
#include "cli/options.h"

namespace prism::cli {

// `prism registry`: the interfaces, drivers and patterns that are part of this program, computed
// from their class lists.
int RunRegistry(const RegistryOptions& options, const Console& console);

}  // namespace prism::cli
