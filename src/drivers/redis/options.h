#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "drivers/settings.h"
#include "loop/tls.h"

namespace prism::redis {

enum class Topology { kSingle, kSentinel, kCluster };

// How to reach a Redis deployment, as its backend's settings say. Immutable.
struct Options {
  std::string backend;  // its name in the configuration
  Topology topology = Topology::kSingle;
  std::vector<std::string> addresses;  // "host:port" or "unix:/path"; of sentinels, or seeds
  std::string sentinel_master;
  std::string username;
  std::string password;
  std::string sentinel_password;
  int64_t database = 0;
  std::string key_prefix;
  std::shared_ptr<const TlsContext> tls;  // null: plain
  Duration connect_timeout{};
  Duration response_timeout{};
  size_t max_pending = 0;                // per worker, on the shared connection
  size_t max_dedicated_connections = 0;  // per worker, for calls that block in the server
};

// INVALID_ARGUMENT with a line per fault. Reads certificates and password files, waits for nothing.
Result<std::shared_ptr<const Options>> ReadOptions(const Settings& settings);

}  // namespace prism::redis
