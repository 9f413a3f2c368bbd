#include "loop/tls.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>

namespace prism {
namespace {

constexpr unsigned char kAlpnH2[] = {2, 'h', '2'};

std::string OpenSslError() {
  const unsigned long code = ERR_get_error();
  ERR_clear_error();
  if (code == 0) return "connection closed";
  const char* reason = ERR_reason_error_string(code);
  return reason ? reason : "error " + std::to_string(code);
}

int SelectAlpn(SSL*, const unsigned char** out, unsigned char* out_size,
               const unsigned char* offered, unsigned int offered_size, void*) {
  unsigned char* selected = nullptr;
  const int result =
      SSL_select_next_proto(&selected, out_size, kAlpnH2, sizeof(kAlpnH2), offered, offered_size);
  *out = selected;
  return result == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

void SetCommonOptions(SSL_CTX* context) {
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  // HTTP/2 forbids renegotiation, and compression invites CRIME.
  SSL_CTX_set_options(
      context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                SSL_MODE_RELEASE_BUFFERS);
  // HTTP/2 needs AEAD suites with ephemeral keys when the peer speaks TLS 1.2.
  SSL_CTX_set_cipher_list(context, "ECDHE+AESGCM:ECDHE+CHACHA20");
}

Status LoadKeyPair(SSL_CTX* context, const TlsFiles& files) {
  if (SSL_CTX_use_certificate_chain_file(context, files.certificate.c_str()) != 1) {
    return InvalidArgumentError("cannot load certificate '" + files.certificate +
                                "': " + OpenSslError());
  }
  if (SSL_CTX_use_PrivateKey_file(context, files.key.c_str(), SSL_FILETYPE_PEM) != 1) {
    return InvalidArgumentError("cannot load key '" + files.key + "': " + OpenSslError());
  }
  return OkStatus();
}

Status LoadTrust(SSL_CTX* context, const std::string& ca) {
  if (ca.empty()) {
    SSL_CTX_set_default_verify_paths(context);
  } else if (SSL_CTX_load_verify_locations(context, ca.c_str(), nullptr) != 1) {
    return InvalidArgumentError("cannot load CA certificates '" + ca + "': " + OpenSslError());
  }
  return OkStatus();
}

Status ConfigureServer(SSL_CTX* context, const TlsFiles& files) {
  PRISM_RETURN_IF_ERROR(LoadKeyPair(context, files));
  SSL_CTX_set_alpn_select_cb(context, SelectAlpn, nullptr);
  static constexpr unsigned char kSessionIdContext[] = "prism";
  SSL_CTX_set_session_id_context(context, kSessionIdContext, sizeof(kSessionIdContext) - 1);
  if (files.client_certificates == ClientCertificates::kNone) return OkStatus();
  PRISM_RETURN_IF_ERROR(LoadTrust(context, files.ca));
  if (STACK_OF(X509_NAME)* names = SSL_load_client_CA_file(files.ca.c_str())) {
    SSL_CTX_set_client_CA_list(context, names);
  }
  const bool require = files.client_certificates == ClientCertificates::kRequire;
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | (require ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0),
                     nullptr);
  return OkStatus();
}

Status ConfigureClient(SSL_CTX* context, const TlsFiles& files) {
  if (!files.certificate.empty()) PRISM_RETURN_IF_ERROR(LoadKeyPair(context, files));
  PRISM_RETURN_IF_ERROR(LoadTrust(context, files.ca));
  if (files.http2) SSL_CTX_set_alpn_protos(context, kAlpnH2, sizeof(kAlpnH2));
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  return OkStatus();
}

int SendQuietly(BIO* bio, const char* data, int size) {
  int fd = -1;
  BIO_get_fd(bio, &fd);
  BIO_clear_retry_flags(bio);
  const ssize_t sent = send(fd, data, static_cast<size_t>(size), MSG_NOSIGNAL);
  if (sent <= 0 && BIO_sock_should_retry(static_cast<int>(sent))) BIO_set_retry_write(bio);
  return static_cast<int>(sent);
}

// OpenSSL's own kind of socket, but writing to a peer that is gone raises no SIGPIPE.
const BIO_METHOD* QuietSocket() {
  static const BIO_METHOD* const method = [] {
    const BIO_METHOD* socket = BIO_s_socket();
    BIO_METHOD* made = BIO_meth_new(BIO_TYPE_SOCKET, "socket without SIGPIPE");
    BIO_meth_set_write(made, &SendQuietly);
    BIO_meth_set_read(made, BIO_meth_get_read(socket));
    BIO_meth_set_ctrl(made, BIO_meth_get_ctrl(socket));
    BIO_meth_set_create(made, BIO_meth_get_create(socket));
    BIO_meth_set_destroy(made, BIO_meth_get_destroy(socket));
    return made;
  }();
  return method;
}

// TLS over a socket that OpenSSL reads and writes itself.
class TlsStream final : public ByteStream {
 public:
  TlsStream(Worker& worker, std::shared_ptr<const TlsContext> context, int fd, std::string peer)
      : ByteStream(worker, fd, std::move(peer)),
        context_(std::move(context)),
        ssl_(SSL_new(context_->get())) {
    BIO* bio = BIO_new(QuietSocket());
    BIO_set_fd(bio, fd, BIO_NOCLOSE);
    SSL_set_bio(ssl_, bio, bio);
  }
  ~TlsStream() override { SSL_free(ssl_); }

  SSL* ssl() { return ssl_; }

  Task<Status> Handshake(TimePoint deadline) {
    Timer timer([](void* self) { static_cast<TlsStream*>(self)->Abort(); }, this);
    timer.Arm(deadline);
    while (true) {
      ERR_clear_error();
      const int result = SSL_do_handshake(ssl_);
      if (result == 1) break;
      const int error = SSL_get_error(ssl_, result);
      const bool expired = deadline != kNever && !timer.armed();
      if (expired) co_return UnavailableError("TLS handshake timed out");
      if (error == SSL_ERROR_WANT_READ) {
        co_await Readable();
      } else if (error == SSL_ERROR_WANT_WRITE) {
        co_await Writable();
      } else {
        co_return UnavailableError("TLS handshake failed: " + OpenSslError());
      }
    }
    RememberSubject();
    co_return CheckAlpn();
  }

  IoResult Read(char* out, size_t capacity) override {
    ERR_clear_error();
    size_t bytes = 0;
    if (SSL_read_ex(ssl_, out, capacity, &bytes) == 1) {
      return {.bytes = bytes, .more = SSL_has_pending(ssl_) == 1};
    }
    return Blocked();
  }

  IoResult Write(const iovec* pieces, int count) override {
    size_t total = 0;
    for (int i = 0; i < count; ++i) {
      ERR_clear_error();
      size_t bytes = 0;
      if (SSL_write_ex(ssl_, pieces[i].iov_base, pieces[i].iov_len, &bytes) != 1) {
        return total > 0 ? IoResult{.bytes = total} : Blocked();
      }
      total += bytes;
      if (bytes < pieces[i].iov_len) break;
    }
    return {.bytes = total};
  }

  void FinishWriting() override {
    ERR_clear_error();
    SSL_shutdown(ssl_);
    shutdown(fd(), SHUT_WR);
  }

 private:
  IoResult Blocked() {
    const int error = SSL_get_error(ssl_, 0);
    const bool again = error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE;
    return {.state = again ? IoResult::State::kWouldBlock : IoResult::State::kClosed};
  }

  // A client that sends no ALPN at all is tolerated: some test tools do not.
  Status CheckAlpn() {
    const unsigned char* name = nullptr;
    unsigned int size = 0;
    SSL_get0_alpn_selected(ssl_, &name, &size);
    if (size == 0 && (SSL_is_server(ssl_) || !context_->http2())) return OkStatus();
    if (size == 2 && std::memcmp(name, "h2", 2) == 0) return OkStatus();
    return UnavailableError("TLS peer did not choose h2");
  }

  void RememberSubject() {
    X509* certificate = SSL_get0_peer_certificate(ssl_);
    if (!certificate) return;
    char* line = X509_NAME_oneline(X509_get_subject_name(certificate), nullptr, 0);
    set_peer_subject(line ? line : "");
    OPENSSL_free(line);
  }

  std::shared_ptr<const TlsContext> context_;
  SSL* ssl_;
};

Task<Result<std::unique_ptr<ByteStream>>> Finish(std::unique_ptr<TlsStream> stream,
                                                 TimePoint deadline) {
  Status status = co_await stream->Handshake(deadline);
  if (!status.ok()) co_return status;
  co_return std::unique_ptr<ByteStream>(std::move(stream));
}

}  // namespace

TlsContext::~TlsContext() { SSL_CTX_free(context_); }

Result<std::shared_ptr<const TlsContext>> TlsContext::ForServer(const TlsFiles& files) {
  std::shared_ptr<const TlsContext> context(new TlsContext(SSL_CTX_new(TLS_server_method()), true));
  SetCommonOptions(context->get());
  PRISM_RETURN_IF_ERROR(ConfigureServer(context->get(), files));
  return context;
}

Result<std::shared_ptr<const TlsContext>> TlsContext::ForClient(const TlsFiles& files) {
  std::shared_ptr<const TlsContext> context(
      new TlsContext(SSL_CTX_new(TLS_client_method()), files.http2));
  SetCommonOptions(context->get());
  PRISM_RETURN_IF_ERROR(ConfigureClient(context->get(), files));
  return context;
}

Task<Result<std::unique_ptr<ByteStream>>> AcceptTls(Worker& worker,
                                                    std::shared_ptr<const TlsContext> context,
                                                    int fd, std::string peer, TimePoint deadline) {
  auto stream = std::make_unique<TlsStream>(worker, std::move(context), fd, std::move(peer));
  SSL_set_accept_state(stream->ssl());
  co_return co_await Finish(std::move(stream), deadline);
}

Task<Result<std::unique_ptr<ByteStream>>> ConnectTls(Worker& worker,
                                                     std::shared_ptr<const TlsContext> context,
                                                     std::string address, std::string server_name,
                                                     TimePoint deadline) {
  // OpenSSL would take any name that the CA has signed.
  if (server_name.empty()) {
    co_return InvalidArgumentError("TLS to '" + address + "' needs the server's name to check");
  }
  Result<int> fd = co_await ConnectSocket(worker, address, deadline);
  if (!fd.ok()) co_return std::move(fd).status();
  auto stream = std::make_unique<TlsStream>(worker, std::move(context), *fd, std::move(address));
  in6_addr ip;
  const bool is_ip = inet_pton(AF_INET, server_name.c_str(), &ip) == 1 ||
                     inet_pton(AF_INET6, server_name.c_str(), &ip) == 1;
  if (is_ip) {
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(stream->ssl()), server_name.c_str());
  } else {
    SSL_set_tlsext_host_name(stream->ssl(), server_name.c_str());  // RFC 6066: names only
    SSL_set1_host(stream->ssl(), server_name.c_str());
  }
  SSL_set_connect_state(stream->ssl());
  co_return co_await Finish(std::move(stream), deadline);
}

}  // namespace prism
