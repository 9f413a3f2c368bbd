#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/fault.h"

namespace prism {

// A YAML document as plain data, with the place of everything. `key`, its line and its column are
// set for the items of a map.
struct YamlNode {
  enum class Kind { kNull, kScalar, kList, kMap };

  Kind kind = Kind::kNull;
  std::string text;  // of a scalar
  int line = 0;
  int column = 0;
  std::string key;
  int key_line = 0;
  int key_column = 0;
  std::vector<YamlNode> items;
};

inline constexpr int kMaxYamlDepth = 64;
inline constexpr size_t kMaxYamlNodes = 100'000;

// Reads the subset of YAML that a configuration needs: one document of maps, lists and scalars.
// Anchors, aliases, tags, keys given twice, quotes open over lines and bytes that are not text are
// faults. Empty if the syntax leaves nothing to look at; an empty file is an empty map.
std::optional<YamlNode> ParseYaml(std::string_view text, FaultList& faults);

}  // namespace prism
