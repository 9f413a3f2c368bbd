#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace prism::memstore {

// Which rpc a scan's cursor belongs to.
enum class CursorKind : char { kEntries = 'e', kKeys = 'k' };

// The opaque text that resumes a scan below `prefix` behind `key`. It holds the key and a checksum
// over all three, which guards against mistakes, not malice: the key is only a place to go on.
std::string EncodeCursor(CursorKind kind, std::string_view prefix, std::string_view key);

// The key in `cursor`; INVALID_ARGUMENT if it is damaged or was made for something else.
Result<std::string> DecodeCursor(CursorKind kind, std::string_view prefix, std::string_view cursor);

}  // namespace prism::memstore
