#include "wire/grpc/server.h"

#include <sys/socket.h>

#include <utility>

namespace prism::grpc {

// One in the server's list, alive as long as its coroutine.
struct Server::Connection {
  explicit Connection(Server& server) : server(server) {
    next = server.first_;
    if (next) next->prev = this;
    server.first_ = this;
    ++server.connections_;
    server.idle_.Reset();
  }
  Connection(const Connection&) = delete;
  ~Connection() {
    (prev ? prev->next : server.first_) = next;
    if (next) next->prev = prev;
    --server.connections_;
    server.UpdateIdle();
  }

  Server& server;
  http2::Session* session = nullptr;
  int handshake_fd = -1;  // while TLS shakes hands on it
  Connection* prev = nullptr;
  Connection* next = nullptr;
};

Server::Server(Worker& worker, ServerOptions options, CallHandler& handler)
    : worker_(worker), options_(std::move(options)), handler_(*this, handler) {
  idle_.Set();
}

Server::~Server() = default;

void Server::Counting::OnGone(IncomingCall& call) {
  next.OnGone(call);
  --server.calls_;
  server.UpdateIdle();
}

void Server::UpdateIdle() {
  if (connections_ == 0 && calls_ == 0) idle_.Set();
}

void Server::Serve(int fd, std::string peer, std::shared_ptr<const TlsContext> tls,
                   std::function<void()> on_closed) {
  Spawn(RunConnection(fd, std::move(peer), std::move(tls), std::move(on_closed)));
}

Task<void> Server::RunConnection(int fd, std::string peer, std::shared_ptr<const TlsContext> tls,
                                 std::function<void()> on_closed) {
  std::unique_ptr<ByteStream> bytes;
  Connection connection(*this);
  if (tls) {
    const TimePoint deadline = Clock::now() + options_.http2.handshake_timeout;
    connection.handshake_fd = fd;
    Result<std::unique_ptr<ByteStream>> secured =
        co_await AcceptTls(worker_, std::move(tls), fd, std::move(peer), deadline);
    connection.handshake_fd = -1;
    if (secured.ok()) bytes = *std::move(secured);
  } else {
    bytes = MakePlainStream(worker_, fd, std::move(peer));
  }
  if (bytes && !stopped_) {
    const auto new_call = [this,
                           limits = options_.calls](http2::Session& session) -> http2::Stream* {
      ++calls_;
      idle_.Reset();
      return new IncomingCall(worker_, handler_, limits, session);
    };
    http2::Session session(worker_, std::move(bytes), http2::Session::Role::kServer, options_.http2,
                           new_call);
    connection.session = &session;
    if (draining_) session.Drain();
    co_await session.Run();
    connection.session = nullptr;
  }
  on_closed();
}

void Server::Drain() {
  draining_ = true;
  for (Connection* each = first_; each; each = each->next) {
    if (each->session) each->session->Drain();
  }
}

Task<void> Server::Stop() {
  stopped_ = true;
  for (Connection* each = first_; each; each = each->next) {
    if (each->session) each->session->Abort();
    if (each->handshake_fd >= 0) shutdown(each->handshake_fd, SHUT_RDWR);
  }
  (void)co_await idle_.Wait();
}

}  // namespace prism::grpc
