#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "drivers/contract/graph.h"
#include "drivers/postgres/rows.h"

namespace prism::postgres {

// Properties as the tables keep them: names in ascending order, and of each value a byte for its
// kind and its text or eight bytes.
struct PropertyArrays {
  std::vector<std::string> names;
  std::vector<std::string> values;
};
PropertyArrays ArraysOf(const GraphProperties& properties);
GraphProperties PropertiesIn(const Rows& rows, int row, int names_column);
// The columns are id, labels, names, values.
NodeContents NodeAt(const Rows& rows, int row, int id_column);
std::string TextOf(const PropertyValue& value);
PropertyValue ValueOf(std::string_view text);

// Where an edge stands among those of a node: places order like labels and then ids.
std::string PlaceOf(std::string_view label, std::string_view id);
struct LabelAndId {
  std::string label;
  std::string id;
};
LabelAndId PartsOf(std::string_view place);
// The places that edges with one of the labels have, none: all; ascending, ends excluded.
struct PlaceRanges {
  explicit PlaceRanges(const std::vector<std::string>& labels);
  std::vector<std::string> lows;
  std::vector<std::string> highs;
};

}  // namespace prism::postgres
