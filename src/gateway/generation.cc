#include "gateway/generation.h"

#include <algorithm>

#include "base/log.h"

namespace prism {
namespace {

bool SameSettings(const BackendConfig& a, const BackendConfig& b) {
  return a.driver == b.driver && std::ranges::equal(a.settings.values, b.settings.values,
                                                    [](const Setting& x, const Setting& y) {
                                                      return x.key == y.key && x.value == y.value;
                                                    });
}

Result<std::shared_ptr<BackendFactory>> OpenBackend(const BackendConfig& config,
                                                    const Driver* driver) {
  if (!driver) return NotFoundError("no driver '" + config.driver + "'");
  Result<std::unique_ptr<BackendFactory>> factory = driver->open(config.settings);
  if (!factory.ok()) return std::move(factory).status();
  return std::shared_ptr<BackendFactory>(*std::move(factory));
}

// The account of the generation before, if its limits are these.
std::shared_ptr<Account> Continue(std::shared_ptr<Account> before, const NamespaceLimits& limits) {
  if (before && before->limits == limits) return before;
  return std::make_shared<Account>(limits);
}

}  // namespace

const NamespaceShared* Generation::FindNamespace(std::string_view name) const {
  const auto found = std::ranges::find_if(
      namespaces_, [&](const NamespaceShared& each) { return each.config.name == name; });
  return found == namespaces_.end() ? nullptr : &*found;
}

Result<std::shared_ptr<Generation>> Generation::Open(
    Config config, int number, const Generation* previous,
    const Driver* (*find_driver)(std::string_view)) {
  std::shared_ptr<Generation> generation(new Generation());
  generation->config_ = std::move(config);
  generation->number_ = number;
  for (const BackendConfig& backend : generation->config_.backends) {
    const std::string& name = backend.settings.backend;
    const BackendConfig* before = previous ? previous->config().FindBackend(name) : nullptr;
    if (before && SameSettings(*before, backend)) {
      generation->backends_[name] = previous->backends_.at(name);
      continue;
    }
    if (before) {
      Log(LogLevel::kWarn,
          "a backend's settings have changed: it is opened anew, and what it kept "
          "in memory is gone",
          {{"backend", name}});
    }
    Result<std::shared_ptr<BackendFactory>> opened =
        OpenBackend(backend, find_driver(backend.driver));
    if (!opened.ok()) return std::move(opened).status();
    generation->backends_[name] = *std::move(opened);
  }
  for (const NamespaceConfig& name_space : generation->config_.namespaces) {
    const NamespaceShared* before = previous ? previous->FindNamespace(name_space.name) : nullptr;
    generation->namespaces_.push_back(
        {name_space, Continue(before ? before->account : nullptr, name_space.limits)});
  }
  const LimitsConfig& limits = generation->config_.limits;
  generation->account_ = Continue(previous ? previous->account_ : nullptr,
                                  {.in_flight_bytes = limits.in_flight_bytes,
                                   .requests_per_second = limits.requests_per_second});
  return generation;
}

}  // namespace prism
