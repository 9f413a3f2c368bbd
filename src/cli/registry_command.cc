#include "cli/registry_command.h"

#include <algorithm>
#include <string>
#include <vector>

#include "base/nearest.h"
#include "cli/registry_json.h"
#include "cli/table.h"
#include "cli/text.h"
#include "config/fault.h"
#include "interfaces/all.h"
#include "patterns/registry.h"

namespace prism::cli {
namespace {

using Colour = Console::Colour;

std::string JoinNames(std::span<const InterfaceInfo* const> interfaces) {
  std::vector<std::string> names;
  for (const InterfaceInfo* info : interfaces) names.emplace_back(info->name);
  return names.empty() ? "none" : Joined(names);
}

// The models of some interfaces, each once.
std::string Models(std::span<const InterfaceInfo* const> interfaces) {
  std::vector<std::string> models;
  for (const InterfaceInfo* info : interfaces) {
    const std::string model = ModelOf(*info);
    if (std::ranges::find(models, model) == models.end()) models.push_back(model);
  }
  return Joined(models);
}

template <class T>
std::vector<const T*> Pointers(std::span<const T> items) {
  std::vector<const T*> pointers;
  for (const T& item : items) pointers.push_back(&item);
  return pointers;
}

Status Unknown(std::string_view what, const std::string& name,
               const std::vector<std::string>& known) {
  const std::string nearest = Nearest(name, known);
  return NotFoundError("no " + std::string(what) + " '" + name + "'")
      .WithHint(nearest.empty() ? "there are: " + Joined(known)
                                : "did you mean '" + nearest + "'?");
}

Result<const InterfaceInfo*> FindInterface(const std::string& name) {
  std::vector<std::string> known;
  for (const InterfaceInfo* info : AllInterfaces()) {
    if (info->name == name) return info;
    known.emplace_back(info->name);
  }
  return Unknown("interface", name, known);
}

void WriteInterfaces(const Console& console, std::span<const InterfaceInfo* const> interfaces) {
  std::vector<Row> rows = {{"INTERFACE", "MODEL", "RPCS", "BACKENDS"}};
  for (const InterfaceInfo* info : interfaces) {
    rows.push_back({std::string(info->name), ModelOf(*info), std::to_string(info->methods.size()),
                    Joined(DriversWith(*info))});
  }
  WriteTable(console, rows);
  console.out << "\n  " << interfaces.size() << " interfaces, data models: " << Models(interfaces)
              << '\n';
}

void Write(const Console& console, const InterfaceInfo& info) {
  console.out << console.Paint(Colour::kBold, info.name) << "  " << info.service << '\n';
  std::vector<Row> rows = {{"RPC", "IDEMPOTENT", "HTTP"}};
  for (const MethodInfo& method : info.methods) {
    rows.push_back({std::string(method.name), method.idempotent ? "yes" : "no",
                    std::string(method.http_verb) + " " + std::string(method.http_path)});
  }
  WriteTable(console, rows);
  const std::vector<std::string> drivers = DriversWith(info);
  console.out << "  backends: " << (drivers.empty() ? "none yet" : Joined(drivers)) << '\n';
}

void WriteBackends(const Console& console, const std::vector<const Driver*>& drivers) {
  std::vector<Row> rows = {{"BACKEND", "INTERFACES", "DATA MODELS"}};
  for (const Driver* driver : drivers) {
    rows.push_back({std::string(driver->name), std::to_string(driver->interfaces.size()),
                    Models(driver->interfaces)});
  }
  WriteTable(console, rows);
}

void Write(const Console& console, const Driver& driver) {
  console.out << console.Paint(Colour::kBold, driver.name) << "  " << driver.summary << '\n'
              << "  an acknowledgment means: " << driver.durability << '\n'
              << "  (of a running gateway's servers: prism status)\n"
              << "  " << driver.interfaces.size() << " interfaces:\n";
  for (const InterfaceInfo* info : driver.interfaces) console.out << "    " << info->name << '\n';
}

void WritePatterns(const Console& console, const std::vector<const Pattern*>& patterns) {
  std::vector<Row> rows = {{"PATTERN", "VERSION", "SLOTS", "DESCRIPTION"}};
  for (const Pattern* pattern : patterns) {
    std::vector<std::string> slots;
    for (const Slot& slot : pattern->slots) {
      slots.push_back(std::string(slot.name) + (slot.may_be_empty ? "?" : ""));
    }
    rows.push_back({std::string(pattern->name), std::string(pattern->version), Joined(slots),
                    std::string(pattern->description)});
  }
  WriteTable(console, rows);
}

void Write(const Console& console, const Pattern& pattern) {
  console.out << console.Paint(Colour::kBold, pattern.name) << ' ' << pattern.version << "  "
              << pattern.description << '\n'
              << "  API: " << JoinNames(pattern.interfaces) << '\n';
  for (const Slot& slot : pattern.slots) {
    console.out << "  Slot: " << console.Paint(Colour::kBold, slot.name)
                << (slot.may_be_empty ? " (optional)" : "") << "  " << slot.description << '\n'
                << "    Required interfaces: " << JoinNames(slot.required) << '\n'
                << "    Optional interfaces: " << JoinNames(slot.optional) << '\n';
    const std::vector<std::string> recommended(slot.recommended.begin(), slot.recommended.end());
    console.out << "    Recommended backends: " << Joined(recommended) << '\n';
  }
}

// One thing is described in text at length, several as a table, both alike in JSON.
template <class T, class WriteSome>
int Show(const Console& console, Format format, const std::vector<const T*>& items, bool one,
         WriteSome&& write_some) {
  if (format == Format::kJson) {
    console.out << ToJson(std::span<const T* const>(items));
  } else if (one) {
    Write(console, *items[0]);
  } else {
    write_some(console, items);
  }
  return kExitOk;
}

Result<std::vector<const InterfaceInfo*>> ChosenInterfaces(const RegistryOptions& options) {
  const auto all = AllInterfaces();
  if (options.verb == RegistryVerb::kListInterfaces) return std::vector(all.begin(), all.end());
  Result<const InterfaceInfo*> found = FindInterface(options.name);
  if (!found.ok()) return std::move(found).status();
  return std::vector<const InterfaceInfo*>{*found};
}

Result<std::vector<const Driver*>> ChosenDrivers(const RegistryOptions& options) {
  std::vector<const Driver*> drivers = Pointers(Drivers());
  if (options.verb == RegistryVerb::kDescribeBackend) {
    std::vector<std::string> known;
    for (const Driver* driver : drivers) known.emplace_back(driver->name);
    std::erase_if(drivers, [&](const Driver* driver) { return driver->name != options.name; });
    if (drivers.empty()) return Unknown("backend", options.name, known);
  }
  for (const std::string& name : options.interfaces) {
    Result<const InterfaceInfo*> info = FindInterface(name);
    if (!info.ok()) return std::move(info).status();
    std::erase_if(drivers, [&](const Driver* driver) {
      return std::ranges::find(driver->interfaces, *info) == driver->interfaces.end();
    });
  }
  return drivers;
}

Result<std::vector<const Pattern*>> ChosenPatterns(const RegistryOptions& options) {
  std::vector<const Pattern*> patterns = Pointers(Patterns());
  if (options.verb == RegistryVerb::kListPatterns) return patterns;
  std::vector<std::string> known;
  for (const Pattern* pattern : patterns) known.emplace_back(pattern->name);
  std::erase_if(patterns, [&](const Pattern* each) { return each->name != options.name; });
  if (patterns.empty()) return Unknown("pattern", options.name, known);
  return patterns;
}

int Fail(const Console& console, Format format, const Status& status) {
  PrintError(console, format, status);
  return kExitNotFound;
}

}  // namespace

int RunRegistry(const RegistryOptions& options, const Console& console) {
  switch (options.verb) {
    case RegistryVerb::kListInterfaces:
    case RegistryVerb::kDescribeInterface: {
      const auto chosen = ChosenInterfaces(options);
      if (!chosen.ok()) return Fail(console, options.format, chosen.status());
      return Show(console, options.format, *chosen, options.verb != RegistryVerb::kListInterfaces,
                  WriteInterfaces);
    }
    case RegistryVerb::kListPatterns:
    case RegistryVerb::kDescribePattern: {
      const auto chosen = ChosenPatterns(options);
      if (!chosen.ok()) return Fail(console, options.format, chosen.status());
      return Show(console, options.format, *chosen, options.verb != RegistryVerb::kListPatterns,
                  WritePatterns);
    }
    default: {
      const auto chosen = ChosenDrivers(options);
      if (!chosen.ok()) return Fail(console, options.format, chosen.status());
      Show(console, options.format, *chosen, options.verb == RegistryVerb::kDescribeBackend,
           WriteBackends);
      return chosen->empty() ? kExitNotFound : kExitOk;
    }
  }
}

}  // namespace prism::cli
