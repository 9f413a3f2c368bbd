#pragma once

#include "drivers/memstore/graph/cypher_ast.h"

namespace prism::memstore::cypher {

// The variables' values, by slot.
using Bindings = std::vector<CypherValue>;

// Computes an expression without aggregates. INVALID_ARGUMENT with the position for what has no
// meaning, such as 'a' - 1; comparisons never fail.
Result<CypherValue> Evaluate(const Expression& expression, const Bindings& bindings);

// Adds the slots that the expression needs.
void CollectSlots(const Expression& expression, std::vector<int>& slots);

}  // namespace prism::memstore::cypher
