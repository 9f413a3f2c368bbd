#pragma once

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
};

// INVALID_ARGUMENT with a line per fault. Reads the password file, waits for nothing.
Result<std::shared_ptr<const Options>> ReadOptions(const Settings& settings);

}  // namespace prism::postgres
