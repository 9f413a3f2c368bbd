#pragma once

#include <string>

#include "wire/resp/connection.h"

namespace prism::redis {

// What the server's settings make of an acknowledgment: "appendfsync everysec: ...". Says so if the
// server does not tell.
Task<std::string> AskDurability(resp::Connection& connection);

}  // namespace prism::redis
