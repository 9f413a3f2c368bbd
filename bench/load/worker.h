#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "load/connection.h"
#include "load/histogram.h"
#include "load/workload.h"

namespace prism::bench {

uint64_t NowNs();

enum class Phase : uint8_t { kWarmup, kMeasure, kStop };

// What one worker is to do.
struct Plan {
  Method method = Method::kGet;
  size_t connections = 1;
  size_t streams = 1;
  double rate = 0;             // calls per second; 0: as many as the open streams allow
  bool until_goaway = false;   // do not reopen connections that were told to go away
  bool hold_idle = false;      // open the connections and make no call
  bool once = false;           // call for each of `keys` once, then stop; give up after 30 s
  std::vector<size_t> keys{};  // with `once`
};

// What one worker, or all together, saw. Failures count from the first call to the last, the rest
// in Phase::kMeasure only.
struct Stats {
  Histogram latency;
  std::array<uint64_t, kFailures> failures{};
  uint64_t answered = 0;  // right answers at any time
  uint64_t goaways = 0;
  uint64_t reopened = 0;
  std::string first_failure;
  std::vector<bool> touched;  // keys with at least one right answer

  uint64_t failed() const;
  void Merge(const Stats& other);
};

// One thread of load: its connections, and when to start which call on them.
class Worker final : private ConnectionObserver {
 public:
  Worker(const Plan& plan, const Workload& workload, const Address& address,
         const std::atomic<Phase>& phase);
  ~Worker() override;

  // Runs to the end of the plan or until the phase is kStop and the open calls have ended; calls
  // open 5 s later have timed out.
  void Run();

  // Of an idle worker: connections that completed HTTP/2's greeting. Any thread may ask.
  size_t greeted() const { return greeted_.load(std::memory_order_relaxed); }
  const Stats& stats() const { return stats_; }

 private:
  void OnDone(Call& call, Failure failure) override;
  void Note(Failure failure, const std::string& detail);
  void OpenMissing(uint64_t now);
  bool Ended(uint64_t now);
  void Serve(Connection& connection, uint32_t events);
  void Settle(Connection& connection);
  void Fill(Connection& connection);
  void StartDue(uint64_t now);
  Connection* NextFree();
  bool NextKey(size_t& key);
  void Wait(uint64_t now);
  size_t InFlight() const;

  const Plan plan_;
  const Workload& workload_;
  const Address& address_;
  const std::atomic<Phase>& phase_;
  const RequestHeaders headers_;
  const int epoll_;
  std::vector<std::unique_ptr<Connection>> connections_;
  std::vector<uint8_t> buffer_ = std::vector<uint8_t>(256 << 10);
  std::vector<size_t> todo_;  // with `once`: keys not yet called for
  Stats stats_;
  std::atomic<size_t> greeted_{0};
  size_t closed_ = 0;  // connections that are not open at the moment
  size_t turn_ = 0;
  uint64_t random_;
  uint64_t event_ns_ = 0;
  uint64_t retry_connect_ns_ = 0;
  uint64_t begun_ns_ = 0;
  uint64_t stop_ns_ = 0;
  uint64_t first_due_ns_ = 0;
  uint64_t started_ = 0;
};

}  // namespace prism::bench
