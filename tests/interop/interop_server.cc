#include <getopt.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "loop/byte_stream.h"
#include "loop/worker.h"
#include "test_service_impl.h"
#include "wire/grpc/server.h"

namespace prism {
namespace {

struct Flags {
  std::string port = "0";
  TlsFiles tls;  // no certificate: plain HTTP/2
};

// Gives each call to the method of TestService that its path names.
class TestServiceHandler final : public grpc::CallHandler {
 public:
  void OnCall(grpc::IncomingCall& call) override {
    for (const MethodInfo& method : TestService::Info().methods) {
      if (method.path != call.path()) continue;
      call.Run(method.serve(static_cast<TestService*>(&service_), call));
      return;
    }
    call.Finish(UnimplementedError("no method " + std::string(call.path())));
  }
  void OnDone(grpc::IncomingCall&) override {}
  void OnGone(grpc::IncomingCall&) override {}

 private:
  TestServiceImpl service_;
};

// Returns when SIGTERM or SIGINT arrives at `fd`, a signalfd.
Task<void> WaitForSignal(Worker& worker, int fd) {
  FdWatch watch(worker, fd);
  signalfd_siginfo info;
  while (read(fd, &info, sizeof info) != sizeof info) co_await watch.Readable();
}

Task<Status> Serve(Worker& worker, Flags flags, int signals) {
  std::shared_ptr<const TlsContext> tls;
  if (!flags.tls.certificate.empty()) {
    Result<std::shared_ptr<const TlsContext>> loaded = TlsContext::ForServer(flags.tls);
    if (!loaded.ok()) co_return loaded.status();
    tls = *loaded;
  }
  const Result<int> listener = Listen("127.0.0.1:" + flags.port, false);
  if (!listener.ok()) co_return listener.status();
  TestServiceHandler handler;
  const grpc::ServerOptions options;
  grpc::Server server(worker, options, handler);
  {
    Acceptor acceptor(worker, *listener, [&](int fd, std::string peer) {
      server.Serve(fd, std::move(peer), tls, [] {});
    });
    std::printf("listening on %s\n", LocalAddress(*listener).c_str());
    std::fflush(stdout);
    co_await WaitForSignal(worker, signals);
  }
  co_await server.Stop();
  co_return OkStatus();
}

Task<void> ServeThenStop(Worker& worker, Flags flags, int signals, int& exit_code) {
  const Status status = co_await Serve(worker, flags, signals);
  if (!status.ok()) std::fprintf(stderr, "interop_server: %s\n", status.ToString().c_str());
  exit_code = status.ok() ? EXIT_SUCCESS : EXIT_FAILURE;
  worker.Stop();
}

Flags ParseFlags(int argc, char** argv) {
  Flags flags;
  const option known[] = {{"port", required_argument, nullptr, 'p'},
                          {"tls-cert", required_argument, nullptr, 'c'},
                          {"tls-key", required_argument, nullptr, 'k'},
                          {}};
  for (int found; (found = getopt_long(argc, argv, "", known, nullptr)) != -1;) {
    if (found == 'p') {
      flags.port = optarg;
    } else if (found == 'c') {
      flags.tls.certificate = optarg;
    } else if (found == 'k') {
      flags.tls.key = optarg;
    } else {
      std::exit(EXIT_FAILURE);
    }
  }
  return flags;
}

int Main(int argc, char** argv) {
  const Flags flags = ParseFlags(argc, argv);
  sigset_t ending;
  sigemptyset(&ending);
  sigaddset(&ending, SIGTERM);
  sigaddset(&ending, SIGINT);
  sigprocmask(SIG_BLOCK, &ending, nullptr);
  signal(SIGPIPE, SIG_IGN);
  const int signals = signalfd(-1, &ending, SFD_NONBLOCK | SFD_CLOEXEC);
  int exit_code = EXIT_FAILURE;
  Worker worker(0);
  worker.Post([&] { Spawn(ServeThenStop(worker, flags, signals, exit_code)); });
  worker.Run();
  close(signals);
  return exit_code;
}

}  // namespace
}  // namespace prism

int main(int argc, char** argv) { return prism::Main(argc, argv); }
