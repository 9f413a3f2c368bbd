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

}  // namespace

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
    generation->namespaces_.push_back(std::make_unique<NamespaceShared>(name_space));
  }
  const LimitsConfig& limits = generation->config_.limits;
  generation->bytes_ = std::make_unique<ByteBudget>(limits.in_flight_bytes);
  generation->rate_ = std::make_unique<TokenBucket>(limits.requests_per_second);
  return generation;
}

}  // namespace prism
