#pragma once

#include "drivers/postgres/statement.h"

namespace prism::postgres {

// As kNotify; 4 namespace, 5 the message, whose id is put behind the payload.
extern const Statement kPubSubNotifyLarge;
extern const Statement kPubSubFetch;  // 1 namespace, 2 id -> the message

// Without parameters: removes some of the large messages that nobody will fetch any more.
extern const Statement kPubSubSweep;

}  // namespace prism::postgres
