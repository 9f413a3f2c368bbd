#pragma once

#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/contract/attributes.h"

namespace prism {

// What a subscription wants of a message's attributes. Immutable; any thread.
struct AttributeFilter {
  enum class Kind : uint8_t { kAll, kAny, kNot, kEquals, kPrefix, kExists, kRange };

  Kind kind = Kind::kAll;
  std::string attribute;
  std::string value;
  double min = -std::numeric_limits<double>::infinity();
  double max = std::numeric_limits<double>::infinity();
  std::vector<AttributeFilter> parts;  // kAll, kAny; of kNot one

  bool Matches(const Attributes& attributes) const;
  int64_t cost() const;

 private:
  bool MatchesValue(std::string_view actual) const;
};

}  // namespace prism
