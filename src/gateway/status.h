#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace prism {

// What /status of the admin port says, as one JSON object with these names. Times are RFC 3339 in
// UTC; counts are since the start; fields that the reader does not know are ignored.
struct GatewayStatus {
  struct Config {
    std::string file;
    std::string loaded_at;
    uint64_t generation = 0;  // 1 at the start, one more for every reload
    std::string last_error;   // of the last reload; empty if it succeeded
  };
  struct Slot {
    std::string slot;
    std::string backend;
  };
  struct Namespace {
    std::string name;
    std::string backend;  // empty with a pattern
    std::string driver;
    std::string pattern;
    std::vector<Slot> slots;
    std::vector<std::string> interfaces;
    uint64_t requests = 0;
    uint64_t errors = 0;  // of these requests: ended with another code than OK
  };
  struct Backend {
    std::string name;
    std::string driver;
    bool healthy = false;
    std::string reason = {};      // why not
    std::string durability = {};  // what an acknowledged write survives there; "" if not known
  };

  std::string version;
  std::string started_at;
  uint64_t uptime_seconds = 0;
  bool ready = false;
  bool draining = false;
  Config config;
  uint32_t workers = 0;
  uint64_t connections = 0;
  uint64_t calls_in_flight = 0;
  std::vector<Namespace> namespaces;
  std::vector<Backend> backends;
};

std::string ToJson(const GatewayStatus& status);
// INVALID_ARGUMENT for what is no such object; absent fields keep their defaults.
Result<GatewayStatus> ParseGatewayStatus(std::string_view json);

}  // namespace prism
