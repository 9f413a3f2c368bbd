#include "drivers/settings.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>

#include "base/nearest.h"

namespace prism {
namespace {

struct Unit {
  std::string_view name;
  int64_t bytes;
};
constexpr Unit kUnits[] = {
    {"", 1},
    {"B", 1},
    {"kB", 1000},
    {"KB", 1000},
    {"MB", 1000 * 1000},
    {"GB", 1000 * 1000 * 1000},
    {"TB", int64_t{1000} * 1000 * 1000 * 1000},
    {"KiB", 1 << 10},
    {"MiB", 1 << 20},
    {"GiB", 1 << 30},
    {"TiB", int64_t{1} << 40},
};

std::optional<int64_t> ParseInteger(std::string_view text) {
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

Result<int64_t> ParseBytes(std::string_view text) {
  const std::string quoted = "'" + std::string(text) + "'";
  const size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const std::optional<int64_t> count = ParseInteger(text.substr(0, digits));
  std::string_view name = text.substr(digits);
  if (!name.empty() && name.front() == ' ') name.remove_prefix(1);
  const Unit* unit = std::find_if(std::begin(kUnits), std::end(kUnits),
                                  [&](const Unit& known) { return known.name == name; });
  if (!count || unit == std::end(kUnits)) {
    return InvalidArgumentError(quoted + " is not a size; write for example 4096, 64MiB or 1GiB");
  }
  if (*count > std::numeric_limits<int64_t>::max() / unit->bytes) {
    return InvalidArgumentError(quoted + " is too large a size");
  }
  return *count * unit->bytes;
}

const Setting* SettingsReader::Find(std::string_view key) {
  known_.emplace_back(key);
  for (const Setting& setting : settings_.values) {
    if (setting.key == key) return &setting;
  }
  return nullptr;
}

void SettingsReader::Fault(const Setting& setting, std::string_view text) {
  if (!faults_.empty()) faults_ += '\n';
  if (!settings_.file.empty()) faults_ += settings_.file + ':';
  if (setting.line > 0) faults_ += std::to_string(setting.line) + ':';
  if (faults_.ends_with(':')) faults_ += ' ';
  faults_ += "backend '" + settings_.backend + "': ";
  faults_ += text;
}

int64_t SettingsReader::Within(const Setting& setting, int64_t value, int64_t fallback, int64_t min,
                               int64_t max) {
  if (value >= min && value <= max) return value;
  Fault(setting, "'" + setting.key + "' must be from " + std::to_string(min) + " to " +
                     std::to_string(max) + ", not " + setting.value);
  return fallback;
}

std::string SettingsReader::String(std::string_view key, std::string_view fallback) {
  const Setting* setting = Find(key);
  return setting ? setting->value : std::string(fallback);
}

int64_t SettingsReader::Integer(std::string_view key, int64_t fallback, int64_t min, int64_t max) {
  const Setting* setting = Find(key);
  if (!setting) return fallback;
  const std::optional<int64_t> value = ParseInteger(setting->value);
  if (value) return Within(*setting, *value, fallback, min, max);
  Fault(*setting, "'" + setting->key + "' must be a whole number, not '" + setting->value + "'");
  return fallback;
}

int64_t SettingsReader::Bytes(std::string_view key, int64_t fallback, int64_t min, int64_t max) {
  const Setting* setting = Find(key);
  if (!setting) return fallback;
  const Result<int64_t> value = ParseBytes(setting->value);
  if (value.ok()) return Within(*setting, *value, fallback, min, max);
  Fault(*setting, "'" + setting->key + "': " + std::string(value.status().message()));
  return fallback;
}

bool SettingsReader::Bool(std::string_view key, bool fallback) {
  const Setting* setting = Find(key);
  if (!setting) return fallback;
  if (setting->value == "true" || setting->value == "false") return setting->value == "true";
  Fault(*setting, "'" + setting->key + "' must be true or false, not '" + setting->value + "'");
  return fallback;
}

Status SettingsReader::Finish() {
  for (size_t i = 0; i < settings_.values.size(); ++i) {
    const Setting& setting = settings_.values[i];
    const auto same = [&](const Setting& other) { return other.key == setting.key; };
    if (std::any_of(settings_.values.begin(), settings_.values.begin() + i, same)) {
      Fault(setting, "'" + setting.key + "' is given twice");
    } else if (std::find(known_.begin(), known_.end(), setting.key) == known_.end()) {
      const std::string nearest = Nearest(setting.key, known_);
      const std::string hint = nearest.empty() ? "" : "; did you mean '" + nearest + "'?";
      Fault(setting, "unknown key '" + setting.key + "'" + hint);
    }
  }
  return faults_.empty() ? OkStatus() : InvalidArgumentError(faults_);
}

}  // namespace prism
