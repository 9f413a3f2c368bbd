#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/metrics.h"
#include "config/config.h"
#include "gateway/front.h"
#include "gateway/generation.h"
#include "gateway/method_table.h"

namespace prism {

// The data plane: worker threads, their sockets and the current generation. All methods are called
// on the control worker.
class Gateway {
 public:
  explicit Gateway(Worker& control, MetricsRegistry& metrics);
  ~Gateway();

  // Opens sockets and backends and starts the workers. On an error nothing runs.
  Task<Status> Start(Config config);
  // Serves new calls by `config`; those in flight end under the old one. What only a restart can
  // change (sockets, workers) stays, with a warning. An error leaves everything as it was.
  Task<Status> Reload(Config config);
  // Loads the certificates again; an error keeps the old ones.
  Status ReloadTls();
  // Stops taking connections; returns when the calls in flight have ended, or DEADLINE_EXCEEDED
  // when `timeout` has passed.
  Task<Status> Drain(Duration timeout);
  // Ends the workers.
  void Stop();

  const Generation* generation() const { return generation_.get(); }
  size_t workers() const { return fronts_.size(); }
  uint64_t connections() const { return connections_.open.load(std::memory_order_relaxed); }
  // Where the gateway listens, with real ports.
  const std::vector<std::string>& addresses() const { return addresses_; }

 private:
  Status OpenSockets(const Config& config, size_t workers,
                     std::vector<std::vector<ListeningSocket>>& sockets);
  Task<Status> Apply(std::shared_ptr<Generation> generation);
  void SetTls(const std::shared_ptr<const TlsContext>& tls);
  void WarnOfRestartKeys(const Config& config) const;

  // What a reload cannot change.
  struct RestartKeys {
    std::vector<ListenerConfig> listeners;
    std::string admin;
    uint64_t workers = 0;
  };

  Worker& control_;
  MetricsRegistry& metrics_;
  MethodTable methods_;
  ConnectionCount connections_;
  std::vector<std::unique_ptr<Front>> fronts_;
  std::shared_ptr<Generation> generation_;
  std::vector<std::string> addresses_;
  RestartKeys started_with_;
  int last_number_ = 0;
};

}  // namespace prism
