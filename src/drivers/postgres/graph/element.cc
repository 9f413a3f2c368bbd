#include "drivers/postgres/graph/element.h"

#include <algorithm>
#include <bit>
#include <cstdint>

namespace prism::postgres {
namespace {

// What ends a label in a place: no label has it, since a NUL of a label is followed by 0xff.
constexpr std::string_view kLabelEnd("\0\0", 2);

std::string Word(char kind, uint64_t bits) {
  std::string text(1, kind);
  for (int shift = 56; shift >= 0; shift -= 8) text += static_cast<char>(bits >> shift & 0xff);
  return text;
}

uint64_t BitsOf(std::string_view text) {
  uint64_t bits = 0;
  for (const char c : text) bits = bits << 8 | static_cast<unsigned char>(c);
  return bits;
}

std::string Escape(std::string_view label) {
  std::string escaped;
  for (const char c : label) {
    escaped += c;
    if (c == '\0') escaped += '\xff';
  }
  return escaped;
}

}  // namespace

std::string TextOf(const PropertyValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return 's' + *text;
  if (const auto* integer = std::get_if<int64_t>(&value)) {
    return Word('i', static_cast<uint64_t>(*integer));
  }
  if (const auto* real = std::get_if<double>(&value)) {
    return Word('d', std::bit_cast<uint64_t>(*real));
  }
  return std::get<bool>(value) ? "b1" : "b0";
}

PropertyValue ValueOf(std::string_view text) {
  const char kind = text.front();
  text.remove_prefix(1);
  if (kind == 's') return std::string(text);
  if (kind == 'i') return static_cast<int64_t>(BitsOf(text));
  if (kind == 'd') return std::bit_cast<double>(BitsOf(text));
  return text == "1";
}

PropertyArrays ArraysOf(const GraphProperties& properties) {
  PropertyArrays arrays;
  for (const auto& [name, value] : properties) {
    arrays.names.push_back(name);
    arrays.values.push_back(TextOf(value));
  }
  return arrays;
}

GraphProperties PropertiesIn(const Rows& rows, int row, int names_column) {
  const std::vector<std::string_view> names = rows.Elements(row, names_column);
  const std::vector<std::string_view> values = rows.Elements(row, names_column + 1);
  GraphProperties properties;
  for (size_t i = 0; i < names.size() && i < values.size(); ++i) {
    properties.emplace_hint(properties.end(), names[i], ValueOf(values[i]));
  }
  return properties;
}

NodeContents NodeAt(const Rows& rows, int row, int id_column) {
  NodeContents node;
  node.id = rows.Text(row, id_column);
  for (const std::string_view label : rows.Elements(row, id_column + 1)) {
    node.labels.emplace_back(label);
  }
  node.properties = PropertiesIn(rows, row, id_column + 2);
  return node;
}

std::string PlaceOf(std::string_view label, std::string_view id) {
  return Escape(label).append(kLabelEnd).append(id);
}

LabelAndId PartsOf(std::string_view place) {
  LabelAndId parts;
  size_t at = 0;
  while (at + 1 < place.size() && place.substr(at, 2) != kLabelEnd) {
    parts.label += place[at];
    at += place[at] == '\0' ? 2 : 1;
  }
  parts.id = place.substr(std::min(at + 2, place.size()));
  return parts;
}

PlaceRanges::PlaceRanges(const std::vector<std::string>& labels) {
  if (labels.empty()) {
    lows.emplace_back();
    highs.emplace_back("\xff");  // no UTF-8 has it
  }
  for (const std::string& label : labels) {
    lows.push_back(PlaceOf(label, ""));
    highs.push_back(Escape(label).append("\0\1", 2));
  }
}

}  // namespace prism::postgres
