#pragma once

#include <memory>
#include <string>

#include "loop/tls.h"
#include "wire/grpc/incoming_call.h"
#include "wire/http2/session.h"

namespace prism::grpc {

struct ServerOptions {
  http2::Options http2;
  CallLimits calls;
};

// The gRPC server of one worker: the connections that the worker accepted, and their calls.
// Destroyed only after Stop.
class Server {
 public:
  // `handler` outlives the server.
  Server(Worker& worker, ServerOptions options, CallHandler& handler);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Serves a fresh connection, whose descriptor it takes over; without `tls`, plain HTTP/2.
  // `on_closed` is called when the connection has ended.
  void Serve(int fd, std::string peer, std::shared_ptr<const TlsContext> tls,
             std::function<void()> on_closed);
  // Lets the calls in flight finish, takes no new ones and ends the connections.
  void Drain();
  // Ends all connections now; returns when they, and all tasks of calls, are gone.
  Task<void> Stop();

  // New connections get `options`; those that exist keep theirs.
  void SetOptions(const ServerOptions& options) { options_ = options; }
  size_t connections() const { return connections_; }
  size_t calls() const { return calls_; }
  // Set while there are no connections and no calls.
  Event& idle() { return idle_; }

 private:
  struct Connection;
  Task<void> RunConnection(int fd, std::string peer, std::shared_ptr<const TlsContext> tls,
                           std::function<void()> on_closed);
  void UpdateIdle();

  // Counts calls for idle(), then passes on.
  struct Counting final : CallHandler {
    Counting(Server& server, CallHandler& next) : server(server), next(next) {}
    void OnCall(IncomingCall& call) override { next.OnCall(call); }
    void OnDone(IncomingCall& call) override { next.OnDone(call); }
    void OnGone(IncomingCall& call) override;
    Server& server;
    CallHandler& next;
  };

  Worker& worker_;
  ServerOptions options_;
  Counting handler_;
  Connection* first_ = nullptr;
  size_t connections_ = 0;
  size_t calls_ = 0;
  bool draining_ = false;
  bool stopped_ = false;
  Event idle_;
};

}  // namespace prism::grpc
