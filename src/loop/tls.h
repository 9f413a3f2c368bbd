#pragma once

#include <memory>
#include <string>

#include "loop/byte_stream.h"

typedef struct ssl_ctx_st SSL_CTX;

namespace prism {

enum class ClientCertificates { kNone, kRequest, kRequire };

// What a TLS endpoint is made of; file names are of PEM files.
struct TlsFiles {
  std::string certificate;
  std::string key;
  std::string ca;  // whom to believe; for a client, empty means the system's store
  ClientCertificates client_certificates = ClientCertificates::kNone;  // a server's demand
  bool http2 = true;  // a client's demand by ALPN; false for other protocols
};

// Loaded keys and settings: TLS 1.2 or 1.3. Immutable, shared by all workers; a reload
// makes a new one, and connections keep the one they began with.
class TlsContext {
 public:
  static Result<std::shared_ptr<const TlsContext>> ForServer(const TlsFiles& files);
  static Result<std::shared_ptr<const TlsContext>> ForClient(const TlsFiles& files);
  ~TlsContext();
  SSL_CTX* get() const { return context_; }
  bool http2() const { return http2_; }

 private:
  TlsContext(SSL_CTX* context, bool http2) : context_(context), http2_(http2) {}
  SSL_CTX* const context_;
  const bool http2_;
};

// Shake hands over the descriptor of a fresh connection, which they take over.
// The server's certificate must be for `server_name`, a DNS name or an IP address.
// Errors: UNAVAILABLE with OpenSSL's reason, or when `deadline` passes; INVALID_ARGUMENT without a
// name.
Task<Result<std::unique_ptr<ByteStream>>> AcceptTls(Worker& worker,
                                                    std::shared_ptr<const TlsContext> context,
                                                    int fd, std::string peer, TimePoint deadline);
Task<Result<std::unique_ptr<ByteStream>>> ConnectTls(Worker& worker,
                                                     std::shared_ptr<const TlsContext> context,
                                                     std::string address, std::string server_name,
                                                     TimePoint deadline);

}  // namespace prism
