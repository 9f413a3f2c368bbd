#include "drivers/redis/stream/offset.h"

#include <charconv>

namespace prism::redis {
namespace {

struct Parts {
  uint64_t ms = 0;
  uint64_t count = 0;
  std::string Text() const { return std::to_string(ms) + "-" + std::to_string(count); }
};

Parts Split(std::string_view offset) {
  Parts parts;
  const char* const end = offset.data() + offset.size();
  const auto ms = std::from_chars(offset.data(), end, parts.ms);
  if (ms.ptr != end) (void)std::from_chars(ms.ptr + 1, end, parts.count);
  return parts;
}

}  // namespace

Status CheckOffset(std::string_view field, std::string_view offset) {
  // No other spelling of the numbers is an offset.
  if (Split(offset).Text() == offset) return OkStatus();
  return InvalidArgumentError(std::string(field) + " is not an offset of a stream");
}

std::string OffsetBehind(std::string_view offset) {
  Parts parts = Split(offset);
  ++parts.count;
  return parts.Text();
}

int64_t UnixMsOf(std::string_view offset) { return static_cast<int64_t>(Split(offset).ms); }

}  // namespace prism::redis
