#pragma once

#include "patterns/pattern.h"

namespace prism::multicast_registry {

// Places in the table of slots.
enum SlotIndex { kRegistrySlot, kMessagingSlot, kDurabilitySlot, kSlotCount };

extern const Pattern kPattern;

}  // namespace prism::multicast_registry
