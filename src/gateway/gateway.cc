#include "gateway/gateway.h"

#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <thread>

#include "base/log.h"
#include "gateway/system_services.h"

namespace prism {
namespace {

// The cores that this process may use, which in a container are not all.
std::vector<int> UsableCpus() {
  std::vector<int> cpus;
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof(set), &set) != 0) return {0};
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
    if (CPU_ISSET(cpu, &set)) cpus.push_back(cpu);
  }
  return cpus;
}

// Counts answers of the workers on the control worker.
class Gathering {
 public:
  Gathering(Worker& control, size_t count) : control_(control), left_(count) {
    if (left_ == 0) done_.Set();
  }
  // On any thread.
  void Arrive(Status status) {
    control_.Post([this, status = std::move(status)]() mutable {
      if (first_error_.ok()) first_error_ = std::move(status);
      if (--left_ == 0) done_.Set();
    });
  }
  Event& done() { return done_; }
  const Status& first_error() const { return first_error_; }

 private:
  Worker& control_;
  size_t left_;
  Event done_;
  Status first_error_;
};

// The configuration's certificates; null when it has none.
Result<std::shared_ptr<const TlsContext>> LoadTls(const Config& config) {
  if (!config.tls) return std::shared_ptr<const TlsContext>();
  return TlsContext::ForServer(*config.tls);
}

void CloseAll(const std::vector<std::vector<ListeningSocket>>& sockets) {
  for (const auto& row : sockets) {
    for (const ListeningSocket& socket : row) close(socket.fd);
  }
}

}  // namespace

Gateway::Gateway(Worker& control, MetricsRegistry& metrics) : control_(control), metrics_(metrics) {
  methods_.AddSystemService(Health::Info(), kHealthPlace);
  methods_.AddSystemService(ServerReflection::Info(), kReflectionPlace);
  methods_.AddSystemService(ServerReflection::Info(), kReflectionPlace,
                            ServerReflectionService::kAlphaService);
}

Gateway::~Gateway() = default;

// Every worker gets a socket of its own for a TCP address, so the kernel spreads connections
// without a lock of ours, and a successor can listen before this process has drained; a Unix
// socket cannot be bound twice and is shared.
Status Gateway::OpenSockets(const Config& config, size_t workers,
                            std::vector<std::vector<ListeningSocket>>& sockets) {
  sockets.resize(workers);
  addresses_.clear();
  for (const ListenerConfig& listener : config.listeners) {
    std::string address = listener.address;
    const bool is_unix = address.starts_with("unix:");
    for (size_t i = 0; i < workers; ++i) {
      const bool duplicate = is_unix && i > 0;
      Result<int> fd = duplicate ? fcntl(sockets[0].back().fd, F_DUPFD_CLOEXEC, 0)
                                 : Listen(address, /*shared=*/true);
      if (!fd.ok()) {
        CloseAll(sockets);
        return std::move(fd).status();
      }
      sockets[i].push_back({*fd, listener.tls});
      address = LocalAddress(*fd);
    }
    addresses_.push_back(address);
  }
  return OkStatus();
}

Task<Status> Gateway::Start(Config config) {
  started_with_ = {.listeners = config.listeners, .admin = config.admin, .workers = config.workers};
  const std::vector<int> cpus = UsableCpus();
  const size_t workers = config.workers ? config.workers : cpus.size();
  std::vector<std::vector<ListeningSocket>> sockets;
  Result<std::shared_ptr<Generation>> generation =
      Generation::Open(std::move(config), ++last_number_, nullptr);
  if (!generation.ok()) co_return std::move(generation).status();
  PRISM_CO_RETURN_IF_ERROR(OpenSockets((*generation)->config(), workers, sockets));
  for (size_t i = 0; i < workers; ++i) {
    fronts_.push_back(std::make_unique<Front>(static_cast<int>(i), methods_, metrics_.AddShard(),
                                              connections_, methods_.services()));
  }
  const bool pin = workers <= cpus.size() && workers > 1;
  for (size_t i = 0; i < workers; ++i) fronts_[i]->Start(pin ? cpus[i] : -1);
  // Sockets last: one that accepts before its worker is bound would refuse calls.
  Status applied = co_await Apply(*generation);
  if (!applied.ok()) {
    CloseAll(sockets);
    Stop();
    co_return applied;
  }
  for (size_t i = 0; i < workers; ++i) fronts_[i]->Listen(std::move(sockets[i]));
  co_return OkStatus();
}

Task<Status> Gateway::Apply(std::shared_ptr<Generation> generation) {
  // Ahead of what cannot be taken back.
  Result<std::shared_ptr<const TlsContext>> tls = LoadTls(generation->config());
  if (!tls.ok()) co_return std::move(tls).status();
  Gathering answers(control_, fronts_.size());
  const auto workers = static_cast<unsigned>(fronts_.size());
  for (auto& front : fronts_) {
    front->Prepare(generation, workers,
                   [&answers](Status status) { answers.Arrive(std::move(status)); });
  }
  (void)co_await answers.done().Wait();
  if (!answers.first_error().ok()) {
    for (auto& front : fronts_) front->Discard();
    co_return answers.first_error();
  }
  Gathering adoptions(control_, fronts_.size());
  for (auto& front : fronts_) {
    front->Adopt([&adoptions](Status status) { adoptions.Arrive(std::move(status)); });
  }
  (void)co_await adoptions.done().Wait();
  SetTls(*tls);
  connections_.limit = generation->config().limits.connections;
  generation_ = std::move(generation);
  co_return OkStatus();
}

void Gateway::WarnOfRestartKeys(const Config& config) const {
  const auto same = [](const ListenerConfig& a, const ListenerConfig& b) {
    return a.address == b.address && a.tls == b.tls;
  };
  const auto warn = [](std::string_view key) {
    Log(LogLevel::kWarn, "a changed key takes effect only after a restart", {{"key", key}});
  };
  if (!std::ranges::equal(started_with_.listeners, config.listeners, same)) warn("listen");
  if (started_with_.admin != config.admin) warn("admin");
  if (started_with_.workers != config.workers) warn("workers");
}

Task<Status> Gateway::Reload(Config config) {
  WarnOfRestartKeys(config);
  Result<std::shared_ptr<Generation>> generation =
      Generation::Open(std::move(config), ++last_number_, generation_.get());
  if (!generation.ok()) co_return std::move(generation).status();
  co_return co_await Apply(*generation);
}

Status Gateway::ReloadTls() {
  Result<std::shared_ptr<const TlsContext>> tls = LoadTls(generation_->config());
  if (!tls.ok()) return std::move(tls).status();
  SetTls(*tls);
  return OkStatus();
}

// What used to be spoken stays when there is none: a listener cannot change to plain text.
void Gateway::SetTls(const std::shared_ptr<const TlsContext>& tls) {
  if (!tls) return;
  for (auto& front : fronts_) front->SetTls(tls);
}

Task<Status> Gateway::Drain(Duration timeout) {
  Gathering answers(control_, fronts_.size());
  const TimePoint deadline = Clock::now() + timeout;
  for (auto& front : fronts_) {
    front->Drain(deadline, [&answers](Status status) { answers.Arrive(std::move(status)); });
  }
  (void)co_await answers.done().Wait();
  co_return answers.first_error();
}

void Gateway::Stop() {
  for (auto& front : fronts_) front->Join();
  fronts_.clear();
}

}  // namespace prism
