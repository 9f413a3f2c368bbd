#pragma once

#include "base/status.h"
#include "wire/resp/reply.h"

namespace prism::redis {

// What an error reply of Redis means for the caller. The command was not applied, so those that may
// pass are retryable.
Status FromError(const resp::Reply& error);

}  // namespace prism::redis
