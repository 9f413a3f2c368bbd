#pragma once

#include "cli/console.h"
#include "cli/options.h"
#include "conformance/report.h"

namespace prism::cli {

// Exit codes of `prism conformance`; 2 is kExitUsage.
inline constexpr int kExitNonconformant = 1;

// Runs the suites, writes the report and returns the process's exit code.
int RunConformance(const ConformanceOptions& options, const Console& console);

// A line per interface with counts and times, then each failure with the sentence that it breaks,
// then what was skipped.
void WriteReport(const Console& console, const conformance::Report& report);

}  // namespace prism::cli
