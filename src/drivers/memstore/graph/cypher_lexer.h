#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "drivers/memstore/graph/cypher_ast.h"

namespace prism::memstore::cypher {

struct Token {
  enum class Kind : uint8_t {
    kName,
    kQuotedName,
    kInteger,
    kDouble,
    kString,
    kParameter,
    kSymbol,
    kEnd
  };
  Kind kind = Kind::kEnd;
  Position position;
  size_t begin = 0, end = 0;  // in the query's text
  std::string text;           // without quotes and escapes

  bool IsSymbol(std::string_view symbol) const { return kind == Kind::kSymbol && text == symbol; }
  // Keywords are not case sensitive.
  bool IsKeyword(std::string_view upper_case) const;
};

// The last token is kEnd. INVALID_ARGUMENT with the position.
Result<std::vector<Token>> Tokenize(std::string_view text);

}  // namespace prism::memstore::cypher
