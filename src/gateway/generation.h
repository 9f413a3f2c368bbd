#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/limits.h"
#include "base/result.h"
#include "config/config.h"
#include "drivers/registry.h"

namespace prism {

// What is in use of some limits. A reload that keeps the limits keeps the account, so that calls in
// flight go on counting.
struct Account {
  explicit Account(const NamespaceLimits& limits)
      : limits(limits), rate(limits.requests_per_second), bytes(limits.in_flight_bytes) {}

  const NamespaceLimits limits;
  TokenBucket rate;
  ByteBudget bytes;
  std::atomic<uint64_t> calls{0};  // counted only when they are limited
};

// What a namespace's callers share, whichever worker they reached.
struct NamespaceShared {
  const NamespaceConfig& config;
  const std::shared_ptr<Account> account;
};

// One loaded configuration with its opened backends. Immutable but for the counters; shared by the
// workers, and alive until the last call that began under it has ended.
class Generation {
 public:
  // Opens the backends; those that `previous` has with the same driver and settings are taken
  // over, with their data. `previous` may be null. Tests bring drivers of their own.
  static Result<std::shared_ptr<Generation>> Open(
      Config config, int number, const Generation* previous,
      const Driver* (*find_driver)(std::string_view name) = &FindDriver);

  const Config& config() const { return config_; }
  int number() const { return number_; }
  BackendFactory& backend(const std::string& name) const { return *backends_.at(name); }
  const NamespaceShared& name_space(size_t index) const { return namespaces_[index]; }
  Account& account() const { return *account_; }

 private:
  Generation() = default;
  const NamespaceShared* FindNamespace(std::string_view name) const;

  Config config_;
  int number_ = 0;
  std::map<std::string, std::shared_ptr<BackendFactory>> backends_;
  std::vector<NamespaceShared> namespaces_;
  std::shared_ptr<Account> account_;  // of all namespaces together
};

}  // namespace prism
