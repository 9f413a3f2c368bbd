#include "drivers/postgres/stream/offset.h"

#include <charconv>

namespace prism::postgres {

std::string OffsetOf(int64_t number) { return std::to_string(number); }

Result<int64_t> NumberOf(std::string_view field, std::string_view offset) {
  int64_t number = -1;
  const char* const end = offset.data() + offset.size();
  const auto read = std::from_chars(offset.data(), end, number);
  // No other spelling of a number is an offset.
  if (read.ec == std::errc() && number >= 0 && OffsetOf(number) == offset) return number;
  return InvalidArgumentError(std::string(field) + " is not an offset of a stream");
}

Result<int64_t> PlaceOrOldest(std::string_view field, std::string_view offset) {
  if (offset.empty()) return int64_t{0};
  return NumberOf(field, offset);
}

}  // namespace prism::postgres
