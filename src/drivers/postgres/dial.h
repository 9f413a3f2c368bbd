#pragma once

#include <memory>
#include <string>

#include "drivers/postgres/libpq.h"
#include "drivers/postgres/options.h"
#include "drivers/postgres/rows.h"
#include "loop/task.h"
#include "loop/worker.h"

namespace prism::postgres {

struct Finish {
  void operator()(PGconn* connection) const { PQfinish(connection); }
};
using Handle = std::unique_ptr<PGconn, Finish>;

// Connects and logs in without blocking the worker; host names are resolved on a helper thread.
// UNAVAILABLE with the server's reason.
Task<Result<Handle>> Dial(Worker& worker, const Options& options, TimePoint deadline);

// Runs statements without parameters, one after the other, on a connection that is not in pipeline
// mode: the rows of the last one, as text.
Task<Result<Rows>> Query(Worker& worker, PGconn* connection, std::string sql, TimePoint deadline);

}  // namespace prism::postgres
