#include "drivers/redis/options.h"

#include <fstream>

#include "drivers/redis/url.h"

namespace prism::redis {
namespace {

using std::chrono::milliseconds;

Result<std::string> ReadSecret(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  if (!std::getline(file, line)) {
    return InvalidArgumentError("cannot read a line from '" + path + "'");
  }
  return line;
}

// In the url, in a file, or literally: giving two is a mistake.
Status ReadPassword(SettingsReader& reader, Options& options) {
  const std::string literal = reader.String("password", "");
  const std::string path = reader.String("password_file", "");
  const int given = !options.password.empty() + !literal.empty() + !path.empty();
  if (given > 1) {
    return InvalidArgumentError(
        "the password is given more than once: in 'url', 'password' and "
        "'password_file' there may be one");
  }
  if (!literal.empty()) options.password = literal;
  if (path.empty()) return OkStatus();
  Result<std::string> secret = ReadSecret(path);
  if (!secret.ok()) return std::move(secret).status();
  options.password = *std::move(secret);
  return OkStatus();
}

Status ReadTls(SettingsReader& reader, bool wanted, Options& options) {
  TlsFiles files;
  files.ca = reader.String("tls_ca", "");
  files.certificate = reader.String("tls_certificate", "");
  files.key = reader.String("tls_key", "");
  files.http2 = false;
  if (!wanted) {
    if (files.ca.empty() && files.certificate.empty() && files.key.empty()) return OkStatus();
    return InvalidArgumentError(
        "'tls_ca', 'tls_certificate' and 'tls_key' need a url that begins "
        "with rediss://");
  }
  Result<std::shared_ptr<const TlsContext>> tls = TlsContext::ForClient(files);
  if (!tls.ok()) return InvalidArgumentError(std::string(tls.status().message()));
  options.tls = *std::move(tls);
  return OkStatus();
}

Status ReadTopology(SettingsReader& reader, Options& options) {
  const bool cluster = reader.Bool("cluster", false);
  options.sentinel_master = reader.String("sentinel_master", "");
  options.sentinel_password = reader.String("sentinel_password", "");
  if (cluster && !options.sentinel_master.empty()) {
    return InvalidArgumentError("'cluster' and 'sentinel_master' exclude each other");
  }
  if (cluster && options.database != 0) {
    return InvalidArgumentError("a Redis cluster has database 0 only");
  }
  if (cluster) options.topology = Topology::kCluster;
  if (!options.sentinel_master.empty()) options.topology = Topology::kSentinel;
  if (options.topology == Topology::kSingle && options.addresses.size() > 1) {
    return InvalidArgumentError(
        "'url' names several servers: set 'cluster: true' or "
        "'sentinel_master'");
  }
  return OkStatus();
}

void ReadLimits(SettingsReader& reader, Options& options) {
  options.connect_timeout = milliseconds(reader.Integer("connect_timeout_ms", 5000, 10, 600'000));
  options.response_timeout =
      milliseconds(reader.Integer("response_timeout_ms", 10'000, 10, 600'000));
  options.max_pending = static_cast<size_t>(reader.Integer("max_pending", 65'536, 1, 10'000'000));
  options.max_dedicated_connections =
      static_cast<size_t>(reader.Integer("max_dedicated_connections", 256, 1, 10'000));
}

}  // namespace

Result<std::shared_ptr<const Options>> ReadOptions(const Settings& settings) {
  auto options = std::make_shared<Options>();
  options->backend = settings.backend;
  SettingsReader reader(settings);
  const Result<Url> url = ParseUrl(reader.String("url", "redis://127.0.0.1:6379"));
  if (url.ok()) {
    options->addresses = url->addresses;
    options->username = url->username;
    options->password = url->password;
    options->database = url->database;
  }
  options->key_prefix = reader.String("key_prefix", "prism:");
  const Status statuses[] = {url.ok() ? OkStatus() : url.status(), ReadPassword(reader, *options),
                             ReadTls(reader, url.ok() && url->tls, *options),
                             ReadTopology(reader, *options)};
  options->username = reader.String("username", options->username);
  ReadLimits(reader, *options);
  PRISM_RETURN_IF_ERROR(reader.Finish());
  for (const Status& status : statuses) PRISM_RETURN_IF_ERROR(Status(status));
  return std::shared_ptr<const Options>(std::move(options));
}

}  // namespace prism::redis
