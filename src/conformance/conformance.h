#pragma once

#include <functional>
#include <string>
#include <variant>

#include "base/result.h"
#include "config/config.h"
#include "conformance/report.h"
#include "conformance/runner.h"
#include "wire/grpc/client_channel.h"

namespace prism::conformance {

// The namespaces that EmbeddedConfig has, and that are used with it unless others are named.
inline constexpr std::string_view kEmbeddedNamespace = "conformance";
inline constexpr std::string_view kEmbeddedOther = "conformance-other";

// Two namespaces on a MemStore.
Config EmbeddedConfig();

struct RunRequest {
  // A gateway of our own with this configuration, or one that is already there.
  std::variant<Config, grpc::ClientOptions> place;
  std::string name_space;
  std::string other_namespace;  // empty: cases that need one are skipped
  Selection selection;
  std::function<void(const Progress&)> on_progress;  // may be null
  // SIGINT and SIGTERM let the cases under way end and clean up; a second one ends the process.
  bool stop_on_signals = false;
};

// Runs the selected suites and returns what came of it; an error if they could not be run. Takes
// over the calling thread until the end.
Result<Report> RunSuites(const RunRequest& request, std::span<const Suite* const> suites);

}  // namespace prism::conformance
