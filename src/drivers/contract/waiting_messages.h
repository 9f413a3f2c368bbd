#pragma once

#include <deque>
#include <memory>

#include "base/request_context.h"
#include "loop/task.h"
#include "loop/worker.h"
#include "prism/interfaces/pubsub_basic.pb.h"

namespace prism {

using MessagePtr = std::shared_ptr<const pubsub::v1::Message>;

// What waits for the reader of one live subscription. Used on one worker.
class WaitingMessages {
 public:
  static constexpr size_t kMost = 8192;
  static constexpr size_t kMostBytes = 8 * 1024 * 1024;

  // Without effect after the end. More than may wait ends it with RESOURCE_EXHAUSTED; one message
  // may always wait.
  void Push(MessagePtr message);
  // Drops what waits. The first end counts.
  void End(Status status);
  bool ended() const { return ended_; }
  const Status& status() const { return status_; }

  // The next message, which it waits for; null at the end, which the call's cancellation is too.
  Task<MessagePtr> Next(RequestContext& ctx);

 private:
  std::deque<MessagePtr> waiting_;
  size_t bytes_ = 0;
  bool ended_ = false;
  Status status_;
  Event news_;
};

}  // namespace prism
