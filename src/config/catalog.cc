#include "config/catalog.h"

#include "drivers/registry.h"

namespace prism {

DriverCatalog CatalogOfDrivers() {
  DriverCatalog catalog;
  for (const Driver& driver : Drivers()) catalog.names.emplace_back(driver.name);
  catalog.check = [](std::string_view name, const Settings& settings) {
    Result<std::unique_ptr<BackendFactory>> opened = FindDriver(name)->open(settings);
    return opened.ok() ? OkStatus() : opened.status();
  };
  catalog.interfaces = [](std::string_view name) { return FindDriver(name)->interfaces; };
  return catalog;
}

}  // namespace prism
