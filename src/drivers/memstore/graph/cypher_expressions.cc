#include "drivers/memstore/graph/cypher_expressions.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace prism::memstore::cypher {
namespace {

using Kind = Expression::Kind;

// What openCypher has and this subset does not.
constexpr std::array<std::string_view, 24> kUnsupported = {
    "CREATE", "MERGE",  "DELETE",  "DETACH", "SET",    "REMOVE",   "WITH", "UNWIND",
    "UNION",  "CALL",   "YIELD",   "LOAD",   "CASE",   "OPTIONAL", "ANY",  "ALL",
    "NONE",   "SINGLE", "FOREACH", "EXISTS", "REDUCE", "MATCH",    "USE",  "USING"};
constexpr std::array<std::string_view, 4> kFunctions = {"id", "labels", "type", "size"};
constexpr std::array<std::string_view, 6> kAggregates = {"count", "sum", "avg",
                                                         "min",   "max", "collect"};

template <size_t N>
bool Contains(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string Lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

std::string Shown(const Token& token) {
  return token.kind == Token::Kind::kEnd ? "the end" : "'" + token.text + "'";
}

}  // namespace

bool ExpressionParser::TakeSymbol(std::string_view symbol) {
  if (!Current().IsSymbol(symbol)) return false;
  Take();
  return true;
}

bool ExpressionParser::TakeKeyword(std::string_view upper_case) {
  if (!Current().IsKeyword(upper_case)) return false;
  Take();
  return true;
}

Status ExpressionParser::ExpectSymbol(std::string_view symbol) {
  return TakeSymbol(symbol) ? OkStatus() : Unexpected("'" + std::string(symbol) + "'");
}

Status ExpressionParser::ExpectKeyword(std::string_view upper_case) {
  return TakeKeyword(upper_case) ? OkStatus() : Unexpected(std::string(upper_case));
}

Result<std::string> ExpressionParser::TakeName(const std::string& what) {
  const bool name =
      Current().kind == Token::Kind::kName || Current().kind == Token::Kind::kQuotedName;
  if (!name) return Unexpected(what);
  return Take().text;
}

Status ExpressionParser::Unexpected(const std::string& expected) const {
  const Token& token = Current();
  const auto is_token = [&token](std::string_view word) { return token.IsKeyword(word); };
  if (std::any_of(kUnsupported.begin(), kUnsupported.end(), is_token)) {
    return ErrorAt(token.position, Shown(token) + " is not supported here");
  }
  return ErrorAt(token.position, "expected " + expected + ", found " + Shown(token));
}

std::optional<int> ExpressionParser::SlotOf(const std::string& name, bool define) {
  const auto found = variables_.find(name);
  if (found != variables_.end()) return found->second;
  if (!define) return std::nullopt;
  return variables_[name] = NewSlot();
}

ExpressionPtr ExpressionParser::Make(Kind kind, Position position) const {
  auto made = std::make_shared<Expression>();
  made->kind = kind;
  made->position = position;
  return made;
}

Result<ExpressionPtr> ExpressionParser::ParseColumn() {
  aggregate_allowed_ = true;
  Result<ExpressionPtr> parsed = ParseExpression();
  aggregate_allowed_ = false;
  return parsed;
}

Result<ExpressionPtr> ExpressionParser::ParseExpression() {
  if (++depth_ > kMaxNesting) {
    return ErrorAt(Current().position,
                   "more than " + std::to_string(kMaxNesting) + " levels of nesting");
  }
  const size_t begin = Current().begin;
  Result<ExpressionPtr> parsed = ParseOr();
  --depth_;
  if (parsed.ok()) (*parsed)->text = text_.substr(begin, tokens_[at_ - 1].end - begin);
  return parsed;
}

Result<ExpressionPtr> ExpressionParser::ParseBinary(const std::vector<Operator>& operators,
                                                    Level next) {
  Result<ExpressionPtr> left = (this->*next)();
  while (left.ok()) {
    const auto found =
        std::find_if(operators.begin(), operators.end(), [this](const Operator& candidate) {
          return candidate.keyword ? Current().IsKeyword(candidate.token)
                                   : Current().IsSymbol(candidate.token);
        });
    if (found == operators.end()) break;
    if ((*left)->kind == Kind::kAggregate) {
      return ErrorAt((*left)->position, "an aggregate must be a column of its own");
    }
    aggregate_allowed_ = false;
    ExpressionPtr both = Make(found->kind, Take().position);
    Result<ExpressionPtr> right = (this->*next)();
    if (!right.ok()) return right;
    both->arguments.push_back(*std::move(left));
    both->arguments.push_back(*std::move(right));
    left = std::move(both);
  }
  return left;
}

Result<ExpressionPtr> ExpressionParser::ParseOr() {
  return ParseBinary({{"OR", Kind::kOr, true}}, &ExpressionParser::ParseXor);
}

Result<ExpressionPtr> ExpressionParser::ParseXor() {
  return ParseBinary({{"XOR", Kind::kXor, true}}, &ExpressionParser::ParseAnd);
}

Result<ExpressionPtr> ExpressionParser::ParseAnd() {
  return ParseBinary({{"AND", Kind::kAnd, true}}, &ExpressionParser::ParseNot);
}

Result<ExpressionPtr> ExpressionParser::ParseNot() {
  if (!Current().IsKeyword("NOT")) return ParseComparison();
  ExpressionPtr negation = Make(Kind::kNot, Take().position);
  aggregate_allowed_ = false;
  if (++depth_ > kMaxNesting) return ErrorAt(negation->position, "too many levels of nesting");
  Result<ExpressionPtr> inner = ParseNot();
  --depth_;
  if (!inner.ok()) return inner;
  negation->arguments.push_back(*std::move(inner));
  return negation;
}

Result<ExpressionPtr> ExpressionParser::ParseComparison() {
  static const std::vector<Operator> kOperators = {
      {"=", Kind::kEqual, false},   {"<>", Kind::kNotEqual, false},
      {"<", Kind::kLess, false},    {"<=", Kind::kLessOrEqual, false},
      {">", Kind::kGreater, false}, {">=", Kind::kGreaterOrEqual, false},
  };
  Result<ExpressionPtr> parsed = ParseBinary(kOperators, &ExpressionParser::ParsePredicate);
  if (!parsed.ok()) return parsed;
  // `a < b < c` means two comparisons, not one of a boolean.
  const auto is_comparison = [](const Expression& expression) {
    return expression.kind >= Kind::kEqual && expression.kind <= Kind::kGreaterOrEqual;
  };
  const bool chained = is_comparison(**parsed) && is_comparison(*(*parsed)->arguments[0]) &&
                       (*parsed)->arguments[0]->text.empty();
  if (chained) {
    return ErrorAt((*parsed)->position, "chained comparisons are not supported; use AND");
  }
  return parsed;
}

Result<ExpressionPtr> ExpressionParser::ParsePredicate() {
  Result<ExpressionPtr> left = ParseSum();
  if (!left.ok()) return left;
  const Position position = Current().position;
  ExpressionPtr predicate;
  bool has_right = true;
  if (TakeKeyword("IN")) {
    predicate = Make(Kind::kIn, position);
  } else if (TakeKeyword("STARTS")) {
    PRISM_RETURN_IF_ERROR(ExpectKeyword("WITH"));
    predicate = Make(Kind::kStartsWith, position);
  } else if (TakeKeyword("ENDS")) {
    PRISM_RETURN_IF_ERROR(ExpectKeyword("WITH"));
    predicate = Make(Kind::kEndsWith, position);
  } else if (TakeKeyword("CONTAINS")) {
    predicate = Make(Kind::kContains, position);
  } else if (TakeKeyword("IS")) {
    has_right = false;
    predicate = Make(TakeKeyword("NOT") ? Kind::kIsNotNull : Kind::kIsNull, position);
    PRISM_RETURN_IF_ERROR(ExpectKeyword("NULL"));
  } else {
    return left;
  }
  if ((*left)->kind == Kind::kAggregate) {
    return ErrorAt((*left)->position, "an aggregate must be a column of its own");
  }
  aggregate_allowed_ = false;
  predicate->arguments.push_back(*std::move(left));
  if (!has_right) return predicate;
  Result<ExpressionPtr> right = ParseSum();
  if (!right.ok()) return right;
  predicate->arguments.push_back(*std::move(right));
  return predicate;
}

Result<ExpressionPtr> ExpressionParser::ParseSum() {
  return ParseBinary({{"+", Kind::kAdd, false}, {"-", Kind::kSubtract, false}},
                     &ExpressionParser::ParseProduct);
}

Result<ExpressionPtr> ExpressionParser::ParseProduct() {
  return ParseBinary(
      {{"*", Kind::kMultiply, false}, {"/", Kind::kDivide, false}, {"%", Kind::kModulo, false}},
      &ExpressionParser::ParseSign);
}

Result<ExpressionPtr> ExpressionParser::ParseSign() {
  if (!Current().IsSymbol("-")) return ParsePostfix();
  ExpressionPtr negation = Make(Kind::kNegate, Take().position);
  aggregate_allowed_ = false;
  if (++depth_ > kMaxNesting) return ErrorAt(negation->position, "too many levels of nesting");
  Result<ExpressionPtr> inner = ParseSign();
  --depth_;
  if (!inner.ok()) return inner;
  negation->arguments.push_back(*std::move(inner));
  return negation;
}

Result<ExpressionPtr> ExpressionParser::ParsePostfix() {
  Result<ExpressionPtr> parsed = ParseAtom();
  while (parsed.ok() && (Current().IsSymbol(".") || Current().IsSymbol(":"))) {
    const bool property = Current().IsSymbol(".");
    ExpressionPtr outer = Make(property ? Kind::kProperty : Kind::kHasLabels, Take().position);
    Result<std::string> name = TakeName(property ? "a property's name" : "a label");
    if (!name.ok()) return std::move(name).status();
    if (property) {
      outer->name = *std::move(name);
    } else {
      outer->names.push_back(*std::move(name));
    }
    outer->arguments.push_back(*std::move(parsed));
    parsed = std::move(outer);
  }
  if (parsed.ok() && Current().IsSymbol("[")) {
    return ErrorAt(Current().position, "elements of lists and maps are not supported");
  }
  return parsed;
}

Result<ExpressionPtr> ExpressionParser::ParseNumber() {
  const Token token = Take();
  ExpressionPtr literal = Make(Kind::kLiteral, token.position);
  const char* begin = token.text.data();
  const char* end = begin + token.text.size();
  std::from_chars_result read{};
  if (token.kind == Token::Kind::kInteger) {
    int64_t value = 0;
    read = std::from_chars(begin, end, value);
    literal->value = value;
  } else {
    double value = 0;
    read = std::from_chars(begin, end, value);
    literal->value = value;
  }
  if (read.ec != std::errc()) return ErrorAt(token.position, "the number is out of range");
  return literal;
}

Result<ExpressionPtr> ExpressionParser::ParseAtom() {
  const Token token = Current();
  switch (token.kind) {
    case Token::Kind::kInteger:
    case Token::Kind::kDouble:
      return ParseNumber();
    case Token::Kind::kString: {
      ExpressionPtr literal = Make(Kind::kLiteral, Take().position);
      literal->value = token.text;
      return literal;
    }
    case Token::Kind::kParameter: {
      const auto found = parameters_.find(token.text);
      if (found == parameters_.end()) {
        return ErrorAt(token.position, "there is no parameter '" + token.text + "'");
      }
      ExpressionPtr literal = Make(Kind::kLiteral, Take().position);
      literal->value = ValueOf(found->second);
      return literal;
    }
    default:
      break;
  }
  if (token.IsSymbol("[")) return ParseList();
  if (TakeSymbol("(")) {
    aggregate_allowed_ = false;
    Result<ExpressionPtr> inner = ParseExpression();
    if (!inner.ok()) return inner;
    PRISM_RETURN_IF_ERROR(ExpectSymbol(")"));
    return inner;
  }
  return ParseCall();
}

Result<ExpressionPtr> ExpressionParser::ParseList() {
  ExpressionPtr list = Make(Kind::kList, Take().position);
  aggregate_allowed_ = false;
  PRISM_RETURN_IF_ERROR(ParseArguments("]", *list));
  return list;
}

Status ExpressionParser::ParseArguments(std::string_view close, Expression& into) {
  if (TakeSymbol(close)) return OkStatus();
  do {
    Result<ExpressionPtr> argument = ParseExpression();
    if (!argument.ok()) return std::move(argument).status();
    into.arguments.push_back(*std::move(argument));
  } while (TakeSymbol(","));
  return ExpectSymbol(close);
}

// A constant, a variable or a call of a function.
Result<ExpressionPtr> ExpressionParser::ParseCall() {
  const Token token = Current();
  const std::array<std::pair<std::string_view, CypherValue>, 3> constants = {
      {{"TRUE", true}, {"FALSE", false}, {"NULL", {}}}};
  for (const auto& [word, value] : constants) {
    if (!TakeKeyword(word)) continue;
    ExpressionPtr literal = Make(Kind::kLiteral, token.position);
    literal->value = value;
    return literal;
  }
  const bool call = token.kind == Token::Kind::kName && Ahead(1).IsSymbol("(");
  if (!call) {
    const bool known = token.kind != Token::Kind::kSymbol && SlotOf(token.text, false);
    const bool is_name = token.kind == Token::Kind::kName || token.kind == Token::Kind::kQuotedName;
    if (!is_name) return Unexpected("an expression");
    if (!known) {
      return ErrorAt(token.position, "'" + token.text + "' is no variable of the query");
    }
    ExpressionPtr variable = Make(Kind::kVariable, Take().position);
    variable->slot = *SlotOf(token.text, false);
    return variable;
  }
  const std::string name = Lower(token.text);
  const bool aggregate = Contains(kAggregates, name);
  if (!aggregate && !Contains(kFunctions, name)) {
    return ErrorAt(token.position, "the function '" + token.text + "' is not supported");
  }
  if (aggregate && !aggregate_allowed_) {
    return ErrorAt(token.position, "an aggregate must be a column of its own");
  }
  aggregate_allowed_ = false;
  ExpressionPtr made = Make(aggregate ? Kind::kAggregate : Kind::kFunction, token.position);
  made->name = name;
  Take(), Take();
  if (name == "count" && TakeSymbol("*")) {
    PRISM_RETURN_IF_ERROR(ExpectSymbol(")"));
    return made;
  }
  made->distinct = aggregate && TakeKeyword("DISTINCT");
  PRISM_RETURN_IF_ERROR(ParseArguments(")", *made));
  if (made->arguments.size() == 1) return made;
  return ErrorAt(token.position, "'" + token.text + "' takes one argument");
}

}  // namespace prism::memstore::cypher
