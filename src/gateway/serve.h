#pragma once

#include <string>

namespace prism {

struct ServeOptions {
  std::string config_path;
};

// Runs the gateway until SIGTERM or SIGINT. SIGHUP, or a change of the file, reloads the
// configuration. Returns the process's exit code: 0 after a clean drain, 2 for a faulty
// configuration, 1 for anything else that failed.
int RunServe(const ServeOptions& options);

}  // namespace prism
