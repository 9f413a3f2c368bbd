#include "gateway/status_page.h"

#include <fmt/chrono.h>

#include "drivers/registry.h"
#include "gateway/backend_health.h"
#include "gateway/status.h"
#include "gateway/version.h"
#include "patterns/registry.h"

namespace prism {
namespace {

using SystemTime = std::chrono::system_clock::time_point;

std::string Rfc3339(SystemTime time) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}",
                     fmt::gmtime(std::chrono::system_clock::to_time_t(time)));
}

GatewayStatus::Namespace DescribeNamespace(const NamespaceConfig& config, const Config& all,
                                           const MetricsRegistry& metrics) {
  GatewayStatus::Namespace described;
  described.name = config.name;
  described.backend = config.backend;
  described.pattern = config.pattern;
  if (config.pattern.empty()) described.driver = all.FindBackend(config.backend)->driver;
  for (const SlotConfig& slot : config.slots) described.slots.push_back({slot.slot, slot.backend});
  const auto interfaces = config.pattern.empty() ? FindDriver(described.driver)->interfaces
                                                 : FindPattern(config.pattern)->interfaces;
  for (const InterfaceInfo* info : interfaces) described.interfaces.emplace_back(info->name);
  const MethodTotals totals = metrics.Totals(config.name);
  described.requests = totals.requests;
  described.errors = totals.errors;
  return described;
}

}  // namespace

std::string MakeStatusPage(const StatusSources& sources) {
  const Generation& generation = *sources.gateway.generation();
  const Config& config = generation.config();
  const auto uptime = std::chrono::system_clock::now() - sources.started_at;
  GatewayStatus status;
  status.version = kVersion;
  status.started_at = Rfc3339(sources.started_at);
  status.uptime_seconds =
      static_cast<uint64_t>(std::chrono::duration_cast<std::chrono::seconds>(uptime).count());
  status.ready = sources.ready;
  status.draining = sources.draining;
  status.config = {.file = config.file,
                   .loaded_at = Rfc3339(sources.loaded_at),
                   .generation = static_cast<uint64_t>(generation.number()),
                   .last_error = sources.last_error};
  status.workers = static_cast<uint32_t>(sources.gateway.workers());
  status.connections = sources.gateway.connections();
  status.calls_in_flight = sources.metrics.AllTotals().in_flight;
  for (const NamespaceConfig& each : config.namespaces) {
    status.namespaces.push_back(DescribeNamespace(each, config, sources.metrics));
  }
  for (const BackendHealth& each : HealthOf(generation)) {
    status.backends.push_back({.name = each.name,
                               .driver = each.driver,
                               .healthy = each.health.ok(),
                               .reason = each.health.ok() ? "" : each.health.ToString(),
                               .durability = each.durability});
  }
  return ToJson(status);
}

}  // namespace prism
