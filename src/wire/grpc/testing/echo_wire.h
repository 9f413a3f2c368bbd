#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "loop/testing/certificates.h"
#include "loop/testing/run_on.h"
#include "wire/grpc/client_channel.h"
#include "wire/grpc/server.h"

namespace prism::grpc {

// Serves each path by a coroutine, and counts what a handler is told.
class TestHandler final : public CallHandler {
 public:
  using Method = std::function<Task<Status>(IncomingCall& call)>;

  void OnCall(IncomingCall& call) override {
    ++started;
    const auto found = methods.find(call.path());
    if (found == methods.end()) return call.Finish(UnimplementedError("no such method"));
    call.Run(found->second(call));
  }
  void OnDone(IncomingCall& call) override {
    ++done;
    received_bytes = call.received_bytes();
    sent_bytes = call.sent_bytes();
    outcome = call.outcome();
  }
  void OnGone(IncomingCall&) override { ++gone; }

  std::map<std::string, Method, std::less<>> methods;
  int started = 0;
  int done = 0;
  int gone = 0;
  // Of the last call that was done.
  uint64_t received_bytes = 0;
  uint64_t sent_bytes = 0;
  Status outcome;
};

// Answers each message with itself.
inline Task<Status> Echo(IncomingCall& call) {
  while (true) {
    Result<std::optional<Buffer>> message = co_await call.Read();
    if (!message.ok()) co_return message.status();
    if (!message->has_value()) co_return OkStatus();
    PRISM_CO_RETURN_IF_ERROR(co_await call.Write(std::move(**message)));
  }
}

// Ends only when it is cancelled, with the reason.
inline Task<Status> WaitForCancellation(IncomingCall& call) {
  Event never;
  co_return co_await never.Wait(call.context().cancellation);
}

// A listening server with "/echo" and "/wait", and a channel to it, on one worker.
struct Wire {
  explicit Wire(Worker& worker, const ServerOptions& server_options = {},
                ClientOptions options = {})
      : worker(worker), server(worker, server_options, handler) {
    handler.methods["/echo"] = &Echo;
    handler.methods["/wait"] = &WaitForCancellation;
    Listen();
    options.target = address;
    channel.emplace(worker, std::move(options));
  }
  void Listen() {
    const Result<int> fd = prism::Listen(address, false);
    ASSERT_TRUE(fd.ok()) << fd.status().ToString();
    acceptor.emplace(worker, *fd, [this](int accepted, std::string peer) {
      ++connections;
      server.Serve(accepted, std::move(peer), tls, [this] { --connections; });
    });
  }
  // Nothing is left when it returns.
  Task<void> Close() {
    co_await channel->Close();
    acceptor.reset();
    co_await server.Stop();
    EXPECT_EQ(server.calls(), 0u);
    EXPECT_EQ(connections, 0);
    EXPECT_EQ(handler.gone, handler.done);
  }

  Worker& worker;
  testing::TempDir dir;
  std::string address = "unix:" + (dir / "socket");
  TestHandler handler;
  Server server;
  std::shared_ptr<const TlsContext> tls;
  std::optional<Acceptor> acceptor;
  std::optional<ClientChannel> channel;
  int connections = 0;
};

// What came back on a call.
struct Reply {
  std::vector<std::string> messages;
  Status status;
  Metadata headers;
  Metadata trailers;
};

inline Task<Reply> ReadAll(ClientCall& call) {
  Reply reply;
  while (true) {
    std::optional<Buffer> message = co_await call.Read();
    if (!message) break;
    reply.messages.push_back(message->ToString());
  }
  reply.status = call.status();
  reply.headers = call.initial_metadata();
  reply.trailers = call.trailing_metadata();
  co_return reply;
}

// Sends `messages`, then reads all.
inline Task<Reply> Ask(ClientChannel& channel, RequestContext& context, std::string path,
                       std::vector<std::string> messages) {
  const std::unique_ptr<ClientCall> call = channel.Start(context, path);
  for (const std::string& message : messages) {
    (void)co_await call->Write(Buffer::Copy(message));
  }
  call->WritesDone();
  co_return co_await ReadAll(*call);
}

// Runs `body` with a fresh server and channel.
inline void WithWire(const ServerOptions& server, const ClientOptions& client,
                     Task<void> (*body)(Wire& wire)) {
  Worker worker(0);
  const auto whole = [](Worker& on, const ServerOptions& s, const ClientOptions& c,
                        Task<void> (*inner)(Wire&)) -> Task<void> {
    Wire wire(on, s, c);
    co_await inner(wire);
    co_await wire.Close();
  };
  testing::RunOn(worker, whole(worker, server, client, body));
}
inline void WithWire(Task<void> (*body)(Wire& wire)) { WithWire({}, {}, body); }

}  // namespace prism::grpc
