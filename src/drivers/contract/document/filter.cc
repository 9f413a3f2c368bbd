#include "drivers/contract/document/filter.h"

#include <algorithm>

namespace prism {
namespace {

bool Holds(DocumentFilter::Kind kind, const Scalar& found, const Scalar& wanted) {
  if (!Comparable(found, wanted)) return false;
  switch (kind) {
    case DocumentFilter::Kind::kGreater:
      return Compare(found, wanted) > 0;
    case DocumentFilter::Kind::kGreaterOrEqual:
      return Compare(found, wanted) >= 0;
    case DocumentFilter::Kind::kLess:
      return Compare(found, wanted) < 0;
    case DocumentFilter::Kind::kLessOrEqual:
      return Compare(found, wanted) <= 0;
    case DocumentFilter::Kind::kContains:
      return found.text.find(wanted.text) != std::string_view::npos;
    case DocumentFilter::Kind::kStartsWith:
      return found.text.starts_with(wanted.text);
    default:
      return Compare(found, wanted) == 0;
  }
}

}  // namespace

bool DocumentFilter::Matches(const Json& document) const {
  const auto matches = [&document](const DocumentFilter& part) { return part.Matches(document); };
  if (kind == Kind::kAllOf) return std::all_of(parts.begin(), parts.end(), matches);
  if (kind == Kind::kAnyOf) return std::any_of(parts.begin(), parts.end(), matches);
  if (kind == Kind::kNot) return !matches(parts.front());
  bool held = false;
  const Json::Visitor look = [this, &held](const Scalar& found) {
    held = kind == Kind::kExists ||
           std::any_of(values.begin(), values.end(),
                       [&](const Scalar& wanted) { return Holds(kind, found, wanted); });
    return !held;
  };
  document.Visit(path, look);
  return held;
}

}  // namespace prism
