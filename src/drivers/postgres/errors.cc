#include "drivers/postgres/errors.h"

#include <string>

namespace prism::postgres {
namespace {

struct Meaning {
  std::string_view state;  // what the SQLSTATE begins with; the first that fits counts
  Code code;
  bool retryable;
  std::string_view hint;
};

constexpr std::string_view kPermissions =
    "give the backend's user the rights on its database and schema (docs/backends.md)";

constexpr Meaning kMeanings[] = {
    {"40001", Code::kAborted, true, "run it again"},
    {"40P01", Code::kAborted, true, "run it again"},
    {"57014", Code::kDeadlineExceeded, false, "raise statement_timeout_ms of the backend"},
    {"55P03", Code::kUnavailable, true, "another statement holds the lock"},
    {"57P", Code::kUnavailable, true, "the server is starting or going down"},
    {"08", Code::kUnavailable, true, ""},
    {"25006", Code::kUnavailable, true,
     "the server is a standby: has there been a failover? set target_session_attrs=read-write in "
     "the url"},
    {"53300", Code::kUnavailable, true,
     "the server is out of connections: raise its max_connections or lower the backend's"},
    {"53", Code::kResourceExhausted, false, "the server is out of disk or memory: see its log"},
    {"54", Code::kResourceExhausted, false, ""},
    {"42501", Code::kFailedPrecondition, false, kPermissions},
    {"28", Code::kFailedPrecondition, false, "see user and password in the backend's url"},
    {"3D000", Code::kFailedPrecondition, false, "create the database that the backend's url names"},
};

}  // namespace

Status FromSqlState(std::string_view state, std::string_view message) {
  const std::string text = "Postgres: " + std::string(message);
  for (const Meaning& meaning : kMeanings) {
    if (!state.starts_with(meaning.state)) continue;
    Status status = Status(meaning.code, text).WithRetryable(meaning.retryable);
    return meaning.hint.empty() ? status : std::move(status).WithHint(std::string(meaning.hint));
  }
  return InternalError(text + " (" + std::string(state) + ")");
}

}  // namespace prism::postgres
