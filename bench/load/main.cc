// prism_load: calls KeyValueBasic's Get or Set on a server, checks every answer and measures.

#include <cstdio>

#include "load/modes.h"

int main(int argc, char** argv) {
  using namespace prism::bench;
  const Options options = ParseOptions(argc, argv);
  Address address;
  if (!Resolve(options.target, address)) {
    std::fprintf(stderr, "prism_load: %s has no address\n", options.target.c_str());
    return 2;
  }
  const Workload workload(options);
  if (options.idle > 0) return RunIdle(options, workload, address);
  if (!options.command.empty()) return RunExec(options, workload, address);
  const Result result = RunLoad(options, workload, address);
  PrintReport(options, result);
  return result.stats.failed() == 0 && result.stats.answered > 0 ? 0 : 1;
}
