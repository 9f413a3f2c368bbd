#include "gateway/control.h"

#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/log.h"
#include "config/catalog.h"
#include "gateway/serve.h"
#include "gateway/status_page.h"

namespace prism {
namespace {

constexpr auto kTick = std::chrono::seconds(1);
constexpr int kExitCallsLost = 3;

std::vector<std::string> TlsPaths(const Config& config) {
  if (!config.tls) return {};
  std::vector<std::string> paths = {config.tls->certificate, config.tls->key};
  if (!config.tls->ca.empty()) paths.push_back(config.tls->ca);
  return paths;
}

std::string JoinLines(const std::vector<Fault>& faults) {
  std::string text = FormatFaults(faults);
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

// Signals are read from a descriptor by the control worker; every thread inherits the mask.
int OpenSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (int number : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&signals, number);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);
  return signalfd(-1, &signals, SFD_NONBLOCK | SFD_CLOEXEC);
}

}  // namespace

Control::Control(Config config, FileWatch file_watch)
    : config_(std::move(config)),
      file_watch_(std::move(file_watch)),
      gateway_(worker_, metrics_),
      tick_([](void* self) { static_cast<Control*>(self)->OnTick(); }, this),
      signal_fd_(OpenSignals()),
      started_at_(std::chrono::system_clock::now()) {}

Control::~Control() { close(signal_fd_); }

int Control::Run() {
  worker_.Post([this] { Spawn(Main()); });
  worker_.Run();
  return exit_code_;
}

Task<void> Control::Main() {
  Status status = co_await Start();
  if (status.ok()) {
    co_await HandleSignals();
  } else {
    Log(LogLevel::kError, "cannot start", {{"error", status.ToString()}});
    exit_code_ = 1;
  }
  if (admin_) co_await admin_->Stop();
  gateway_.Stop();
  worker_.Stop();
}

Task<Status> Control::Start() {
  SetLogLevel(config_.log.level);
  SetLogFormat(config_.log.format);
  const std::string admin = config_.admin;
  tls_watch_ = FileWatch(TlsPaths(config_));
  PRISM_CO_RETURN_IF_ERROR(co_await gateway_.Start(std::move(config_)));
  if (!admin.empty()) PRISM_CO_RETURN_IF_ERROR(OpenAdmin(admin));
  loaded_at_ = std::chrono::system_clock::now();
  ready_ = true;
  for (const std::string& address : gateway_.addresses()) {
    Log(LogLevel::kInfo, "listening", {{"address", address}, {"workers", gateway_.workers()}});
  }
  tick_.Arm(Clock::now() + kTick);
  co_return OkStatus();
}

Status Control::OpenAdmin(const std::string& address) {
  // Shared, so that a successor can open it before this process has drained.
  Result<int> fd = Listen(address, /*shared=*/true);
  if (!fd.ok()) return std::move(fd).status();
  admin_address_ = LocalAddress(*fd);
  admin_ = std::make_unique<AdminServer>(worker_, *fd, Routes());
  Log(LogLevel::kInfo, "admin port open", {{"address", admin_address_}});
  return OkStatus();
}

AdminRoutes Control::Routes() {
  return {
      {"/metrics",
       [this] {
         return AdminResponse{.content_type = std::string(MetricsRegistry::kContentType),
                              .body = metrics_.Render() + ToMetrics(Backends())};
       }},
      {"/healthz", [] { return AdminResponse{.body = "ok\n"}; }},
      {"/readyz",
       [this] {
         if (draining_) return AdminResponse{.status = 503, .body = "draining\n"};
         if (!ready_) return AdminResponse{.status = 503, .body = "starting\n"};
         const std::vector<BackendHealth> backends = Backends();
         const std::string unhealthy = DescribeUnhealthy(backends);
         if (CanServe(backends)) return AdminResponse{.body = "ready\n" + unhealthy};
         return AdminResponse{.status = 503, .body = "no backend can be reached\n" + unhealthy};
       }},
      {"/status",
       [this] { return AdminResponse{.content_type = "application/json", .body = StatusJson()}; }},
  };
}

std::vector<BackendHealth> Control::Backends() const { return HealthOf(*gateway_.generation()); }

std::string Control::StatusJson() const {
  return MakeStatusPage({.gateway = gateway_,
                         .metrics = metrics_,
                         .started_at = started_at_,
                         .loaded_at = loaded_at_,
                         .ready = ready_ && !draining_ && CanServe(Backends()),
                         .draining = draining_,
                         .last_error = last_error_});
}

Task<void> Control::HandleSignals() {
  FdWatch watch(worker_, signal_fd_);
  while (!drained_) {
    signalfd_siginfo info;
    if (read(signal_fd_, &info, sizeof(info)) != sizeof(info)) {
      signal_watch_ = &watch;
      co_await watch.Readable();
    } else if (info.ssi_signo == SIGHUP) {
      co_await Reload("SIGHUP");
    } else if (!draining_) {
      draining_ = true;
      Spawn(Drain());
    } else {
      Log(LogLevel::kWarn, "second signal: stopping without waiting for calls");
      if (metrics_.AllTotals().in_flight > 0) exit_code_ = kExitCallsLost;
      break;
    }
  }
  signal_watch_ = nullptr;
}

Task<void> Control::Drain() {
  const Duration timeout = gateway_.generation()->config().drain_timeout;
  Log(LogLevel::kInfo, "draining",
      {{"timeout_s", std::chrono::duration_cast<std::chrono::seconds>(timeout).count()}});
  const Status status = co_await gateway_.Drain(timeout);
  if (status.ok()) {
    Log(LogLevel::kInfo, "drained");
  } else {
    Log(LogLevel::kWarn, "drain_timeout has passed; the calls still in flight are ended",
        {{"calls", metrics_.AllTotals().in_flight}});
    exit_code_ = kExitCallsLost;
  }
  drained_ = true;
  if (signal_watch_) signal_watch_->WakeReader();
}

// One at a time: what changes during a reload is read by one more.
Task<void> Control::Reload(std::string_view cause) {
  if (draining_) co_return;
  reload_again_ = reloading_;
  if (reloading_) co_return;
  reloading_ = true;
  do {
    reload_again_ = false;
    co_await ReloadOnce(cause);
  } while (reload_again_ && !draining_);
  reloading_ = false;
}

Task<void> Control::ReloadOnce(std::string_view cause) {
  LoadResult loaded = LoadConfig(gateway_.generation()->config().file, CatalogOfDrivers());
  Status status = loaded.ok() ? OkStatus() : InvalidArgumentError(JoinLines(loaded.faults));
  const LogConfig log = loaded.config.log;
  if (status.ok()) {
    tls_watch_ = FileWatch(TlsPaths(loaded.config));
    status = co_await gateway_.Reload(std::move(loaded.config));
  }
  last_error_ = status.ok() ? "" : status.ToString();
  if (!status.ok()) {
    Log(LogLevel::kError, "configuration refused; the old one stays",
        {{"cause", cause}, {"error", last_error_}});
    co_return;
  }
  SetLogLevel(log.level);
  SetLogFormat(log.format);
  loaded_at_ = std::chrono::system_clock::now();
  Log(LogLevel::kInfo, "configuration reloaded",
      {{"cause", cause}, {"generation", gateway_.generation()->number()}});
}

void Control::OnTick() {
  tick_.Arm(Clock::now() + kTick);
  if (file_watch_.Changed()) {
    Spawn(Reload("file changed"));
  } else if (!reloading_ && tls_watch_.Changed()) {
    Status status = gateway_.ReloadTls();
    Log(status.ok() ? LogLevel::kInfo : LogLevel::kError,
        status.ok() ? "certificates reloaded" : "certificates refused; the old ones stay",
        {{"error", status.message()}});
  }
}

}  // namespace prism
