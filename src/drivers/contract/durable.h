#pragma once

#include "drivers/contract/messages.h"
#include "drivers/contract/topic_name.h"
#include "prism/interfaces/pubsub_persistent.pb.h"

namespace prism {

// Whether a request of pubsub_persistent keeps the contract, but for its message ids: OK or
// INVALID_ARGUMENT naming the field and its limit.
Status Check(const pubsub::v1::PublishPersistentRequest& request);
Status Check(const pubsub::v1::SubscribeDurableRequest& request);
Status Check(const pubsub::v1::AckMessagesRequest& request);
Status Check(const pubsub::v1::DeleteDurableRequest& request);
Status Check(const pubsub::v1::GetLastMessageIDRequest& request);

// With the defaults that stand for 0; the ack wait is that of a new name.
size_t MaxUnackedOf(const pubsub::v1::SubscribeDurableRequest& request);
int64_t AckWaitMsOf(const pubsub::v1::SubscribeDurableRequest& request);

}  // namespace prism
