#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "interfaces/backend.h"

namespace prism {

// A place in a pattern for a backend. Tables of them are constant and lie beside the pattern's
// class; validation, the registry and the documentation read them.
struct Slot {
  std::string_view name;
  std::string_view description;
  std::span<const InterfaceInfo* const> required;
  std::span<const InterfaceInfo* const> optional{};  // put to use where there
  std::span<const std::string_view> recommended{};   // kinds of backends, the best first
  bool may_be_empty = false;
};

// The backends in the slots, in the order of the pattern's table; null for one left empty. They
// are one worker's, opened for one namespace, and have every required interface.
using SlotBackends = std::vector<std::unique_ptr<Backend>>;

// A way of using backends together that has an API of its own. To the gateway its instances are
// backends like any other; all state is in the slots, so an instance may come and go.
struct Pattern {
  std::string_view name;     // "multicast-registry", as after `pattern:`
  std::string_view version;  // "v1"
  std::string_view description;
  std::span<const Slot> slots;
  std::span<const InterfaceInfo* const> interfaces;  // what callers of the namespace get
  std::unique_ptr<Backend> (*open)(SlotBackends slots);

  const Slot* FindSlot(std::string_view slot) const {
    for (const Slot& each : slots) {
      if (each.name == slot) return &each;
    }
    return nullptr;
  }
};

}  // namespace prism
