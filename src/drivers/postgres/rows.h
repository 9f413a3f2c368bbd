#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "drivers/postgres/libpq.h"

namespace prism::postgres {

// The elements of an array in the server's binary format: views into it, nulls as empty ones.
std::vector<std::string_view> ElementsOf(std::string_view array);

// What a statement answered: rows of values in the server's binary format.
class Rows {
 public:
  Rows() = default;
  explicit Rows(PGresult* result) : result_(result) {}

  int count() const { return PQntuples(result_.get()); }
  bool empty() const { return count() == 0; }
  bool IsNull(int row, int column) const { return PQgetisnull(result_.get(), row, column) != 0; }
  // Of type text or bytea; empty if null. As long as this lives.
  std::string_view Text(int row, int column) const {
    return {PQgetvalue(result_.get(), row, column),
            static_cast<size_t>(PQgetlength(result_.get(), row, column))};
  }
  bool Bool(int row, int column) const;      // of type bool; false if null
  int64_t Int(int row, int column) const;    // of type int8; 0 if null
  double Double(int row, int column) const;  // of type float8; 0 if null
  // Of an array, as ElementsOf. As long as this lives.
  std::vector<std::string_view> Elements(int row, int column) const {
    return ElementsOf(Text(row, column));
  }
  // Of type int8[] and float8[]; nulls are `null`.
  std::vector<int64_t> Ints(int row, int column, int64_t null) const;
  std::vector<double> Doubles(int row, int column) const;
  // Rows that a statement without RETURNING has changed.
  int64_t changed() const;

  // OK unless the server answered with an error.
  Status status() const;
  // The server answered with the error of this SQLSTATE.
  bool Is(std::string_view sql_state) const;
  const PGresult* get() const { return result_.get(); }

 private:
  struct Clear {
    void operator()(PGresult* result) const { PQclear(result); }
  };
  std::unique_ptr<PGresult, Clear> result_;
};

}  // namespace prism::postgres
