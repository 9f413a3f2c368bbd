// The section `namespaces`.

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "config/map_reader.h"
#include "config/names.h"
#include "config/sections.h"
#include "config/slots.h"
#include "patterns/registry.h"

namespace prism {
namespace {

constexpr std::string_view kMemStore = "memstore";

void ReadNamespaceLimits(const YamlNode& node, NamespaceLimits& limits, FaultList& faults) {
  if (!CheckKind(node, YamlNode::Kind::kMap, "'namespaces.limits'", faults)) return;
  MapReader reader(node, "namespaces.limits", faults);
  reader.Bytes("in_flight_bytes", 1024, uint64_t{1} << 40, &limits.in_flight_bytes, kOff);
  reader.Count("requests_per_second", 1, 10'000'000, &limits.requests_per_second, kOff);
  reader.Count("concurrent_requests", 1, 10'000'000, &limits.concurrent_requests, kOff);
  reader.Finish();
}

// What the readers of one section share.
struct Section {
  const DriverCatalog& drivers;
  Config& config;
  FaultList& faults;
};

// Declared backends, and drivers that need no declaration.
std::vector<std::string> KnownBackends(const Section& section) {
  std::vector<std::string> known;
  for (const BackendConfig& each : section.config.backends) known.push_back(each.settings.backend);
  for (const std::string& driver : section.drivers.names) {
    if (!section.config.FindBackend(driver)) known.push_back(driver);
  }
  return known;
}

// A driver's own name stands for a backend of it with its default settings. Null if there is no
// such driver.
const BackendConfig* Imply(MapReader& reader, const YamlNode& node, const std::string& name,
                           Section& section) {
  const std::vector<std::string>& drivers = section.drivers.names;
  if (std::ranges::find(drivers, name) == drivers.end()) return nullptr;
  const Settings settings{name, section.config.file, {}};
  const Status status = section.drivers.check ? section.drivers.check(name, settings) : OkStatus();
  if (!status.ok()) {
    reader.FaultAt(node, std::string(status.message()),
                   fmt::format("declare {} under 'backends', with its settings", Quoted(name)));
  }
  return &section.config.backends.emplace_back(BackendConfig{name, settings});
}

// The backend that `node` names; null with a fault if there is none. `slot` may be null.
const BackendConfig* ReadBackendName(MapReader& reader, const YamlNode& node,
                                     const std::string& what, const Slot* slot, Section& section) {
  const auto name = reader.Text(node, what);
  if (!name) return nullptr;
  if (const BackendConfig* declared = section.config.FindBackend(*name)) return declared;
  if (const BackendConfig* implied = Imply(reader, node, *name, section)) return implied;
  const std::vector<std::string> known = KnownBackends(section);
  std::string hint = DidYouMean(*name, known);
  if (!hint.empty()) hint += ' ';
  if (slot) {
    const std::vector<std::string> fitting = DriversThatFill(*slot, section.drivers);
    hint += fmt::format("drivers that fill slot '{}': {}", slot->name,
                        fitting.empty() ? "none yet" : Joined(fitting));
  } else {
    hint += "known backends: " + Joined(known);
  }
  reader.FaultAt(node, fmt::format("unknown backend {}", Quoted(*name)), hint);
  return nullptr;
}

void CheckInterfaces(MapReader& reader, const YamlNode& node, const Slot& slot,
                     const BackendConfig& backend, Section& section) {
  if (!section.drivers.interfaces) return;
  const SlotCheck check =
      CheckSlot(slot, backend.settings.backend, section.config, section.drivers);
  const std::vector<std::string> missing = check.Missing();
  if (missing.empty()) return;
  const std::vector<std::string> fitting = DriversThatFill(slot, section.drivers);
  reader.FaultAt(
      node,
      fmt::format("backend '{}' (driver '{}') does not implement {}, which slot '{}' "
                  "requires",
                  check.backend, check.driver, Joined(missing), slot.name),
      fmt::format("drivers that fill it: {}", fitting.empty() ? "none yet" : Joined(fitting)));
}

// One slot: a map with `backend`.
void ReadSlot(const YamlNode& node, const Slot& slot, NamespaceConfig& name_space,
              Section& section) {
  const std::string path = fmt::format("namespaces.slots.{}", slot.name);
  if (!CheckKind(node, YamlNode::Kind::kMap, Quoted(path), section.faults)) return;
  MapReader reader(node, path, section.faults);
  const YamlNode* backend = reader.Require("backend", "name a backend, as 'backend: memstore'");
  reader.Finish();
  if (!backend) return;
  const BackendConfig* found =
      ReadBackendName(reader, *backend, Quoted(path + ".backend"), &slot, section);
  if (!found) return;
  name_space.slots.push_back({std::string(slot.name), found->settings.backend});
  CheckInterfaces(reader, *backend, slot, *found, section);
}

void ReadSlots(const YamlNode* node, const YamlNode& owner, const Pattern& pattern,
               NamespaceConfig& name_space, Section& section) {
  if (node && !CheckKind(*node, YamlNode::Kind::kMap, "'namespaces.slots'", section.faults)) return;
  const YamlNode nothing;
  MapReader reader(node ? *node : nothing, "namespaces.slots", section.faults);
  for (const Slot& slot : pattern.slots) {
    if (const YamlNode* filled = reader.Find(slot.name)) {
      ReadSlot(*filled, slot, name_space, section);
    } else if (!slot.may_be_empty) {
      const std::vector<std::string> fitting = DriversThatFill(slot, section.drivers);
      section.faults.Add(
          node ? node->line : owner.line, node ? node->column : owner.column,
          fmt::format("slot '{}' of pattern '{}' is not filled", slot.name, pattern.name),
          fmt::format("drivers that fill it: {}", fitting.empty() ? "none yet" : Joined(fitting)));
    }
  }
  reader.Finish();
}

void ReadPattern(MapReader& reader, const YamlNode& node, const YamlNode* slots,
                 NamespaceConfig& name_space, Section& section) {
  const auto name = reader.Text(node, "'namespaces.pattern'");
  if (!name) return;
  name_space.pattern = *name;
  if (const Pattern* pattern = FindPattern(*name)) {
    return ReadSlots(slots, node, *pattern, name_space, section);
  }
  std::vector<std::string> known;
  for (const Pattern& each : Patterns()) known.emplace_back(each.name);
  const std::string near = DidYouMean(*name, known);
  reader.FaultAt(node, fmt::format("unknown pattern {}", Quoted(*name)),
                 (near.empty() ? "" : near + " ") + "known patterns: " + Joined(known));
}

// Either a backend, or a pattern with its slots.
void ReadBinding(MapReader& reader, const YamlNode& node, NamespaceConfig& name_space,
                 Section& section) {
  const YamlNode* backend = reader.Find("backend");
  const YamlNode* pattern = reader.Find("pattern");
  const YamlNode* slots = reader.Find("slots");
  if (backend && pattern) {
    reader.FaultAt(*pattern, "a namespace has either 'backend' or 'pattern', not both",
                   "in a pattern, backends go into its slots");
  } else if (pattern) {
    ReadPattern(reader, *pattern, slots, name_space, section);
  } else if (slots) {
    reader.FaultAt(*slots, "'slots' are those of a pattern, and none is named",
                   "add 'pattern', for example 'pattern: multicast-registry'");
  } else if (!backend) {
    reader.FaultAt(
        node, "'namespaces.backend' is missing",
        fmt::format("'{}' is always there; or name a 'pattern' and its 'slots'", kMemStore));
  }
  if (!backend) return;
  const BackendConfig* found =
      ReadBackendName(reader, *backend, "'namespaces.backend'", nullptr, section);
  if (found) name_space.backend = found->settings.backend;
}

using LinesOfNames = std::unordered_map<std::string, int>;

void ReadNamespace(const YamlNode& node, LinesOfNames& lines, Section& section) {
  if (!CheckKind(node, YamlNode::Kind::kMap, "an entry of 'namespaces'", section.faults)) return;
  NamespaceConfig name_space;
  MapReader reader(node, "namespaces", section.faults);
  const YamlNode* name = reader.Require("name", std::string(kNameHint));
  const YamlNode* limits = reader.Find("limits");
  ReadBinding(reader, node, name_space, section);
  reader.Finish();
  if (limits) ReadNamespaceLimits(*limits, name_space.limits, section.faults);
  const auto text = name ? reader.Text(*name, "'namespaces.name'") : std::nullopt;
  if (!text) return;
  if (!IsName(*text)) {
    reader.FaultAt(*name, fmt::format("{} cannot be the name of a namespace", Quoted(*text)),
                   std::string(kNameHint));
  }
  const auto [first, added] = lines.try_emplace(*text, name->line);
  if (!added) {
    reader.FaultAt(*name, fmt::format("namespace {} is given twice", Quoted(*text)),
                   fmt::format("it is first given on line {}", first->second));
  }
  name_space.name = *text;
  section.config.namespaces.push_back(std::move(name_space));
}

}  // namespace

void ReadNamespaces(const YamlNode& node, const DriverCatalog& drivers, Config& config,
                    FaultList& faults) {
  if (!CheckKind(node, YamlNode::Kind::kList, "'namespaces'", faults)) return;
  Section section{drivers, config, faults};
  LinesOfNames lines;
  for (const YamlNode& item : node.items) ReadNamespace(item, lines, section);
  if (node.items.empty()) {
    faults.Add(node.line, node.column, "'namespaces' is empty",
               "add '- {name: demo, backend: memstore}'");
  }
}

}  // namespace prism
