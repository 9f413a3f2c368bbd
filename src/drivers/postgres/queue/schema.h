#pragma once

#include <string_view>

namespace prism::postgres {

// The tables `queue_*`, with the functions that put messages into queues and take them out, and
// what else is done with them; see schema.h.
extern const std::string_view kQueueSchema;
extern const std::string_view kQueueFunctions;

}  // namespace prism::postgres
