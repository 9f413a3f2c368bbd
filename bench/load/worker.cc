#include "load/worker.h"

#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>

namespace prism::bench {
namespace {

constexpr uint64_t kMillisecond = 1'000'000;
constexpr uint64_t kGraceNs = 5000 * kMillisecond;
constexpr uint64_t kOnceLimitNs = 30'000 * kMillisecond;
constexpr uint64_t kReconnectNs = 20 * kMillisecond;
constexpr uint64_t kTickNs = 10 * kMillisecond;  // the phase is looked at this often at least

}  // namespace

uint64_t NowNs() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

uint64_t Stats::failed() const {
  uint64_t sum = 0;
  for (auto f = static_cast<size_t>(Failure::kConnect); f < kFailures; ++f) sum += failures[f];
  return sum;
}

void Stats::Merge(const Stats& other) {
  latency.Merge(other.latency);
  for (size_t f = 0; f < kFailures; ++f) failures[f] += other.failures[f];
  answered += other.answered;
  goaways += other.goaways;
  reopened += other.reopened;
  if (first_failure.empty()) first_failure = other.first_failure;
  touched.resize(std::max(touched.size(), other.touched.size()));
  for (size_t key = 0; key < other.touched.size(); ++key) {
    if (other.touched[key]) touched[key] = true;
  }
}

Worker::Worker(const Plan& plan, const Workload& workload, const Address& address,
               const std::atomic<Phase>& phase)
    : plan_(plan),
      workload_(workload),
      address_(address),
      phase_(phase),
      headers_(workload),
      epoll_(epoll_create1(EPOLL_CLOEXEC)),
      todo_(plan.keys),
      random_(NowNs() | 1) {
  stats_.touched.resize(workload.size());
  ConnectionObserver& self = *this;
  for (size_t i = 0; i < plan.connections; ++i) {
    connections_.push_back(std::make_unique<Connection>(self, headers_, plan.streams));
  }
  closed_ = connections_.size();
}

Worker::~Worker() { close(epoll_); }

void Worker::Run() {
  begun_ns_ = NowNs();
  for (uint64_t now = begun_ns_;; now = NowNs()) {
    if (closed_ > 0 && now >= retry_connect_ns_) OpenMissing(now);
    if (plan_.rate > 0) StartDue(now);
    if (Ended(now)) break;
    Wait(now);
  }
  stats_.failures[static_cast<size_t>(Failure::kTimeout)] += InFlight();
}

// Whether there is nothing left to do or to wait for.
bool Worker::Ended(uint64_t now) {
  if (plan_.until_goaway && closed_ == connections_.size() && stats_.goaways >= closed_)
    return true;
  if (plan_.once && todo_.empty() && InFlight() == 0) return true;
  if (plan_.once && now - begun_ns_ > kOnceLimitNs) return true;
  if (phase_.load(std::memory_order_relaxed) != Phase::kStop) return false;
  if (stop_ns_ == 0) stop_ns_ = now;
  return InFlight() == 0 || now - stop_ns_ > kGraceNs;
}

size_t Worker::InFlight() const {
  size_t sum = 0;
  for (const auto& connection : connections_) sum += connection->in_flight();
  return sum;
}

void Worker::OpenMissing(uint64_t now) {
  if (phase_.load(std::memory_order_relaxed) == Phase::kStop) return;
  for (const auto& connection : connections_) {
    if (connection->state() != Connection::State::kClosed) continue;
    if (plan_.until_goaway && connection->told_to_go()) continue;
    if (!connection->Open(address_, epoll_)) {
      Note(Failure::kConnect, "the server cannot be reached");
      retry_connect_ns_ = now + kReconnectNs;
      if (plan_.once) todo_.clear();
      return;
    }
    --closed_;
  }
}

void Worker::Wait(uint64_t now) {
  uint64_t wait_ns = kTickNs;
  if (plan_.rate > 0) {
    const auto due = first_due_ns_ + static_cast<uint64_t>(started_ * 1e9 / plan_.rate);
    // When the due call waits for a stream to end, an event will wake us.
    if (due > now) wait_ns = std::min(wait_ns, due - now);
  }
  std::array<epoll_event, 256> events;
  const timespec timeout{.tv_sec = 0, .tv_nsec = static_cast<long>(wait_ns)};
  const int count = epoll_pwait2(epoll_, events.data(), events.size(), &timeout, nullptr);
  for (int i = 0; i < count; ++i) {
    Serve(*static_cast<Connection*>(events[i].data.ptr), events[i].events);
  }
}

void Worker::Serve(Connection& connection, uint32_t events) {
  const auto before = connection.state();
  event_ns_ = NowNs();
  if ((events & EPOLLOUT) != 0) connection.OnWritable();
  if ((events & ~EPOLLOUT) != 0 && connection.state() != Connection::State::kClosed) {
    connection.OnReadable(buffer_);
  }
  if (before == Connection::State::kGreeting && connection.state() == Connection::State::kOpen) {
    greeted_.fetch_add(1, std::memory_order_relaxed);
  }
  if (plan_.rate == 0) Fill(connection);
  if (connection.state() != Connection::State::kClosed) connection.Flush();
  if (connection.state() == Connection::State::kClosed) Settle(connection);
}

// Accounts for a connection that has just closed.
void Worker::Settle(Connection& connection) {
  ++closed_;
  if (connection.told_to_go()) ++stats_.goaways;
  if (!connection.told_to_go()) {
    Note(Failure::kConnectionLost, "the server closed a connection without GOAWAY");
    retry_connect_ns_ = event_ns_ + kReconnectNs;
  }
  if (!plan_.until_goaway) ++stats_.reopened;
}

void Worker::Fill(Connection& connection) {
  if (phase_.load(std::memory_order_relaxed) == Phase::kStop || plan_.hold_idle) return;
  size_t key = 0;
  while (connection.CanStart() && NextKey(key)) {
    connection.Start(workload_.Of(plan_.method, key), key, NowNs());
  }
}

// Starts the calls that the schedule has due. A call that finds no free stream keeps its due time:
// its latency includes the wait, so that a stalled server cannot hide behind calls not made.
void Worker::StartDue(uint64_t now) {
  if (phase_.load(std::memory_order_relaxed) == Phase::kStop) return;
  if (first_due_ns_ == 0) first_due_ns_ = now;
  size_t key = 0;
  for (Connection* connection;;) {
    const auto due = first_due_ns_ + static_cast<uint64_t>(started_ * 1e9 / plan_.rate);
    if (due > now || (connection = NextFree()) == nullptr || !NextKey(key)) break;
    connection->Start(workload_.Of(plan_.method, key), key, due);
    ++started_;
  }
  for (const auto& connection : connections_) {
    if (connection->state() == Connection::State::kClosed) continue;
    connection->Flush();
    if (connection->state() == Connection::State::kClosed) Settle(*connection);
  }
}

Connection* Worker::NextFree() {
  for (size_t i = 0; i < connections_.size(); ++i) {
    turn_ = (turn_ + 1) % connections_.size();
    if (connections_[turn_]->CanStart()) return connections_[turn_].get();
  }
  return nullptr;
}

bool Worker::NextKey(size_t& key) {
  if (plan_.once) {
    if (todo_.empty()) return false;
    key = todo_.back();
    todo_.pop_back();
    return true;
  }
  random_ ^= random_ << 13;
  random_ ^= random_ >> 7;
  random_ ^= random_ << 17;
  key = random_ % workload_.size();
  return true;
}

void Worker::OnDone(Call& call, Failure failure) {
  if (failure != Failure::kNone) {
    if (plan_.once && failure == Failure::kRetried) todo_.push_back(call.key);
    const Answer& answer = call.answer;
    return Note(failure, "HTTP " + std::to_string(answer.http_status) + ", grpc-status " +
                             std::to_string(answer.grpc_status) + ", grpc-message '" +
                             answer.grpc_message + "', " + std::to_string(answer.body.size()) +
                             " bytes");
  }
  ++stats_.answered;
  stats_.touched[call.key] = true;
  if (phase_.load(std::memory_order_relaxed) != Phase::kMeasure) return;
  // The time of a reading is taken once, before it: when the answers were there.
  stats_.latency.Record(std::max(event_ns_, call.start_ns) - call.start_ns);
}

void Worker::Note(Failure failure, const std::string& detail) {
  ++stats_.failures[static_cast<size_t>(failure)];
  if (failure == Failure::kRetried || !stats_.first_failure.empty()) return;
  stats_.first_failure = std::string(NameOf(failure)) + ": " + detail;
}

}  // namespace prism::bench
