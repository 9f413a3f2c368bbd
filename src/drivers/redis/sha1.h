#pragma once

#include <string>
#include <string_view>

namespace prism::redis {

// In lower case hexadecimal, as the server's redis.sha1hex.
std::string Sha1Hex(std::string_view text);

}  // namespace prism::redis
