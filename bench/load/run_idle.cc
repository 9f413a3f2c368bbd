#include <poll.h>
#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <thread>

#include "load/modes.h"
#include "load/worker.h"

namespace prism::bench {
namespace {

constexpr uint64_t kGreetingLimitNs = 30'000'000'000;

bool StdinEnds(int wait_ms) {
  pollfd in{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
  char byte;
  return poll(&in, 1, wait_ms) > 0 && read(STDIN_FILENO, &byte, 1) <= 0;
}

}  // namespace

int RunIdle(const Options& options, const Workload& workload, const Address& address) {
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);

  std::atomic<Phase> phase = Phase::kWarmup;
  Plan plan;
  plan.connections = options.idle;
  plan.hold_idle = true;
  Worker worker(plan, workload, address, phase);
  std::thread thread([&worker] { worker.Run(); });

  const uint64_t begin = NowNs();
  while (worker.greeted() < plan.connections && NowNs() - begin < kGreetingLimitNs) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  const bool all = worker.greeted() >= plan.connections;
  std::printf("idle %zu connections\n", worker.greeted());
  std::fflush(stdout);
  const uint64_t end = NowNs() + static_cast<uint64_t>(options.duration_s * 1e9);
  while (all && NowNs() < end && !StdinEnds(20)) continue;

  phase.store(Phase::kStop);
  thread.join();
  const uint64_t failed = worker.stats().failed();
  if (failed > 0) {
    std::fprintf(stderr, "prism_load: %llu failed, first: %s\n",
                 static_cast<unsigned long long>(failed), worker.stats().first_failure.c_str());
  }
  return all && failed == 0 ? 0 : 1;
}

}  // namespace prism::bench
