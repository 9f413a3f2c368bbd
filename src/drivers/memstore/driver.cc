#include "drivers/memstore/driver.h"

#include <map>
#include <mutex>
#include <string>

#include "drivers/memstore/memstore.h"

namespace prism::memstore {
namespace {

constexpr int64_t kDefaultMaxBytes = int64_t{1} << 30;
constexpr int64_t kLeastMaxBytes = int64_t{1} << 20;
constexpr int64_t kMostMaxBytes = int64_t{1} << 50;

// Keeps the data of every namespace it ever opened, so that a reload finds them again.
class Factory final : public BackendFactory {
 public:
  Factory(std::string backend, int64_t max_bytes, NowFunction now)
      : budget_(std::make_shared<Budget>(std::move(backend), max_bytes)), now_(std::move(now)) {}

  Result<std::unique_ptr<Backend>> OpenOn(Worker&, std::string_view name_space) override {
    std::lock_guard lock(mutex_);
    std::shared_ptr<NamespaceData>& data = namespaces_[std::string(name_space)];
    if (!data) data = std::make_shared<NamespaceData>(budget_, now_);
    return std::unique_ptr<Backend>(std::make_unique<MemStoreBackend>(data));
  }

 private:
  const std::shared_ptr<Budget> budget_;
  const NowFunction now_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<NamespaceData>> namespaces_;
};

}  // namespace

Result<std::unique_ptr<BackendFactory>> OpenWithClock(const Settings& settings, NowFunction now) {
  SettingsReader reader(settings);
  const int64_t max_bytes =
      reader.Bytes("max_bytes", kDefaultMaxBytes, kLeastMaxBytes, kMostMaxBytes);
  PRISM_RETURN_IF_ERROR(reader.Finish());
  return std::unique_ptr<BackendFactory>(
      std::make_unique<Factory>(settings.backend, max_bytes, std::move(now)));
}

Result<std::unique_ptr<BackendFactory>> Open(const Settings& settings) {
  return OpenWithClock(settings, &Clock::now);
}

std::span<const InterfaceInfo* const> Interfaces() { return MemStoreBackend::kInterfaces; }

}  // namespace prism::memstore
