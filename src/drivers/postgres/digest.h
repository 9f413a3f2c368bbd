#pragma once

#include <string>
#include <string_view>

namespace prism::postgres {

// 64 hexadecimal digits, as the server's encode(sha256(...), 'hex') has them.
std::string Sha256Hex(std::string_view text);

}  // namespace prism::postgres
