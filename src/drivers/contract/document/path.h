#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace prism {

// The names of members from the outside in.
using FieldPath = std::vector<std::string>;

// Reads `address.city`, with backslashes before dots and backslashes of a name. INVALID_ARGUMENT
// naming `field` of the request and the limit.
Result<FieldPath> ParsePath(std::string_view field, std::string_view text);

}  // namespace prism
