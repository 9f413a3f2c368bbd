#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "drivers/memstore/graph/cypher_value.h"

namespace prism::memstore::cypher {

// Where something stands in the query, both from 1.
struct Position {
  int line = 1;
  int column = 1;
};
// INVALID_ARGUMENT "openCypher, line 1, column 7: ...".
Status ErrorAt(Position position, const std::string& what);

struct Expression;
using ExpressionPtr = std::shared_ptr<Expression>;

struct Expression {
  enum class Kind : uint8_t {
    kLiteral,    // value
    kVariable,   // slot
    kProperty,   // of arguments[0], name
    kHasLabels,  // arguments[0], names
    kList,       // of arguments
    kFunction,   // name, arguments
    kAggregate,  // name, arguments; none: count(*)
    kOr,
    kXor,
    kAnd,
    kNot,
    kEqual,
    kNotEqual,
    kLess,
    kLessOrEqual,
    kGreater,
    kGreaterOrEqual,
    kIn,
    kStartsWith,
    kEndsWith,
    kContains,
    kIsNull,
    kIsNotNull,
    kAdd,
    kSubtract,
    kMultiply,
    kDivide,
    kModulo,
    kNegate,
  };
  Kind kind = Kind::kLiteral;
  Position position;
  std::string text;  // as in the query, which names a column
  CypherValue value;
  int slot = -1;
  std::string name;
  std::vector<std::string> names;
  bool distinct = false;
  std::vector<ExpressionPtr> arguments;
};

struct PropertyPattern {
  std::string name;
  ExpressionPtr value;
};

struct NodePattern {
  int slot = -1;
  Position position;
  std::vector<std::string> labels;  // all of them
  std::vector<PropertyPattern> properties;
};

// The edge behind the node of the same index.
struct EdgePattern {
  int slot = -1;
  Position position;
  bool out = true, in = true;       // seen from the left; both: either
  std::vector<std::string> labels;  // one of them, ascending; none: any
  std::vector<PropertyPattern> properties;
  bool variable = false;  // a list of edges
  int min_hops = 1, max_hops = 1;
};

struct Chain {
  std::vector<NodePattern> nodes;
  std::vector<EdgePattern> edges;  // one less
};

struct Item {
  std::string name;  // of the column
  ExpressionPtr expression;
};

struct Order {
  ExpressionPtr expression;
  int column = -1;  // of the result, if it is one; then there is no expression
  bool descending = false;
};

struct Query {
  int slots = 0;  // variables, named or not
  std::vector<Chain> chains;
  ExpressionPtr where;  // null: none
  bool distinct = false;
  std::vector<Item> items;
  bool aggregates = false;
  std::vector<Order> order;
  uint64_t skip = 0;
  bool has_limit = false;
  uint64_t limit = 0;
};

}  // namespace prism::memstore::cypher
