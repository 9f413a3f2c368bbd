#pragma once

#include <string_view>

namespace prism::postgres {

// The functions that notify, and the table of large messages, see schema.h.
extern const std::string_view kPubSubSchema;

}  // namespace prism::postgres
