#pragma once

#include <libpq-fe.h>

#include "base/status.h"

namespace prism::postgres {

// Loads libpq, which then stays. Until this has succeeded none of its functions may be called.
// FAILED_PRECONDITION if this machine has none.
Status LoadLibpq();

}  // namespace prism::postgres
