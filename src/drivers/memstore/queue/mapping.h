#pragma once

#include "drivers/memstore/queue/queue.h"
#include "prism/interfaces/queue_basic.pb.h"

namespace prism::memstore {

// How a stored message looks in an answer.
void FillQueueMessage(const QueueHandout& delivery, queue::v1::QueueMessage& message);

}  // namespace prism::memstore
