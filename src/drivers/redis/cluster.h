#pragma once

#include <array>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "drivers/redis/node.h"

namespace prism::redis {

inline constexpr int kClusterSlots = 16'384;

// CRC16 of the key's hash tag, as a cluster spreads keys over its slots.
uint16_t SlotOf(std::string_view key);

// Which server of a cluster keeps which slot, as one worker knows it. The map is asked for at the
// start, when a server says that a slot has moved, and when one cannot be reached.
class Cluster {
 public:
  Cluster(Worker& worker, const Options& options, Health& health);
  Cluster(const Cluster&) = delete;
  Cluster& operator=(const Cluster&) = delete;

  // The server of a slot. Waits for the first map; UNAVAILABLE, retryable, if there is none.
  Task<Result<Node*>> Find(uint16_t slot, Cancellation& cancellation);
  // Null while it is unknown: the fast way.
  Node* Known(uint16_t slot) const { return slots_[slot]; }
  // What a MOVED or ASK error says: "MOVED 3999 127.0.0.1:6381", from the server at `from`.
  Node& Redirected(std::string_view error, const std::string& from);
  // A MOVED error: the slot is there from now on.
  void Moved(uint16_t slot, Node& node);
  // The map may be stale: asks for it anew, now and then.
  void Suspect();

 private:
  Node& At(const std::string& address);
  Task<void> Refresh();
  Task<Result<resp::Reply>> AskForMap();
  Status Apply(const resp::Reply& map);

  Worker& worker_;
  const Options& options_;
  Health& health_;
  std::map<std::string, std::unique_ptr<Node>> nodes_;
  std::array<Node*, kClusterSlots> slots_{};
  bool refreshing_ = false;
  TimePoint refreshed_at_{};
  Status failure_;
  Event settled_;  // set while no map is being asked for
  Cancellation never_;
  Task<void> refresh_;
};

}  // namespace prism::redis
