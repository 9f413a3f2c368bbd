#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/log.h"
#include "drivers/settings.h"
#include "loop/tls.h"

namespace prism {

// A configuration that has been checked. In all of it, 0 stands for "no limit" or "off" where the
// file says "off". Sizes are in bytes.

struct ListenerConfig {
  std::string address;  // "127.0.0.1:50051", "[::1]:443" or "unix:/path"
  bool tls = false;
};

struct LimitsConfig {
  uint64_t connections = 10'000;
  uint64_t streams_per_connection = 1'000;
  uint64_t in_flight_bytes = uint64_t{256} << 20;
  uint64_t message_bytes = uint64_t{16} << 20;
  uint64_t header_list_bytes = uint64_t{16} << 10;
  uint64_t stream_window_bytes = uint64_t{256} << 10;
  uint64_t connection_window_bytes = uint64_t{1} << 20;
  uint64_t requests_per_second = 0;
};

struct KeepaliveConfig {
  Duration ping_after = std::chrono::minutes(5);          // of silence; 0: never
  Duration ping_timeout = std::chrono::seconds(20);       // for the answer to a ping
  Duration handshake_timeout = std::chrono::seconds(10);  // TLS and the HTTP/2 preface together
  Duration idle_timeout = Duration::zero();               // without a stream; 0: never
  Duration stall_timeout = std::chrono::seconds(60);      // with an answer not taken at all
};

struct LogConfig {
  LogLevel level = LogLevel::kInfo;
  LogFormat format = LogFormat::kText;
};

struct BackendConfig {
  std::string driver;
  Settings settings;  // holds the backend's name
};

struct NamespaceLimits {
  uint64_t in_flight_bytes = 0;
  uint64_t requests_per_second = 0;
  uint64_t concurrent_requests = 0;
  bool operator==(const NamespaceLimits&) const = default;
};

struct SlotConfig {
  std::string slot;
  std::string backend;
};

// Bound straight to a backend, or to a pattern with backends in its slots.
struct NamespaceConfig {
  std::string name;
  std::string backend;              // empty with a pattern
  std::string pattern{};            // empty with a backend
  std::vector<SlotConfig> slots{};  // those that are filled, in the order of the pattern's table
  NamespaceLimits limits{};
};

inline constexpr std::string_view kDefaultListen = "127.0.0.1:50051";

struct Config {
  std::string file;
  std::vector<ListenerConfig> listeners;
  std::string admin;     // address; empty: none
  uint64_t workers = 0;  // 0: one per core
  std::optional<TlsFiles> tls;
  LimitsConfig limits;
  KeepaliveConfig keepalive;
  Duration drain_timeout = std::chrono::seconds(30);
  LogConfig log;
  std::vector<BackendConfig> backends;  // each that a namespace names is here
  std::vector<NamespaceConfig> namespaces;

  const BackendConfig* FindBackend(std::string_view name) const {
    for (const BackendConfig& backend : backends) {
      if (backend.settings.backend == name) return &backend;
    }
    return nullptr;
  }
};

}  // namespace prism
