#pragma once

#include "cli/console.h"
#include "cli/options.h"

namespace prism::cli {

// `prism validate`: checks a configuration and shows slot by slot what its backends implement. Exit
// code kExitUsage if there is a fault.
int RunValidate(const ValidateOptions& options, const Console& console);

}  // namespace prism::cli
