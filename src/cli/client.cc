#include "cli/client.h"

#include <utility>

namespace prism::cli {
namespace {

Result<std::shared_ptr<const TlsContext>> LoadTls(const TargetOptions& target) {
  TlsFiles files;
  files.ca = target.tls_ca;
  files.certificate = target.tls_certificate;
  files.key = target.tls_key;
  return TlsContext::ForClient(files);
}

}  // namespace

Result<grpc::ClientOptions> MakeClientOptions(const TargetOptions& target) {
  grpc::ClientOptions client;
  client.target = target.target;
  client.server_name = target.tls_server_name;
  client.connect_timeout = target.timeout;
  client.calls.user_agent = "prism-cli";
  client.calls.max_message_bytes = size_t{1} << 30;  // the gateway's limit is the one that counts
  const bool tls = target.tls || !target.tls_ca.empty() || !target.tls_certificate.empty() ||
                   !target.tls_server_name.empty();
  if (!tls) return client;
  Result<std::shared_ptr<const TlsContext>> context = LoadTls(target);
  if (!context.ok()) return std::move(context).status();
  client.tls = *std::move(context);
  return client;
}

}  // namespace prism::cli
