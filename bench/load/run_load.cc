#include <sys/types.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <numeric>
#include <thread>
#include <vector>

#include "load/modes.h"

namespace prism::bench {
namespace {

// CPU time of processes, threads that have ended included, in nanoseconds' resolution.
double CpuSeconds(const std::vector<int>& pids) {
  double sum = 0;
  for (const int pid : pids) {
    clockid_t clock;
    timespec used{};
    if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &used) != 0) {
      std::fprintf(stderr, "prism_load: no process %d to charge\n", pid);
      std::exit(2);
    }
    sum += static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) / 1e9;
  }
  return sum;
}

// The workers of a run on their threads.
class Crew {
 public:
  Crew(const Options& options, const Workload& workload, const Address& address) {
    for (int i = 0; i < options.threads; ++i) {
      Plan plan;
      plan.method = options.method;
      plan.connections = options.connections / options.threads +
                         (i < options.connections % options.threads ? 1 : 0);
      plan.streams = options.streams;
      plan.rate = options.rate / options.threads;
      plan.until_goaway = options.until_goaway;
      workers_.push_back(std::make_unique<Worker>(plan, workload, address, phase_));
    }
    for (const auto& worker : workers_) threads_.emplace_back([this, &worker] { Work(*worker); });
  }

  void Enter(Phase phase) { phase_.store(phase, std::memory_order_relaxed); }

  // Waits the time, or less when all workers have ended by themselves.
  void Wait(double seconds) {
    std::unique_lock lock(mutex_);
    all_ended_.wait_for(lock, std::chrono::duration<double>(seconds),
                        [this] { return ended_ == workers_.size(); });
  }

  Stats Join() {
    for (std::thread& thread : threads_) thread.join();
    Stats stats;
    for (const auto& worker : workers_) stats.Merge(worker->stats());
    return stats;
  }

 private:
  void Work(Worker& worker) {
    worker.Run();
    const std::lock_guard lock(mutex_);
    ++ended_;
    all_ended_.notify_one();
  }

  std::atomic<Phase> phase_{Phase::kWarmup};
  std::vector<std::unique_ptr<Worker>> workers_;
  std::vector<std::thread> threads_;
  std::mutex mutex_;
  std::condition_variable all_ended_;
  size_t ended_ = 0;
};

Result Once(const char* stage, Method method, std::vector<size_t> keys, const Workload& workload,
            const Address& address) {
  const std::atomic<Phase> phase = Phase::kWarmup;
  Plan plan;
  plan.method = method;
  plan.streams = 32;
  plan.once = true;
  plan.keys = std::move(keys);
  Worker worker(plan, workload, address, phase);
  worker.Run();
  Result result;
  result.stats = worker.stats();
  result.stage = stage;
  return result;
}

Result Measure(const Options& options, const Workload& workload, const Address& address) {
  const std::vector<int> self = {getpid()};
  Crew crew(options, workload, address);
  crew.Wait(options.warmup_s);
  crew.Enter(Phase::kMeasure);
  const double server_before = CpuSeconds(options.cpu_pids);
  const double load_before = CpuSeconds(self);
  const uint64_t begin = NowNs();
  crew.Wait(options.duration_s);
  crew.Enter(Phase::kStop);
  Result result;
  result.seconds = static_cast<double>(NowNs() - begin) / 1e9;
  result.server_cpu_s = CpuSeconds(options.cpu_pids) - server_before;
  result.load_cpu_s = CpuSeconds(self) - load_before;
  result.stats = crew.Join();
  return result;
}

void ExpectGoaways(const Options& options, Stats& stats) {
  const auto expected = static_cast<uint64_t>(options.connections);
  if (stats.goaways >= expected) return;
  stats.failures[static_cast<size_t>(Failure::kNoGoaway)] = expected - stats.goaways;
  if (stats.first_failure.empty()) stats.first_failure = "no_goaway: the time ended first";
}

}  // namespace

Result RunLoad(const Options& options, const Workload& workload, const Address& address) {
  std::vector<size_t> keys(workload.size());
  std::iota(keys.begin(), keys.end(), 0);
  if (options.method == Method::kGet) {
    Result preload = Once("preload", Method::kSet, keys, workload, address);
    if (preload.stats.failed() > 0) return preload;
  }
  Result result = Measure(options, workload, address);
  if (options.until_goaway) {
    ExpectGoaways(options, result.stats);
  } else if (options.method == Method::kSet && result.stats.failed() == 0) {
    std::erase_if(keys, [&](size_t key) { return !result.stats.touched[key]; });
    const Result verify = Once("verify", Method::kGet, keys, workload, address);
    result.stats.failures = verify.stats.failures;
    result.stats.first_failure = verify.stats.first_failure;
    if (verify.stats.failed() > 0) result.stage = "verify";
  }
  return result;
}

}  // namespace prism::bench
