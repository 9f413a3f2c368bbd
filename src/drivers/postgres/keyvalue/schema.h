#pragma once

#include <string_view>

namespace prism::postgres {

// The table `kv` and its functions, see schema.h.
extern const std::string_view kKeyValueSchema;

}  // namespace prism::postgres
