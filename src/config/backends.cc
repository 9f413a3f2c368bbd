// The section `backends`.

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "config/map_reader.h"
#include "config/names.h"
#include "config/sections.h"

namespace prism {
namespace {

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

}  // namespace

void ReadBackends(const YamlNode& node, const DriverCatalog& drivers, Config& config,
                  FaultList& faults) {
  if (!CheckKind(node, YamlNode::Kind::kMap, "'backends'", faults)) return;
  for (const YamlNode& item : node.items) ReadBackend(item, drivers, config, faults);
}

}  // namespace prism
