#pragma once

#include <vector>

#include "drivers/contract/document/json.h"

namespace prism {

// What documents must be like. Its scalars refer to the request it was made from.
struct DocumentFilter {
  enum class Kind : uint8_t {
    kEqual,
    kGreater,
    kGreaterOrEqual,
    kLess,
    kLessOrEqual,
    kIn,
    kContains,
    kStartsWith,
    kExists,
    kAllOf,
    kAnyOf,
    kNot,
  };
  Kind kind = Kind::kAllOf;
  FieldPath path;                     // of conditions
  std::vector<Scalar> values;         // one, but for kIn and kExists
  std::vector<DocumentFilter> parts;  // of kAllOf, kAnyOf and, one, kNot

  bool Matches(const Json& document) const;
};

}  // namespace prism
