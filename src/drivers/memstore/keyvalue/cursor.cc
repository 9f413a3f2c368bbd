#include "drivers/memstore/keyvalue/cursor.h"

#include "drivers/memstore/hash.h"

namespace prism::memstore {
namespace {

constexpr size_t kChecksumBytes = 8;

// The same in every process and release, because cursors do not expire.
std::string Checksum(CursorKind kind, std::string_view prefix, std::string_view key) {
  static const KeyHasher hasher(0x707269736d637572, 0x736f722d76312e30);
  std::string covered(1, static_cast<char>(kind));
  covered += std::to_string(prefix.size()) + ':';
  covered += prefix;
  covered += key;
  uint64_t sum = hasher(covered);
  std::string bytes;
  for (size_t i = 0; i < kChecksumBytes; ++i, sum >>= 8) bytes += static_cast<char>(sum & 0xff);
  return bytes;
}

}  // namespace

std::string EncodeCursor(CursorKind kind, std::string_view prefix, std::string_view key) {
  return Checksum(kind, prefix, key).append(key);
}

Result<std::string> DecodeCursor(CursorKind kind, std::string_view prefix,
                                 std::string_view cursor) {
  if (cursor.size() > kChecksumBytes) {
    const std::string_view key = cursor.substr(kChecksumBytes);
    if (Checksum(kind, prefix, key) == cursor.substr(0, kChecksumBytes)) return std::string(key);
  }
  return InvalidArgumentError("the cursor is damaged, or was made for another prefix or rpc")
      .WithHint("pass the cursor of a page unchanged, with the same prefix, to the same rpc");
}

}  // namespace prism::memstore
