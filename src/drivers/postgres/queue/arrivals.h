#pragma once

#include <algorithm>
#include <chrono>
#include <map>
#include <mutex>
#include <set>
#include <string>

namespace prism::postgres {

// The order among the calls of this gateway on the queues of one namespace, whose statements may
// overtake each other on the connections of several workers. Any thread.
class QueueArrivals {
 public:
  // The time of a call that has come and may wait, in Unix microseconds; no two are equal.
  int64_t Arrive(const std::string& queue) {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const auto now_us = std::chrono::duration_cast<std::chrono::microseconds>(now).count();
    std::lock_guard lock(mutex_);
    last_us_ = std::max<int64_t>(last_us_ + 1, now_us);
    queues_[queue].arriving.insert(last_us_);
    return last_us_;
  }
  // A time behind that of all that have come.
  int64_t Now() const {
    std::lock_guard lock(mutex_);
    return last_us_ + 1;
  }
  // It is in the line, or got messages, or went.
  void Settle(const std::string& queue, int64_t arrived_us) {
    std::lock_guard lock(mutex_);
    const auto found = queues_.find(queue);
    if (found == queues_.end()) return;
    found->second.arriving.erase(arrived_us);
    DropIfDone(found);
  }
  // Whether all that came before that time have settled.
  bool IsNext(const std::string& queue, int64_t arrived_us) const {
    std::lock_guard lock(mutex_);
    const auto found = queues_.find(queue);
    if (found == queues_.end()) return true;
    const std::set<int64_t>& arriving = found->second.arriving;
    return arriving.empty() || *arriving.begin() >= arrived_us;
  }

  // A statement goes on though its call was cancelled, until what it took is put back: who does not
  // wait for that misses a message.
  void AddGhost(const std::string& queue) {
    std::lock_guard lock(mutex_);
    ++queues_[queue].ghosts;
  }
  void RemoveGhost(const std::string& queue) {
    std::lock_guard lock(mutex_);
    const auto found = queues_.find(queue);
    --found->second.ghosts;
    DropIfDone(found);
  }
  bool HasGhosts(const std::string& queue) const {
    std::lock_guard lock(mutex_);
    const auto found = queues_.find(queue);
    return found != queues_.end() && found->second.ghosts > 0;
  }

 private:
  struct Queue {
    std::set<int64_t> arriving;
    int ghosts = 0;
  };
  using Queues = std::map<std::string, Queue>;

  void DropIfDone(Queues::iterator queue) {
    if (queue->second.arriving.empty() && queue->second.ghosts == 0) queues_.erase(queue);
  }

  mutable std::mutex mutex_;
  int64_t last_us_ = 0;
  Queues queues_;
};

}  // namespace prism::postgres
