// The sections that bind names to backends: `backends` and `namespaces`.

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <unordered_map>

#include "config/map_reader.h"
#include "config/sections.h"

namespace prism {
namespace {

constexpr std::string_view kMemStore = "memstore";
constexpr size_t kMaxNameBytes = 63;
constexpr std::string_view kNameHint =
    "use up to 63 of a-z, 0-9, '.', '_' and '-', beginning with a letter or digit";

bool IsName(std::string_view text) {
  const auto is_word = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  const auto is_allowed = [&](char c) { return is_word(c) || c == '.' || c == '_' || c == '-'; };
  return !text.empty() && text.size() <= kMaxNameBytes && is_word(text[0]) &&
         std::all_of(text.begin(), text.end(), is_allowed);
}

// Takes over the faults that a driver wrote: a line each, "file:line: text" or "text".
void AddDriverFaults(const Status& status, const Settings& settings, const YamlNode& backend,
                     FaultList& faults) {
  std::string_view rest = status.message();
  do {
    const size_t end = rest.find('\n');
    std::string_view text = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    int line = backend.key_line;
    int column = backend.key_column;
    if (!settings.file.empty() && text.starts_with(settings.file + ":")) {
      text.remove_prefix(settings.file.size() + 1);
      const auto [after, error] = std::from_chars(text.data(), text.data() + text.size(), line);
      if (error == std::errc()) column = 0;
      text.remove_prefix(after - text.data());
      text.remove_prefix(std::min(text.find_first_not_of(": "), text.size()));
    }
    for (const YamlNode& item : backend.items) {
      const bool named = text.find("'" + item.key + "'") != std::string_view::npos;
      if (item.key_line == line && named) column = item.key_column;
    }
    faults.Add(line, column, std::string(text), std::string(status.hint()));
  } while (!rest.empty());
}

// Every key of a backend but `driver` is the driver's.
Settings CollectSettings(const YamlNode& node, const std::string& file, FaultList& faults) {
  Settings settings{node.key, file, {}};
  for (const YamlNode& item : node.items) {
    if (item.key == "driver") continue;
    const std::string name = Quoted("backends." + node.key + "." + item.key);
    if (!CheckKind(item, YamlNode::Kind::kScalar, name, faults)) continue;
    settings.values.push_back({item.key, item.text, item.key_line});
  }
  return settings;
}

void ReadBackend(const YamlNode& node, const DriverCatalog& drivers, Config& config,
                 FaultList& faults) {
  // Kept even if faulty, so that namespaces which name it are not blamed too.
  BackendConfig& backend = config.backends.emplace_back();
  backend.settings.backend = node.key;
  if (!IsName(node.key)) {
    faults.Add(node.key_line, node.key_column,
               fmt::format("{} cannot be the name of a backend", Quoted(node.key)),
               std::string(kNameHint));
  }
  const std::string path = "backends." + node.key;
  if (!CheckKind(node, YamlNode::Kind::kMap, Quoted(path), faults)) return;
  MapReader reader(node, path, faults);
  const std::string known = "known drivers: " + Joined(drivers.names);
  const YamlNode* driver = reader.Require("driver", known);
  backend.settings = CollectSettings(node, config.file, faults);
  const auto name = driver ? reader.Text(*driver, reader.Name("driver")) : std::nullopt;
  if (!name) return;
  backend.driver = *name;
  if (std::find(drivers.names.begin(), drivers.names.end(), *name) == drivers.names.end()) {
    const std::string near = DidYouMean(*name, drivers.names);
    return reader.FaultAt(*driver, fmt::format("unknown driver {}", Quoted(*name)),
                          near.empty() ? known : near + " " + known);
  }
  if (!drivers.check) return;
  const Status status = drivers.check(*name, backend.settings);
  if (!status.ok()) AddDriverFaults(status, backend.settings, node, faults);
}

void ReadNamespaceLimits(const YamlNode& node, NamespaceLimits& limits, FaultList& faults) {
  if (!CheckKind(node, YamlNode::Kind::kMap, "'namespaces.limits'", faults)) return;
  MapReader reader(node, "namespaces.limits", faults);
  reader.Bytes("in_flight_bytes", 1024, uint64_t{1} << 40, &limits.in_flight_bytes, kOff);
  reader.Count("requests_per_second", 1, 10'000'000, &limits.requests_per_second, kOff);
  reader.Count("concurrent_requests", 1, 10'000'000, &limits.concurrent_requests, kOff);
  reader.Finish();
}

// The backend that a namespace names; the embedded one need not be declared.
void ReadBackendName(MapReader& reader, const YamlNode& node, Config& config, std::string* out) {
  const auto name = reader.Text(node, "'namespaces.backend'");
  if (!name) return;
  *out = *name;
  if (config.FindBackend(*name)) return;
  if (*name == kMemStore) {
    BackendConfig& backend = config.backends.emplace_back();
    backend.driver = kMemStore;
    backend.settings = {std::string(kMemStore), config.file, {}};
    return;
  }
  std::vector<std::string> known;
  for (const BackendConfig& backend : config.backends) known.push_back(backend.settings.backend);
  if (!config.FindBackend(kMemStore)) known.emplace_back(kMemStore);
  const std::string near = DidYouMean(*name, known);
  const std::string all = "known backends: " + Joined(known);
  reader.FaultAt(node, fmt::format("unknown backend {}", Quoted(*name)),
                 near.empty() ? all : near + " " + all);
}

using LinesOfNames = std::unordered_map<std::string, int>;

void ReadNamespace(const YamlNode& node, Config& config, LinesOfNames& lines, FaultList& faults) {
  if (!CheckKind(node, YamlNode::Kind::kMap, "an entry of 'namespaces'", faults)) return;
  NamespaceConfig name_space;
  MapReader reader(node, "namespaces", faults);
  const YamlNode* name = reader.Require("name", std::string(kNameHint));
  const YamlNode* backend = reader.Require("backend", "'memstore' is always there");
  const YamlNode* limits = reader.Find("limits");
  reader.Finish();
  if (limits) ReadNamespaceLimits(*limits, name_space.limits, faults);
  if (backend) ReadBackendName(reader, *backend, config, &name_space.backend);
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
  config.namespaces.push_back(std::move(name_space));
}

}  // namespace

void ReadBackends(const YamlNode& node, const DriverCatalog& drivers, Config& config,
                  FaultList& faults) {
  if (!CheckKind(node, YamlNode::Kind::kMap, "'backends'", faults)) return;
  for (const YamlNode& item : node.items) ReadBackend(item, drivers, config, faults);
}

void ReadNamespaces(const YamlNode& node, Config& config, FaultList& faults) {
  if (!CheckKind(node, YamlNode::Kind::kList, "'namespaces'", faults)) return;
  LinesOfNames lines;
  for (const YamlNode& item : node.items) ReadNamespace(item, config, lines, faults);
  if (node.items.empty()) {
    faults.Add(node.line, node.column, "'namespaces' is empty",
               "add '- {name: demo, backend: memstore}'");
  }
}

}  // namespace prism
