#include "config/map_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <limits>

#include "drivers/settings.h"

namespace prism {
namespace {

std::optional<uint64_t> ParseCount(std::string_view text) {
  uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

struct TimeUnit {
  std::string_view name;
  Duration length;
};
constexpr TimeUnit kTimeUnits[] = {{"ms", std::chrono::milliseconds(1)},
                                   {"s", std::chrono::seconds(1)},
                                   {"m", std::chrono::minutes(1)},
                                   {"h", std::chrono::hours(1)}};

std::string_view KindName(YamlNode::Kind kind) {
  switch (kind) {
    case YamlNode::Kind::kNull:
      return "nothing";
    case YamlNode::Kind::kScalar:
      return "a single value";
    case YamlNode::Kind::kList:
      return "a list";
    default:
      return "a map";
  }
}

std::string Or(std::string_view zero_word) {
  return zero_word.empty() ? "" : fmt::format(" or '{}'", zero_word);
}

}  // namespace

std::optional<Duration> ParseDuration(std::string_view text) {
  const size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const std::optional<uint64_t> count = ParseCount(text.substr(0, digits));
  const auto* unit = std::find_if(std::begin(kTimeUnits), std::end(kTimeUnits),
                                  [&](auto& known) { return known.name == text.substr(digits); });
  if (!count || unit == std::end(kTimeUnits)) return std::nullopt;
  const auto most = static_cast<uint64_t>(Duration::max().count() / unit->length.count());
  if (*count > most) return std::nullopt;
  return unit->length * static_cast<int64_t>(*count);
}

std::string FormatDuration(Duration duration) {
  for (size_t i = std::size(kTimeUnits); i-- > 0;) {
    const TimeUnit& unit = kTimeUnits[i];
    if (duration >= unit.length && duration % unit.length == Duration::zero()) {
      return fmt::format("{}{}", duration / unit.length, unit.name);
    }
  }
  return fmt::format("{}ms",
                     std::chrono::duration_cast<std::chrono::milliseconds>(duration).count());
}

std::string FormatBytes(uint64_t bytes) {
  static constexpr std::pair<std::string_view, int> kUnits[] = {
      {"TiB", 40}, {"GiB", 30}, {"MiB", 20}, {"KiB", 10}};
  for (const auto& [name, shift] : kUnits) {
    const uint64_t unit = uint64_t{1} << shift;
    if (bytes >= unit && bytes % unit == 0) return fmt::format("{}{}", bytes >> shift, name);
  }
  return std::to_string(bytes);
}

bool CheckKind(const YamlNode& node, YamlNode::Kind kind, std::string_view name,
               FaultList& faults) {
  if (node.kind == kind) return true;
  faults.Add(node.line, node.column,
             fmt::format("{} must be {}, not {}", name, KindName(kind), KindName(node.kind)),
             node.kind == YamlNode::Kind::kNull ? "give it a value or remove the key" : "");
  return false;
}

MapReader::MapReader(const YamlNode& map, std::string path, FaultList& faults)
    : map_(map), path_(std::move(path)), faults_(faults) {}

std::string MapReader::Name(std::string_view key) const {
  return path_.empty() ? fmt::format("'{}'", key) : fmt::format("'{}.{}'", path_, key);
}

const YamlNode* MapReader::Find(std::string_view key) {
  if (std::find(known_.begin(), known_.end(), key) == known_.end()) known_.emplace_back(key);
  for (const YamlNode& item : map_.items) {
    if (item.key == key) return &item;
  }
  return nullptr;
}

const YamlNode* MapReader::Require(std::string_view key, std::string hint) {
  const YamlNode* node = Find(key);
  if (!node) FaultAt(map_, fmt::format("{} is missing", Name(key)), std::move(hint));
  return node;
}

const YamlNode* MapReader::FindScalar(std::string_view key, std::string_view expected) {
  const YamlNode* node = Find(key);
  if (!node || node->kind == YamlNode::Kind::kScalar) return node;
  FaultAt(*node, fmt::format("{} must be {}, not {}", Name(key), expected, KindName(node->kind)));
  return nullptr;
}

void MapReader::Count(std::string_view key, uint64_t min, uint64_t max, uint64_t* out,
                      std::string_view zero_word) {
  const std::string expected =
      fmt::format("a whole number from {} to {}{}", min, max, Or(zero_word));
  const YamlNode* node = FindScalar(key, expected);
  if (!node) return;
  if (!zero_word.empty() && node->text == zero_word) {
    *out = 0;
  } else if (const auto value = ParseCount(node->text); value && *value >= min && *value <= max) {
    *out = *value;
  } else {
    FaultAt(*node, fmt::format("{} must be {}, not {}", Name(key), expected, Quoted(node->text)));
  }
}

void MapReader::Bytes(std::string_view key, uint64_t min, uint64_t max, uint64_t* out,
                      std::string_view zero_word) {
  const std::string expected =
      fmt::format("a size from {} to {}{}", FormatBytes(min), FormatBytes(max), Or(zero_word));
  const YamlNode* node = FindScalar(key, expected);
  if (!node) return;
  if (!zero_word.empty() && node->text == zero_word) {
    *out = 0;
    return;
  }
  const Result<int64_t> value = ParseBytes(node->text);
  if (value.ok() && *value >= 0 && static_cast<uint64_t>(*value) >= min &&
      static_cast<uint64_t>(*value) <= max) {
    *out = static_cast<uint64_t>(*value);
    return;
  }
  FaultAt(*node, fmt::format("{} must be {}, not {}", Name(key), expected, Quoted(node->text)),
          value.ok() ? "" : "write for example 4096, 64KiB or 16MiB");
}

void MapReader::Time(std::string_view key, Duration min, Duration max, Duration* out,
                     std::string_view zero_word) {
  const std::string expected = fmt::format("a time from {} to {}{}", FormatDuration(min),
                                           FormatDuration(max), Or(zero_word));
  const YamlNode* node = FindScalar(key, expected);
  if (!node) return;
  if (!zero_word.empty() && node->text == zero_word) {
    *out = Duration::zero();
    return;
  }
  const std::optional<Duration> value = ParseDuration(node->text);
  if (value && *value >= min && *value <= max) {
    *out = *value;
    return;
  }
  FaultAt(*node, fmt::format("{} must be {}, not {}", Name(key), expected, Quoted(node->text)),
          value ? "" : "write a number and its unit: 500ms, 30s, 5m or 2h");
}

void MapReader::Bool(std::string_view key, bool* out) {
  if (const auto index = Choose(key, {"false", "true"})) *out = *index == 1;
}

std::optional<size_t> MapReader::Choose(std::string_view key,
                                        const std::vector<std::string>& names) {
  const std::string expected = "one of " + Joined(names);
  const YamlNode* node = FindScalar(key, expected);
  if (!node) return std::nullopt;
  const auto found = std::find(names.begin(), names.end(), node->text);
  if (found != names.end()) return found - names.begin();
  FaultAt(*node, fmt::format("{} must be {}, not {}", Name(key), expected, Quoted(node->text)),
          DidYouMean(node->text, names));
  return std::nullopt;
}

std::optional<std::string> MapReader::Text(const YamlNode& node, std::string_view what) {
  if (!CheckKind(node, YamlNode::Kind::kScalar, what, faults_)) return std::nullopt;
  if (!node.text.empty()) return node.text;
  FaultAt(node, fmt::format("{} is empty", what));
  return std::nullopt;
}

void MapReader::Finish() {
  for (const YamlNode& item : map_.items) {
    if (std::find(known_.begin(), known_.end(), item.key) != known_.end()) continue;
    const std::string where = path_.empty() ? "" : fmt::format(" in '{}'", path_);
    faults_.Add(item.key_line, item.key_column,
                fmt::format("unknown key {}{}", Quoted(item.key), where),
                DidYouMean(item.key, known_, "known keys: " + Joined(known_)));
  }
}

}  // namespace prism
