#pragma once

#include <map>
#include <set>

#include "drivers/memstore/graph/cypher_eval.h"

namespace prism::memstore::cypher {

inline constexpr size_t kMaxRows = 10'000;
inline constexpr int64_t kMaxResultBytes = 16 * 1024 * 1024;

using Row = std::vector<CypherValue>;

// One aggregate over the rows of a group.
class Accumulator {
 public:
  // INVALID_ARGUMENT with the position. `bytes` grows by what it keeps.
  Status Add(const Expression& aggregate, const CypherValue& value, int64_t& bytes);
  CypherValue Finish(const Expression& aggregate) const;

 private:
  Status AddNumber(const Expression& aggregate, const CypherValue& value);

  int64_t count_ = 0;
  int64_t integers_ = 0;
  double real_ = 0;
  bool is_real_ = false;
  CypherValue extreme_;
  std::vector<CypherValue> list_;
  std::set<CypherValue, LessThan> seen_;  // for DISTINCT
};

// Makes the rows of a query's RETURN from its matches. What it keeps is bounded: more than kMaxRows
// or kMaxResultBytes is RESOURCE_EXHAUSTED.
class ResultBuilder {
 public:
  explicit ResultBuilder(const Query& query) : query_(query) {}

  // False: no further match can change the result.
  Result<bool> Add(const Bindings& bindings);
  // The rows in their order. Once, at the end.
  Result<std::vector<Row>> Finish();

 private:
  // A row and what it is ordered by, in front of it what came earlier.
  struct Keyed {
    Row keys;
    Row row;
    uint64_t order;
  };

  Result<bool> AddRow(Row row, Row keys);
  Status AddToGroup(const Bindings& bindings);
  Status FinishGroups();
  bool Before(const Keyed& a, const Keyed& b) const;
  void Prune();
  uint64_t wanted() const;

  const Query& query_;
  std::vector<Keyed> rows_;
  std::set<Row, LessThan> seen_;  // for DISTINCT
  std::map<Row, std::vector<Accumulator>, LessThan> groups_;
  int64_t bytes_ = 0;
  uint64_t skipped_ = 0;
  uint64_t added_ = 0;
};

}  // namespace prism::memstore::cypher
