#include "config/load.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "config/map_reader.h"
#include "config/sections.h"
#include "config/yaml.h"

namespace prism {
namespace {

constexpr uint64_t kMaxWorkers = 256;
constexpr Duration kMaxDrain = std::chrono::hours(24);

// TLS is read before the listeners and backends before the namespaces, which depend on them.
void ReadTop(const YamlNode& root, const DriverCatalog& drivers, Config& config,
             FaultList& faults) {
  if (!CheckKind(root, YamlNode::Kind::kMap, "a configuration", faults)) return;
  MapReader top(root, "", faults);
  const YamlNode* listen = top.Find("listen");
  const YamlNode* admin = top.Find("admin");
  const YamlNode* tls = top.Find("tls");
  const YamlNode* limits = top.Find("limits");
  const YamlNode* keepalive = top.Find("keepalive");
  const YamlNode* log = top.Find("log");
  const YamlNode* backends = top.Find("backends");
  const YamlNode* namespaces =
      top.Require("namespaces", "add a list with '- {name: demo, backend: memstore}'");
  if (tls) ReadTls(*tls, config, faults);
  if (listen) {
    ReadListen(*listen, config, faults);
  } else {
    config.listeners.push_back({std::string(kDefaultListen), config.tls.has_value()});
  }
  if (admin) ReadAdmin(*admin, config, faults);
  top.Count("workers", 1, kMaxWorkers, &config.workers, kAuto);
  if (limits) ReadLimits(*limits, config, faults);
  if (keepalive) ReadKeepalive(*keepalive, config, faults);
  top.Time("drain_timeout", std::chrono::milliseconds(0), kMaxDrain, &config.drain_timeout);
  if (log) ReadLog(*log, config, faults);
  if (backends) ReadBackends(*backends, drivers, config, faults);
  if (namespaces) ReadNamespaces(*namespaces, drivers, config, faults);
  top.Finish();
}

// The whole file, or why it cannot be had. Devices and pipes are refused: they may never end.
Result<std::string> ReadFile(const std::string& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return NotFoundError(std::generic_category().message(errno));
  struct stat info;
  std::string text;
  Status status;
  if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) {
    status = InvalidArgumentError("not a file");
  } else {
    char chunk[16 * 1024];
    ssize_t n = 0;
    // Stops once there is more than allowed, which the parser refuses.
    while (text.size() <= kMaxConfigBytes && (n = read(fd, chunk, sizeof(chunk))) > 0) {
      text.append(chunk, n);
    }
    if (n < 0) status = UnavailableError(std::generic_category().message(errno));
  }
  close(fd);
  if (!status.ok()) return status;
  return text;
}

}  // namespace

LoadResult ParseConfig(std::string_view text, const std::string& file,
                       const DriverCatalog& drivers) {
  LoadResult result;
  result.config.file = file;
  FaultList faults(file);
  if (text.size() > kMaxConfigBytes) {
    faults.Add(0, 0, fmt::format("larger than {}", FormatBytes(kMaxConfigBytes)));
  } else if (const auto root = ParseYaml(text, faults)) {
    ReadTop(*root, drivers, result.config, faults);
  }
  result.faults = std::move(faults).Take();
  return result;
}

LoadResult LoadConfig(const std::string& path, const DriverCatalog& drivers) {
  const Result<std::string> text = ReadFile(path);
  if (text.ok()) return ParseConfig(*text, path, drivers);
  LoadResult result;
  result.config.file = path;
  result.faults.push_back(
      {path, 0, 0, fmt::format("cannot read the configuration: {}", text.status().message()), ""});
  return result;
}

}  // namespace prism
