#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/result.h"
#include "drivers/memstore/graph/cypher_ast.h"

namespace prism::memstore::cypher {

using Parameters = std::map<std::string, PropertyValue>;

inline constexpr size_t kMaxTextBytes = 64 * 1024;
inline constexpr int kMaxHops = 32;          // of one path of variable length
inline constexpr int kMaxPatternHops = 128;  // of all paths together
inline constexpr int kMaxPatternNodes = 32;
inline constexpr int kMaxNesting = 64;

// What GetDialects says.
std::string_view SubsetDescription();

// Reads a query of the subset. INVALID_ARGUMENT with the position for anything else, and for a
// parameter that is not there.
Result<Query> ParseQuery(std::string_view text, const Parameters& parameters);

}  // namespace prism::memstore::cypher
