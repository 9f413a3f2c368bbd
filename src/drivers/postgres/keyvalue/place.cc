#include "drivers/postgres/keyvalue/place.h"

namespace prism::postgres {
namespace {

constexpr size_t kIndexedBytes = 2000;

}  // namespace

Place PlaceOf(std::string_view key) {
  Place place;
  place.key = key.substr(0, kIndexedBytes);
  if (key.size() > kIndexedBytes) place.more = key.substr(kIndexedBytes);
  return place;
}

}  // namespace prism::postgres
