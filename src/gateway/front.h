#pragma once

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include "base/metrics.h"
#include "gateway/health.h"
#include "gateway/reflection.h"
#include "gateway/router.h"
#include "loop/tls.h"
#include "wire/grpc/server.h"

namespace prism {

// Connections of the whole gateway against their limit; shared by the workers.
struct ConnectionCount {
  std::atomic<uint64_t> open{0};
  std::atomic<uint64_t> limit{0};
};

// A bound socket and whether its connections speak TLS.
struct ListeningSocket {
  int fd = -1;
  bool tls = false;
};

// One worker thread with all that it serves: its listening sockets, connections and bindings.
// Made, commanded and destroyed by the control thread; the commands run on the worker.
class Front {
 public:
  Front(int index, const MethodTable& methods, MetricShard& metrics, ConnectionCount& connections,
        const std::vector<std::string_view>& services);
  ~Front();
  Front(const Front&) = delete;
  Front& operator=(const Front&) = delete;

  // Starts the thread, pinned to `cpu` unless that is negative.
  void Start(int cpu);
  // Accepts connections on `sockets`, which are taken over.
  void Listen(std::vector<ListeningSocket> sockets);
  // Opens the backends of `generation`, for Adopt; new calls are bound as before. `done` is called
  // on the worker.
  void Prepare(std::shared_ptr<Generation> generation, unsigned workers,
               std::function<void(Status)> done);
  // New calls are bound by what was prepared, from when `done` is called on the worker.
  void Adopt(std::function<void(Status)> done);
  // What was prepared is dropped.
  void Discard();
  void SetTls(std::shared_ptr<const TlsContext> tls);
  // Takes no new connections and lets the calls in flight end, at most until `deadline`; then
  // `done` runs on the worker, with DEADLINE_EXCEEDED if some have not ended.
  void Drain(TimePoint deadline, std::function<void(Status)> done);
  // Ends the thread; connections are gone when it returns.
  void Join();

 private:
  void OnAccept(int fd, std::string peer, bool tls);
  Task<void> RunDrain(TimePoint deadline, std::function<void(Status)> done);
  Task<void> RunStop();
  static grpc::ServerOptions OptionsOf(const Config& config);

  Worker worker_;
  MetricShard& metrics_;
  ConnectionCount& connections_;
  HealthService health_;
  ServerReflectionService reflection_;
  Router router_;
  Snapshot* prepared_ = nullptr;
  grpc::Server server_;
  Gauge& open_connections_;
  Counter& accepted_;
  Counter& refused_;
  std::shared_ptr<const TlsContext> tls_;
  std::vector<std::unique_ptr<Acceptor>> acceptors_;
  std::thread thread_;
};

}  // namespace prism
