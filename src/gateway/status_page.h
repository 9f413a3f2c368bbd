#pragma once

#include <chrono>
#include <string>

#include "base/metrics.h"
#include "gateway/gateway.h"

namespace prism {

// What the status page is made from.
struct StatusSources {
  const Gateway& gateway;
  const MetricsRegistry& metrics;
  std::chrono::system_clock::time_point started_at;
  std::chrono::system_clock::time_point loaded_at;
  bool ready;
  bool draining;
  std::string last_error;
};

// The JSON of /status; see GatewayStatus for its shape.
std::string MakeStatusPage(const StatusSources& sources);

}  // namespace prism
