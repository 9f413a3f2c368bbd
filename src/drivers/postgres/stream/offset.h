#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace prism::postgres {

// The offset of a record is its number in decimal digits.

std::string OffsetOf(int64_t number);
// INVALID_ARGUMENT, naming the field, unless it is one.
Result<int64_t> NumberOf(std::string_view field, std::string_view offset);
// The empty offset is 0, before all numbers.
Result<int64_t> PlaceOrOldest(std::string_view field, std::string_view offset);

}  // namespace prism::postgres
