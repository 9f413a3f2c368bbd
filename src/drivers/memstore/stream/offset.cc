#include "drivers/memstore/stream/offset.h"

#include <charconv>

namespace prism::memstore {

std::string EncodeOffset(Place place) {
  return std::to_string(place.partition) + "-" + std::to_string(place.sequence);
}

Result<Place> DecodeOffset(std::string_view field, std::string_view offset) {
  Place place;
  const char* const end = offset.data() + offset.size();
  const auto partition = std::from_chars(offset.data(), end, place.partition);
  if (partition.ec == std::errc() && partition.ptr != end) {
    const auto sequence = std::from_chars(partition.ptr + 1, end, place.sequence);
    // What it encodes to must be the same text: no other spelling of a number is an offset.
    if (sequence.ec == std::errc() && EncodeOffset(place) == offset) return place;
  }
  return InvalidArgumentError(std::string(field) + " is not an offset of a stream");
}

Result<Place> DecodeOffsetIn(uint32_t partition, std::string_view field, std::string_view offset) {
  if (offset.empty()) return Place{partition, 0};
  Result<Place> place = DecodeOffset(field, offset);
  if (!place.ok() || place->partition == partition) return place;
  return InvalidArgumentError(std::string(field) + " is an offset of partition " +
                              std::to_string(place->partition) + ", not of " +
                              std::to_string(partition));
}

}  // namespace prism::memstore
