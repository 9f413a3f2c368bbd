#include "drivers/registry.h"

#include <algorithm>

#include "drivers/memstore/driver.h"
#include "drivers/postgres/driver.h"
#include "drivers/redis/driver.h"

namespace prism {

// A table that names every driver: nothing registers itself, so no linker can drop one.
std::span<const Driver> Drivers() {
  static const Driver kDrivers[] = {
      {"memstore", "in this process's memory; fast, shared by all workers, gone when it ends",
       memstore::Interfaces(), &memstore::Open,
       "in the gateway's memory: lost when its process ends"},
      {"postgres", "Postgres 14 or later: one schema of a database, made by the gateway",
       postgres::Interfaces(), &postgres::Open,
       "committed, and on the disk unless the server's fsync or synchronous_commit say otherwise"},
      {"redis", "Redis 7.0 or later: one server, behind sentinels, or a cluster",
       redis::Interfaces(), &redis::Open,
       "applied by the primary; whether it survives its death is up to appendonly and appendfsync, "
       "and a failover may lose what replicas had not received"},
  };
  return kDrivers;
}

const Driver* FindDriver(std::string_view name) {
  const std::span<const Driver> drivers = Drivers();
  const auto found = std::find_if(drivers.begin(), drivers.end(),
                                  [&](const Driver& driver) { return driver.name == name; });
  return found == drivers.end() ? nullptr : &*found;
}

}  // namespace prism
