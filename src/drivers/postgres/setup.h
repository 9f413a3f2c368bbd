#pragma once

#include "drivers/postgres/dial.h"

namespace prism::postgres {

// Makes a new connection ready: its limits, the schema, which is created or brought up to date
// under a lock that all gateways take, and pipeline mode. What the server's settings make of an
// acknowledgment. FAILED_PRECONDITION if the schema is of a later release.
Task<Result<std::string>> SetUp(Worker& worker, PGconn* connection, const Options& options);

}  // namespace prism::postgres
