#pragma once

#include <cstddef>
#include <string_view>

namespace prism {

// Bytes of the well-formed UTF-8 character at the start of `text`; 0 when there is none. Overlong
// forms, surrogates and anything above U+10FFFF are not well-formed.
size_t Utf8CharLength(std::string_view text);

// Offset of the first byte that is not part of well-formed UTF-8; npos when all of it is.
size_t FindInvalidUtf8(std::string_view text);

}  // namespace prism
