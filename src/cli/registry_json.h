#pragma once

#include <string>

#include "config/load.h"
#include "config/slots.h"
#include "drivers/registry.h"
#include "patterns/pattern.h"

namespace prism::cli {

// "keyvalue", from the package of the interface's service.
std::string ModelOf(const InterfaceInfo& info);
// The drivers that implement it.
std::vector<std::string> DriversWith(const InterfaceInfo& info);

// One line each, for scripts; fields may be added.
std::string ToJson(std::span<const InterfaceInfo* const> interfaces);
std::string ToJson(std::span<const Driver* const> drivers);
std::string ToJson(std::span<const Pattern* const> patterns);

// What `prism validate` found.
struct Validation {
  struct Namespace {
    std::string name;
    std::string backend;
    std::string pattern;
    std::vector<SlotCheck> slots;
  };
  std::string file;
  std::vector<Namespace> namespaces;
  std::vector<Fault> faults;
};
std::string ToJson(const Validation& validation);

}  // namespace prism::cli
