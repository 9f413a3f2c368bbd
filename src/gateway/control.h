#pragma once

#include <memory>
#include <string>

#include "base/metrics.h"
#include "config/watch.h"
#include "gateway/admin.h"
#include "gateway/backend_health.h"
#include "gateway/gateway.h"
#include "loop/worker.h"

namespace prism {

// The control plane of a running gateway, on the main thread: signals, the watch on files, reloads,
// the admin port and the drain.
class Control {
 public:
  // `config` was read from its file after `file_watch` was made.
  Control(Config config, FileWatch file_watch);
  ~Control();

  // Serves until a signal ends it; the process's exit code.
  int Run();

 private:
  Task<void> Main();
  Task<Status> Start();
  Task<void> HandleSignals();
  Task<void> Reload(std::string_view cause);
  Task<void> ReloadOnce(std::string_view cause);
  Task<void> Drain();
  Status OpenAdmin(const std::string& address);
  AdminRoutes Routes();
  void OnTick();
  std::vector<BackendHealth> Backends() const;
  std::string StatusJson() const;

  Worker worker_{-1};
  MetricsRegistry metrics_;
  Config config_;
  FileWatch file_watch_;
  FileWatch tls_watch_{{}};
  Gateway gateway_;
  std::unique_ptr<AdminServer> admin_;
  std::string admin_address_;
  Timer tick_;
  int signal_fd_ = -1;
  FdWatch* signal_watch_ = nullptr;  // while signals are awaited
  bool ready_ = false;
  bool draining_ = false;
  bool drained_ = false;
  bool reloading_ = false;
  bool reload_again_ = false;
  std::string last_error_;
  std::chrono::system_clock::time_point started_at_;
  std::chrono::system_clock::time_point loaded_at_;
  int exit_code_ = 0;
};

}  // namespace prism
