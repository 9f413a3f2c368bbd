#include "drivers/postgres/keyvalue/place.h"

#include <openssl/sha.h>

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

std::string Sha256Hex(std::string_view text) {
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest);
  constexpr char kDigits[] = "0123456789abcdef";
  std::string hex;
  for (const unsigned char byte : digest) {
    hex += kDigits[byte >> 4];
    hex += kDigits[byte & 15];
  }
  return hex;
}

}  // namespace prism::postgres
