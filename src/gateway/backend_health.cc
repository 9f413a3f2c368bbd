#include "gateway/backend_health.h"

#include <algorithm>
#include <set>

namespace prism {
namespace {

std::set<std::string> BackendsInUse(const Config& config) {
  std::set<std::string> used;
  for (const NamespaceConfig& each : config.namespaces) {
    if (!each.backend.empty()) used.insert(each.backend);
    for (const SlotConfig& slot : each.slots) used.insert(slot.backend);
  }
  return used;
}

// What the servers say, or else what the driver says of any.
std::string DurabilityOf(const BackendFactory& factory, const BackendConfig& config) {
  std::string live = factory.Durability();
  if (!live.empty()) return live;
  const Driver* driver = FindDriver(config.driver);
  return driver ? std::string(driver->durability) : "";
}

}  // namespace

std::vector<BackendHealth> HealthOf(const Generation& generation) {
  const std::set<std::string> used = BackendsInUse(generation.config());
  std::vector<BackendHealth> backends;
  for (const BackendConfig& each : generation.config().backends) {
    const std::string& name = each.settings.backend;
    const BackendFactory& factory = generation.backend(name);
    backends.push_back(
        {name, each.driver, used.contains(name), factory.Health(), DurabilityOf(factory, each)});
  }
  return backends;
}

bool CanServe(const std::vector<BackendHealth>& backends) {
  const auto in_use = [](const BackendHealth& each) { return each.in_use; };
  const auto serves = [](const BackendHealth& each) { return each.in_use && each.health.ok(); };
  return std::ranges::none_of(backends, in_use) || std::ranges::any_of(backends, serves);
}

std::string DescribeUnhealthy(const std::vector<BackendHealth>& backends) {
  std::string text;
  for (const BackendHealth& each : backends) {
    if (!each.in_use || each.health.ok()) continue;
    text += "backend " + each.name + ": " + each.health.ToString() + "\n";
  }
  return text;
}

std::string ToMetrics(const std::vector<BackendHealth>& backends) {
  std::string text =
      "# HELP prism_backend_up Whether the last attempt to reach the backend succeeded.\n"
      "# TYPE prism_backend_up gauge\n";
  for (const BackendHealth& each : backends) {
    if (!each.in_use) continue;
    text += "prism_backend_up{backend=\"" + each.name + "\",driver=\"" + each.driver + "\"} " +
            (each.health.ok() ? "1" : "0") + "\n";
  }
  return text;
}

}  // namespace prism
