#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "drivers/settings.h"
#include "interfaces/backend.h"

namespace prism {

class Worker;

// One configured backend: what its namespaces and workers share. Owned by the configuration that
// named it, and by later ones as long as they name it with the same settings.
class BackendFactory {
 public:
  virtual ~BackendFactory() = default;

  // The backend as `worker` sees it for one namespace, whose data no other namespace sees. Any
  // thread; the result is used and destroyed on the worker's, before the factory.
  virtual Result<std::unique_ptr<Backend>> OpenOn(Worker& worker, std::string_view name_space) = 0;
  // Whether calls can succeed, as last seen by those that were made; never waits. Any thread.
  virtual Status Health() const { return OkStatus(); }
  // What an acknowledged write survives, as the servers' own settings say: "appendfsync always:
  // ...". Empty while that is not known. Any thread.
  virtual std::string Durability() const { return {}; }
};

// A kind of backend that a configuration can ask for.
struct Driver {
  std::string_view name;     // "memstore", as after `driver:`
  std::string_view summary;  // one line for people
  std::span<const InterfaceInfo* const> interfaces;
  // Checks the settings and prepares the backend without waiting for anything, so checking a
  // configuration may open and drop it. INVALID_ARGUMENT with one line per faulty setting.
  Result<std::unique_ptr<BackendFactory>> (*open)(const Settings& settings);
  std::string_view durability = {};  // what an acknowledgment means, for people
};

// Every driver there is, by name.
std::span<const Driver> Drivers();
// Null if there is none of that name.
const Driver* FindDriver(std::string_view name);

}  // namespace prism
