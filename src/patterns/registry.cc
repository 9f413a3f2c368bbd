#include "patterns/registry.h"

#include "patterns/multicast_registry/slots.h"

namespace prism {

std::span<const Pattern> Patterns() {
  static const Pattern kPatterns[] = {
      multicast_registry::kPattern,
  };
  return kPatterns;
}

const Pattern* FindPattern(std::string_view name) {
  for (const Pattern& pattern : Patterns()) {
    if (pattern.name == name) return &pattern;
  }
  return nullptr;
}

}  // namespace prism
