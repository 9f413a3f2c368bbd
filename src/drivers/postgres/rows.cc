#include "drivers/postgres/rows.h"

#include <cstdlib>

#include "drivers/postgres/errors.h"

namespace prism::postgres {

bool Rows::Bool(int row, int column) const {
  const std::string_view bytes = Text(row, column);
  return !bytes.empty() && bytes[0] != 0;
}

int64_t Rows::Int(int row, int column) const {
  uint64_t value = 0;
  for (const char byte : Text(row, column)) value = value << 8 | static_cast<unsigned char>(byte);
  return static_cast<int64_t>(value);
}

int64_t Rows::changed() const {
  return std::strtoll(PQcmdTuples(const_cast<PGresult*>(result_.get())), nullptr, 10);
}

bool Rows::Is(std::string_view sql_state) const {
  const char* const state = PQresultErrorField(result_.get(), PG_DIAG_SQLSTATE);
  return state && state == sql_state;
}

Status Rows::status() const {
  const ExecStatusType outcome = PQresultStatus(result_.get());
  if (outcome == PGRES_TUPLES_OK || outcome == PGRES_COMMAND_OK) return OkStatus();
  const char* const state = PQresultErrorField(result_.get(), PG_DIAG_SQLSTATE);
  const char* const message = PQresultErrorField(result_.get(), PG_DIAG_MESSAGE_PRIMARY);
  return FromSqlState(state ? state : "?", message ? message : PQresultErrorMessage(result_.get()));
}

}  // namespace prism::postgres
