#pragma once

#include "cli/console.h"
#include "cli/options.h"

namespace prism::cli {

// `prism generate config`: prints a configuration for a pattern, checked as `prism validate` does.
int RunGenerate(const GenerateOptions& options, const Console& console);

}  // namespace prism::cli
