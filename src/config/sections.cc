#include "config/sections.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <system_error>

#include "config/map_reader.h"
#include "loop/byte_stream.h"

namespace prism {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr uint64_t kKiB = uint64_t{1} << 10;
constexpr uint64_t kMiB = uint64_t{1} << 20;
constexpr uint64_t kTiB = uint64_t{1} << 40;
constexpr uint64_t kMaxWindow = (uint64_t{1} << 31) - 1;   // HTTP/2's
constexpr uint64_t kMaxMessage = (uint64_t{1} << 31) - 1;  // protobuf's
constexpr uint64_t kMaxRate = 10'000'000;
constexpr Duration kMaxTime = hours(24 * 365);

constexpr std::string_view kAddressHint =
    "write for example 127.0.0.1:50051, 0.0.0.0:50051 for every interface, [::1]:50051 or "
    "unix:/run/prism.sock";

bool IsUnix(std::string_view address) { return address.starts_with("unix:"); }

// Whether two listeners would want the same socket; port 0 is a free port each time.
bool SameSocket(std::string_view a, std::string_view b) { return a == b && !a.ends_with(":0"); }

void AddListener(MapReader& reader, const YamlNode& node, ListenerConfig listener, Config& config) {
  if (const std::string problem = CheckListenAddress(listener.address); !problem.empty()) {
    return reader.FaultAt(node, problem, std::string(kAddressHint));
  }
  for (const ListenerConfig& other : config.listeners) {
    if (!SameSocket(other.address, listener.address)) continue;
    return reader.FaultAt(node, fmt::format("address {} is given twice", Quoted(listener.address)));
  }
  config.listeners.push_back(std::move(listener));
}

// One entry of `listen`: an address, or a map of address and tls.
void ReadListener(const YamlNode& node, Config& config, FaultList& faults) {
  MapReader reader(node, "listen", faults);
  if (node.kind != YamlNode::Kind::kMap) {
    const auto address = reader.Text(node, "an entry of 'listen'");
    if (!address) return;
    const bool tls = config.tls.has_value() && !IsUnix(*address);
    return AddListener(reader, node, {*address, tls}, config);
  }
  ListenerConfig listener{"", config.tls.has_value()};
  const YamlNode* address = reader.Require("address", std::string(kAddressHint));
  const YamlNode* tls = reader.Find("tls");
  reader.Bool("tls", &listener.tls);
  reader.Finish();
  const auto text = address ? reader.Text(*address, "'listen.address'") : std::nullopt;
  if (!text) return;
  listener.address = *text;
  if (IsUnix(*text) && tls && listener.tls) {
    reader.FaultAt(*tls, "a Unix socket does not use TLS", "remove 'tls' from this entry");
  } else if (tls && listener.tls && !config.tls) {
    reader.FaultAt(*tls, "this entry wants TLS, but there is no certificate",
                   "add the section 'tls' with 'certificate' and 'key'");
  }
  if (IsUnix(*text)) listener.tls = false;
  AddListener(reader, *address, std::move(listener), config);
}

std::string ResolvePath(const std::string& path, const std::string& config_file) {
  const size_t slash = config_file.rfind('/');
  if (path.starts_with('/') || slash == std::string::npos) return path;
  return config_file.substr(0, slash + 1) + path;
}

// Reads the path of a file that must be readable.
void ReadFilePath(MapReader& reader, const YamlNode* node, std::string_view key,
                  const Config& config, std::string* out) {
  if (!node) return;
  const auto text = reader.Text(*node, reader.Name(key));
  if (!text) return;
  *out = ResolvePath(*text, config.file);
  struct stat info;
  std::string problem;
  if (text->find('\0') != std::string::npos) {
    problem = "not a path";
  } else if (stat(out->c_str(), &info) != 0 || access(out->c_str(), R_OK) != 0) {
    problem = std::generic_category().message(errno);
  } else if (!S_ISREG(info.st_mode)) {
    problem = "not a file";
  }
  if (problem.empty()) return;
  reader.FaultAt(*node,
                 fmt::format("cannot read {} {}: {}", reader.Name(key), Quoted(*out), problem),
                 text->starts_with('/') ? "" : "a relative path starts at this file's folder");
  out->clear();
}

}  // namespace

std::string CheckListenAddress(const std::string& text) {
  const std::string quoted = Quoted(text);
  const Result<Address> address = ParseAddress(text);
  if (!address.ok() || text.find('\0') != std::string::npos) {
    return fmt::format("{} is not an address of the form host:port or unix:/path", quoted);
  }
  if (IsUnix(text)) {
    if (!address->unix_path.starts_with('/')) return fmt::format("{} needs a full path", quoted);
    constexpr size_t kLongest = sizeof(sockaddr_un::sun_path) - 1;
    if (address->unix_path.size() <= kLongest) return "";
    return fmt::format("{} is longer than the {} bytes a socket's path may have", quoted, kLongest);
  }
  const std::string& port = address->port;
  unsigned number = 0;
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
  if (error != std::errc() || end != port.data() + port.size() || number > 65535) {
    return fmt::format("{} has no port from 0 to 65535", quoted);
  }
  in6_addr ignored;
  const bool bracketed = text.starts_with('[');
  const int family = bracketed ? AF_INET6 : AF_INET;
  if (inet_pton(family, address->host.c_str(), &ignored) == 1) return "";
  return fmt::format("{} has no IP address as its host", quoted);
}

void ReadListen(const YamlNode& node, Config& config, FaultList& faults) {
  if (node.kind != YamlNode::Kind::kList) return ReadListener(node, config, faults);
  for (const YamlNode& item : node.items) ReadListener(item, config, faults);
  if (node.items.empty()) {
    faults.Add(node.line, node.column, "'listen' has no address", std::string(kAddressHint));
  }
}

void ReadAdmin(const YamlNode& node, Config& config, FaultList& faults) {
  MapReader reader(node, "", faults);
  const auto text = reader.Text(node, "'admin'");
  if (!text || *text == kOff) return;
  std::string problem = CheckListenAddress(*text);
  for (const ListenerConfig& listener : config.listeners) {
    if (!SameSocket(listener.address, *text)) continue;
    problem = fmt::format("'admin' and 'listen' have the same address {}", Quoted(*text));
  }
  if (!problem.empty()) return reader.FaultAt(node, problem, "write for example 127.0.0.1:9090");
  config.admin = *text;
}

void ReadTls(const YamlNode& node, Config& config, FaultList& faults) {
  // Also with faults inside, so that listeners are not blamed for a lack of TLS.
  TlsFiles& files = config.tls.emplace();
  if (!CheckKind(node, YamlNode::Kind::kMap, "'tls'", faults)) return;
  MapReader reader(node, "tls", faults);
  const YamlNode* certificate = reader.Require("certificate", "name a PEM file");
  const YamlNode* key = reader.Require("key", "name a PEM file");
  const YamlNode* client_ca = reader.Find("client_ca");
  ReadFilePath(reader, certificate, "certificate", config, &files.certificate);
  ReadFilePath(reader, key, "key", config, &files.key);
  ReadFilePath(reader, client_ca, "client_ca", config, &files.ca);
  if (client_ca) files.client_certificates = ClientCertificates::kRequire;
  reader.OneOf<ClientCertificates>("client_certificates",
                                   {{"none", ClientCertificates::kNone},
                                    {"request", ClientCertificates::kRequest},
                                    {"require", ClientCertificates::kRequire}},
                                   &files.client_certificates);
  reader.Finish();
  if (!client_ca && files.client_certificates != ClientCertificates::kNone) {
    reader.FaultAt(node, "'tls.client_certificates' needs 'tls.client_ca'",
                   "name the PEM file of the authority that signs client certificates");
  }
  if (files.certificate.empty() || files.key.empty() || (client_ca && files.ca.empty())) return;
  const auto context = TlsContext::ForServer(files);
  if (context.ok()) return;
  reader.FaultAt(node, fmt::format("'tls': {}", context.status().message()),
                 std::string(context.status().hint()));
}

void ReadLimits(const YamlNode& node, Config& config, FaultList& faults) {
  if (!CheckKind(node, YamlNode::Kind::kMap, "'limits'", faults)) return;
  MapReader reader(node, "limits", faults);
  LimitsConfig& limits = config.limits;
  reader.Count("connections", 1, 10'000'000, &limits.connections);
  reader.Count("streams_per_connection", 1, 1'000'000, &limits.streams_per_connection);
  reader.Bytes("in_flight_bytes", kMiB, kTiB, &limits.in_flight_bytes);
  reader.Bytes("message_bytes", kKiB, kMaxMessage, &limits.message_bytes);
  reader.Bytes("header_list_bytes", kKiB, kMiB, &limits.header_list_bytes);
  reader.Bytes("stream_window_bytes", 16 * kKiB, kMaxWindow, &limits.stream_window_bytes);
  reader.Bytes("connection_window_bytes", 64 * kKiB, kMaxWindow, &limits.connection_window_bytes);
  reader.Count("requests_per_second", 1, kMaxRate, &limits.requests_per_second, kOff);
  reader.Finish();
  if (limits.message_bytes <= limits.in_flight_bytes) return;
  reader.FaultAt(
      node, "'limits.message_bytes' is above 'limits.in_flight_bytes'",
      fmt::format("raise 'in_flight_bytes' from {} to at least {}",
                  FormatBytes(limits.in_flight_bytes), FormatBytes(limits.message_bytes)));
}

void ReadKeepalive(const YamlNode& node, Config& config, FaultList& faults) {
  if (!CheckKind(node, YamlNode::Kind::kMap, "'keepalive'", faults)) return;
  MapReader reader(node, "keepalive", faults);
  KeepaliveConfig& keepalive = config.keepalive;
  reader.Time("ping_after", seconds(1), kMaxTime, &keepalive.ping_after, kOff);
  reader.Time("ping_timeout", milliseconds(100), hours(1), &keepalive.ping_timeout);
  reader.Time("handshake_timeout", milliseconds(100), hours(1), &keepalive.handshake_timeout);
  reader.Time("idle_timeout", seconds(1), kMaxTime, &keepalive.idle_timeout, kOff);
  reader.Time("stall_timeout", seconds(1), hours(1), &keepalive.stall_timeout);
  reader.Finish();
}

void ReadLog(const YamlNode& node, Config& config, FaultList& faults) {
  if (!CheckKind(node, YamlNode::Kind::kMap, "'log'", faults)) return;
  MapReader reader(node, "log", faults);
  reader.OneOf<LogLevel>("level",
                         {{"debug", LogLevel::kDebug},
                          {"info", LogLevel::kInfo},
                          {"warn", LogLevel::kWarn},
                          {"error", LogLevel::kError},
                          {"off", LogLevel::kOff}},
                         &config.log.level);
  reader.OneOf<LogFormat>("format", {{"text", LogFormat::kText}, {"json", LogFormat::kJson}},
                          &config.log.format);
  reader.Finish();
}

}  // namespace prism
