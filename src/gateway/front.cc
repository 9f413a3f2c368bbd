#include "gateway/front.h"

#include <unistd.h>

#include <utility>

#include "gateway/system_services.h"

namespace prism {

Front::Front(int index, const MethodTable& methods, MetricShard& metrics,
             ConnectionCount& connections, const std::vector<std::string_view>& services)
    : worker_(index),
      metrics_(metrics),
      connections_(connections),
      health_(services),
      reflection_(services),
      router_(methods, metrics),
      server_(worker_, {}, router_),
      open_connections_(metrics.GetGauge(kConnectionsMetric)),
      accepted_(metrics.GetCounter(kConnectionsTotalMetric)),
      refused_(metrics.GetCounter(kConnectionsRefusedMetric, {{"reason", "limit"}})) {
  router_.SetSystemService(kHealthPlace, static_cast<Health*>(&health_));
  router_.SetSystemService(kReflectionPlace, static_cast<ServerReflection*>(&reflection_));
}

Front::~Front() = default;

grpc::ServerOptions Front::OptionsOf(const Config& config) {
  const LimitsConfig& limits = config.limits;
  grpc::ServerOptions options;
  options.http2.max_concurrent_streams = static_cast<uint32_t>(limits.streams_per_connection);
  options.http2.max_header_list_bytes = static_cast<uint32_t>(limits.header_list_bytes);
  options.http2.stream_window_bytes = static_cast<uint32_t>(limits.stream_window_bytes);
  options.http2.connection_window_bytes = static_cast<uint32_t>(limits.connection_window_bytes);
  options.http2.handshake_timeout = config.keepalive.handshake_timeout;
  options.http2.ping_after = config.keepalive.ping_after;
  options.http2.ping_timeout = config.keepalive.ping_timeout;
  options.http2.idle_timeout = config.keepalive.idle_timeout;
  options.http2.stall_timeout = config.keepalive.stall_timeout;
  options.calls.max_message_bytes = limits.message_bytes;
  return options;
}

void Front::Start(int cpu) {
  thread_ = std::thread([this, cpu] { worker_.Run(cpu); });
}

void Front::Listen(std::vector<ListeningSocket> sockets) {
  worker_.Post([this, sockets = std::move(sockets)] {
    for (const ListeningSocket& socket : sockets) {
      acceptors_.push_back(std::make_unique<Acceptor>(
          worker_, socket.fd, [this, tls = socket.tls](int fd, std::string peer) {
            OnAccept(fd, std::move(peer), tls);
          }));
    }
  });
}

void Front::OnAccept(int fd, std::string peer, bool tls) {
  accepted_.Add();
  const uint64_t open = connections_.open.fetch_add(1, std::memory_order_relaxed);
  if (open >= connections_.limit.load(std::memory_order_relaxed)) {
    connections_.open.fetch_sub(1, std::memory_order_relaxed);
    refused_.Add();
    close(fd);
    return;
  }
  open_connections_.Add();
  server_.Serve(fd, std::move(peer), tls ? tls_ : nullptr, [this] {
    open_connections_.Sub();
    connections_.open.fetch_sub(1, std::memory_order_relaxed);
  });
}

void Front::Prepare(std::shared_ptr<Generation> generation, unsigned workers,
                    std::function<void(Status)> done) {
  worker_.Post([this, generation = std::move(generation), workers, done = std::move(done)] {
    Result<Snapshot*> snapshot = Snapshot::Make(worker_, generation, metrics_, workers);
    if (snapshot.ok()) prepared_ = *snapshot;
    done(snapshot.ok() ? OkStatus() : snapshot.status());
  });
}

void Front::Adopt(std::function<void(Status)> done) {
  worker_.Post([this, done = std::move(done)] {
    server_.SetOptions(OptionsOf(prepared_->generation().config()));
    router_.SetSnapshot(std::exchange(prepared_, nullptr));
    done(OkStatus());
  });
}

void Front::Discard() {
  worker_.Post([this] {
    if (prepared_) std::exchange(prepared_, nullptr)->Unref();
  });
}

void Front::SetTls(std::shared_ptr<const TlsContext> tls) {
  worker_.Post([this, tls = std::move(tls)] { tls_ = tls; });
}

void Front::Drain(TimePoint deadline, std::function<void(Status)> done) {
  worker_.Post([this, deadline, done = std::move(done)] { Spawn(RunDrain(deadline, done)); });
}

Task<void> Front::RunDrain(TimePoint deadline, std::function<void(Status)> done) {
  acceptors_.clear();
  health_.Shutdown();
  server_.Drain();
  Cancellation late;
  Timer timer(
      [](void* self) {
        static_cast<Cancellation*>(self)->Cancel(DeadlineExceededError("drain_timeout has passed"));
      },
      &late);
  timer.Arm(deadline);
  done(co_await server_.idle().Wait(late));
}

Task<void> Front::RunStop() {
  acceptors_.clear();
  co_await server_.Stop();
  router_.SetSnapshot(nullptr);
  worker_.Stop();
}

void Front::Join() {
  worker_.Post([this] { Spawn(RunStop()); });
  thread_.join();
}

}  // namespace prism
