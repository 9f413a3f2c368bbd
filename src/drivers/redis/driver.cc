#include "drivers/redis/driver.h"

#include <map>
#include <mutex>
#include <string>

#include "drivers/redis/redis.h"

namespace prism::redis {
namespace {

// Workers keep their connections over reloads: a new configuration opens its backends before the
// old one drops its own.
class Factory final : public BackendFactory {
 public:
  explicit Factory(std::shared_ptr<const Options> options) : options_(std::move(options)) {}

  Result<std::unique_ptr<Backend>> OpenOn(Worker& worker, std::string_view name_space) override {
    std::lock_guard lock(mutex_);
    std::shared_ptr<NamespaceState>& state = states_[std::string(name_space)];
    if (!state) state = std::make_shared<NamespaceState>();
    const auto keyspace = std::make_shared<Keyspace>(ClientOn(worker), state, name_space);
    return std::unique_ptr<Backend>(std::make_unique<RedisBackend>(keyspace));
  }

  Status Health() const override { return health_->status(); }
  std::string Durability() const override { return health_->durability(); }

 private:
  std::shared_ptr<Client> ClientOn(Worker& worker) {
    std::weak_ptr<Client>& known = clients_[&worker];
    if (std::shared_ptr<Client> client = known.lock()) return client;
    const auto client = std::make_shared<Client>(worker, options_, health_);
    known = client;
    worker.Post([started = std::weak_ptr<Client>(client)] {
      if (const auto there = started.lock()) there->Start();
    });
    return client;
  }

  const std::shared_ptr<const Options> options_;
  const std::shared_ptr<prism::Health> health_ = std::make_shared<prism::Health>();
  std::mutex mutex_;
  std::map<Worker*, std::weak_ptr<Client>> clients_;
  std::map<std::string, std::shared_ptr<NamespaceState>> states_;
};

}  // namespace

Result<std::unique_ptr<BackendFactory>> Open(const Settings& settings) {
  Result<std::shared_ptr<const Options>> options = ReadOptions(settings);
  if (!options.ok()) return std::move(options).status();
  return std::unique_ptr<BackendFactory>(std::make_unique<Factory>(*std::move(options)));
}

std::span<const InterfaceInfo* const> Interfaces() { return RedisBackend::kInterfaces; }

}  // namespace prism::redis
