#include "drivers/contract/attribute_filter.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace prism {

bool AttributeFilter::Matches(const Attributes& attributes) const {
  const auto matches = [&](const AttributeFilter& part) { return part.Matches(attributes); };
  switch (kind) {
    case Kind::kAll:
      return std::all_of(parts.begin(), parts.end(), matches);
    case Kind::kAny:
      return std::any_of(parts.begin(), parts.end(), matches);
    case Kind::kNot:
      return !parts[0].Matches(attributes);
    default:
      break;
  }
  return std::any_of(attributes.begin(), attributes.end(), [&](const auto& pair) {
    return pair.first == attribute && MatchesValue(pair.second);
  });
}

bool AttributeFilter::MatchesValue(std::string_view actual) const {
  if (kind == Kind::kEquals) return actual == value;
  if (kind == Kind::kPrefix) return actual.starts_with(value);
  if (kind == Kind::kExists) return true;
  double number = 0;
  const char* const end = actual.data() + actual.size();
  const auto read = std::from_chars(actual.data(), end, number);
  return read.ec == std::errc() && read.ptr == end && std::isfinite(number) && number >= min &&
         number <= max;
}

int64_t AttributeFilter::cost() const {
  auto cost = static_cast<int64_t>(sizeof(AttributeFilter) + attribute.size() + value.size());
  for (const AttributeFilter& part : parts) cost += part.cost();
  return cost;
}

}  // namespace prism
