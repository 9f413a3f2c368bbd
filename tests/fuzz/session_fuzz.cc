// A whole server connection on arbitrary bytes behind a valid preface: nothing crashes, nothing
// hangs, and no call outlives the connection.

#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <string>

#include "wire/grpc/server.h"

namespace prism::grpc {
namespace {

// Answers every message with itself.
class Echo final : public CallHandler {
 public:
  void OnCall(IncomingCall& call) override {
    ++calls;
    call.Run(Serve(call));
  }
  void OnDone(IncomingCall&) override {}
  void OnGone(IncomingCall&) override {}
  size_t calls = 0;

 private:
  static Task<Status> Serve(IncomingCall& call) {
    while (true) {
      Result<std::optional<Buffer>> message = co_await call.Read();
      if (!message.ok()) co_return message.status();
      if (!message->has_value()) co_return OkStatus();
      Status status = co_await call.Write(**std::move(message));
      if (!status.ok()) co_return status;
    }
  }
};

constexpr std::string_view kPreface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
constexpr std::string_view kSettings("\0\0\0\4\0\0\0\0\0", 9);

Task<void> StopWhenOver(Worker& worker, Server& server) {
  (void)co_await server.idle().Wait();
  worker.Stop();
}

void ServeBytes(std::string_view bytes) {
  int pair[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair) != 0) std::abort();
  std::string input(kPreface);
  input.append(kSettings).append(bytes);
  if (write(pair[1], input.data(), input.size()) < 0) std::abort();
  shutdown(pair[1], SHUT_WR);
  Worker worker(0);
  Echo echo;
  Server server(worker, ServerOptions(), echo);
  worker.Post([&] {
    server.Serve(pair[0], "fuzz", nullptr, [] {});
    Spawn(StopWhenOver(worker, server));
  });
  worker.Run();
  close(pair[1]);
}

}  // namespace
}  // namespace prism::grpc

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size > 64 * 1024) return 0;
  prism::grpc::ServeBytes({reinterpret_cast<const char*>(data), size});
  return 0;
}
