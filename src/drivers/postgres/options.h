#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "drivers/settings.h"

namespace prism::postgres {

// How to reach a Postgres database, as its backend's settings say. Immutable.
struct Options {
  std::string backend;                            // its name in the configuration
  std::map<std::string, std::string> connection;  // libpq's keywords
  std::string schema;
  size_t max_connections = 0;  // per worker
  Duration connect_timeout{};
  Duration response_timeout{};
  Duration statement_timeout{};

  // Whether only a server will do that takes writes.
  bool wants_primary() const {
    const auto wanted = connection.find("target_session_attrs");
    return wanted != connection.end() &&
           (wanted->second == "read-write" || wanted->second == "primary");
  }
  // How long the answer to a ping may take, which is no work for the server.
  Duration ping_timeout() const { return std::min(connect_timeout, response_timeout); }
};

// A connection that has been silent for so long is pinged: otherwise a server that is gone without
// a word would be noticed by a caller.
inline constexpr Duration kPingAfter = std::chrono::seconds(5);

// INVALID_ARGUMENT with a line per fault. Reads the password file, waits for nothing.
Result<std::shared_ptr<const Options>> ReadOptions(const Settings& settings);

}  // namespace prism::postgres
