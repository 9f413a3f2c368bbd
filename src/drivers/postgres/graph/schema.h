#pragma once

#include <string_view>

namespace prism::postgres {

extern const std::string_view kGraphSchema;

}  // namespace prism::postgres
