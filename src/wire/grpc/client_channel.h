#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/backoff.h"
#include "loop/tls.h"
#include "wire/grpc/outgoing_call.h"

namespace prism::grpc {

struct ClientOptions {
  std::string target;                     // "host:port" or "unix:/path"
  std::shared_ptr<const TlsContext> tls;  // null: plain HTTP/2
  std::string server_name;                // for TLS; default: the target's host
  CallOptions calls;                      // authority defaults to the target
  http2::Options http2;
  Duration connect_timeout = std::chrono::seconds(10);
  Duration backoff_min = std::chrono::milliseconds(100);
  Duration backoff_max = std::chrono::seconds(10);
};

// Calls to one server over one connection, opened when it is first needed and again after it was
// lost. While there is none, calls wait for the attempt under way and share its failure; after a
// failure calls are refused until a jittered back-off has passed. Used on one worker; ended by
// Close before it is destroyed.
class ClientChannel final : public Channel {
 public:
  ClientChannel(Worker& worker, ClientOptions options);
  ~ClientChannel() override;

  std::unique_ptr<ClientCall> Start(RequestContext& context, std::string_view path) override;
  // Ends the connection; its calls fail.
  Task<void> Close();

 private:
  Task<void> RunConnection();
  Task<Result<std::unique_ptr<ByteStream>>> Dial();
  void OnDialFailed(Status status);

  Worker& worker_;
  ClientOptions options_;
  std::vector<http2::Session*> sessions_;  // all that still run
  http2::Session* current_ = nullptr;      // the one for new calls
  std::vector<OutgoingCall*> waiting_;     // for the dialing to end
  bool dialing_ = false;
  bool closed_ = false;
  int running_ = 0;
  Event idle_;  // set while no connection coroutine runs
  Backoff backoff_;
  TimePoint retry_at_{};
  Status last_failure_;
};

}  // namespace prism::grpc
