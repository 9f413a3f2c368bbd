#include "drivers/postgres/setup.h"

#include <string>

#include "drivers/postgres/schema.h"

namespace prism::postgres {
namespace {

// A key of Postgres's advisory locks: anything that others do not use.
constexpr const char* kLock = "pg_advisory_xact_lock(1886546029)";

// Every statement looks up few rows in an index, whatever the statistics say: where they are
// missing or old, all else looks cheaper, and would read a whole table, namespace or stream.
constexpr const char* kPlans =
    "SET enable_seqscan TO off; SET enable_bitmapscan TO off; SET enable_hashjoin TO off;"
    " SET enable_mergejoin TO off; SET jit TO off;";

std::string SessionSettings(const Options& options) {
  const auto timeout =
      std::chrono::duration_cast<std::chrono::milliseconds>(options.statement_timeout).count();
  return "SET search_path TO " + options.schema + "; SET statement_timeout TO " +
         std::to_string(timeout) + "; SET default_transaction_isolation TO 'read committed';" +
         kPlans +
         " SELECT current_setting('synchronous_commit'), current_setting('fsync'),"
         " to_regclass('" +
         options.schema + ".migrations') IS NOT NULL";
}

std::string Durability(const Rows& rows) {
  const std::string commit(rows.Text(0, 0));
  if (rows.Text(0, 1) != "on") {
    return "fsync off: survives the server's death, but not that of its machine";
  }
  if (commit == "off") {
    return "synchronous_commit off: the last writes may be lost when the server dies";
  }
  return "synchronous_commit " + commit + ": on the disk before it is acknowledged";
}

constexpr const char* kVersion = "SELECT coalesce(max(version), 0) FROM migrations";

size_t VersionIn(const Rows& rows) { return std::stoul(std::string(rows.Text(0, 0))); }

Task<Status> Migrate(Worker& worker, PGconn* connection, const Options& options,
                     TimePoint deadline) {
  const std::string& schema = options.schema;
  std::string sql = std::string("BEGIN; SELECT ") + kLock + "; DO $$ BEGIN IF to_regnamespace('" +
                    schema + "') IS NULL THEN CREATE SCHEMA " + schema +
                    "; END IF; END $$; CREATE TABLE IF NOT EXISTS migrations (version integer"
                    " PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now()); " +
                    kVersion;
  const Result<Rows> before = co_await Query(worker, connection, std::move(sql), deadline);
  if (!before.ok()) co_return before.status();
  sql.clear();
  for (size_t version = VersionIn(*before) + 1; version <= Migrations().size(); ++version) {
    sql += Migrations()[version - 1];
    sql += ";INSERT INTO migrations (version) VALUES (" + std::to_string(version) + ");";
  }
  sql += "COMMIT";
  const Result<Rows> done = co_await Query(worker, connection, std::move(sql), deadline);
  co_return done.ok() ? OkStatus() : done.status();
}

Task<Status> CheckSchema(Worker& worker, PGconn* connection, const Options& options, bool exists,
                         TimePoint deadline) {
  size_t version = 0;
  if (exists) {
    std::string ask = kVersion;
    const Result<Rows> rows = co_await Query(worker, connection, std::move(ask), deadline);
    if (!rows.ok()) co_return rows.status();
    version = VersionIn(*rows);
  }
  if (version > Migrations().size()) {
    co_return FailedPreconditionError("the schema '" + options.schema + "' is of a later release")
        .WithHint("run that release, or give this one another schema");
  }
  if (version == Migrations().size()) co_return OkStatus();
  co_return co_await Migrate(worker, connection, options, deadline);
}

}  // namespace

Task<Result<std::string>> SetUp(Worker& worker, PGconn* connection, const Options& options) {
  const TimePoint deadline = Clock::now() + options.response_timeout;
  PQsetnonblocking(connection, 1);
  std::string settings = SessionSettings(options);
  const Result<Rows> session = co_await Query(worker, connection, std::move(settings), deadline);
  if (!session.ok()) co_return session.status();
  const bool exists = session->Text(0, 2) == "t";
  PRISM_CO_RETURN_IF_ERROR(co_await CheckSchema(worker, connection, options, exists, deadline));
  if (PQenterPipelineMode(connection) == 0) co_return InternalError("libpq has no pipeline mode");
  co_return Durability(*session);
}

}  // namespace prism::postgres
