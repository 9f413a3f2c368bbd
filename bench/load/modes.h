#pragma once

#include "load/connection.h"
#include "load/options.h"
#include "load/report.h"
#include "load/workload.h"

namespace prism::bench {

// Preloads the keys, runs the load and, after Sets, reads back what was written. The stage that
// failed is the result's.
Result RunLoad(const Options& options, const Workload& workload, const Address& address);

// Holds Options::idle connections, all greeted, until stdin or the duration ends; prints
// `idle N connections` once they stand. Returns the exit code.
int RunIdle(const Options& options, const Workload& workload, const Address& address);

// Starts Options::command, prints the milliseconds from its exec to its first answered call and
// ends it. Returns the exit code.
int RunExec(const Options& options, const Workload& workload, const Address& address);

}  // namespace prism::bench
