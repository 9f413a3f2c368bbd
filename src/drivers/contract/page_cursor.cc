#include "drivers/contract/page_cursor.h"

#include "base/hash.h"

namespace prism {
namespace {

constexpr size_t kChecksumBytes = 8;

// The same in every process and release, because cursors do not expire.
std::string Checksum(std::string_view scope, std::string_view place) {
  static const KeyHasher hasher(0x707269736d706167, 0x65722d76312e3030);
  std::string covered = std::to_string(scope.size()) + ':';
  covered += scope;
  covered += place;
  uint64_t sum = hasher(covered);
  std::string bytes;
  for (size_t i = 0; i < kChecksumBytes; ++i, sum >>= 8) bytes += static_cast<char>(sum & 0xff);
  return bytes;
}

}  // namespace

std::string EncodePageCursor(std::string_view scope, std::string_view place) {
  return Checksum(scope, place).append(place);
}

Result<std::string> DecodePageCursor(std::string_view scope, std::string_view cursor) {
  if (cursor.size() > kChecksumBytes) {
    const std::string_view place = cursor.substr(kChecksumBytes);
    if (Checksum(scope, place) == cursor.substr(0, kChecksumBytes)) return std::string(place);
  }
  return InvalidArgumentError("the cursor is damaged, or was made for another request")
      .WithHint("pass the cursor of a page unchanged, with the same request otherwise");
}

}  // namespace prism
