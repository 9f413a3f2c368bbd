#pragma once

#include <string>
#include <vector>

#include "config/load.h"
#include "patterns/pattern.h"

namespace prism {

// A filled slot, held against what its backend implements.
struct SlotCheck {
  struct Item {
    const InterfaceInfo* interface = nullptr;
    bool implemented = false;
  };
  const Slot* slot = nullptr;
  std::string backend;
  std::string driver;
  std::vector<Item> required;
  std::vector<Item> optional;

  // Names of the required interfaces that are not implemented.
  std::vector<std::string> Missing() const;
};

// `config` has the backend. Without drivers.interfaces nothing counts as implemented.
SlotCheck CheckSlot(const Slot& slot, const std::string& backend, const Config& config,
                    const DriverCatalog& drivers);

// The drivers that implement all that the slot requires.
std::vector<std::string> DriversThatFill(const Slot& slot, const DriverCatalog& drivers);

}  // namespace prism
