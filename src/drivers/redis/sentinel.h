#pragma once

#include <string>

#include "drivers/redis/options.h"

namespace prism::redis {

// Asks one sentinel after the other for the address of the primary. UNAVAILABLE if none knows it.
Task<Result<std::string>> FindPrimary(Worker& worker, const Options& options);

}  // namespace prism::redis
