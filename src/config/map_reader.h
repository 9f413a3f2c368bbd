#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "config/yaml.h"

namespace prism {

// Words that some keys take for zero.
inline constexpr std::string_view kOff = "off";
inline constexpr std::string_view kAuto = "auto";

// Takes the keys of a map one by one and adds a fault for each that does not fit. The keys that
// were asked for are the known ones: Finish refuses the others. A key that is absent or faulty
// leaves `out` as it is. The node and the list must outlive the reader.
class MapReader {
 public:
  // `path` is what messages call the map: "" for the whole file, else "limits" or so.
  MapReader(const YamlNode& map, std::string path, FaultList& faults);

  // Null when absent.
  const YamlNode* Find(std::string_view key);
  // Null with a fault when absent.
  const YamlNode* Require(std::string_view key, std::string hint);

  // Bounds are inclusive; `zero_word`, unless empty, is a value too and reads as zero.
  void Count(std::string_view key, uint64_t min, uint64_t max, uint64_t* out,
             std::string_view zero_word = "");
  void Bytes(std::string_view key, uint64_t min, uint64_t max, uint64_t* out,
             std::string_view zero_word = "");
  void Time(std::string_view key, Duration min, Duration max, Duration* out,
            std::string_view zero_word = "");
  void Bool(std::string_view key, bool* out);
  template <class Enum>
  void OneOf(std::string_view key, std::initializer_list<std::pair<std::string_view, Enum>> choices,
             Enum* out) {
    std::vector<std::string> names;
    for (const auto& choice : choices) names.emplace_back(choice.first);
    if (const auto index = Choose(key, names)) *out = (choices.begin() + *index)->second;
  }
  // A scalar that is not empty.
  std::optional<std::string> Text(const YamlNode& node, std::string_view what);

  // Adds a fault for every key that was not asked for.
  void Finish();

  // "'limits.connections'".
  std::string Name(std::string_view key) const;
  void FaultAt(const YamlNode& node, std::string message, std::string hint = "") {
    faults_.Add(node.line, node.column, std::move(message), std::move(hint));
  }

 private:
  std::optional<size_t> Choose(std::string_view key, const std::vector<std::string>& names);
  const YamlNode* FindScalar(std::string_view key, std::string_view expected);

  const YamlNode& map_;
  const std::string path_;
  FaultList& faults_;
  std::vector<std::string> known_;
};

// Adds a fault and returns false unless `node` is of `kind`. `name` is quoted already.
bool CheckKind(const YamlNode& node, YamlNode::Kind kind, std::string_view name, FaultList& faults);

// "500ms", "30s", "5m" or "2h".
std::optional<Duration> ParseDuration(std::string_view text);
std::string FormatDuration(Duration duration);
std::string FormatBytes(uint64_t bytes);

}  // namespace prism
