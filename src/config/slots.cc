#include "config/slots.h"

#include <algorithm>

namespace prism {
namespace {

using Interfaces = std::span<const InterfaceInfo* const>;

Interfaces InterfacesOf(const std::string& driver, const DriverCatalog& drivers) {
  return drivers.interfaces ? drivers.interfaces(driver) : Interfaces();
}

std::vector<SlotCheck::Item> Compare(Interfaces wanted, Interfaces implemented) {
  std::vector<SlotCheck::Item> items;
  for (const InterfaceInfo* each : wanted) {
    items.push_back({each, std::ranges::find(implemented, each) != implemented.end()});
  }
  return items;
}

}  // namespace

std::vector<std::string> SlotCheck::Missing() const {
  std::vector<std::string> missing;
  for (const Item& item : required) {
    if (!item.implemented) missing.emplace_back(item.interface->name);
  }
  return missing;
}

SlotCheck CheckSlot(const Slot& slot, const std::string& backend, const Config& config,
                    const DriverCatalog& drivers) {
  const std::string& driver = config.FindBackend(backend)->driver;
  const Interfaces implemented = InterfacesOf(driver, drivers);
  return {&slot, backend, driver, Compare(slot.required, implemented),
          Compare(slot.optional, implemented)};
}

std::vector<std::string> DriversThatFill(const Slot& slot, const DriverCatalog& drivers) {
  std::vector<std::string> fitting;
  for (const std::string& driver : drivers.names) {
    const Interfaces implemented = InterfacesOf(driver, drivers);
    const auto has = [&](const InterfaceInfo* each) {
      return std::ranges::find(implemented, each) != implemented.end();
    };
    if (std::ranges::all_of(slot.required, has)) fitting.push_back(driver);
  }
  return fitting;
}

}  // namespace prism
