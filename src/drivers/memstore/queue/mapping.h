#pragma once

#include "drivers/memstore/queue/queue.h"
#include "prism/interfaces/queue_basic.pb.h"

namespace prism::memstore {

inline constexpr int64_t kMaxQueueMessages = 1000;
inline constexpr int64_t kMaxVisibilityMs = 43'200'000;  // 12 hours

// How a stored message looks in an answer.
void FillQueueMessage(const QueueHandout& delivery, queue::v1::QueueMessage& message);

}  // namespace prism::memstore
