#include "drivers/postgres/rows.h"

#include <bit>
#include <cstdlib>

#include "drivers/postgres/errors.h"

namespace prism::postgres {
namespace {

constexpr size_t kArrayHead = 20;  // of an array that is not empty
constexpr uint64_t kNull = 0xffffffff;

uint64_t Number(std::string_view bytes) {
  uint64_t value = 0;
  for (const char byte : bytes) value = value << 8 | static_cast<unsigned char>(byte);
  return value;
}

}  // namespace

std::vector<std::string_view> ElementsOf(std::string_view array) {
  std::vector<std::string_view> elements;
  if (array.size() <= kArrayHead) return elements;
  for (array.remove_prefix(kArrayHead); array.size() >= 4;) {
    const uint64_t size = Number(array.substr(0, 4));
    array.remove_prefix(4);
    elements.push_back(array.substr(0, size == kNull ? 0 : size));
    array.remove_prefix(elements.back().size());
  }
  return elements;
}

bool Rows::Bool(int row, int column) const {
  const std::string_view bytes = Text(row, column);
  return !bytes.empty() && bytes[0] != 0;
}

int64_t Rows::Int(int row, int column) const {
  return static_cast<int64_t>(Number(Text(row, column)));
}

double Rows::Double(int row, int column) const {
  return std::bit_cast<double>(Number(Text(row, column)));
}

std::vector<int64_t> Rows::Ints(int row, int column, int64_t null) const {
  std::vector<int64_t> values;
  for (const std::string_view each : Elements(row, column)) {
    values.push_back(each.empty() ? null : static_cast<int64_t>(Number(each)));
  }
  return values;
}

std::vector<double> Rows::Doubles(int row, int column) const {
  std::vector<double> values;
  for (const std::string_view each : Elements(row, column)) {
    values.push_back(std::bit_cast<double>(Number(each)));
  }
  return values;
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
