#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/memstore/graph/cypher_lexer.h"
#include "drivers/memstore/graph/cypher_parser.h"

namespace prism::memstore::cypher {

// The lower half of the parser: tokens, variables and expressions. Each method reads what it is
// named for, from the current token on.
class ExpressionParser {
 public:
  ExpressionParser(std::string_view text, std::vector<Token> tokens, const Parameters& parameters)
      : text_(text), tokens_(std::move(tokens)), parameters_(parameters) {}

 protected:
  const Token& Current() const { return tokens_[at_]; }
  const Token& Ahead(size_t by) const { return tokens_[std::min(at_ + by, tokens_.size() - 1)]; }
  Token Take() { return tokens_[at_ + 1 < tokens_.size() ? at_++ : at_]; }
  bool TakeSymbol(std::string_view symbol);
  bool TakeKeyword(std::string_view upper_case);
  Status ExpectSymbol(std::string_view symbol);
  Status ExpectKeyword(std::string_view upper_case);
  Result<std::string> TakeName(const std::string& what);
  // "expected ..., found ...", or that what is there is openCypher beyond the subset.
  Status Unexpected(const std::string& expected) const;

  Result<ExpressionPtr> ParseExpression();
  // Aggregates may stand only where a column begins.
  Result<ExpressionPtr> ParseColumn();

  // A slot of the name; made if it is new and `define`.
  std::optional<int> SlotOf(const std::string& name, bool define);
  int NewSlot() { return slots_++; }
  int slots() const { return slots_; }

 private:
  using Level = Result<ExpressionPtr> (ExpressionParser::*)();
  struct Operator {
    std::string_view token;
    Expression::Kind kind;
    bool keyword;
  };
  Result<ExpressionPtr> ParseBinary(const std::vector<Operator>& operators, Level next);
  Result<ExpressionPtr> ParseOr();
  Result<ExpressionPtr> ParseXor();
  Result<ExpressionPtr> ParseAnd();
  Result<ExpressionPtr> ParseNot();
  Result<ExpressionPtr> ParseComparison();
  Result<ExpressionPtr> ParsePredicate();
  Result<ExpressionPtr> ParseSum();
  Result<ExpressionPtr> ParseProduct();
  Result<ExpressionPtr> ParseSign();
  Result<ExpressionPtr> ParsePostfix();
  Result<ExpressionPtr> ParseAtom();
  Result<ExpressionPtr> ParseNumber();
  Result<ExpressionPtr> ParseCall();
  Result<ExpressionPtr> ParseList();
  Status ParseArguments(std::string_view close, Expression& into);
  ExpressionPtr Make(Expression::Kind kind, Position position) const;

  const std::string_view text_;
  const std::vector<Token> tokens_;
  const Parameters& parameters_;
  size_t at_ = 0;
  int depth_ = 0;
  bool aggregate_allowed_ = false;
  std::map<std::string, int> variables_;
  int slots_ = 0;
};

}  // namespace prism::memstore::cypher
