#pragma once

#include <string>

namespace prism {

struct ServeOptions {
  std::string config_path;
  bool check_only = false;  // load and check, print the faults, do not serve
};

// Runs the gateway until SIGTERM or SIGINT. SIGHUP, or a change of the file, reloads the
// configuration. Returns the process's exit code: 0 after a clean drain or check, 2 for a faulty
// configuration, 1 for anything else that failed.
int RunServe(const ServeOptions& options);

}  // namespace prism
