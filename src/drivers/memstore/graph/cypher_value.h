#pragma once

#include <memory>
#include <variant>
#include <vector>

#include "drivers/memstore/graph/graph.h"

namespace prism::memstore::cypher {

struct CypherValue;
using CypherList = std::shared_ptr<const std::vector<CypherValue>>;

// What an expression yields; std::monostate is null.
struct CypherValue {
  using Content = std::variant<std::monostate, bool, int64_t, double, std::string, GraphNodePtr,
                               GraphEdgePtr, CypherList>;
  Content content;

  CypherValue() = default;
  template <class T>
  requires(!std::is_same_v<std::decay_t<T>, CypherValue>) CypherValue(T&& value)
      : content(std::forward<T>(value)) {}  // NOLINT

  template <class T>
  const T* If() const {
    return std::get_if<T>(&content);
  }
  bool is_null() const { return std::holds_alternative<std::monostate>(content); }
  bool is_number() const { return If<int64_t>() || If<double>(); }
  bool is_true() const { return If<bool>() && *If<bool>(); }
};

CypherValue ValueOf(const PropertyValue& value);
CypherValue ListOf(std::vector<CypherValue> values);

// The order of ORDER BY, in which everything has a place: nodes, edges, lists, strings, booleans,
// numbers, null. 0 also for values that DISTINCT and grouping take for one.
int CompareAll(const CypherValue& a, const CypherValue& b);

// About what it occupies in memory.
int64_t BytesOf(const CypherValue& value);

// What `=` yields: null if a null takes part in it.
CypherValue Equals(const CypherValue& a, const CypherValue& b);

struct LessThan {
  bool operator()(const CypherValue& a, const CypherValue& b) const { return CompareAll(a, b) < 0; }
  bool operator()(const std::vector<CypherValue>& a, const std::vector<CypherValue>& b) const;
};

}  // namespace prism::memstore::cypher
