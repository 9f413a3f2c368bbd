#include "drivers/postgres/driver.h"

#include <map>
#include <mutex>
#include <span>
#include <string>

#include "drivers/postgres/document/statements.h"
#include "drivers/postgres/keyvalue/statements.h"
#include "drivers/postgres/postgres.h"
#include "drivers/postgres/pubsub/statements.h"
#include "drivers/postgres/queue/statements.h"
#include "drivers/postgres/stream/statements.h"
#include "drivers/postgres/timeseries/statements.h"

namespace prism::postgres {
namespace {

// What takes away what has expired, of each model.
constexpr Sweep kSweeps[] = {
    &kKvSweep,
    &kPubSubSweep,
    &kTsSweep,
    &kTsDropPartitions,
    {&kQueueSweep, std::chrono::milliseconds(250)},  // dead letters have a second to arrive
    &kQueueSweepSeen,
    &kQueueSweepWaiters,
    &kDocumentSweep,
    {&kStreamSweepOld, std::chrono::seconds(1)},
    &kStreamSweepGone,
};

// Workers keep their connections over reloads: a new configuration opens its backends before the
// old one drops its own.
class Factory final : public BackendFactory {
 public:
  explicit Factory(std::shared_ptr<const Options> options) : options_(std::move(options)) {}

  Result<std::unique_ptr<Backend>> OpenOn(Worker& worker, std::string_view name_space) override {
    std::lock_guard lock(mutex_);
    std::shared_ptr<NamespaceState>& state = states_[std::string(name_space)];
    if (!state) state = std::make_shared<NamespaceState>();
    const auto space = std::make_shared<Space>(ClientOn(worker), state, name_space);
    return std::unique_ptr<Backend>(std::make_unique<PostgresBackend>(space));
  }

  Status Health() const override { return health_->status(); }
  std::string Durability() const override { return health_->durability(); }

 private:
  std::shared_ptr<Client> ClientOn(Worker& worker) {
    std::weak_ptr<Client>& known = clients_[&worker];
    if (std::shared_ptr<Client> client = known.lock()) return client;
    auto client = std::make_shared<Client>(worker, options_, health_, SweepsFor(worker));
    known = client;
    worker.Post([started = std::weak_ptr<Client>(client)] {
      if (const auto there = started.lock()) there->Start();
    });
    return client;
  }

  // One worker sweeps for all.
  std::span<const Sweep> SweepsFor(Worker& worker) {
    if (!sweeper_) sweeper_ = &worker;
    if (sweeper_ != &worker) return {};
    return kSweeps;
  }

  const std::shared_ptr<const Options> options_;
  const std::shared_ptr<prism::Health> health_ = std::make_shared<prism::Health>();
  std::mutex mutex_;
  Worker* sweeper_ = nullptr;
  std::map<Worker*, std::weak_ptr<Client>> clients_;
  std::map<std::string, std::shared_ptr<NamespaceState>> states_;
};

}  // namespace

Result<std::unique_ptr<BackendFactory>> Open(const Settings& settings) {
  Result<std::shared_ptr<const Options>> options = ReadOptions(settings);
  if (!options.ok()) return std::move(options).status();
  return std::unique_ptr<BackendFactory>(std::make_unique<Factory>(*std::move(options)));
}

std::span<const InterfaceInfo* const> Interfaces() { return PostgresBackend::kInterfaces; }

}  // namespace prism::postgres
