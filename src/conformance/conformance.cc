#include "conformance/conformance.h"

#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cstdio>
#include <memory>
#include <random>

#include "conformance/own_gateway.h"
#include "drivers/registry.h"
#include "loop/worker.h"
#include "patterns/registry.h"

namespace prism::conformance {
namespace {

// The kernel gives each to a worker of the gateway at random: with these, more than one worker is
// reached in all but one of two thousand runs.
constexpr int kConnections = 12;

std::string RandomId() {
  char text[16];
  std::snprintf(text, sizeof(text), "%08x", std::random_device()());
  return text;
}

sigset_t StopSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int number : {SIGINT, SIGTERM}) sigaddset(&signals, number);
  return signals;
}

const NamespaceConfig* FindNamespace(const Config& config, std::string_view name) {
  for (const NamespaceConfig& each : config.namespaces) {
    if (each.name == name) return &each;
  }
  return nullptr;
}

// What the namespace ought to have. An interface that it has but does not serve is a failure.
std::span<const InterfaceInfo* const> DeclaredInterfaces(const Config& config,
                                                         const NamespaceConfig& name_space) {
  if (!name_space.pattern.empty()) return FindPattern(name_space.pattern)->interfaces;
  return FindDriver(config.FindBackend(name_space.backend)->driver)->interfaces;
}

struct Closer {
  int fd;
  ~Closer() { close(fd); }
};

// One run: the worker, what is on it, and the order in which it comes and goes.
class Run {
 public:
  Run(const RunRequest& request, std::span<const Suite* const> suites)
      : request_(request),
        suites_(suites),
        gateway_(worker_),
        runner_(session_, request.selection) {}

  Result<Report> Do() {
    session_.name_space = request_.name_space;
    session_.other_namespace = request_.other_namespace;
    session_.run_id = RandomId();
    if (request_.on_progress) runner_.OnProgress(request_.on_progress);
    if (request_.stop_on_signals) {
      // Before there are threads, which inherit the mask.
      const sigset_t signals = StopSignals();
      pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    }
    worker_.Post([this] { Spawn(Main()); });
    worker_.Run();
    if (!status_.ok()) return status_;
    return std::move(report_);
  }

 private:
  Task<void> Main() {
    Task<void> signals = AwaitSignal();
    if (request_.stop_on_signals) signals.Start([](void*) {}, nullptr);
    Task<Status> steps = Steps();
    status_ = co_await steps;
    for (auto& channel : channels_) {
      Task<void> close = channel->Close();
      co_await close;
    }
    gateway_.Stop();
    worker_.Stop();
  }

  Task<void> AwaitSignal() {
    const sigset_t signals = StopSignals();
    const int fd = signalfd(-1, &signals, SFD_NONBLOCK | SFD_CLOEXEC);
    const Closer closer{fd};
    {
      FdWatch watch(worker_, fd);
      signalfd_siginfo info;
      while (read(fd, &info, sizeof(info)) != sizeof(info)) co_await watch.Readable();
    }
    runner_.Stop();
    pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
  }

  Task<Status> Steps() {
    grpc::ClientOptions client;
    if (const auto* config = std::get_if<Config>(&request_.place)) {
      Task<Result<std::string>> start = gateway_.Start(*config);
      Result<std::string> address = co_await start;
      if (!address.ok()) co_return std::move(address).status();
      client.target = *address;
      session_.max_message_bytes = config->limits.message_bytes;
    } else {
      client = std::get<grpc::ClientOptions>(request_.place);
    }
    Connect(client);
    {
      Task<Status> probe = runner_.Probe();
      Status status = co_await probe;
      if (!status.ok()) co_return status;
    }
    Declare();
    Task<Report> run = runner_.Run(suites_);
    report_ = co_await run;
    co_return OkStatus();
  }

  void Connect(grpc::ClientOptions& client) {
    client.calls.user_agent = "prism-conformance";
    // A server that sends too much is to be seen, not cut off.
    client.calls.max_message_bytes = size_t{256} << 20;
    for (int i = 0; i < kConnections; ++i) {
      channels_.push_back(std::make_unique<grpc::ClientChannel>(worker_, client));
      session_.channels.push_back(channels_.back().get());
    }
  }

  void Declare() {
    const auto* config = std::get_if<Config>(&request_.place);
    if (!config) return;
    session_.claimed.clear();
    const NamespaceConfig& name_space = *FindNamespace(*config, session_.name_space);
    for (const InterfaceInfo* info : DeclaredInterfaces(*config, name_space)) {
      session_.claimed.insert(info);
    }
  }

  const RunRequest& request_;
  const std::span<const Suite* const> suites_;
  Worker worker_{0};
  Session session_;
  std::vector<std::unique_ptr<grpc::ClientChannel>> channels_;
  OwnGateway gateway_;
  Runner runner_;
  Report report_;
  Status status_;
};

}  // namespace

Config EmbeddedConfig() {
  Config config;
  BackendConfig backend;
  backend.driver = "memstore";
  backend.settings.backend = "memstore";
  config.backends.push_back(backend);
  for (const std::string_view name : {kEmbeddedNamespace, kEmbeddedOther}) {
    NamespaceConfig name_space;
    name_space.name = name;
    name_space.backend = backend.settings.backend;
    config.namespaces.push_back(name_space);
  }
  return config;
}

Result<Report> RunSuites(const RunRequest& request, std::span<const Suite* const> suites) {
  return Run(request, suites).Do();
}

}  // namespace prism::conformance
