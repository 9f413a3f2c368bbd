#pragma once

#include <cstdint>

#include "load/options.h"
#include "load/worker.h"

namespace prism::bench {

// The outcome of a run.
struct Result {
  Stats stats;
  double seconds = 0;         // measured time
  double server_cpu_s = 0;    // of Options::cpu_pids in that time
  double load_cpu_s = 0;      // of this process in that time
  const char* stage = "run";  // preload, run or verify: where the failures are from
};

// Writes the result to stdout, as text or as one JSON object on one line.
void PrintReport(const Options& options, const Result& result);

}  // namespace prism::bench
