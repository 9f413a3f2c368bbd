#pragma once

#include <cstdint>
#include <string_view>

#include "drivers/postgres/statement.h"

namespace prism::postgres {

// Transactions that notify commit one after the other. So nothing is notified that nobody hears,
// which is who holds the channel's advisory lock, shared; and commits do not wait for the disk:
// who would hear is cut off with a server that dies.
extern const std::string_view kNotifySchema;

// 1 channel, 2 its lock, 3 payload -> whether somebody may hear it.
extern const Statement kNotify;

// The advisory lock that stands for a channel.
int64_t LockOf(std::string_view channel);

}  // namespace prism::postgres
