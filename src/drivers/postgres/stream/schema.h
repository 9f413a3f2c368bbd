#pragma once

#include <string_view>

namespace prism::postgres {

// What streams lie in, and its functions.
extern const std::string_view kStreamSchema;
extern const std::string_view kStreamGroups;

}  // namespace prism::postgres
