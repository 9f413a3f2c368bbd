#pragma once

#include "cli/console.h"
#include "cli/options.h"
#include "gateway/status.h"

namespace prism::cli {

// Writes a status for people.
void WriteStatus(const Console& console, const GatewayStatus& status);

// Asks the gateway's admin port and writes the answer. Returns the process's exit code.
int RunStatus(const StatusOptions& options, const Console& console);

}  // namespace prism::cli
