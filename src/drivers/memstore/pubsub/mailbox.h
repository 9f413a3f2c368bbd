#pragma once

#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "base/status.h"
#include "drivers/memstore/charged.h"
#include "drivers/memstore/log/record.h"
#include "drivers/contract/attribute_filter.h"
#include "loop/signal.h"

namespace prism::memstore {

// A message on its way to live subscriptions, shared by them; charged until the last has it.
struct LiveMessage {
  std::string topic;
  RecordPtr record;
  Charged charged;
};
using LiveMessagePtr = std::shared_ptr<const LiveMessage>;

// What waits for one live subscription. Made and emptied by its worker, filled by any.
class Mailbox {
 public:
  static constexpr size_t kMaxMessages = 1024;
  // More is let in only when nothing else waits.
  static constexpr int64_t kMaxBytes = 16 * 1024 * 1024;

  explicit Mailbox(AttributeFilter filter = {}) : filter_(std::move(filter)) {}

  // True if the subscription wants the message and has room; without room, it ends.
  bool Push(const LiveMessagePtr& message);
  void End(Status status);

  // The next message; null when there is none, in which case `ended` tells whether none will come.
  LiveMessagePtr Pop(bool& ended);
  // How it ended.
  Status status();
  Signal& signal() { return signal_; }
  const AttributeFilter& filter() const { return filter_; }

 private:
  const AttributeFilter filter_;
  Signal signal_;
  std::mutex mutex_;
  std::deque<LiveMessagePtr> messages_;
  int64_t bytes_ = 0;
  bool ended_ = false;
  Status status_;
};

}  // namespace prism::memstore
