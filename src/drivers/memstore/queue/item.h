#pragma once

#include <boost/intrusive/set.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"

namespace prism::memstore {

// What never changes about a message; shared with the answers that carry it.
struct QueueContent {
  std::string id;
  std::string payload;
  std::vector<std::pair<std::string, std::string>> attributes;
  uint8_t priority = 0;
  int64_t enqueued_at_unix_ms = 0;

  size_t bytes() const {
    size_t sum = payload.size();
    for (const auto& [name, value] : attributes) sum += name.size() + value.size();
    return sum;
  }
};

// Why a message lies in a dead letter queue.
struct QueueDeath {
  bool timed_out = false;  // else released
  uint64_t receives = 0;
  int64_t at_unix_ms = 0;
};

struct QueueSource;

namespace bi = boost::intrusive;
template <class Tag>
using QueueHook =
    bi::set_base_hook<bi::tag<Tag>, bi::link_mode<bi::normal_link>, bi::optimize_size<true>>;
using PlaceHook = QueueHook<struct ByPlace>;
using DueHook = QueueHook<struct ByDue>;
using LeaseHook = QueueHook<struct ByLease>;
using DeadHook = QueueHook<struct ByDeath>;

// One message of a queue. Ready, it hangs in the order of places, and if it came from another
// queue in that source's; scheduled or in flight, in the order of due times; in flight, also among
// the leases.
struct QueueItem : PlaceHook, DueHook, LeaseHook, DeadHook {
  std::shared_ptr<const QueueContent> content;
  uint64_t place = 0;  // order of enqueueing; no two of a process are equal
  uint64_t receives = 0;
  uint64_t lease = 0;  // of the receipt; 0 unless in flight
  TimePoint due = kNever;
  QueueSource* source = nullptr;  // null unless it is a dead letter
  QueueDeath death;

  int64_t CostBytes() const {
    // Both objects, with the headers of their memory and of the payload's.
    constexpr int64_t kFixed = sizeof(QueueItem) + sizeof(QueueContent) + 96;
    constexpr int64_t kPerAttribute = sizeof(std::pair<std::string, std::string>) + 32;
    return kFixed + static_cast<int64_t>(content->bytes()) +
           kPerAttribute * static_cast<int64_t>(content->attributes.size());
  }
};

struct PlaceOfItem {
  using type = std::pair<int, uint64_t>;
  type operator()(const QueueItem& item) const { return {-item.content->priority, item.place}; }
};
struct DueOfItem {
  using type = TimePoint;
  TimePoint operator()(const QueueItem& item) const { return item.due; }
};
struct LeaseOfItem {
  using type = uint64_t;
  uint64_t operator()(const QueueItem& item) const { return item.lease; }
};
struct ArrivalOfItem {
  using type = uint64_t;
  uint64_t operator()(const QueueItem& item) const { return item.place; }
};
template <class Hook, class Key>
using QueueOrder = bi::set<QueueItem, bi::base_hook<Hook>, bi::key_of_value<Key>>;
template <class Hook, class Key>
using QueueMultiOrder = bi::multiset<QueueItem, bi::base_hook<Hook>, bi::key_of_value<Key>>;

// What of a dead letter queue came from one other queue.
struct QueueSource {
  std::string name;
  bool configured = false;  // that queue's configuration names this one
  uint64_t items = 0;
  QueueOrder<DeadHook, ArrivalOfItem> ready;
};

}  // namespace prism::memstore
